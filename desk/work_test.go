package desk

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cession/deal"
)

// changesOf lists what a caller sees of work in the log.
func changesOf(entries []Entry) (have []string) {
	for _, e := range entries {
		if e.Kind == EntryWork {
			have = append(have, fmt.Sprintf("%s.%s %s %s", e.Step, e.Action, e.Party, e.Work.Change))
		}
	}
	return have
}

// twoPeople is a deal in which seller and buyer each lack an approval of the
// terms.
func twoPeople() *story {
	s, best := negotiated()
	s.selectBuyer(winner, best)
	s.lack(s.deal, seller, "terms", "propose", nil)
	return s
}

// approve is given by the second signer of a party.
func (s *story) approve(by deal.PartyID) {
	a := s.act(s.deal, by, "terms", "approve", fields{"price": s.deal.Value("selection", "select", "price")})
	who, _ := s.deal.Party(by)
	a.Signer = who.Signers[1]
	a = sign(a)
	s.deal.Apply(a, figures(a.ID, true, "APPROVED"), nil, s.now)
}

func testWork(t *testing.T, s *Store, url string) {
	ctx, st := t.Context(), twoPeople()
	st.publish(t, s)
	queue := func(s *Store, state string) (have []string) {
		t.Helper()
		for f := (WorkFilter{Deal: st.deal.Opening.ID, State: state, Limit: 1}); ; {
			page, err := s.work(ctx, Caller{Party: seller}, f)
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range page.Work {
				if w.Room == "" {
					have = append(have, fmt.Sprintf("%s %s %d of %d", w.For, w.State, w.Given, w.Wanted))
				}
			}
			if f.Cursor = page.Next; f.Cursor == "" {
				return have
			}
		}
	}
	want := func(what string, have []string, want ...string) {
		t.Helper()
		if !slices.Equal(have, want) {
			t.Errorf("%s: %q, want %q", what, have, want)
		}
	}
	want("asked for", queue(s, ""), "terms.propose open 0 of 1")
	st.now = st.now.Add(25 * time.Hour)
	st.deal.Ring(st.now)
	st.publish(t, s)
	st.now = st.now.Add(25 * time.Hour)
	st.deal.Ring(st.now)
	st.publish(t, s)
	want("late", queue(s, ""), "terms.propose escalated 0 of 1")
	want("only open", queue(s, "open"))
	st.approve(seller)
	for range 2 { // twice is harmless
		st.publish(t, s)
	}
	want("given", queue(s, ""))
	want("met", queue(openStore(t, url), "met"), "terms.propose met 1 of 1")
	var own []Entry
	for _, e := range logOf(t, s, Caller{Party: seller}) {
		if e.Room == "" {
			own = append(own, e)
		}
	}
	want("log", changesOf(own), "terms.propose alpine-bank opened", "terms.propose alpine-bank reminded",
		"terms.propose alpine-bank escalated", "terms.propose alpine-bank met")
	if _, err := s.work(ctx, operator, WorkFilter{Limit: 1, Cursor: "x"}); deal.KindOf(err) != deal.Invalid {
		t.Errorf("a bad cursor: %v", err)
	}
	s.Close()
	if _, err := s.work(ctx, operator, WorkFilter{Limit: 1}); deal.KindOf(err) != deal.Lost {
		t.Errorf("a database that is closed: %v, want kind lost", err)
	}
}

func TestWorkIsItsPartys(t *testing.T) {
	h := newHarness(t, nil)
	s := twoPeople()
	s.lack(s.deal, winner, "terms", "approve", nil)
	s.publish(t, h.store)
	id := s.deal.Opening.ID
	for _, c := range []struct {
		caller deal.PartyID
		items  int // in the deal itself
	}{{"", 2}, {seller, 1}, {winner, 1}, {loser, 0}, {"stranger", 0}} {
		page, err := h.client(c.caller).Work(t.Context(), WorkFilter{State: "all", Deal: id, Limit: 200})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, w := range page.Work {
			if c.caller != "" && w.Party != c.caller {
				t.Errorf("%s sees the work of %s", c.caller, w.Party)
			}
			if w.Room == "" {
				n++
				if w.Act.IsZero() || w.Meet != "terms.approve" || w.Wanted != 1 || w.Given != 0 || w.Due.IsZero() || w.Remind == nil || w.Not.IsZero() {
					t.Errorf("item %+v", w)
				}
			}
		}
		if n != c.items {
			t.Errorf("%q sees %d items, want %d", c.caller, n, c.items)
		}
	}
	if page, err := h.client("").Work(t.Context(), WorkFilter{Deal: "d-zzzzzzzzzzzzzzzzzzzz"}); err != nil || len(page.Work) != 0 {
		t.Errorf("another deal's work: %+v, %v", page, err)
	}
	if a := h.send(seller, "GET", "/v1/work?state=lost", ""); a.status != 422 {
		t.Errorf("a state there is not: status %d", a.status)
	}
}

