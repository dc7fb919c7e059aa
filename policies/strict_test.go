package policies

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"cession/deal"
)

// strictSeeds are texts at the edges of what a document may be.
func strictSeeds() []string {
	seeds := []string{
		`{"a":[1,true,null,"x"]}`, `{"a":1,"a":1}`, `1e9`, "\"\xff\"", `{"a":`, `[[]]`, `-0`, "", " ", "{", "}", "[", "]", `"`, `"\`, `"\"`,
		`{}`, ` { } `, `{,}`, `{"a"}`, `{"a" 1}`, `{"a":}`, `{"a":1,}`, `{"a":1 "b":2}`, `{1:2}`, `{true:1}`, `{[`, `{"a":1]`, `[1}`, `[1,]`, `[,1]`,
		`[1 2]`, `[1,,2]`, `{} x`, `1 2`, `1x`, `[1x]`, `nul`, `nullx`, `[nullx]`, `truefalse`, `tru`, `false`, `true`, `null`, "\t1\r\n",
		`0`, `-`, `-x`, `+1`, `01`, `[01]`, `-01`, `00`, `1.`, `1.5`, `1.5.5`, `.5`, `1e`, `1e+`, `1E-2`, `1.0e`, `0e0`, `-0.0`, `-1`,
		`9223372036854775807`, `9223372036854775808`, `-9223372036854775808`, `-9223372036854775809`, `999999999999999999`, `9999999999999999999`,
		`100000000000000000000000000000000000000`, `"<&>"`, "\"\u2028\u00e9\"", `"é"`, `"\u00e9"`, `"\/"`, `"\n\t\b\f\r\\\""`, `"\x"`, `"\u12"`,
		`"\u12G4"`, `"\ud800"`, `"\udc00\ud800"`, `"\ud83d\ude00"`, `"\ufffd"`, "\"\uFFFD\"", "\"\x00\"", "\"\n\"", "\"\x7f\"", "\xef\xbb\xbf1", "\x00",
		`{"b":1,"a":2}`, `{"b":1,"a":2,"b":3}`, `{"a":1,"\u0061":2}`, `{"a":{"a":1,"b":[{"a":1}]},"b":{"a":2}}`, `{"a":1,"a"`, `{"a":1,"a":`,
		`{"":1}`, `{"":1,"":2}`, `{"\ud800":1}`, `{"a":1,"a":"\ud800"}`, `[1.5,"`, `{"act":{"name":"nda.sign"}}`, `{"é":1,"e":2}`,
	}
	for _, n := range []int{maxDepth - 1, maxDepth, maxDepth + 1} {
		seeds = append(seeds, strings.Repeat("[", n)+strings.Repeat("]", n), strings.Repeat(`{"a":`, n)+"1"+strings.Repeat("}", n))
	}
	return seeds
}

// place is where an error says that it was.
var place = regexp.MustCompile(`byte [0-9]+`)

// compareReaders reads with both, and compares what they say.
func compareReaders(t *testing.T, b []byte) {
	t.Helper()
	have, canonical, err := parseDocument(b)
	want, errWanted := parseSlowly(b)
	if says, wanted := fmt.Sprint(err), fmt.Sprint(errWanted); place.ReplaceAllString(says, "") != place.ReplaceAllString(wanted, "") {
		t.Fatalf("%q: %s, want %s", b, says, wanted)
	}
	if err != nil {
		if deal.KindOf(err) != deal.Invalid || have != nil || canonical {
			t.Errorf("%q: error %v is not of kind invalid, or comes with a document", b, err)
		}
		return
	}
	if have.Value.Compare(want.Value) != 0 || have.Value.Hash() != want.Value.Hash() {
		t.Errorf("%q is read as %v, want %v", b, have, want)
	}
	written := appendJSON(nil, have.Value)
	if canonical && !bytes.Equal(written, b) {
		t.Errorf("%q is said to be canonical, but that is %q", b, written)
	}
	again, _, err := parseDocument(written)
	if err != nil || !bytes.Equal(appendJSON(nil, again.Value), written) {
		t.Errorf("%q is written as %q, which is read as %v", b, written, err)
	}
}

// TestParseDocumentAsTheStandardLibrary compares the reader with one that takes
// its tokens from encoding/json.
func TestParseDocumentAsTheStandardLibrary(t *testing.T) {
	for _, s := range strictSeeds() {
		compareReaders(t, []byte(s))
	}
	c := newCourse(t)
	for act, in := range c.run() {
		e, err := c.pack.Evaluate(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		if _, canonical, err := parseDocument(e.Document); err != nil || !canonical {
			t.Errorf("%s: the document is not seen to be canonical: %v", act, err)
		}
		compareReaders(t, e.Document)
		if act == "nda.sign" {
			compareDamaged(t, e.Document)
		}
	}
}

// compareDamaged cuts a document off at many places, and puts there what JSON
// consists of.
func compareDamaged(t *testing.T, document []byte) {
	t.Helper()
	const marks = "\"\\{}[],:09-.e \xff"
	for i := range document {
		damaged := bytes.Clone(document)
		damaged[i] = marks[i%len(marks)]
		compareReaders(t, damaged)
		if i%5 == 0 {
			compareReaders(t, document[:i])
		}
	}
}

func FuzzParseDocument(f *testing.F) {
	for _, s := range strictSeeds() {
		f.Add([]byte(s))
	}
	f.Fuzz(compareReaders)
}
