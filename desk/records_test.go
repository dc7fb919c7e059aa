package desk

import (
	"iter"
	"strings"
	"testing"
	"time"

	"cession/deal"
	"cession/policies"
	"cession/policies/records"
)

// sealRecord seals as the product does.
func sealRecord(d DecisionRow, seq uint64, previous deal.Commitment) (Sealed, error) {
	r, err := records.Next(records.Head{Chain: d.Chain, Seq: seq - 1, Hash: previous}, records.Record{
		At: d.At, Side: records.Market, Room: d.Room, Act: d.Act, Name: d.Name, Decision: d.Decision, Document: d.Document,
	})
	if err != nil {
		return Sealed{}, err
	}
	line, err := records.Encode(r)
	return Sealed{r.Hash, line}, err
}

// judge has the standard pack judge every act of a story anew, with profiles
// whose names are canaries, and records what it says.
func (s *story) judge(t *testing.T, store *Store) (n int) {
	t.Helper()
	pack, err := policies.Sample(start)
	if err != nil {
		t.Fatal(err)
	}
	until := start.AddDate(10, 0, 0)
	profiles := map[deal.PartyID]policies.Profile{}
	for _, id := range []deal.PartyID{seller, winner, loser} {
		profiles[id] = policies.Profile{ID: id, Name: "Canary " + string(id) + " Bank", Jurisdiction: "at", Kind: "bank", KYCClass: "full", KYCUntil: &until}
	}
	for _, p := range append(s.roomList(), *s.deal) {
		for _, r := range p.Records {
			q := p.Question(r.Act, r.At)
			e, err := pack.Evaluate(t.Context(), policies.Input{Question: q, Parties: profiles, Exposure: &policies.Exposure{}})
			if err != nil {
				t.Fatal(err)
			}
			d := DecisionRow{Chain: string(q.Act.Deal), Room: q.Act.Room, Act: q.Act.ID, Name: q.Act.Name(), Party: q.Act.Party, At: r.At,
				Decision: e.Decision, Document: e.Document}
			if _, err := store.AppendDecision(t.Context(), d, sealRecord); err != nil {
				t.Fatal(err)
			}
			n++
		}
	}
	return n
}

// The record of decisions knows parties by their identifiers alone, and what the
// operator fetches of it is a chain that holds.
func TestDecisionsHoldNoNames(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.Seal = sealRecord })
	for i, id := range []deal.PartyID{seller, winner, loser} {
		m := memberOf(id, byte(i+1))
		m.Profile.Name = "Canary " + string(id) + " Bank"
		if err := h.store.PutParty(t.Context(), m.Party, m.Profile); err != nil {
			t.Fatal(err)
		}
	}
	s := soldStory()
	s.publish(t, h.store)
	want := s.judge(t, h.store)
	rows, err := h.store.db.Query("SELECT chain || room || act || name || party || record FROM decisions")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for ; rows.Next(); n++ {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		if lower := strings.ToLower(text); strings.Contains(lower, "canary") || !strings.Contains(text, `"kycClass"`) {
			t.Errorf("a name in the record of decisions, or nothing that was judged: %s", text)
		}
	}
	if n != want || n < 20 {
		t.Errorf("%d decisions looked at, want %d", n, want)
	}
	heads, err := records.Heads(h.fetched(t))
	if head := heads[string(s.deal.Opening.ID)]; err != nil || head.Seq != uint64(want) {
		t.Errorf("chain up to %d, %v", head.Seq, err)
	}
}

// fetched yields the records as the operator fetches them, page by page.
func (h *harness) fetched(t *testing.T) iter.Seq2[records.Record, error] {
	return func(yield func(records.Record, error) bool) {
		for f := (DecisionFilter{Limit: 7, From: time.Unix(0, 0)}); ; {
			page, err := h.client("").Decisions(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range page.Decisions {
				if !yield(records.Decode(e.Record)) {
					return
				}
			}
			if f.Cursor = page.Next; f.Cursor == "" {
				return
			}
		}
	}
}