// What somebody else lacks must not show in anything the other side can measure,
// and neither must what comes of it.
func TestOthersWorkDoesNotShow(t *testing.T) {
	for _, c := range []struct {
		lacking, watching deal.PartyID
		sold              bool
	}{{seller, winner, true}, {winner, seller, true}, {seller, winner, false}, {winner, seller, false}, {winner, loser, false}} {
		h := newHarness(t, nil)
		s, best := negotiated()
		if c.sold {
			s.selectBuyer(winner, best)
		}
		s.publish(t, h.store)
		path := "/v1/deals/" + string(s.deal.Opening.ID)
		measure := func() (text string) {
			for _, p := range []string{path, path + "/history?limit=500", path + "/decisions?limit=500", "/v1/deals", "/v1/work?state=all"} {
				text += h.send(c.watching, "GET", p, "").body
			}
			return text
		}
		s.decide(t, h.store)
		want := measure()
		room := s.rooms[winner]
		if c.sold || c.lacking == seller {
			s.lack(s.deal, c.lacking, "terms", "propose", nil)
		}
		s.lack(room, c.lacking, "leave", "withdraw", nil)
		s.now = s.now.Add(25 * time.Hour)
		for _, p := range []*deal.Progress{s.deal, room} {
			p.Ring(s.now)
			p.Ring(s.now.Add(25 * time.Hour))
		}
		s.publish(t, h.store)
		s.decide(t, h.store)
		if have := measure(); have != want {
			t.Errorf("%s sees that %s lacks an approval:\n%s\nbefore:\n%s", c.watching, c.lacking, have, want)
		}
		if text := h.send(c.lacking, "GET", path+"/history?limit=500", "").body; !strings.Contains(text, `"escalated"`) {
			t.Errorf("%s does not see it either", c.lacking)
		}
	}
}

// An approval of the other side is the concern of both.
func TestWorkForTheOtherSide(t *testing.T) {
	s := twoPeople()
	w := s.deal.Work[0]
	w.Need.Party, w.Party = winner, seller
	s.deal.Work = []deal.Work{w}
	e := entriesOfWork(s.deal)[0].Entry
	for party, want := range map[deal.PartyID]bool{seller: true, winner: true, loser: false, "": false} {
		if _, ok := viewEntry(e, parties{seller, winner}, Caller{Party: party}); ok != want || concerns(w, party) != want {
			t.Errorf("%q: shown %v, concerned %v", party, ok, concerns(w, party))
		}
	}
	e.Work = nil
	if _, ok := viewEntry(e, parties{seller, winner}, Caller{Party: seller}); ok {
		t.Error("an entry that does not say whose it is, is shown")
	}
}

// A wait is work that is over by itself.
func TestWait(t *testing.T) {
	s, _ := negotiated()
	a := s.act(s.deal, seller, "selection", "select", nil)
	d := figures(a.ID, false, "standstill")
	d.Needs = []deal.Need{{Kind: deal.NeedWait, Rule: "selection.standstill", Until: s.now.Add(time.Hour)}}
	s.deal.Refuse(a, d, s.now)
	item := itemsOfWork(s.deal)[0]
	if item.Kind != deal.NeedWait || item.Meet != "" || item.Wanted != 0 || item.Party != seller || item.State != deal.WorkOpen || item.Remind != nil {
		t.Errorf("item %+v", item)
	}
	s.deal.Ring(s.now.Add(time.Hour))
	if again := itemsOfWork(s.deal)[0]; again.State != deal.WorkMet || again.Key != item.Key || again.Closed == nil {
		t.Errorf("afterwards %+v", again)
	}
	if have := changesOf(entriesAlone(s.deal)); !slices.Equal(have, []string{"selection.select alpine-bank opened", "selection.select alpine-bank met"}) {
		t.Errorf("log %q", have)
	}
	if v, _ := View(*s.deal, s.roomList(), Caller{Party: winner}); strings.Contains(jsonOf(t, v), "standstill") {
		t.Error("a bidder sees what the seller waits for")
	}
}

func entriesAlone(p *deal.Progress) (list []Entry) {
	for _, e := range entriesOfWork(p) {
		list = append(list, e.Entry)
	}
	return list
}

// Work comes with the stream like everything else.
func TestWorkInTheStream(t *testing.T) {
	h := newHarness(t, nil)
	s := twoPeople()
	s.publish(t, h.store)
	var seen []string
	stop := fmt.Errorf("enough")
	err := h.client(seller).Events(t.Context(), s.deal.Opening.ID, fromStart, func(e Entry) error {
		if e.Kind != EntryWork || e.Room != "" {
			return nil
		}
		b, err := json.Marshal(e.Work)
		seen = append(seen, string(b))
		if err != nil {
			return err
		}
		return stop
	})
	if err != stop || len(seen) != 1 || !strings.Contains(seen[0], `"change":"opened"`) {
		t.Errorf("%q, %v", seen, err)
	}
}
