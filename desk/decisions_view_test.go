package desk

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"cession/chain/lane"
	"cession/deal"
)

// decide records the decisions of a story as the gate does, in the order of the
// acts.
func (s *story) decide(t *testing.T, store *Store) {
	t.Helper()
	var all []Entry
	for _, p := range append(s.roomList(), *s.deal) {
		all = append(all, entriesOf(&p)...)
	}
	slices.SortStableFunc(all, func(a, b Entry) int { return a.At.Compare(b.At) })
	for _, e := range all {
		d := DecisionRow{Chain: string(e.Deal), Room: e.Room, Act: e.Act, Name: e.Step + "." + e.Action, Party: e.Party, At: e.At, Decision: *e.Decision}
		d.Document = json.RawMessage(`{"judged":"DOCUMENT-` + string(e.Party) + `-"}`)
		if _, err := store.AppendDecision(t.Context(), d, chained); err != nil {
			t.Fatal(err)
		}
	}
}

// What was judged is shown to who acted; numbers, which count what rivals do,
// and whole records are not for bidders.
func TestDecisionsShowEachItsOwn(t *testing.T) {
	h := newHarness(t, nil)
	s := soldStory()
	s.publish(t, h.store)
	s.decide(t, h.store)
	for _, who := range []deal.PartyID{seller, winner, loser} {
		page, err := h.client(who).DealDecisions(t.Context(), s.deal.Opening.ID, "")
		if err != nil || len(page.Decisions) == 0 {
			t.Fatalf("%s: %d decisions, %v", who, len(page.Decisions), err)
		}
		text := jsonOf(t, page)
		for _, other := range []deal.PartyID{seller, winner, loser} {
			if strings.Contains(text, "DOCUMENT-"+string(other)) != (other == who) {
				t.Errorf("%s is shown what was judged of %s, or not its own", who, other)
			}
		}
		for _, e := range page.Decisions {
			if (e.Seq > 0) != (who == seller) || e.Record != nil || e.Hash != e.Decision.Record {
				t.Errorf("%s sees number %d, record %s", who, e.Seq, e.Record)
			}
		}
	}
	page, err := h.client("").Decisions(t.Context(), DecisionFilter{Chain: string(s.deal.Opening.ID), Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	want := len(s.deal.Records) + len(s.deal.Refusals)
	for _, r := range s.rooms {
		want += len(r.Records) + len(r.Refusals)
	}
	if len(page.Decisions) != want || page.Decisions[0].Record == nil || page.Decisions[want-1].Seq != uint64(want) {
		t.Errorf("the operator sees %d of %d", len(page.Decisions), want)
	}
	if _, err := h.client(seller).Decisions(t.Context(), DecisionFilter{}); deal.KindOf(err) != deal.Refused {
		t.Errorf("all decisions to a party: %v", err)
	}
}

// Pages of what a bidder sees are whole, however much of others stands between.
func TestDecisionPages(t *testing.T) {
	h := newHarness(t, nil)
	s := soldStory()
	s.publish(t, h.store)
	s.decide(t, h.store)
	all, err := h.client(loser).DealDecisions(t.Context(), s.deal.Opening.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for after := ""; ; n++ {
		var page DecisionPage
		a := h.send(loser, "GET", "/v1/deals/"+string(s.deal.Opening.ID)+"/decisions?limit=1&after="+after, "")
		if err := json.Unmarshal([]byte(a.body), &page); err != nil {
			t.Fatal(err)
		}
		if after = page.Next; after == "" {
			break
		}
		if jsonOf(t, page.Decisions[0]) != jsonOf(t, all.Decisions[n]) {
			t.Errorf("entry %d: %s", n, jsonOf(t, page.Decisions))
		}
	}
	if n != len(all.Decisions) {
		t.Errorf("%d entries in pages, want %d", n, len(all.Decisions))
	}
}

// What policy said to operators' commands is in the chain of operations, once,
// and the command names it.
func TestOperationsAreChained(t *testing.T) {
	h := stuckHarness(t)
	for n, verb := range []lane.Verb{lane.Retry, lane.GiveUp, lane.Retry} {
		r := retryOf(1)
		r.Verb, r.Key = verb, fmt.Sprint("key", n)
		for range 2 {
			_, _ = h.client("").Operate(t.Context(), r)
			h.store.db.Exec("DELETE FROM idempotency")
		}
	}
	checkChain(t, h.store, OperationsChain, 3)
	page, err := h.client("").Decisions(t.Context(), DecisionFilter{Chain: OperationsChain})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range h.operationList(OperationFilter{}) {
		i := slices.IndexFunc(page.Decisions, func(e DecisionEntry) bool { return e.Act == sha256.Sum256([]byte(o.Command.ID)) })
		if i < 0 || o.Decision.Record != page.Decisions[i].Hash || page.Decisions[i].Name != string(o.Command.Verb) || page.Decisions[i].Party != "" {
			t.Errorf("%s %s is not in the chain", o.Command.ID, o.Command.Verb)
		}
	}
	h.desk.seal = func(DecisionRow, uint64, deal.Commitment) (Sealed, error) { return Sealed{}, errLost }
	r := retryOf(1)
	r.Key = "unsealed"
	done := len(h.lanes.done)
	body, _ := json.Marshal(r)
	if a := h.send("", "POST", "/v1/operations", string(body), "Idempotency-Key: u"); a.status != 503 || len(h.lanes.done) != done {
		t.Errorf("a command whose decision is not recorded: status %d", a.status)
	}
}

// Amounts of wei need more bits than records have numbers of.
func TestDocumentOfAnOperation(t *testing.T) {
	op := Operation{ID: "op-1", Age: 7, Cost: math.MaxUint64, Tip: 1, Current: lane.Limits{PerDay: 1 << 63}}
	b, err := json.Marshal(op)
	if err != nil {
		t.Fatal(err)
	}
	document, err := documentOf(b)
	if err != nil || strictJSON(document) != nil {
		t.Fatalf("%s, %v, %v", document, err, strictJSON(document))
	}
	for _, want := range []string{`"cost":"18446744073709551615"`, `"tip":"1"`, `"perDay":"9223372036854775808"`, `"age":7`, `"id":"op-1"`} {
		if !strings.Contains(string(document), want) {
			t.Errorf("%s has no %s", document, want)
		}
	}
}
