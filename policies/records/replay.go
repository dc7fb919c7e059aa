package records

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"
	"reflect"
	"slices"
	"time"

	"cession/deal"
)

// ReplayConfig says what is decided again.
type ReplayConfig struct {
	// Lines are the records: see [BacktestConfig.Lines].
	Lines iter.Seq2[[]byte, error]
	// Judge returns who made a decision: the pack with that digest, with the
	// editions of its lists the decision names: see [WithEditions]. Each worker
	// asks once for the same pack and editions. An error of kind notfound leaves
	// the records out, and the report says so; it must be safe for concurrent
	// use.
	Judge func(deal.Decision) (Judge, error)
	// Workers is as in [BacktestConfig].
	Workers int
	// Differences bounds how many differences are listed; 0 means 20.
	Differences int
}

// Difference is a decision that came out differently.
type Difference struct {
	Chain string          `json:"chain"`
	Seq   uint64          `json:"seq"`
	Act   deal.Commitment `json:"act"`
	Name  string          `json:"name"`
	Where []string        `json:"where"` // members of the decision, and rules, that differ
	line  int
}

// Replayed is the result of a replay.
type Replayed struct {
	Decisions     int            `json:"decisions"`
	Identical     int            `json:"identical"` // byte for byte
	Different     int            `json:"different"`
	Differences   []Difference   `json:"differences"` // the first of them
	NotComparable map[string]int `json:"notComparable"`
	Rate          float64        `json:"rate"` // decisions per second of wall time, reading included
}

// Why a decision could not be replayed.
const (
	noPack    = "the pack it was made under is not at hand"
	noEdition = "a list was of another edition than the ones at hand"
)

// Replay makes recorded decisions again, each with the pack it was made under,
// and compares them byte for byte, without the hash of the record, which was
// not there yet.
func Replay(ctx context.Context, c ReplayConfig) (Replayed, error) {
	started := time.Now()
	if c.Differences <= 0 {
		c.Differences = 20
	}
	parts, err := spread(ctx, c.Lines, c.Workers, newReplaying, c.repeat)
	if err != nil {
		return Replayed{}, err
	}
	whole := newReplaying()
	for _, part := range parts {
		whole.merge(&part.Replayed)
	}
	slices.SortFunc(whole.Differences, func(a, b Difference) int { return a.line - b.line })
	whole.Differences = whole.Differences[:min(len(whole.Differences), c.Differences)]
	whole.Rate = float64(whole.Decisions) / max(time.Since(started).Seconds(), 1e-9)
	return whole.Replayed, nil
}

// replaying is what one worker has found.
type replaying struct {
	Replayed
	judges map[string]Judge // nil: not at hand
}

func newReplaying() *replaying {
	return &replaying{Replayed{Differences: []Difference{}, NotComparable: map[string]int{}}, map[string]Judge{}}
}

// judge returns who made a decision, or nil if it is not at hand.
func (p *replaying) judge(d deal.Decision, find func(deal.Decision) (Judge, error)) (Judge, error) {
	key := d.Pack.String()
	for _, l := range d.Lists {
		key += " " + l.Name + " " + l.Digest.String() + " " + l.AsOf.UTC().Format(time.RFC3339Nano)
	}
	if known, ok := p.judges[key]; ok {
		return known, nil
	}
	found, err := find(d)
	if deal.KindOf(err) == deal.NotFound {
		found, err = nil, nil
	}
	if err == nil {
		p.judges[key] = found
	}
	return found, err
}

func (r *Replayed) merge(o *Replayed) {
	r.Decisions, r.Identical, r.Different = r.Decisions+o.Decisions, r.Identical+o.Identical, r.Different+o.Different
	r.Differences = append(r.Differences, o.Differences...)
	for why, n := range o.NotComparable {
		r.NotComparable[why] += n
	}
}

// repeat makes one decision again.
func (c ReplayConfig) repeat(ctx context.Context, n int, r Record, part *replaying) error {
	part.Decisions++
	if string(r.Document) == "null" {
		part.NotComparable[noDocument]++
		return nil
	}
	judge, err := part.judge(r.Decision, c.Judge)
	if err != nil {
		return err
	}
	if judge == nil {
		part.NotComparable[noPack]++
		return nil
	}
	where, err := again(ctx, judge, r)
	switch {
	case err != nil:
		return err
	case len(where) == 0:
		part.Identical++
	case slices.Equal(where, []string{"lists"}):
		part.NotComparable[noEdition]++
	default:
		part.Different++
		if len(part.Differences) < c.Differences {
			part.Differences = append(part.Differences, Difference{r.Chain, r.Seq, r.Act, r.Name, where, n})
		}
	}
	return nil
}

// again makes a decision again and names what is not the same.
func again(ctx context.Context, judge Judge, r Record) ([]string, error) {
	d, err := judge.Again(ctx, r.Document)
	if deal.KindOf(err) == deal.Invalid {
		return []string{"document"}, nil // its own pack cannot read it
	}
	if err != nil {
		return nil, err
	}
	return differs(r.Decision, d)
}

// differs compares two decisions as bytes, and names what is not the same.
func differs(was, is deal.Decision) (where []string, err error) {
	was.Record, is.Record = deal.Commitment{}, deal.Commitment{}
	if reflect.DeepEqual(was, is) {
		return nil, nil // what has no difference is written alike
	}
	a, err := json.Marshal(was)
	if err != nil {
		return nil, err
	}
	b, err := json.Marshal(is)
	if err != nil || bytes.Equal(a, b) {
		return nil, err
	}
	x, y := reflect.ValueOf(was), reflect.ValueOf(is)
	for i := range x.NumField() {
		if name := x.Type().Field(i).Name; !sameJSON(x.Field(i).Interface(), y.Field(i).Interface()) {
			if name == "Rules" {
				where = append(where, differentRules(was.Rules, is.Rules)...)
			} else {
				where = append(where, string(bytes.ToLower([]byte(name))))
			}
		}
	}
	return where, nil
}

func sameJSON(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

func differentRules(was, is []deal.RuleResult) (where []string) {
	for i := range max(len(was), len(is)) {
		var a, b deal.RuleResult
		if i < len(was) {
			a = was[i]
		}
		if i < len(is) {
			b = is[i]
		}
		if a != b {
			where = append(where, "rule "+max(a.ID, b.ID))
		}
	}
	return where
}
