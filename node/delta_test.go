package node

import (
	"slices"
	"testing"
	"time"

	"cession/deal"
)

// The text of a change has one form; whatever parses is that form.
func FuzzParseDelta(f *testing.F) {
	f.Add(Delta{Face: "amount", Rows: 4, Out: []uint64{1}, Remove: []uint64{1}, Prices: []RowPrice{{1, 0}}, Tape: deal.Commitment{1}}.Canonical())
	f.Add(Delta{Base: deal.Commitment{2}, Rows: 9, Substitute: []Substitution{{2, 1}}, Excerpts: []ExcerptNote{{Document: 1}}}.Canonical())
	f.Add(`{"face":"","rows":1,"tape":"0x","x":1}`)
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ParseDelta(text)
		if err != nil {
			if deal.KindOf(err) != deal.Invalid {
				t.Fatalf("error of kind %q", deal.KindOf(err))
			}
			return
		}
		if d.Canonical() != text {
			t.Fatalf("%q is written as %q", text, d.Canonical())
		}
		_ = d.follows(nil)
		_ = d.follows(&d)
		_, _ = d.price()
	})
}

// A change of a quarter of a million prices is followed in seconds: a hostile
// seller cannot keep the bidder's node busy with one.
func TestFollowsManyPrices(t *testing.T) {
	base := Delta{Rows: maxRows, Prices: make([]RowPrice, maxRows)}
	for i := range base.Prices {
		base.Prices[i] = RowPrice{Minor: 1, Row: uint64(i)}
	}
	d, err := RowChange{Prices: []RowPrice{{Minor: 2, Row: 0}}}.change(&base, Delta{Rows: maxRows, Base: deal.Commitment{1}})
	check(t, err)
	began := time.Now()
	check(t, d.follows(&base))
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("took %s", took)
	}
}

// Whatever is changed, the change is what leads from one delta to the next, and
// no other text passes for it.
func FuzzRowChange(f *testing.F) {
	f.Add([]byte{1, 2, 3}, []byte{4, 1}, []byte{5, 5})
	f.Fuzz(func(t *testing.T, first, second, prices []byte) {
		const rows = 16
		rowsOf := func(b []byte) (list []uint64) {
			for _, x := range b {
				list = append(list, uint64(x%rows))
			}
			return list
		}
		one, err := RowChange{Remove: rowsOf(first)}.change(nil, Delta{Rows: rows})
		if err != nil {
			return
		}
		c := RowChange{}
		for i, row := range rowsOf(second) {
			if i < len(one.Out) {
				c.Substitute = append(c.Substitute, Substitution{In: one.Out[i], Out: row})
			} else {
				c.Remove = append(c.Remove, row)
			}
		}
		for i, row := range rowsOf(prices) {
			c.Prices = append(c.Prices, RowPrice{int64(i), row})
		}
		two, err := c.change(&one, Delta{Rows: rows, Base: deal.Commitment{1}})
		if err != nil {
			return
		}
		if err := two.follows(&one); err != nil {
			t.Fatalf("%s does not follow from %s: %v", two.Canonical(), one.Canonical(), err)
		}
		sold := two.sold()
		for row := range uint64(rows) {
			if sold(row) == slices.Contains(two.Out, row) {
				t.Fatalf("row %d is sold and out", row)
			}
		}
		two.Out = append(two.Out, rows-1)
		if err := two.follows(&one); err == nil {
			t.Fatal("a row more is out than the change says")
		}
	})
}
