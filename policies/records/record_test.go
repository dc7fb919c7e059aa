package records

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"cession/deal"
)

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

// chain makes a chain of n records.
func chain(t testing.TB, name string, n int) (all []Record) {
	t.Helper()
	head := Head{Chain: name}
	for i := range n {
		act := deal.Commitment{1, byte(i)}
		r, err := Next(head, Record{
			At: noon.Add(time.Duration(i) * time.Minute), Side: Market, Act: act, Name: "offers.submit", Salt: deal.Commitment{2, byte(i)},
			Decision: deal.Decision{
				Act: act, Allow: true, Rules: []deal.RuleResult{{ID: "money.limit", Title: "Amounts < limits", State: deal.Pass}},
				Evaluator: "opa", At: noon,
			},
			Document: fmt.Appendf(nil, `{"now":%d}`, i),
		})
		if err != nil {
			t.Fatal(err)
		}
		all, head = append(all, r), r.Head()
	}
	return all
}

// broken returns the link an error names.
func broken(err error) BrokenLink {
	var link *BrokenLink
	if deal.KindOf(err) != deal.Invalid || !errors.As(err, &link) {
		return BrokenLink{}
	}
	return *link
}

func TestVerify(t *testing.T) {
	const name = "d-abcdefghij234567abcd"
	forged := chain(t, name, 5)
	forged[2].Decision.Allow = false
	again, err := Next(forged[1].Head(), forged[2])
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		change func(all []Record) []Record
		known  []Head
		want   BrokenLink
	}{
		{name: "whole", change: func(all []Record) []Record { return all }},
		{name: "whole, head known", change: func(all []Record) []Record { return all }, known: []Head{chain(t, name, 5)[4].Head(), chain(t, name, 5)[1].Head()}},
		{name: "content changed", change: func(all []Record) []Record { all[2].Decision.Allow = false; return all }, want: BrokenLink{name, 3, Changed}},
		{name: "document changed", change: func(all []Record) []Record { all[0].Document = json.RawMessage(`{"now":7}`); return all }, want: BrokenLink{name, 1, Changed}},
		{name: "hash changed", change: func(all []Record) []Record { all[4].Hash[0]++; return all }, want: BrokenLink{name, 5, Changed}},
		{name: "hash in the decision changed", change: func(all []Record) []Record { all[1].Decision.Record = deal.Commitment{}; return all }, want: BrokenLink{name, 2, Changed}},
		{name: "act of another decision", change: func(all []Record) []Record { all[1].Act[5]++; return all }, want: BrokenLink{name, 2, Changed}},
		{name: "first missing", change: func(all []Record) []Record { return all[1:] }, want: BrokenLink{name, 1, Missing}},
		{name: "one missing", change: func(all []Record) []Record { return slices.Delete(all, 2, 3) }, want: BrokenLink{name, 3, Missing}},
		{name: "two swapped", change: func(all []Record) []Record { all[1], all[2] = all[2], all[1]; return all }, want: BrokenLink{name, 2, Reordered}},
		{name: "first at the end", change: func(all []Record) []Record { return append(all[1:], all[0]) }, want: BrokenLink{name, 1, Reordered}},
		{name: "one twice", change: func(all []Record) []Record { return slices.Insert(all, 3, all[2]) }, want: BrokenLink{name, 3, Repeated}},
		{name: "numbered zero", change: func(all []Record) []Record { all[0].Seq = 0; return all }, want: BrokenLink{name, 0, Changed}},
		{name: "one written anew", change: func(all []Record) []Record { all[2] = again; return all }, want: BrokenLink{name, 3, Rewritten}},
		{name: "all written anew", change: func(all []Record) []Record { return append(all[:2], again) }, known: []Head{chain(t, name, 5)[2].Head()}, want: BrokenLink{name, 3, Rewritten}},
		{name: "cut off", change: func(all []Record) []Record { return all[:3] }, known: []Head{chain(t, name, 5)[4].Head()}, want: BrokenLink{name, 4, CutOff}},
		{name: "nothing left", change: func(all []Record) []Record { return nil }, known: []Head{chain(t, name, 5)[4].Head()}, want: BrokenLink{name, 1, CutOff}},
	}
	for _, tt := range tests {
		other := chain(t, Operations, 3)
		mixed := slices.Concat(other[:2], tt.change(chain(t, name, 5)), other[2:])
		err := Verify(Of(mixed...), tt.known...)
		if have := broken(err); have != tt.want || (err == nil) != (tt.want == BrokenLink{}) {
			t.Errorf("%s: %v, want %+v", tt.name, err, tt.want)
		}
	}
}

