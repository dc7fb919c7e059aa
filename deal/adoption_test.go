package deal

import (
	"encoding/json"
	"testing"
)

// adopts has a party adopt a pack, in a deal or room.
func (c *course) adopts(who Party, pack Commitment) {
	c.Helper()
	name := "rules.adopt"
	if c.Scope == PerBidder {
		name = "room_rules.adopt"
	}
	a := c.act(name, map[string]Value{"pack": Digest(pack)})
	a.Party, a.Signer, a.Sequence = who.ID, who.Wallet, c.NextSequence(who.ID)
	if err := c.Check(a, c.now); err != nil {
		c.Fatal(err)
	}
	c.Apply(a, Decision{Act: a.ID, Allow: true}, nil, c.now)
	c.now = c.now.Add(1)
}

func TestAdoption(t *testing.T) {
	old, x, y := Commitment{7}, Commitment{8}, Commitment{9}
	type adoption struct {
		by     Party
		pack   Commitment
		effect Commitment // in effect after it
	}
	for _, tt := range []struct {
		name     string
		room     bool
		selected int // adoptions before the selection; -1: there is none
		course   []adoption
	}{
		{"nobody", false, -1, nil},
		{"seller alone, before the selection", false, -1, []adoption{{vendor, x, x}, {vendor, y, y}, {vendor, old, old}}},
		{"seller alone, after the selection", false, 0, []adoption{{vendor, x, old}}},
		{"buyer alone", false, 0, []adoption{{fund, x, old}}},
		{"seller, then buyer", false, 0, []adoption{{vendor, x, old}, {fund, x, x}}},
		{"buyer, then seller", false, 0, []adoption{{fund, x, old}, {vendor, x, x}}},
		{"the buyer wants another one", false, 0, []adoption{{vendor, x, old}, {fund, y, old}, {vendor, y, y}}},
		{"the seller takes its word back", false, 0, []adoption{{vendor, x, old}, {vendor, old, old}, {fund, x, old}}},
		{"what the seller did before the selection stays", false, 1, []adoption{{vendor, x, x}, {fund, y, x}, {vendor, y, y}}},
		{"the buyer confirms what is in effect", false, 1, []adoption{{vendor, x, x}, {fund, x, x}, {vendor, y, x}}},
		{"twice by the same is once", false, 0, []adoption{{vendor, x, old}, {vendor, x, old}}},
		{"both come to differ", false, 0, []adoption{{vendor, x, old}, {fund, x, x}, {fund, y, x}, {vendor, old, x}}},
		{"no pack at all", false, -1, []adoption{{vendor, x, x}, {vendor, Commitment{}, x}}},
		{"room: seller alone", true, -1, []adoption{{vendor, x, old}}},
		{"room: bidder alone", true, -1, []adoption{{fund, x, old}}},
		{"room: both", true, -1, []adoption{{fund, x, old}, {vendor, x, x}, {vendor, y, x}, {fund, y, y}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newCourse(t, Standard(), nil)
			if tt.room {
				c = newCourse(t, Standard(), &fund)
			} else {
				c.takeAll("draft.open", "documents.notarize", "mint.mint", "listing.publish")
			}
			for i, a := range tt.course {
				if i == tt.selected {
					c.takeAll("selection.select")
				}
				c.adopts(a.by, a.pack)
				if c.Pack() != a.effect {
					t.Errorf("after adoption %d: %s is in effect, want %s", i+1, c.Pack().Short(), a.effect.Short())
				}
			}
			if len(tt.course) == 0 && c.Pack() != old {
				t.Errorf("%s is in effect, want that of the opening", c.Pack().Short())
			}
		})
	}
}

func TestAdoptionIsForThePartiesUntilTheTerms(t *testing.T) {
	c := newCourse(t, Standard(), nil)
	early := c.act("rules.adopt", nil)
	if err := c.Check(early, c.now); KindOf(err) != Conflict {
		t.Errorf("before the draft: %v, want a conflict", err)
	}
	c.toTerms()
	stranger := c.act("rules.adopt", nil)
	stranger.Party = "green-fund"
	if err := c.Check(stranger, c.now); KindOf(err) != Refused {
		t.Errorf("by a stranger: %v, want a refusal", err)
	}
	c.takeAll("terms.propose")
	if err := c.Check(c.act("rules.adopt", nil), c.now); KindOf(err) != Conflict {
		t.Errorf("after the terms were proposed: %v, want a conflict", err)
	}
}

// Whoever judges is told the pack in effect, and the deal learns a room's.
func TestThePackInEffectIsTold(t *testing.T) {
	room, x := newCourse(t, Standard(), &fund), Commitment{8}
	if r := room.Report(); r.Pack != room.Opening.Pack {
		t.Errorf("a new room reports pack %s", r.Pack)
	}
	room.adopts(vendor, x)
	if q := room.Question(room.act("invitation.accept", nil), room.now); q.Pack != room.Opening.Pack {
		t.Errorf("a proposal judges already: %s", q.Pack)
	}
	room.adopts(fund, x)
	if q := room.Question(room.act("invitation.accept", nil), room.now); q.Pack != x || room.Report().Pack != x {
		t.Errorf("asked under %s, reported %s, want %s", q.Pack, room.Report().Pack, x)
	}
	c := newCourse(t, Standard(), nil)
	if c.PackOf(room.Report()) != x || c.PackOf(Report{}) != c.Opening.Pack {
		t.Error("a room's pack is the one it reports, or the opening's if it reports none")
	}
}

// Deals of before keep their form: nothing new is written for them.
func TestAnOldDealIsWrittenAsBefore(t *testing.T) {
	c := newCourse(t, Standard(), nil)
	c.takeAll("draft.open")
	text, err := json.Marshal(c.Progress)
	if err != nil {
		t.Fatal(err)
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"work", "judged"} {
		if _, ok := members[name]; ok {
			t.Errorf("%s is written though there is none", name)
		}
	}
}
