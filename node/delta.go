package node

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"cession/deal"
	"cession/deal/strict"
	"cession/node/vault"
)

// RowChange asks for a change of the rows that are sold: against the last
// proposal in the room, or with Whole against the whole tape. Rows are counted
// from 0 through all tapes of the title.
type RowChange struct {
	Whole      bool           `json:"whole,omitempty"`
	Remove     []uint64       `json:"remove,omitempty"`
	Substitute []Substitution `json:"substitute,omitempty"`
	Prices     []RowPrice     `json:"prices,omitempty"`
	Face       string         `json:"face,omitempty"` // column of the face amount, where the pack's list has none
}

// Substitution takes a row out and another one, which was out before, back in.
type Substitution struct {
	In  uint64 `json:"in"`
	Out uint64 `json:"out"`
}

// RowPrice is the price of one row, in minor units.
type RowPrice struct {
	Minor int64  `json:"minor"`
	Row   uint64 `json:"row"`
}

// Delta is the text of perimeter.propose's sealed field "delta": what is sold of
// the rows of a tape, and how that changed. It has one text form.
type Delta struct {
	Base       deal.Commitment `json:"base,omitzero"` // the proposal that it changes; zero: it starts from the whole tape
	Excerpts   []ExcerptNote   `json:"excerpts,omitempty"`
	Face       string          `json:"face"`             // column that the face amount is the sum of
	Out        []uint64        `json:"out,omitempty"`    // all rows that are not sold, ascending
	Prices     []RowPrice      `json:"prices,omitempty"` // all rows that have one, ascending
	Remove     []uint64        `json:"remove,omitempty"`
	Rows       uint64          `json:"rows"` // of the tape
	Substitute []Substitution  `json:"substitute,omitempty"`
	Tape       deal.Commitment `json:"tape"` // root over the rows as they were notarized
}

// ExcerptNote says which document stands for a tape of which rows are out: a
// new one, with the rows that remain.
type ExcerptNote struct {
	About    vault.Description `json:"about"`
	Document uint64            `json:"document"` // the tape, by its index in the title
	Leaf     deal.Commitment   `json:"leaf"`
}

// maxDelta bounds the text of a delta, in bytes.
const maxDelta = 8 << 20

// Canonical returns the text form.
func (d Delta) Canonical() string {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if err := e.Encode(d); err != nil {
		panic("node: a delta that has no JSON: " + err.Error())
	}
	return string(bytes.TrimSuffix(text.Bytes(), []byte("\n")))
}

// ParseDelta reads the text form and nothing else. Errors are of kind invalid.
func ParseDelta(text string) (d Delta, err error) {
	bad := deal.Errorf(deal.Invalid, "the text of a change of the perimeter is malformed")
	if len(text) > maxDelta || strict.Check([]byte(text), 0) != nil {
		return d, bad
	}
	if json.Unmarshal([]byte(text), &d) != nil || d.Canonical() != text {
		return Delta{}, bad
	}
	return d, nil
}

// change returns what a change makes of the rows that base leaves, nil being the
// whole tape. Errors are of kind invalid.
func (c RowChange) change(base *Delta, d Delta) (Delta, error) {
	out, prices := map[uint64]bool{}, map[uint64]int64{}
	if base != nil {
		for _, row := range base.Out {
			out[row] = true
		}
		for _, p := range base.Prices {
			prices[p.Row] = p.Minor
		}
	}
	d.Remove, d.Substitute = slices.Sorted(slices.Values(c.Remove)), slices.Clone(c.Substitute)
	slices.SortFunc(d.Substitute, func(a, b Substitution) int { return cmp.Compare(a.Out, b.Out) })
	if err := d.takeOut(out, prices); err != nil {
		return d, err
	}
	if err := setPrices(prices, c.Prices, d.Rows, out); err != nil {
		return d, err
	}
	d.Out, d.Prices = slices.Sorted(maps.Keys(out)), nil
	for _, row := range slices.Sorted(maps.Keys(prices)) {
		d.Prices = append(d.Prices, RowPrice{prices[row], row})
	}
	if uint64(len(d.Out)) >= d.Rows {
		return d, deal.Errorf(deal.Invalid, "no row remains: want at least one")
	}
	if _, ok := sumPrices(d.Prices); !ok {
		return d, deal.Errorf(deal.Invalid, "the prices of the rows add up to more than an amount can be")
	}
	return d, nil
}

// takeOut takes the rows that are removed or substituted out of those sold, with
// their prices, and the substitutes in.
func (d Delta) takeOut(out map[uint64]bool, prices map[uint64]int64) error {
	reserve := maps.Clone(out)
	rows := slices.Clone(d.Remove)
	for _, s := range d.Substitute {
		rows = append(rows, s.Out)
	}
	for _, row := range rows {
		if row >= d.Rows {
			return deal.Errorf(deal.Invalid, "row %d: the tape has %d rows, the first is 0", row, d.Rows)
		}
		if out[row] {
			return deal.Errorf(deal.Invalid, "row %d is not part of the perimeter: it cannot be taken out again", row)
		}
		out[row] = true
		delete(prices, row)
	}
	for _, s := range d.Substitute {
		if !reserve[s.In] {
			return deal.Errorf(deal.Invalid, "row %d cannot take the place of row %d: it was not taken out by an earlier proposal", s.In, s.Out)
		}
		delete(out, s.In)
		delete(reserve, s.In)
	}
	return nil
}

func setPrices(prices map[uint64]int64, list []RowPrice, rows uint64, out map[uint64]bool) error {
	seen := map[uint64]bool{}
	for _, p := range list {
		switch {
		case p.Row >= rows || out[p.Row]:
			return deal.Errorf(deal.Invalid, "price of row %d: it is not part of the perimeter", p.Row)
		case seen[p.Row]:
			return deal.Errorf(deal.Invalid, "row %d has two prices", p.Row)
		case p.Minor < 0:
			return deal.Errorf(deal.Invalid, "price of row %d is below zero", p.Row)
		}
		seen[p.Row], prices[p.Row] = true, p.Minor
	}
	return nil
}

// follows refuses a delta that is not what its own change makes of its base.
func (d Delta) follows(base *Delta) error {
	earlier := map[RowPrice]bool{}
	if base != nil {
		for _, p := range base.Prices {
			earlier[p] = true
		}
	}
	repriced := slices.DeleteFunc(slices.Clone(d.Prices), func(p RowPrice) bool { return earlier[p] })
	again, err := RowChange{Remove: d.Remove, Substitute: d.Substitute, Prices: repriced}.change(base, d)
	if err != nil || again.Canonical() != d.Canonical() || (base != nil && (base.Tape != d.Tape || base.Rows != d.Rows)) {
		return refuse(PerimeterDiffers, "what is proposed is not what its change makes of the proposal before")
	}
	return nil
}

// sold returns a test of whether a row is sold.
func (d Delta) sold() func(row uint64) bool {
	return func(row uint64) bool {
		_, out := slices.BinarySearch(d.Out, row)
		return !out
	}
}

// price returns the sum of the rows' prices if all that are sold have one.
func (d Delta) price() (minor int64, ok bool) {
	if uint64(len(d.Prices)+len(d.Out)) != d.Rows {
		return 0, false
	}
	return sumPrices(d.Prices)
}

// sumPrices adds prices up; ok is false if one is below zero or the sum is no
// amount any more.
func sumPrices(list []RowPrice) (minor int64, ok bool) {
	for _, p := range list {
		if minor += p.Minor; minor < 0 || p.Minor < 0 {
			return 0, false
		}
	}
	return minor, true
}
