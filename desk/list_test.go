package desk

import (
	"slices"
	"testing"
	"time"

	"cession/deal"
)

func listOf(t *testing.T, s *Store, c Caller, f DealFilter) (ids []deal.ID) {
	t.Helper()
	for {
		page, err := s.deals(t.Context(), c, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range page.Deals {
			ids = append(ids, d.ID)
		}
		if f.Cursor = page.Next; f.Cursor == "" {
			return ids
		}
	}
}

func testList(t *testing.T, s *Store, _ string) {
	st := soldStory()
	st.publish(t, s)
	var ids []deal.ID
	for i := range 5 { // two a day, each pair with the same times
		other := newStory(deal.ID("d-bbbbbbbbbbbbbbbbbbb" + string(rune('a'+i))))
		other.now = start.Add(time.Duration(i/2) * 24 * time.Hour)
		other.list()
		ids = append(ids, other.deal.Opening.ID)
		other.publish(t, s)
	}
	sold := st.deal.Opening.ID
	me := Caller{Party: seller}
	for name, c := range map[string]struct {
		caller Caller
		filter DealFilter
		want   []deal.ID
	}{
		"operator":              {operator, DealFilter{State: "selected"}, []deal.ID{sold}},
		"pages":                 {me, DealFilter{Order: "due", Limit: 2, State: "listed"}, ids},
		"updated":               {me, DealFilter{Limit: 1, State: "listed"}, []deal.ID{ids[4], ids[2], ids[3], ids[0], ids[1]}},
		"due before":            {me, DealFilter{DueBefore: start}, nil},
		"waiting on me":         {me, DealFilter{State: "selected", WaitingOn: "me"}, []deal.ID{sold}},
		"waiting on the bidder": {me, DealFilter{WaitingOn: "bidder"}, nil},
		"party, seller":         {me, DealFilter{Party: loser}, []deal.ID{sold}},
		"party, operator":       {operator, DealFilter{Party: loser}, []deal.ID{sold}},
		"party, buyer":          {Caller{Party: winner}, DealFilter{Party: loser}, nil},
		"party, loser":          {Caller{Party: loser}, DealFilter{Party: winner}, nil},
		"own party":             {Caller{Party: loser}, DealFilter{Party: loser}, []deal.ID{sold}},
		"stranger":              {Caller{Party: "stranger"}, DealFilter{}, nil},
		"nobody":                {Caller{}, DealFilter{}, nil},
		"loser by state":        {Caller{Party: loser}, DealFilter{State: deal.NotSelected}, []deal.ID{sold}},
		"loser by the deal's":   {Caller{Party: loser}, DealFilter{State: "selected"}, nil},
	} {
		if have := listOf(t, s, c.caller, c.filter); !slices.Equal(have, c.want) {
			t.Errorf("%s: %v, want %v", name, have, c.want)
		}
	}
	for _, f := range []DealFilter{{Order: "name"}, {Limit: 201}, {Cursor: "x"}, {WaitingOn: "%"}, {Order: "due", Cursor: listCursor{"updated", 1, sold}.String()}} {
		if _, err := s.deals(t.Context(), me, f); deal.KindOf(err) != deal.Invalid {
			t.Errorf("filter %v: %v, want kind invalid", f, err)
		}
	}
}

func testLog(t *testing.T, s *Store, _ string) {
	soldStory().publish(t, s)
	all := logOf(t, s, operator)
	var paged []Entry
	for after := int64(0); ; {
		entries, upTo, err := s.entries(t.Context(), logQuery{caller: operator, after: after, limit: 3})
		if err != nil {
			t.Fatal(err)
		}
		paged = append(paged, entries...)
		if upTo == after {
			break
		}
		after = upTo
	}
	if jsonOf(t, all) != jsonOf(t, paged) {
		t.Error("pages of the log differ from the whole")
	}
	if n := len(logOf(t, s, Caller{})); n != 0 {
		t.Errorf("nobody sees %d entries", n)
	}
	for _, e := range all {
		if at, err := s.cursors.open(e.ID); err != nil || at != e.position {
			t.Fatalf("cursor %s: %d, %v", e.ID, at, err)
		}
	}
	for _, bad := range []string{"7", "00", "ffffffffffffffffffffffffffffffff", "x"} {
		if _, err := s.cursors.open(bad); deal.KindOf(err) != deal.Invalid {
			t.Errorf("cursor %q: %v, want kind invalid", bad, err)
		}
	}
}
