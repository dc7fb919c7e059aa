package node

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"cession/deal"
)

// nowhere wants texts to be in nothing a party's node holds.
func (w *world) nowhere(party deal.PartyID, secrets map[string]string) {
	w.t.Helper()
	for what, text := range secrets {
		if found := w.somewhere(party, text); len(found) > 0 {
			w.t.Errorf("%s: the %s is in %v", party, what, found)
		}
	}
}

// somewhere looks for a text, as it is, in hexadecimal and in base64, in all
// files of a party's node and in every document that it can decrypt.
func (w *world) somewhere(party deal.PartyID, text string) (found []string) {
	w.t.Helper()
	m := w.members[party]
	search := func(where string, content []byte) {
		if holds(content, text) {
			found = append(found, where)
		}
	}
	files := 0
	check(w.t, filepath.WalkDir(m.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		files++
		search(filepath.Base(path), content)
		return err
	}))
	docs, err := m.node.state.everywhere(context.Background(), w.onlyDeal(), deal.Commitment{})
	check(w.t, err)
	for _, d := range docs {
		if !d.Held {
			continue
		}
		plain, err := m.node.plaintext(context.Background(), d)
		check(w.t, err)
		content, err := io.ReadAll(plain)
		check(w.t, err)
		search("document "+deal.Number(d.Index).String(), content)
	}
	if files < 3 {
		w.t.Fatalf("only %d files of %s were searched", files, party)
	}
	return found
}

// holds looks for a text in three encodings. A short number counts only where it
// stands alone: it may be within any hash.
func holds(content []byte, text string) bool {
	if len(text) < 8 {
		if regexp.MustCompile(`(^|[^0-9A-Za-z])` + regexp.QuoteMeta(text) + `($|[^0-9A-Za-z])`).Match(content) {
			return true
		}
	} else if bytes.Contains(content, []byte(text)) {
		return true
	}
	raw := []byte(text)
	if b, err := hex.DecodeString(text); err == nil && len(b) == 32 {
		raw = b
		if bytes.Contains(content, raw) {
			return true
		}
	}
	if bytes.Contains(bytes.ToLower(content), []byte(hex.EncodeToString(raw))) {
		return true
	}
	for shift := range 3 { // wherever it begins in the three bytes that become four letters
		letters := base64.RawStdEncoding.EncodeToString(append(make([]byte, shift), raw...))
		letters = letters[(shift*8+5)/6 : (shift+len(raw))*8/6]
		if bytes.Contains(content, []byte(letters)) {
			return true
		}
	}
	return false
}
