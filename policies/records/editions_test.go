package records_test

import (
	"context"
	"crypto/sha256"
	"io/fs"
	"testing"

	"cession/deal"
	"cession/policies"
	"cession/policies/records"
	"cession/policies/records/recordstest"
)

// What was decided with another edition is replayed with that one.
func TestReplayWithEditions(t *testing.T) {
	list, err := fs.ReadFile(policies.StandardFS(), "data/ofac_sdn.csv")
	if err != nil {
		t.Fatal(err)
	}
	later, err := policies.Sample(start.AddDate(0, 0, 7))
	if err != nil {
		t.Fatal(err)
	}
	source := recordstest.Source{Pack: later, Seed: 3, Start: start.AddDate(0, 0, 8)}
	var some []records.Record
	for r, err := range source.Records(context.Background(), 100) {
		if err != nil {
			t.Fatal(err)
		}
		some = append(some, r)
	}
	has := func(digest deal.Commitment) ([]byte, error) {
		if digest != sha256.Sum256(list) {
			return nil, deal.Errorf(deal.NotFound, "no list %s", digest.Short())
		}
		return list, nil
	}
	hasNot := func(deal.Commitment) ([]byte, error) { return nil, deal.Errorf(deal.NotFound, "no list") }
	for name, try := range map[string]struct {
		content func(deal.Commitment) ([]byte, error)
		all     bool
	}{"at hand": {has, true}, "not at hand": {hasNot, false}} {
		r, err := records.Replay(context.Background(), records.ReplayConfig{
			Lines: lines(file(t, some)),
			Judge: func(d deal.Decision) (records.Judge, error) {
				p, err := records.WithEditions(pack(t), d.Lists, try.content)
				if err != nil {
					return nil, err
				}
				return p, nil
			},
		})
		if err != nil || r.Different > 0 || (r.Identical == 100) != try.all || (len(r.NotComparable) == 0) != try.all {
			t.Errorf("%s: %v\n%s", name, err, r.Text())
		}
	}
}
