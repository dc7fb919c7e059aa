package desk

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"cession/deal"
)

// What each caller must and must not find in anything the desk shows it.
var visibility = []struct {
	name   string
	story  func() *story
	caller Caller
	role   deal.Role
	state  deal.State // "": there is no such deal
	shown  []string
	hidden []string
}{
	{"operator", soldStory, operator, deal.Nobody, "selected",
		[]string{"SELLER-REFUSED-TERMS", "BIDDER-REFUSED-IN-" + string(loser), "39000333 EUR", "LACKS-" + string(seller), "LACKS-" + string(winner)}, nil},
	{"seller", soldStory, Caller{Party: seller}, deal.Seller, "selected",
		[]string{string(winner), string(loser), "40000777 EUR", "39000333 EUR", "BIDDER-REFUSED-IN-" + string(loser), "LACKS-" + string(seller)},
		[]string{"LACKS-" + string(winner), "LACKS-" + string(loser)}},
	{"bidder", beforeSelection, Caller{Party: winner}, deal.BidderAs, "offered",
		[]string{string(winner), "40000777 EUR", "BIDDER-REFUSED-IN-" + string(winner), "LACKS-" + string(winner)},
		append(rivals(loser), "FIGURE-draft", "FIGURE-invitations", "SELLER-REFUSED", "LACKS-"+string(seller), "sanctioned-party")},
	{"buyer", soldStory, Caller{Party: winner}, deal.Buyer, "selected",
		[]string{string(winner), "40000777 EUR", "FIGURE-terms", "BUYER-REFUSED", "FIGURE-offers-" + string(winner), "LACKS-" + string(winner)},
		append(rivals(loser), "FIGURE-draft", "FIGURE-mint", "FIGURE-selection", "FIGURE-invitations", "SELLER-REFUSED", "LACKS-"+string(seller), "sanctioned-party")},
	{"loser before", beforeSelection, Caller{Party: loser}, deal.BidderAs, "offered", []string{"39000333 EUR"}, rivals(winner)},
	{"loser", soldStory, Caller{Party: loser}, deal.BidderAs, deal.NotSelected,
		[]string{string(loser), "39000333 EUR", "BIDDER-REFUSED-IN-" + string(loser), "LACKS-" + string(loser)},
		append(rivals(winner), `"selected"`, "FIGURE-selection", "FIGURE-terms", "BUYER-REFUSED", "SELLER-REFUSED", "LACKS-"+string(seller), "FIGURE-draft")},
	{"stranger", soldStory, Caller{Party: "stranger"}, "", "", nil, everything},
	{"nobody", soldStory, Caller{}, "", "", nil, everything},
}

func beforeSelection() *story {
	s, _ := negotiated()
	return s
}

// rivals are words that give a bidder away.
func rivals(id deal.PartyID) []string {
	prices := map[deal.PartyID]string{winner: "40000777", loser: "39000333"}
	return []string{string(id), prices[id], "FIGURE-offers-" + string(id)}
}

var everything = []string{string(seller), string(winner), string(loser), "40000777", "FIGURE", "LACKS", "d-aaaa"}

func TestViewShowsEachItsOwn(t *testing.T) {
	for _, c := range visibility {
		t.Run(c.name, func(t *testing.T) {
			s := c.story()
			v, ok := View(*s.deal, s.roomList(), c.caller)
			if ok != (c.state != "") || v.Role != c.role || v.State != c.state {
				t.Fatalf("view %v: role %q, state %q; want role %q, state %q", ok, v.Role, v.State, c.role, c.state)
			}
			text := jsonOf(t, v)
			checkWords(t, text, c.shown, c.hidden)
			if v.Title == nil && ok || v.Title != nil && v.Title.Documents.Count != 8 {
				t.Errorf("title: %v", v.Title)
			}
		})
	}
}

func checkWords(t *testing.T, text string, shown, hidden []string) {
	t.Helper()
	compact := strings.NewReplacer("\n", "", " :", ":").Replace(text)
	for _, word := range shown {
		if !strings.Contains(compact, word) {
			t.Errorf("it does not show %s", word)
		}
	}
	for _, word := range hidden {
		// The plan names its steps and states to everyone.
		if strings.Contains(withoutPlan(t, compact), word) {
			t.Errorf("it shows %s", word)
		}
	}
}

func withoutPlan(t *testing.T, text string) string {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return jsonOf(t, dropPlan(v))
}

func dropPlan(v any) any {
	switch v := v.(type) {
	case map[string]any:
		if _, isPlan := v["steps"].([]any); isPlan && v["name"] != nil {
			return nil
		}
		for k := range v {
			v[k] = dropPlan(v[k])
		}
	case []any:
		for i := range v {
			v[i] = dropPlan(v[i])
		}
	}
	return v
}

func TestLogShowsEachItsOwn(t *testing.T) {
	for _, c := range visibility {
		t.Run(c.name, func(t *testing.T) {
			store := newStore(t)
			s := c.story()
			s.publish(t, store)
			entries := logOf(t, store, c.caller)
			if len(entries) == 0 {
				entries = []Entry{}
			}
			checkWords(t, jsonOf(t, entries), withoutPrices(c.shown), c.hidden)
			if c.state == "" && len(entries) > 0 {
				t.Errorf("%d entries for one without a part", len(entries))
			}
		})
	}
}