func TestHeadsAreWhereToGoOn(t *testing.T) {
	all := append(chain(t, "d-abcdefghij234567abcd", 3), chain(t, Operations, 2)...)
	heads, err := Heads(Of(all...))
	if err != nil || heads[Operations] != all[4].Head() || heads["d-abcdefghij234567abcd"] != all[2].Head() || len(heads) != 2 {
		t.Errorf("heads %v, %v", heads, err)
	}
}

func TestNextRefuses(t *testing.T) {
	for name, try := range map[string]struct {
		head Head
		r    Record
	}{
		"no chain":      {Head{}, Record{Name: "a.b", Side: Market}},
		"another chain": {Head{Chain: Operations}, Record{Chain: "d-abcdefghij234567abcd", Name: "a.b", Side: Market}},
		"no name":       {Head{Chain: Operations}, Record{Side: Market}},
		"no side":       {Head{Chain: Operations}, Record{Name: "a.b"}},
		"bad document":  {Head{Chain: Operations}, Record{Name: "a.b", Side: Market, Document: []byte(`{"a":1,"a":2}`)}},
	} {
		if _, err := Next(try.head, try.r); deal.KindOf(err) != deal.Invalid {
			t.Errorf("%s: %v, want kind invalid", name, err)
		}
	}
}

// A party that holds two hashes and knows what both records say must not be
// able to tell whether others lie between them.
func TestRecordsAreSalted(t *testing.T) {
	first := chain(t, Operations, 1)[0]
	same := Record{Side: Market, Name: "retry", At: noon}
	a, errA := Next(first.Head(), same)
	b, errB := Next(first.Head(), same)
	if errA != nil || errB != nil || a.Hash == b.Hash || a.Salt.IsZero() {
		t.Errorf("the same record after the same one has hashes %s and %s (%v, %v)", a.Hash, b.Hash, errA, errB)
	}
}

// The hash is part of what parties keep for years; it must not move.
func TestHashStaysWhatItIs(t *testing.T) {
	const want = "0xbc21bca00e8c05bebffb51956ef7db7caccd05204bb3ede2d1d74134199eba3c"
	if have := chain(t, "d-abcdefghij234567abcd", 2)[1].Hash.String(); have != want {
		t.Errorf("hash %s, want %s", have, want)
	}
}

func TestFileComesBack(t *testing.T) {
	all := append(chain(t, "d-abcdefghij234567abcd", 3), chain(t, Operations, 2)...)
	var file strings.Builder
	if err := Write(&file, Of(all...)); err != nil {
		t.Fatal(err)
	}
	var back []Record
	for r, err := range Read(strings.NewReader(file.String())) {
		if err != nil {
			t.Fatal(err)
		}
		back = append(back, r)
	}
	if err := Verify(Of(back...), all[2].Head(), all[4].Head()); err != nil || len(back) != len(all) {
		t.Errorf("%d records came back, %v", len(back), err)
	}
}

