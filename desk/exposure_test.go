package desk

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"cession/deal"
)

// agreement publishes a deal as it stands after a buyer was selected.
func (s *Store) agreement(t *testing.T, n int, from, to deal.PartyID, minor int64, state deal.State, at time.Time) deal.ID {
	t.Helper()
	id := deal.ID("d-aaaaaaaaaaaaaaaaaaa" + string(rune('a'+n)))
	st := newStory(id)
	st.now = at.Add(-time.Hour)
	st.list()
	room := st.invite(to, 9)
	offer := st.offer(room, minor)
	st.now = at.Add(-time.Minute)
	st.selectBuyer(to, offer)
	p := *st.deal
	p.Opening.Seller.ID, p.State = from, state
	if err := s.Publish(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	return id
}

func testExposure(t *testing.T, s *Store, _ string) {
	now := time.Date(2026, 3, 4, 15, 0, 0, 0, time.UTC)
	yesterday := now.Add(-20 * time.Hour)
	check := func(name string, from, to, acting deal.PartyID, except deal.ID, counterparty, day int64) {
		t.Helper()
		c, d, err := s.Exposure(t.Context(), from, to, acting, except, now)
		if err != nil || c != counterparty || d != day {
			t.Errorf("%s: %d and %d, %v; want %d and %d", name, c, d, err, counterparty, day)
		}
	}
	check("nothing", seller, winner, seller, "", 0, 0)
	negotiating := newStory("d-zzzzzzzzzzzzzzzzzzzz")
	negotiating.list()
	negotiating.offer(negotiating.invite(winner, 2), 5)
	negotiating.publish(t, s)
	check("no buyer yet", seller, winner, winner, "", 0, 0)
	today := s.agreement(t, 0, seller, winner, 1, "selected", now.Add(-time.Hour))
	s.agreement(t, 1, seller, winner, 10, "escrowed", yesterday)
	s.agreement(t, 2, seller, winner, 100, "handed_over", now.Add(-2*time.Hour))
	s.agreement(t, 3, seller, loser, 1000, "signed", now.Add(-time.Hour))
	s.agreement(t, 4, seller, winner, 10_000, "settled", now.Add(-time.Hour))
	s.agreement(t, 5, seller, winner, 100_000, deal.Archived, yesterday)
	for i, state := range []deal.State{deal.Cancelled, deal.Refunded, deal.Withdrawn, deal.Expired} {
		s.agreement(t, 6+i, seller, winner, 1_000_000, state, now.Add(-time.Hour))
	}
	s.agreement(t, 12, "delta-fund", winner, 10_000_000, "of_another_plan", now.Add(-time.Hour))
	check("seller acts", seller, winner, seller, "", 111, 11_101)
	check("bidder acts", seller, winner, winner, "", 111, 10_010_101)
	check("this deal left out", seller, winner, seller, today, 110, 11_100)
	check("another bidder", seller, loser, loser, "", 1000, 1000)
	check("the other way around", winner, seller, seller, "", 0, 11_101)
	check("another plan's state", "delta-fund", winner, "delta-fund", "", 10_000_000, 10_000_000)
	allowedNow := func(at time.Time, allow bool) {
		t.Helper()
		d := rowOf(chainB, uint64(at.UnixMilli()), allow)
		d.Name, d.At = selectAct, at
		d.Document = json.RawMessage(`{"seller":"alpine-bank","bidder":"borea-fund","act":{"fields":{"price":{"kind":"amount","value":"30 EUR","minor":30,"currency":"EUR"}}}}`)
		if _, err := s.AppendDecision(t.Context(), d, chained); err != nil {
			t.Fatal(err)
		}
	}
	allowedNow(now.Add(-2*time.Second), false)
	allowedNow(now.Add(-time.Hour), true) // it came to nothing
	check("refused, or long ago", seller, winner, seller, "", 111, 11_101)
	allowedNow(now.Add(-time.Second), true)
	check("allowed and not published", seller, winner, seller, "", 111+30, 11_101+30)
	check("allowed in this deal", seller, winner, seller, chainB, 111, 11_101)
	midnight := now.Truncate(24 * time.Hour)
	s.agreement(t, 13, "echo-bank", loser, 7, "selected", midnight)
	check("from midnight on", "echo-bank", loser, "echo-bank", "", 7, 7)
	s.agreement(t, 14, "echo-bank", loser, math.MaxInt64, "selected", now)
	check("more than there can be", "echo-bank", loser, "echo-bank", "", math.MaxInt64, math.MaxInt64)
	if _, err := s.db.Exec("UPDATE snapshots SET currency = 'USD' WHERE seller = 'echo-bank' AND minor = 7"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Exposure(t.Context(), "echo-bank", loser, "echo-bank", "", now); deal.KindOf(err) != deal.Conflict {
		t.Errorf("two currencies: %v", err)
	}
	s.Close()
	if _, _, err := s.Exposure(t.Context(), seller, winner, seller, "", now); deal.KindOf(err) != deal.Lost {
		t.Errorf("a database that is closed: %v, want kind lost", err)
	}
}

// A database of the release before knows when its deals were agreed.
func testUpgradeAgreed(t *testing.T, s *Store, url string) {
	now := time.Date(2026, 3, 4, 15, 0, 0, 0, time.UTC)
	s.agreement(t, 0, seller, winner, 5, "signed", now)
	downgrade(t, s, 3)
	again := openStore(t, url)
	for at, want := range map[time.Time]int64{now: 5, now.AddDate(0, 0, 1): 0} {
		if _, day, err := again.Exposure(t.Context(), seller, winner, seller, "", at); err != nil || day != want {
			t.Errorf("on %s: %d, %v; want %d", at, day, err, want)
		}
	}
}
