package desk

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"cession/deal"
)

func draftAct(s *story) deal.Act {
	return s.act(s.deal, seller, "draft", "open", fields{"plan": deal.Digest(s.deal.Opening.PlanHash), "pack": deal.Digest(counted("pack", 1))})
}

func TestActAgainAfterItWasLost(t *testing.T) {
	for name, set := range map[string]func(*fakeDeals){
		"not taken":              func(f *fakeDeals) { f.before = once(errLost) },
		"taken, the answer lost": func(f *fakeDeals) { f.after = once(errLost) },
	} {
		h := newHarness(t, nil)
		s := newStory("d-aaaaaaaaaaaaaaaaaaaa")
		h.deals.put(s)
		s.publish(t, h.store)
		act := draftAct(s)
		set(h.deals)
		out, err := h.client(seller).Act(t.Context(), act)
		if err != nil || out.Verdict != deal.Accepted || h.deals.did != 1 {
			t.Errorf("%s: %v %v, taken %d times", name, out.Verdict, err, h.deals.did)
		}
		s.publish(t, h.store)
		h.deals.before = func() error { return errLost }
		again, err := h.client(seller).Act(t.Context(), act)
		if err != nil || jsonOf(t, again) != jsonOf(t, out) {
			t.Errorf("%s: again, with the engine away: %v, %v", name, again, err)
		}
	}
}

func TestActLostForGood(t *testing.T) {
	h := newHarness(t, nil)
	s := newStory("d-aaaaaaaaaaaaaaaaaaaa")
	h.deals.put(s)
	s.publish(t, h.store)
	h.deals.after = func() error { return context.DeadlineExceeded }
	body, _ := json.Marshal(draftAct(s))
	a := h.send(seller, "POST", "/v1/acts", string(body))
	if p := a.problem(t); a.status != 503 || p.Kind != deal.Lost || a.header.Get("Retry-After") == "" {
		t.Errorf("status %d, %+v", a.status, p)
	}
	h.deals.after = func() error { return errors.New("nobody planned for this: CANARY") }
	a = h.send(seller, "POST", "/v1/acts", string(body))
	if p := a.problem(t); a.status != 500 || strings.Contains(p.Detail, "CANARY") {
		t.Errorf("status %d: %s", a.status, p.Detail)
	}
}

func TestPolicyRefusal(t *testing.T) {
	h := newHarness(t, nil)
	s := newStory("d-aaaaaaaaaaaaaaaaaaaa")
	h.deals.put(s)
	s.publish(t, h.store)
	h.deals.refuse = true
	act := draftAct(s)
	for range 2 {
		out, err := h.client(seller).Act(t.Context(), act)
		var refusal *Refusal
		if deal.KindOf(err) != deal.Refused || !errors.As(err, &refusal) {
			t.Fatalf("refused act: %v", err)
		}
		rules := refusal.Outcome.Decision.Reasons()
		if out.Verdict != deal.Rejected || len(rules) != 1 || rules[0].Actual != "12" || refusal.Outcome.Act != act.ID {
			t.Errorf("outcome %+v, refusal %+v", out, refusal)
		}
	}
	body, _ := json.Marshal(act)
	a := h.send(seller, "POST", "/v1/acts", string(body))
	if p := a.problem(t); a.status != 403 || len(p.Failed) != 1 || p.Outcome == nil {
		t.Errorf("status %d: %+v", a.status, p)
	}
	if d, err := h.client(seller).Explain(t.Context(), draftAct(s)); err != nil || d.Allow || d.Rules[0].Actual != "explained" || h.deals.did != 1 {
		t.Errorf("explain: %+v, %v", d, err)
	}
}

