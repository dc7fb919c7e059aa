package desk

import (
	"encoding/json"
	"strings"
	"testing"

	"cession/deal"
)

func TestEveryEndpointShowsEachItsOwn(t *testing.T) {
	for _, c := range visibility {
		t.Run(c.name, func(t *testing.T) {
			if !c.caller.Operator && c.caller.Party == "" {
				c.caller.Party = "stranger" // nobody does not get past the guard
			}
			h := newHarness(t, nil)
			s := c.story()
			s.publish(t, h.store)
			s.decide(t, h.store)
			path := "/v1/deals/" + string(s.deal.Opening.ID)
			for _, p := range []string{path, path + "/history?limit=500", path + "/rooms/" + string(winner), path + "/rooms/" + string(loser), path + "/events?after=start", path + "/decisions?limit=500"} {
				if c.state == "" {
					if a := h.send(c.caller.Party, "GET", p, ""); a.status != 404 || containsAny(a.body, c.hidden) {
						t.Errorf("%s: status %d: %s", p, a.status, a.body)
					}
				} else if !strings.Contains(p, "/events") {
					a := h.send(c.caller.Party, "GET", p, "")
					shown := map[string][]string{path: c.shown, path + "/history?limit=500": withoutPrices(c.shown), path + "/decisions?limit=500": withoutPrices(c.shown)}[p]
					checkWords(t, a.body, shown, c.hidden)
				}
			}
			work := h.send(c.caller.Party, "GET", "/v1/work?state=all", "")
			checkWords(t, work.body, onlyLacking(c.shown), c.hidden)
			list := h.send(c.caller.Party, "GET", "/v1/deals", "")
			checkWords(t, list.body, nil, c.hidden)
			page, err := h.client(c.caller.Party).Deals(t.Context(), DealFilter{})
			if err != nil || c.state != "" && (len(page.Deals) != 1 || page.Deals[0].State != c.state) || c.state == "" && len(page.Deals) != 0 {
				t.Errorf("list: %+v, %v", page, err)
			}
		})
	}
}

func containsAny(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

func TestRooms(t *testing.T) {
	h := newHarness(t, nil)
	s := soldStory()
	s.publish(t, h.store)
	for _, c := range []struct {
		caller, room deal.PartyID
		want         deal.Kind
	}{{seller, winner, ""}, {seller, loser, ""}, {"", loser, ""}, {winner, winner, ""}, {loser, loser, ""},
		{winner, loser, deal.NotFound}, {loser, winner, deal.NotFound}, {"stranger", winner, deal.NotFound}, {seller, seller, deal.NotFound}} {
		p, err := h.client(c.caller).Room(t.Context(), s.deal.Opening.ID, c.room)
		if deal.KindOf(err) != c.want || err == nil && p.Room() != c.room {
			t.Errorf("%q looks at %s's room: %v, want %q", c.caller, c.room, err, c.want)
		}
	}
}

func TestHistoryPages(t *testing.T) {
	h := newHarness(t, nil)
	s := soldStory()
	s.publish(t, h.store)
	want := len(logOf(t, h.store, Caller{Party: loser}))
	var ids []string
	for after := ""; ; {
		a := h.send(loser, "GET", "/v1/deals/"+string(s.deal.Opening.ID)+"/history?limit=2&after="+after, "")
		var page HistoryPage
		if err := json.Unmarshal([]byte(a.body), &page); err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Entries {
			ids = append(ids, e.ID)
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if len(ids) != want {
		t.Errorf("%d entries in pages, want %d", len(ids), want)
	}
}

// onlyLacking keeps what work tells of.
func onlyLacking(words []string) (kept []string) {
	for _, w := range words {
		if strings.HasPrefix(w, "LACKS") {
			kept = append(kept, w)
		}
	}
	return kept
}