// The query of the log leaves most of it out already; the rule must not need it.
func TestEntryRuleStandsOnItsOwn(t *testing.T) {
	for _, c := range visibility {
		t.Run(c.name, func(t *testing.T) {
			s := c.story()
			seen := []Entry{}
			for _, p := range append(s.roomList(), *s.deal) {
				moves := []Entry{{Room: p.Room(), Kind: EntryState, State: "MOVED-" + deal.State(p.Room())}}
				if p.Room() == "" {
					moves = []Entry{{Kind: EntryState, State: "EARLY-IN-DEAL"}, {Kind: EntryState, State: "LATE-IN-DEAL", sold: true}}
				}
				for _, e := range append(entriesOf(&p), moves...) {
					if e, ok := viewEntry(e, parties{seller, buyerOf(s.deal)}, c.caller); ok {
						seen = append(seen, e)
					}
				}
			}
			checkWords(t, jsonOf(t, seen), withoutPrices(c.shown), c.hidden)
			early, late := strings.Contains(jsonOf(t, seen), "EARLY"), strings.Contains(jsonOf(t, seen), "LATE")
			all := c.caller.Operator || c.role == deal.Seller
			if early != all || late != (all || c.role == deal.Buyer) {
				t.Errorf("states of the deal are seen: before the selection %v, after %v", early, late)
			}
			if !all && strings.Contains(jsonOf(t, seen), `"invite"`) {
				t.Error("an invitation is seen")
			}
		})
	}
}

// withoutPrices drops what an entry does not carry: the fields of acts.
func withoutPrices(words []string) (kept []string) {
	for _, w := range words {
		if !strings.HasSuffix(w, " EUR") {
			kept = append(kept, w)
		}
	}
	return kept
}

// The buyer and its node must be able to take the next act from what they see.
func TestBuyerCanGoOnFromItsView(t *testing.T) {
	s := soldStory()
	v, _ := View(*s.deal, s.roomList(), Caller{Party: winner})
	if v.Deal.NextSequence(winner) != s.deal.NextSequence(winner) {
		t.Errorf("next sequence %d, want %d", v.Deal.NextSequence(winner), s.deal.NextSequence(winner))
	}
	terms := map[string]deal.Value{"fund_by": deal.At(start), "settle_by": deal.At(start), "arbiter_by": deal.At(start)}
	want, err := s.deal.EscrowTerms(terms)
	if err != nil {
		t.Fatal(err)
	}
	if have, err := v.Deal.EscrowTerms(terms); err != nil || have != want {
		t.Errorf("escrow terms from the view: %v, %v; want %v", have, err, want)
	}
	if len(v.Deal.Rooms) != 1 || v.Room(winner) == nil || v.Room(loser) != nil {
		t.Error("want the buyer's own room and no other")
	}
	if len(s.deal.Rooms) != 2 || !slices.ContainsFunc(s.deal.Records, func(r deal.Record) bool { return r.Act.Step == "invitations" }) {
		t.Error("making a view changed the deal")
	}
}

// What a rival does must not show in anything a bidder can measure.
func TestViewsDoNotMoveWithRivals(t *testing.T) {
	s, _ := negotiated()
	before, _ := View(*s.deal, s.roomList(), Caller{Party: winner})
	want := jsonOf(t, before)
	s.take(s.rooms[loser], seller, "leave", "revoke", nil)
	s.refuse(s.rooms[winner], seller, "leave", "dismiss", "", nil)
	s.deal.Remind("selection")
	after, _ := View(*s.deal, s.roomList(), Caller{Party: winner})
	if jsonOf(t, after) != want {
		t.Error("a bidder's view changed with what others did")
	}
}

func TestBuyerViewDoesNotMoveWithRivals(t *testing.T) {
	s := soldStory()
	before, _ := View(*s.deal, s.roomList(), Caller{Party: winner})
	want := jsonOf(t, before)
	s.deal.Hear(s.rooms[loser].Report())
	s.refuse(s.deal, seller, "terms", "approve", "", fields{"price": deal.Money(3, "EUR")})
	after, _ := View(*s.deal, s.roomList(), Caller{Party: winner})
	if jsonOf(t, after) != want {
		t.Error("the buyer's view changed with what others did")
	}
}

// The rules of a deal are its parties' to know, whoever adopted them when; why
// policy let the seller is not.
func TestBuyerSeesTheRules(t *testing.T) {
	s := newStory("d-aaaaaaaaaaaaaaaaaaaa")
	s.list()
	pack := fields{"pack": deal.Digest(counted("pack", 2)), "number": deal.Number(2)}
	s.take(s.deal, seller, "rules", "adopt", pack)
	s.selectBuyer(winner, s.offer(s.invite(winner, 2), 40))
	s.take(s.deal, winner, "rules", "adopt", pack)
	v, _ := View(*s.deal, s.roomList(), Caller{Party: winner})
	if v.Deal.Pack() != counted("pack", 2) {
		t.Errorf("judged by %s", v.Deal.Pack().Short())
	}
	figures := map[deal.PartyID]int{}
	for _, r := range v.Deal.Records {
		if r.Act.Name() == "rules.adopt" {
			figures[r.Act.Party] = len(r.Decision.Rules)
		}
	}
	if n, shown := figures[seller]; !shown || n != 0 || figures[winner] != 1 {
		t.Errorf("adoptions with figures: %v", figures)
	}
}
