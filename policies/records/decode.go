package records

import (
	"bytes"
	"encoding/json"
	"math"
	"time"

	"cession/deal"
)

// Decode reads what [Encode] wrote. Members may stand in any order, but a
// member that is unknown, misspelt, missing, or there twice, a number that is
// not whole or needs more than 64 bits, and text that is not UTF-8 are refused,
// each in its own words. The chain is not checked: see [Verify].
//
// A backtest decodes as much as it decides, so this is written by hand; that it
// knows every member is tested.
func Decode(line []byte) (Record, error) { return decode(line, nil, true) }

// vocabulary are texts that were read before, to be shared by the records that
// have them: names, titles and citations come again in each.
type vocabulary map[string]string

// maxVocabulary bounds how many texts are shared.
const maxVocabulary = 4096

// share returns the text as a string.
func (v vocabulary) share(text []byte) string {
	if known, ok := v[string(text)]; ok {
		return known
	}
	s := string(text)
	if v != nil && len(v) < maxVocabulary {
		v[s] = s
	}
	return s
}

// decode reads a record. With whole false its document is taken as it stands:
// who puts it to a pack reads it strictly then.
func decode(line []byte, words vocabulary, whole bool) (r Record, err error) {
	d := decoder{scanner{in: line}, words, whole}
	if err = d.record(&r); err != nil {
		return Record{}, err
	}
	if d.space(); d.pos < len(d.in) {
		return Record{}, d.fail("want nothing after the record")
	}
	return r, nil
}

// decoder reads values of known types.
type decoder struct {
	scanner
	words vocabulary
	whole bool
}

// members reads an object. Of the known names, those from the start to must
// have to be there; none may be twice.
func (d *decoder) members(known []string, must int, read func(i int) error) error {
	if !d.next('{') {
		return d.fail("want an object")
	}
	seen := uint32(0)
	for first := true; !d.next('}'); first = false {
		if !first && !d.next(',') {
			return d.fail("want , or }")
		}
		i, err := d.name(known)
		if err != nil {
			return err
		}
		if seen&(1<<i) != 0 {
			return d.twice([]byte(known[i]))
		}
		seen |= 1 << i
		if !d.next(':') {
			return d.fail("want : after a member's name")
		}
		if err := read(i); err != nil {
			return err
		}
	}
	for i := range must {
		if seen&(1<<i) == 0 {
			return d.fail("member " + known[i] + " is missing")
		}
	}
	return nil
}

// name reads the name of a member that must be known.
func (d *decoder) name(known []string) (int, error) {
	s, err := d.raw()
	if err != nil {
		return 0, err
	}
	for i, name := range known {
		if name == string(s) {
			return i, nil
		}
	}
	return 0, d.fail("a member that no record has")
}

// raw reads a text, which is valid as long as the line is.
func (d *decoder) raw() ([]byte, error) {
	if d.space(); d.pos == len(d.in) || d.in[d.pos] != '"' {
		return nil, d.fail("want a text")
	}
	raw, plain, err := d.quoted()
	if err != nil {
		return nil, err
	}
	if !plain {
		text, err := d.unescape(raw)
		return []byte(text), err
	}
	return raw[1 : len(raw)-1], nil
}

func (d *decoder) string() (string, error) {
	s, err := d.raw()
	return d.words.share(s), err
}

// read stores a text of a type of its own.
func read[T ~string](d *decoder, into *T) error {
	s, err := d.string()
	*into = T(s)
	return err
}

func (d *decoder) commitment(into *deal.Commitment) error {
	s, err := d.raw()
	if err != nil {
		return err
	}
	return into.UnmarshalText(s)
}

func (d *decoder) time(into *time.Time) error {
	s, err := d.raw()
	if err != nil {
		return err
	}
	if *into, err = time.Parse(time.RFC3339, string(s)); err != nil {
		return d.fail("want a time as in RFC 3339")
	}
	*into = into.UTC()
	return nil
}

func (d *decoder) count(into *uint64) error {
	n, err := d.integer()
	if err == nil && n < 0 {
		return d.fail("number is below zero")
	}
	*into = uint64(n)
	return err
}

func (d *decoder) bool(into *bool) error {
	switch {
	case d.word("true"):
		*into = true
	case d.word("false"):
		*into = false
	default:
		return d.fail("want true or false")
	}
	return nil
}

// word takes a word if it follows.
func (d *decoder) word(w string) bool {
	d.space()
	if len(d.in)-d.pos < len(w) || string(d.in[d.pos:d.pos+len(w)]) != w {
		return false
	}
	d.pos += len(w)
	return true
}

// list reads an array. It is nil if it is null.
func list[T any](d *decoder, into *[]T, read func(*T) error) error {
	if d.word("null") {
		return nil
	}
	if !d.next('[') {
		return d.fail("want a list")
	}
	all := make([]T, 0, 16)
	for !d.next(']') {
		if len(all) > 0 && !d.next(',') {
			return d.fail("want , or ]")
		}
		var item T
		if err := read(&item); err != nil {
			return err
		}
		all = append(all, item)
	}
	*into = all
	return nil
}

// document reads any value, in canonical form.
func (d *decoder) document(into *json.RawMessage) error {
	if !d.whole {
		d.space()
		start := d.pos
		err := d.skip()
		*into = bytes.Clone(bytes.TrimSpace(d.in[start:d.pos]))
		return err
	}
	d.out = make([]byte, 0, min(len(d.in)-d.pos, math.MaxInt32))
	if err := d.value(0, nil); err != nil {
		return err
	}
	*into = d.out
	d.out = nil
	return nil
}
