//go:build !slim

package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/tls"
	"database/sql"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"io"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/ethereum/go-ethereum/accounts/keystore"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"cession/deal"
	"cession/demo"
	"cession/examples"
)

// canary is something that must not turn up where it is looked for.
type canary struct {
	kind  string
	name  string // says which one, for people
	value []byte
	text  bool // is looked for in the ways text is written, too
}

// The kinds of canary.
const (
	fileName     = "file name"
	docText      = "text of a document"
	docContent   = "content of a document"
	docDigest    = "plain digest"
	docSalt      = "salt"
	talk         = "talk"
	agreement    = "agreement"
	secret       = "secret"
	organization = "organization"
	rival        = "rival"
)

// writings are the ways to write a value before it is encoded.
func (c canary) writings() [][]byte {
	if !c.text {
		return [][]byte{c.value}
	}
	s := string(c.value)
	quoted, _ := json.Marshal(s) // a string always has a JSON form
	little, big := []byte{}, []byte{}
	for _, u := range utf16.Encode([]rune(s)) {
		little = binary.LittleEndian.AppendUint16(little, u)
		big = binary.BigEndian.AppendUint16(big, u)
	}
	return [][]byte{
		c.value, quoted[1 : len(quoted)-1], []byte(strings.Trim(strconv.QuoteToASCII(s), `"`)),
		[]byte(url.PathEscape(s)), []byte(url.QueryEscape(s)), little, big,
	}
}

// encodings are the ways to encode bytes. What base64 makes of them depends on
// what stands before: three alignments, in two alphabets.
func encodings(b []byte) [][]byte {
	list := [][]byte{b, []byte(hex.EncodeToString(b))}
	for before, mixed := range []int{0, 2, 3} { // first characters that hold bits of what is before
		text := base64.RawStdEncoding.EncodeToString(append(make([]byte, before), b...))[:(before+len(b))*8/6]
		list = append(list, []byte(text[mixed:]), []byte(strings.NewReplacer("+", "-", "/", "_").Replace(text[mixed:])))
	}
	return list
}

// detector finds canaries in bytes, in any writing and encoding, whatever the
// case of ASCII letters.
type detector struct {
	needles  map[uint64][]needle // by their first 8 bytes
	maybe    [1 << 14]uint64     // which of these 8 bytes there are, by hash: one bit each
	canaries int
}

type needle struct {
	of     *canary
	folded []byte
}

func newDetector(canaries []canary) *detector {
	d := &detector{needles: map[uint64][]needle{}, canaries: len(canaries)}
	for i := range canaries {
		seen := map[string]bool{}
		for _, w := range canaries[i].writings() {
			for _, e := range encodings(w) {
				if folded := fold(e); !seen[string(folded)] {
					seen[string(folded)] = true
					d.add(needle{&canaries[i], folded})
				}
			}
		}
	}
	return d
}

func (d *detector) add(n needle) {
	key := binary.LittleEndian.Uint64(n.folded) // canaries have at least 8 bytes
	d.needles[key] = append(d.needles[key], n)
	word, bit := bucket(key)
	d.maybe[word] |= bit
}

func bucket(key uint64) (word, bit uint64) {
	h := key * 0x9e3779b97f4a7c15 >> 44
	return h >> 6, 1 << (h & 63)
}

// find returns the canaries in b.
func (d *detector) find(b []byte) map[*canary]bool {
	found := map[*canary]bool{}
	b = fold(b)
	for i := 0; i+8 <= len(b); i++ {
		key := binary.LittleEndian.Uint64(b[i:])
		if word, bit := bucket(key); d.maybe[word]&bit == 0 {
			continue
		}
		for _, n := range d.needles[key] {
			if bytes.HasPrefix(b[i:], n.folded) {
				found[n.of] = true
			}
		}
	}
	return found
}

// kinds returns how many canaries of each kind are in b.
func (d *detector) kinds(b []byte) map[string]int {
	kinds := map[string]int{}
	for c := range d.find(b) {
		kinds[c.kind]++
	}
	return kinds
}

// fold makes ASCII letters small; all other bytes stay.
func fold(b []byte) []byte {
	folded := bytes.Clone(b)
	for i, c := range folded {
		if 'A' <= c && c <= 'Z' {
			folded[i] = c + 'a' - 'A'
		}
	}
	return folded
}

// collection gathers canaries.
type collection struct {
	t    *testing.T
	list []canary
	seen map[string]bool
}

func (c *collection) add(kind, name string, value []byte) { c.put(canary{kind, name, value, false}) }

// words adds a text, line by line. Short ones would be found by chance.
func (c *collection) words(kind, name, text string) {
	for line := range strings.Lines(text) {
		line = strings.Join(strings.Fields(line), " ")
		if len(line) < 12 && strings.Trim(line, "0123456789abcdef.-") == "" {
			continue // a number, which hex digits hold by chance
		}
		if r := []rune(line); len(r) > 40 {
			line = strings.TrimSpace(string(r[:40]))
		}
		c.put(canary{kind, name, []byte(line), true})
	}
}

// digests adds the hashes of a value that need no secret to compute.
func (c *collection) digests(name string, value []byte) {
	sum := sha256.Sum256(value)
	c.add(docDigest, "SHA-256 of "+name, sum[:])
	c.add(docDigest, "Keccak-256 of "+name, crypto.Keccak256(value))
}

func (c *collection) put(n canary) {
	if key := n.kind + "\x00" + string(n.value); len(n.value) >= 8 && !c.seen[key] {
		c.seen[key] = true
		c.list = append(c.list, n)
	}
}

