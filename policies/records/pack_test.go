package records_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"maps"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"cession/deal"
	"cession/policies"
	"cession/policies/records"
	"cession/policies/records/recordstest"
)

// start is as of the shipped sanctions list, so that it is not too old.
var start = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

var standard = sync.OnceValues(policies.Standard)

func pack(t testing.TB) *policies.Pack {
	t.Helper()
	p, err := standard()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// files are the standard pack's, with some texts replaced: file, old, new, …
func files(t testing.TB, edits ...string) fstest.MapFS {
	t.Helper()
	all := fstest.MapFS{}
	err := fs.WalkDir(policies.StandardFS(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(policies.StandardFS(), path)
		all[path] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for ; len(edits) > 0; edits = edits[3:] {
		file := all[edits[0]]
		if !bytes.Contains(file.Data, []byte(edits[1])) {
			t.Fatalf("%s has no %q", edits[0], edits[1])
		}
		file.Data = bytes.ReplaceAll(file.Data, []byte(edits[1]), []byte(edits[2]))
	}
	return all
}

// edited is the standard pack with some texts replaced.
func edited(t testing.TB, edits ...string) *policies.Pack {
	t.Helper()
	p, err := policies.Load(files(t, edits...))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const limits = "data/limits.yaml"

// lower are edits to a lower limit per deal and lower bands of approval in
// euro, and to a higher limit in dollars.
var lower = []string{
	limits, "EUR: 5000000000\n", "EUR: 3000000000\n",
	limits, "EUR: { one: 10000000, two: 2500000000, three: 5000000000 }", "EUR: { one: 10000000, two: 100000000, three: 3000000000 }",
	limits, "USD: 5000000000\n", "USD: 9000000000\n",
}

func stricter(t testing.TB) *policies.Pack { return edited(t, lower...) }

// sample are n records of many deals, made once for all tests of a size.
func sample(t testing.TB, n int) []records.Record {
	t.Helper()
	samples.Lock()
	defer samples.Unlock()
	if len(samples.made) < n {
		samples.made = samples.made[:0]
		source := recordstest.Source{Pack: pack(t), Seed: 20261120, Start: start}
		for r, err := range source.Records(context.Background(), n) {
			if err != nil {
				t.Fatal(err)
			}
			samples.made = append(samples.made, r)
		}
	}
	return samples.made[:n]
}

var samples struct {
	sync.Mutex
	made []records.Record
}

// file is records as a file of lines.
func file(t testing.TB, all []records.Record) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := records.Write(&b, records.Of(all...)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSampleVaries(t *testing.T) {
	all := sample(t, 5000)
	if err := records.Verify(records.Of(all...)); err != nil {
		t.Fatal(err)
	}
	names, chains, rules, refused := map[string]bool{}, map[string]bool{}, map[string]bool{}, 0
	for _, r := range all {
		names[r.Name], chains[r.Chain] = true, true
		if !r.Decision.Allow {
			refused++
		}
		for _, reason := range r.Decision.Reasons() {
			rules[reason.ID] = true
		}
		if bytes.Contains(r.Document, []byte("GmbH")) || bytes.Contains(r.Document, []byte("NUMBER")) {
			t.Fatalf("a document holds a name: %s", r.Document)
		}
	}
	if len(names) < 25 || len(chains) < 150 || len(rules) < 8 || refused < 250 || refused > 2500 {
		t.Errorf("%d acts, %d deals, rules %v, %d refused", len(names), len(chains), maps.Keys(rules), refused)
	}
	again := recordstest.Source{Pack: pack(t), Seed: 20261120, Start: start}
	for r, err := range again.Records(context.Background(), 100) {
		if err != nil || r.Hash != all[r.Seq-1].Hash && r.Chain == all[0].Chain {
			t.Fatalf("the same seed made other records: %v", err)
		}
	}
}

// judge decides with one pack, or fails as its hook says.
type judge struct {
	*policies.Pack
	fail func(n int) error
	mu   sync.Mutex
	n    int
}

func (j *judge) Again(ctx context.Context, document []byte) (deal.Decision, error) {
	j.mu.Lock()
	j.n++
	n := j.n
	j.mu.Unlock()
	if err := j.fail(n); err != nil {
		return deal.Decision{}, err
	}
	return j.Pack.Again(ctx, document)
}

func js(t testing.TB, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func lines(b []byte) func(func([]byte, error) bool) { return records.Lines(bytes.NewReader(b)) }
