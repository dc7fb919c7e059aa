//go:build !slim

package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf16"
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
				if folded := caseless(e); !seen[string(folded)] {
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
	b = caseless(b)
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
func caseless(b []byte) []byte {
	folded := bytes.Clone(b)
	for i, c := range folded {
		if 'A' <= c && c <= 'Z' {
			folded[i] = c + 'a' - 'A'
		}
	}
	return folded
}