// Acts that must not get through, and how they are turned down.
func TestActsTurnedDown(t *testing.T) {
	h := newHarness(t, nil)
	s := soldStory()
	h.deals.put(s)
	s.publish(t, h.store)
	room := s.rooms[loser]
	offer := fields{"price": deal.Money(1, "EUR"), "until": deal.At(start.AddDate(0, 1, 0))}
	rival := s.act(s.rooms[winner], winner, "leave", "withdraw", nil)
	propose := s.act(s.deal, seller, "cancellation", "cancel", nil)
	for name, c := range map[string]struct {
		as   deal.PartyID
		act  deal.Act
		want deal.Kind
	}{
		"loser in its room":        {loser, s.act(room, loser, "offers", "submit", offer), deal.Conflict},
		"loser in the deal":        {loser, resigned(propose, loser, 3, ""), deal.NotFound},
		"loser in the buyer's":     {loser, resigned(rival, loser, 3, winner), deal.NotFound},
		"stranger":                 {"stranger", resigned(propose, "stranger", 4, ""), deal.NotFound},
		"stranger, no such deal":   {"stranger", otherDeal(resigned(propose, "stranger", 4, "")), deal.NotFound},
		"another's act":            {loser, propose, deal.Refused},
		"signed by another":        {seller, resigned(propose, seller, 9, ""), deal.Refused},
		"signature of another act": {seller, forged(propose), deal.Refused},
		"id of another act":        {seller, renamed(propose), deal.Invalid},
		"out of turn":              {seller, s.act(s.deal, seller, "selection", "select", selectFields(s)), deal.Conflict},
		"no such action":           {seller, s.act(s.deal, seller, "draft", "burn", nil), deal.NotFound},
	} {
		if _, err := h.client(c.as).Act(t.Context(), c.act); deal.KindOf(err) != c.want {
			t.Errorf("%s: %v, want kind %s", name, err, c.want)
		}
	}
	if h.deals.did != 0 {
		t.Errorf("%d acts were taken", h.deals.did)
	}
}

func selectFields(s *story) fields {
	return s.deal.Last("selection", "select").Act.Fields
}

// resigned makes the act another party's.
func resigned(a deal.Act, party deal.PartyID, signer byte, room deal.PartyID) deal.Act {
	a.Party, a.Signer, a.Room = party, address(signer), room
	return sign(a)
}

func otherDeal(a deal.Act) deal.Act {
	a.Deal = "d-zzzzzzzzzzzzzzzzzzzz"
	return sign(a)
}

func forged(a deal.Act) deal.Act {
	a.Signature = append(deal.Bytes{}, a.Signature...)
	a.Signature[30] ^= 1
	return a
}

func renamed(a deal.Act) deal.Act {
	a.ID[0] ^= 1
	return a
}

func TestRevocationBites(t *testing.T) {
	h := newHarness(t, nil)
	s := newStory("d-aaaaaaaaaaaaaaaaaaaa")
	h.deals.put(s)
	s.publish(t, h.store)
	act := draftAct(s)
	act.Signer = address(101)
	act = sign(act)
	desk := h.client("")
	if err := desk.RevokeSigner(t.Context(), seller, act.Signer); err != nil {
		t.Fatal(err)
	}
	if _, err := h.client(seller).Act(t.Context(), act); deal.KindOf(err) != deal.Refused || h.deals.did != 0 {
		t.Errorf("act of a revoked signer: %v", err)
	}
	if err := desk.SuspendParty(t.Context(), seller); err != nil {
		t.Fatal(err)
	}
	if a := h.send(seller, "GET", "/v1/deals", ""); a.status != 401 {
		t.Errorf("token of a suspended party: status %d", a.status)
	}
	if err := desk.ReinstateParty(t.Context(), seller); err != nil {
		t.Fatal(err)
	}
	if a := h.send(seller, "GET", "/v1/deals", ""); a.status != 200 {
		t.Errorf("token of a reinstated party: status %d", a.status)
	}
	for name, err := range map[string]error{
		"suspend": h.client(seller).SuspendParty(t.Context(), winner), "reinstate": h.client(seller).ReinstateParty(t.Context(), winner),
		"revoke": h.client(seller).RevokeSigner(t.Context(), winner, address(2)), "put": h.client(seller).PutParty(t.Context(), memberOf("new-party", 9)),
	} {
		if deal.KindOf(err) != deal.Refused {
			t.Errorf("%s by a party: %v, want kind refused", name, err)
		}
	}
}
