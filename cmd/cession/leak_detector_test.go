//go:build !slim

package main

import (
	"bytes"
	"database/sql"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	commonpb "go.temporal.io/api/common/v1"
	historypb "go.temporal.io/api/history/v1"
)

// TestLeakDetector plants every kind of canary in every form it is looked for,
// and in the stores of an operator.
func TestLeakDetector(t *testing.T) {
	c := &collection{t: t, seen: map[string]bool{}}
	c.words(talk, "question", "Hat die Müller & Söhne GmbH schon gezahlt?")
	c.add(docDigest, "hash", bytes.Repeat([]byte("\xfeHash\x00\x9d"), 5))
	c.add(secret, "token", []byte("R4ND0MT0KEN+/abcdefgh"))
	d := newDetector(c.list)
	noise := make([]byte, 1<<20)
	for i := 0; i < len(noise); i += 8 {
		binary.LittleEndian.PutUint64(noise[i:], rand.Uint64())
	}
	if found := d.kinds(noise); len(found) != 0 {
		t.Errorf("found in noise: %v", found)
	}
	for _, n := range c.list {
		near := bytes.Clone(n.value)
		near[len(near)/2]++
		if found := d.kinds(slices.Concat(noise, near)); len(found) != 0 {
			t.Errorf("%s is found where one byte is another: %v", n.name, found)
		}
		for form, planted := range disguises(n) {
			at := rand.IntN(len(noise) - len(planted))
			b := slices.Concat(noise[:at], planted, noise[at:])
			if d.kinds(b)[n.kind] != 1 {
				t.Errorf("%s is not found as %s", n.name, form)
			}
		}
	}
}

// disguises are forms of a canary, made without the detector's own code.
func disguises(c canary) map[string][]byte {
	v := c.value
	forms := map[string][]byte{
		"plain": v, "hex": fmt.Appendf(nil, "%x", v), "large hex": fmt.Appendf(nil, "%X", v),
	}
	for before := range 4 {
		padded := slices.Concat([]byte("{\"a\":")[:before], v, []byte("\"}"))
		forms[fmt.Sprintf("base64 after %d bytes", before)] = []byte(base64.StdEncoding.EncodeToString(padded))
		forms[fmt.Sprintf("URL base64 after %d bytes", before)] = []byte(base64.URLEncoding.EncodeToString(padded))
	}
	if !c.text {
		return forms
	}
	object, _ := json.Marshal(map[string]string{"q": string(v)})
	forms["JSON"], forms["JSON in base64"] = object, []byte(base64.StdEncoding.EncodeToString(object))
	forms["query"] = []byte(url.Values{"q": {string(v)}}.Encode())
	forms["path"] = []byte((&url.URL{Path: string(v)}).String())
	forms["UTF-16"] = []byte{}
	for _, u := range utf16.Encode([]rune(string(v))) {
		forms["UTF-16"] = append(forms["UTF-16"], byte(u), byte(u>>8))
	}
	forms["small letters"] = bytes.ToLower(v)
	return forms
}

// TestLeakSearch plants a canary in each kind of store.
func TestLeakSearch(t *testing.T) {
	c := &collection{t: t, seen: map[string]bool{}}
	c.words(talk, "question", "Hat die Müller & Söhne GmbH schon gezahlt?")
	s := &search{detector: newDetector(c.list), witnesses: newDetector(nil), read: map[string]int{}, items: map[string]int{}, places: map[string]int{}, seen: map[string]int{}}
	data := t.TempDir()
	long := strings.Repeat("7", 50_000) + string(c.list[0].value) + strings.Repeat("7", 50_000)
	db, err := sql.Open("sqlite", in(data, "desk.db"))
	if err == nil {
		_, err = db.Exec("CREATE TABLE rooms (id INTEGER PRIMARY KEY, state TEXT); INSERT INTO rooms (state) VALUES (?)", long)
		err = errors.Join(err, db.Close())
	}
	for _, dir := range []string{"logs", "parties"} {
		err = errors.Join(err, os.MkdirAll(in(data, dir), 0o700), os.WriteFile(in(data, dir, "log"), []byte(long), 0o600))
	}
	if err != nil {
		t.Fatal(err)
	}
	s.files(t, data)
	s.databases(t, data)
	input := &commonpb.Payload{Metadata: map[string][]byte{"encoding": []byte("json/plain")}}
	if input.Data, err = json.Marshal(map[string][]byte{"input": []byte(long)}); err != nil { // bytes in JSON are base64
		t.Fatal(err)
	}
	s.look("history", "deal", payloadsOf(t, t.Context(), &historypb.History{Events: []*historypb.HistoryEvent{{
		Attributes: &historypb.HistoryEvent_WorkflowExecutionStartedEventAttributes{
			WorkflowExecutionStartedEventAttributes: &historypb.WorkflowExecutionStartedEventAttributes{
				Input: &commonpb.Payloads{Payloads: []*commonpb.Payload{input}},
			},
		},
	}}}))
	for _, place := range []string{"file logs/log", "database desk.db rooms", "history deal"} {
		if s.hits[place+": talk (question)"] != 1 {
			t.Errorf("not found in %s: %v", place, s.hits)
		}
	}
	if s.hits["file parties/log: talk (question)"] != 0 {
		t.Error("what the parties keep themselves is taken for the operator's")
	}
}