func TestReadIsStrict(t *testing.T) {
	line, err := Encode(chain(t, Operations, 1)[0])
	if err != nil {
		t.Fatal(err)
	}
	good := string(line)
	if !strings.Contains(good, `"seq":1`) || !strings.Contains(good, `"title":"Amounts < limits"`) {
		t.Fatalf("encoded as %s", good)
	}
	for name, file := range map[string]string{
		"a member twice":             strings.Replace(good, `"seq":1`, `"seq":1,"seq":1`, 1) + "\n",
		"a member twice, escaped":    strings.Replace(good, `"seq":1`, `"seq":1,"\u0073eq":1`, 1) + "\n",
		"a member deep inside twice": strings.Replace(good, `"now":0`, `"now":0,"now":1`, 1) + "\n",
		"an unknown member":          strings.Replace(good, `"seq":1`, `"seq":1,"seal":1`, 1) + "\n",
		"another case":               strings.Replace(good, `"seq":1`, `"Seq":1`, 1) + "\n",
		"a missing member":           strings.Replace(good, `"seq":1,`, ``, 1) + "\n",
		"more than 64 bits":          strings.Replace(good, `"now":0`, `"now":9223372036854775808`, 1) + "\n",
		"a fraction":                 strings.Replace(good, `"now":0`, `"now":1.5`, 1) + "\n",
		"an exponent":                strings.Replace(good, `"now":0`, `"now":1e3`, 1) + "\n",
		"a leading zero":             strings.Replace(good, `"now":0`, `"now":01`, 1) + "\n",
		"minus zero":                 strings.Replace(good, `"now":0`, `"now":-0`, 1) + "\n",
		"not UTF-8":                  strings.Replace(good, `Amounts`, "\xff\xfe", 1) + "\n",
		"half a surrogate pair":      strings.Replace(good, `Amounts`, `\ud800`, 1) + "\n",
		"a control character":        strings.Replace(good, `Amounts`, "\x01", 1) + "\n",
		"two values":                 good + good + "\n",
		"half a value":               good[:len(good)/2] + "\n",
		"no newline at the end":      good + "\n" + good,
		"an empty line":              good + "\n\n" + good + "\n",
		"no object":                  "null\n",
		"too deep":                   strings.Replace(good, `"now":0`, `"now":`+strings.Repeat("[", 50)+strings.Repeat("]", 50), 1) + "\n",
		"too long":                   strings.Replace(good, `Amounts`, strings.Repeat("a", MaxLine), 1) + "\n",
		"too long, without an end":   strings.Repeat("a", 2*MaxLine),
	} {
		if err := last(Read(strings.NewReader(file))); deal.KindOf(err) != deal.Invalid {
			t.Errorf("%s: %v, want kind invalid", name, err)
		}
	}
	spaced := "  " + strings.Replace(good, `"seq":1`, "\t\"seq\" : 1 ", 1) + "\r\n"
	if err := last(Read(strings.NewReader(spaced))); err != nil {
		t.Errorf("space between members: %v", err)
	}
	if err := last(Read(iotest.ErrReader(io.ErrUnexpectedEOF))); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a source that fails: %v", err)
	}
}

func last(records func(func(Record, error) bool)) (last error) {
	for _, err := range records {
		last = err
	}
	return last
}

func TestWriteStopsAtErrors(t *testing.T) {
	gone := errors.New("gone")
	failing := func(yield func(Record, error) bool) { yield(Record{}, gone) }
	if err := Write(io.Discard, failing); !errors.Is(err, gone) {
		t.Errorf("a source that fails: %v", err)
	}
	if err := Verify(failing); !errors.Is(err, gone) {
		t.Errorf("verify of a source that fails: %v", err)
	}
	if err := Write(full{}, Of(chain(t, Operations, 1)...)); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("a disk that is full: %v", err)
	}
	long := chain(t, Operations, 1)[0]
	long.Document = json.RawMessage(`"` + strings.Repeat("a", MaxLine) + `"`)
	if err := Write(io.Discard, Of(long)); deal.KindOf(err) != deal.Invalid {
		t.Errorf("a record that could not be read again: %v", err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestCanonical(t *testing.T) {
	for in, want := range map[string]string{
		` { "b" : [ 1 , -2 , true , null , { } ] , "a" : "x" } `: `{"a":"x","b":[1,-2,true,null,{}]}`,
		`"\u003c\u2028\/\u00e9\n\u0001\"\\"`:                     "\"<\u2028/é\\n\\u0001\\\"\\\\\"",
		`{"\u0062":1,"a":{"d":1,"c":2}}`:                         `{"a":{"c":2,"d":1},"b":1}`,
		`"\ufffd \uD83D\uDE00"`:                                  "\"\uFFFD \U0001F600\"",
	} {
		have, err := canonical([]byte(in))
		if err != nil || string(have) != want {
			t.Errorf("%s: %s, %v, want %s", in, have, err, want)
		}
		if again, err := canonical(have); err != nil || string(again) != want {
			t.Errorf("%s is not what it becomes: %s, %v", have, again, err)
		}
	}
}

func FuzzCanonical(f *testing.F) {
	for _, s := range []string{`{"a":1}`, `{"b":[1,"x"],"a":null}`, `"\u00e9\ud83d\ude00"`, `-0`, `{"a":1,"a":1}`, "\"\\"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		out, err := canonical(in)
		if err != nil {
			return
		}
		again, err := canonical(out)
		if err != nil || string(again) != string(out) {
			t.Errorf("%q became %q, then %q, %v", in, out, again, err)
		}
		var a, b any
		if json.Unmarshal(in, &a) != nil || json.Unmarshal(out, &b) != nil || fmt.Sprint(a) != fmt.Sprint(b) {
			t.Errorf("%q and %q say %v and %v", in, out, a, b)
		}
	})
}
