package deal

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

func TestNewIDIsWellFormedAndFresh(t *testing.T) {
	seen := map[ID]bool{}
	for range 100 {
		id := NewID()
		if err := id.Check(); err != nil || seen[id] {
			t.Fatalf("id %s: %v, seen before: %t", id, err, seen[id])
		}
		seen[id] = true
	}
	if one, other := NewID(), NewID(); one.Key() == other.Key() {
		t.Error("two deals have the same key on chain")
	}
	if one, other := NewSalt(), NewSalt(); one == other || one.IsZero() {
		t.Error("two salts are the same, or zero")
	}
}

func TestIDCheck(t *testing.T) {
	tests := map[string]bool{
		"d-abcdefghij234567abcd":   true,
		"":                         false,
		"abcdefghij234567abcd":     false,
		"d-abcdefghij234567abc":    false,
		"d-abcdefghij234567abcde":  false,
		"d-ABCDEFGHIJ234567abcd":   false,
		"d-abcdefghij234567abc1":   false,
		"d-abcdefghij234567abcd\n": false,
		"d-../../../etc/passwd..a": false,
	}
	for id, ok := range tests {
		if err := ID(id).Check(); (err == nil) != ok || (!ok && KindOf(err) != Invalid) {
			t.Errorf("ID(%q).Check() = %v, want well formed: %t", id, err, ok)
		}
	}
}

func TestPartyIDCheck(t *testing.T) {
	tests := map[string]bool{
		"alpine-bank": true, "a1b": true, strings.Repeat("a", 32): true,
		"": false, "ab": false, "1ab": false, "-ab": false, "ab-": false, "Alpine": false, "al pine": false,
		strings.Repeat("a", 33): false, "alpine/room": false, "alpine\n": false,
	}
	for id, ok := range tests {
		if err := PartyID(id).Check(); (err == nil) != ok || (!ok && KindOf(err) != Invalid) {
			t.Errorf("PartyID(%q).Check() = %v, want well formed: %t", id, err, ok)
		}
	}
}

func TestHexForms(t *testing.T) {
	hash, wallet := "0x"+strings.Repeat("aB", 32), "0x"+strings.Repeat("aB", 20)
	c, err := ParseCommitment(hash)
	if err != nil || c.String() != strings.ToLower(hash) || c.IsZero() || c.Short() != "0xabababab" {
		t.Errorf("commitment %s, short %s, %v", c, c.Short(), err)
	}
	a, err := ParseAddress(wallet)
	if err != nil || a.String() != strings.ToLower(wallet) || a.IsZero() {
		t.Errorf("address %s, %v", a, err)
	}
	for _, bad := range []string{"", "0x", hash[2:], hash[:len(hash)-1], hash + "00", "0X" + hash[2:], hash[:65] + "z", " " + hash} {
		if _, err := ParseCommitment(bad); KindOf(err) != Invalid {
			t.Errorf("commitment %q: %v, want kind invalid", bad, err)
		}
	}
	for _, bad := range []string{"", "0x", wallet[2:], wallet[:41], hash, wallet[:41] + "z"} {
		if _, err := ParseAddress(bad); KindOf(err) != Invalid {
			t.Errorf("address %q: %v, want kind invalid", bad, err)
		}
	}
	var b Bytes
	for _, bad := range []string{"0xa", "0xzz", "0x0x", "hello"} {
		if err := b.UnmarshalText([]byte(bad)); KindOf(err) != Invalid || b != nil {
			t.Errorf("bytes %q: %x, %v, want kind invalid", bad, []byte(b), err)
		}
	}
}

func TestHexFormsInJSON(t *testing.T) {
	type all struct {
		C Commitment
		A Address
		B Bytes
		M map[Address]Commitment
	}
	in := all{Commitment{1}, Address{2}, Bytes{3, 4}, map[Address]Commitment{{5}: {6}}}
	text, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var out all
	if err := json.Unmarshal(text, &out); err != nil || out.C != in.C || out.A != in.A || out.B.String() != "0x0304" || out.M[Address{5}] != in.M[Address{5}] {
		t.Errorf("%s came back as %+v, %v", text, out, err)
	}
	if err := json.Unmarshal([]byte(`{"C":"0x12"}`), &out); KindOf(err) != Invalid {
		t.Errorf("a short commitment in JSON: %v, want kind invalid", err)
	}
}

func TestKindOf(t *testing.T) {
	refused := Errorf(Refused, "no")
	tests := []struct {
		name string
		err  error
		want Kind
	}{
		{"none", nil, ""},
		{"foreign", io.EOF, ""},
		{"own", refused, Refused},
		{"wrapped once", fmt.Errorf("open escrow: %w", refused), Refused},
		{"wrapped twice", fmt.Errorf("act: %w", fmt.Errorf("open escrow: %w", refused)), Refused},
		{"joined", errors.Join(io.EOF, refused), Refused},
		{"outer kind first", Errorf(Lost, "submit: %w", refused), Lost},
		{"own around foreign", Errorf(NotFound, "read: %w", io.EOF), NotFound},
		{"only the text", fmt.Errorf("open escrow: %v", refused), ""},
	}
	for _, tt := range tests {
		if have := KindOf(tt.err); have != tt.want {
			t.Errorf("%s: kind %q, want %q", tt.name, have, tt.want)
		}
	}
	err := Errorf(Lost, "send %d: %w", 7, io.ErrUnexpectedEOF)
	if !errors.Is(err, io.ErrUnexpectedEOF) || err.Error() != "send 7: unexpected EOF" {
		t.Errorf("have %q, cause kept: %t", err, errors.Is(err, io.ErrUnexpectedEOF))
	}
}