// canariesOf gathers everything that only the parties of a deal may know.
func canariesOf(t *testing.T, m *market, docs []demo.Document) []canary {
	t.Helper()
	c := &collection{t: t, seen: map[string]bool{}}
	for _, d := range docs {
		c.document(d)
	}
	c.words(agreement, "NDA", string(examples.NDA()))
	c.digests("the NDA", examples.NDA())
	list, err := readParties("")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list {
		c.words(organization, string(p.ID), p.Name)
		c.party(p.ID, m.home(p.ID))
	}
	return c.list
}

// slicesOf is how many pieces of each document are looked for.
const slicesOf = 8

func (c *collection) document(d demo.Document) {
	c.t.Helper()
	content, err := os.ReadFile(d.Path)
	if err != nil {
		c.t.Fatal(err)
	}
	c.words(fileName, d.Name, d.Name)
	c.words(fileName, d.Name, strings.TrimSuffix(d.Name, filepath.Ext(d.Name)))
	c.digests(d.Name, content)
	c.digests("the name of "+d.Name, []byte(d.Name))
	for n := 0; n < slicesOf; {
		at := rand.IntN(len(content) - 32)
		if piece := content[at : at+32]; varied(piece) {
			c.add(docContent, d.Name+" at "+strconv.Itoa(at), piece)
			n++
		}
	}
	attached, err := api.ExtractAttachmentsRaw(bytes.NewReader(content), "", nil, model.NewDefaultConfiguration())
	if err != nil {
		c.t.Fatal(err)
	}
	for _, a := range attached {
		if a.FileName == "factur-x.xml" { // the name is the standard's, the content the invoice's
			c.invoice(d.Name, a)
		} else {
			c.words(fileName, d.Name, a.FileName)
		}
	}
}

// varied reports that bytes are not padding, which is found everywhere.
func varied(b []byte) bool {
	seen := map[byte]bool{}
	for _, x := range b {
		seen[x] = true
	}
	return len(seen) >= 16
}

// invoice takes the texts out of an invoice's Factur-X form: debtor, creditor,
// number, account, positions, remarks.
func (c *collection) invoice(name string, r io.Reader) {
	c.t.Helper()
	var path []string
	for decoder := xml.NewDecoder(r); ; {
		token, err := decoder.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			c.t.Fatal(err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			path = append(path, x.Name.Local)
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			c.words(docText, name, string(x))
			if at := strings.Join(path, "/"); strings.HasSuffix(at, "ExchangedDocument/ID") {
				c.put(canary{docText, "number of " + name, strconv.AppendQuote(nil, string(x)), true})
			}
		}
	}
}

// party adds what a party's node keeps: keys, tokens, salts, texts.
func (c *collection) party(id deal.PartyID, home string) {
	c.t.Helper()
	for _, name := range []string{"token", passphrase, "second.pass", nodeKey, deskToken} {
		s, err := readSecret(filepath.Join(home, name))
		if err != nil {
			c.t.Fatal(err)
		}
		c.add(secret, string(id)+"'s "+name, []byte(s))
	}
	c.keys(id, home)
	db := openDatabase(c.t, filepath.Join(home, "node.db"))
	defer db.Close()
	eachRow(c.t, db, "SELECT name, salt, sha256 FROM documents", func(v []string) {
		c.words(fileName, v[0], v[0])
		c.commitment(docSalt, "of "+v[0], v[1])
		c.commitment(docDigest, "SHA-256 of "+v[0], v[2])
	})
	eachRow(c.t, db, "SELECT field, salt, text FROM texts", func(v []string) {
		c.words(talk, v[0], v[2])
		c.digests("the "+v[0], []byte(v[2]))
		c.commitment(docSalt, "of the "+v[0], v[1])
	})
}

// keys adds the secret parts of the wallets, the certificate and the age identity.
func (c *collection) keys(id deal.PartyID, home string) {
	c.t.Helper()
	for dir, pass := range map[string]string{"wallet": passphrase, "second": "second.pass"} {
		file, err := walletFile(filepath.Join(home, dir))
		if err != nil {
			c.t.Fatal(err)
		}
		word, err := readSecret(filepath.Join(home, pass))
		if err != nil {
			c.t.Fatal(err)
		}
		key, err := keystore.DecryptKey(mustRead(c.t, file), word)
		if err != nil {
			c.t.Fatal(err)
		}
		c.add(secret, string(id)+"'s key of "+dir, crypto.FromECDSA(key.PrivateKey))
	}
	pair, err := tls.LoadX509KeyPair(filepath.Join(home, "tls.pem"), filepath.Join(home, "tls.pem"))
	if err != nil {
		c.t.Fatal(err)
	}
	scalar, err := pair.PrivateKey.(*ecdsa.PrivateKey).Bytes()
	if err != nil {
		c.t.Fatal(err)
	}
	c.add(secret, string(id)+"'s TLS key", scalar)
	lines := strings.Fields(string(mustRead(c.t, filepath.Join(home, "identity.age"))))
	c.add(secret, string(id)+"'s age identity", []byte(lines[len(lines)-1]))
}

// commitment adds 32 bytes given in hex.
func (c *collection) commitment(kind, name, text string) {
	c.t.Helper()
	b, err := hex.DecodeString(strings.TrimPrefix(text, "0x"))
	if err != nil || len(b) != 32 {
		c.t.Fatalf("%s %s: want 32 bytes in hex", kind, name)
	}
	c.add(kind, name, b)
}

// openDatabase opens an SQLite database that others are using.
func openDatabase(t *testing.T, file string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: file}).EscapedPath()+"?mode=ro&_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// eachRow calls do with the columns of every row of a query.
func eachRow(t *testing.T, db *sql.DB, query string, do func([]string)) {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	values, into := make([]sql.RawBytes, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		texts := make([]string, len(values))
		for i, v := range values {
			texts[i] = string(v)
		}
		do(texts)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

func mustRead(t *testing.T, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
