package desk

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"testing"
	"time"

	"cession/deal"
)

const (
	seller = deal.PartyID("alpine-bank")
	winner = deal.PartyID("borea-fund")
	loser  = deal.PartyID("corvus-capital")
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func address(n byte) deal.Address { return deal.Address{19: n} }

func partyOf(id deal.PartyID, n byte) deal.Party {
	return deal.Party{ID: id, Wallet: address(n), Signers: []deal.Address{address(n), address(n + 100)}}
}

func memberOf(id deal.PartyID, n byte) Member {
	return Member{partyOf(id, n), Profile{
		ID: id, Name: "Org " + string(id), Jurisdiction: "at", Kind: "bank", KYCClass: "full", KYCUntil: start.AddDate(10, 0, 0),
	}}
}

// story plays a deal with two bidders, act by act.
type story struct {
	deal  *deal.Progress
	rooms map[deal.PartyID]*deal.Progress
	now   time.Time
	n     uint64
}

func newStory(id deal.ID) *story {
	plan := deal.Standard()
	o := deal.Opening{
		ID: id, Plan: plan, PlanHash: plan.Hash(), Seller: partyOf(seller, 1), Opened: start,
		Market: deal.Market{ChainID: 1337, Symbol: "EUR", Decimals: 6},
	}
	return &story{deal: deal.Begin(o, nil, start), rooms: map[deal.PartyID]*deal.Progress{}, now: start}
}

// fields are written as "kind:text".
type fields map[string]deal.Value

func (s *story) act(p *deal.Progress, by deal.PartyID, step, action string, f fields) deal.Act {
	s.n++
	s.now = s.now.Add(time.Minute)
	a := deal.Act{
		Deal: p.Opening.ID, Room: p.Room(), Step: step, Action: action, Party: by, Fields: f, Sequence: p.NextSequence(by),
		Deadline: s.now.Add(time.Hour), Salt: counted("salt", s.n),
	}
	who, ok := p.Party(by)
	if !ok {
		panic("fixture: " + string(by) + " has no part")
	}
	a.Signer = who.Wallet
	return sign(a)
}

// sign fills in what fakeSignatures accepts.
func sign(a deal.Act) deal.Act {
	a.ID, a.Signature = deal.Commitment{}, nil
	b, err := json.Marshal(a)
	if err != nil {
		panic(err)
	}
	a.ID = sha256.Sum256(b)
	a.Signature = append(append(deal.Bytes{}, a.Signer[:]...), a.ID[:]...)
	return a
}

func counted(what string, n uint64) deal.Commitment {
	return sha256.Sum256(binary.BigEndian.AppendUint64([]byte(what), n))
}

// figures marks a decision, so that a test sees where it turns up.
func figures(act deal.Commitment, allow bool, actual string) deal.Decision {
	state := deal.Pass
	if !allow {
		state = deal.Fail
	}
	return deal.Decision{Act: act, Allow: allow, Evaluator: "test", At: start,
		Rules: []deal.RuleResult{{ID: "rule", Title: "a rule", State: state, Actual: actual}}}
}

func (s *story) take(p *deal.Progress, by deal.PartyID, step, action string, f fields, receipts ...deal.Receipt) deal.Act {
	a := s.act(p, by, step, action, f)
	if err := p.Check(a, s.now); err != nil {
		panic("fixture: " + err.Error())
	}
	p.Apply(a, figures(a.ID, true, "FIGURE-"+step+"-"+string(p.Room())), receipts, s.now)
	if room := p.Room(); room != "" {
		s.deal.Hear(p.Report())
	}
	return a
}

func (s *story) refuse(p *deal.Progress, by deal.PartyID, step, action, mark string, f fields) {
	a := s.act(p, by, step, action, f)
	p.Refuse(a, figures(a.ID, false, mark), s.now)
}

// lack has an act refused for want of an approval by another person of the
// party's own.
func (s *story) lack(p *deal.Progress, by deal.PartyID, step, action string, f fields) deal.Act {
	a := s.act(p, by, step, action, f)
	d := figures(a.ID, false, "LACKS-"+string(by))
	d.Obligations = []string{fourEyes}
	d.Needs = []deal.Need{{Kind: deal.NeedApproval, Rule: "four_eyes.LACKS-" + string(by), Act: "terms.approve", Party: by, Persons: 1, Until: s.now.Add(48 * time.Hour)}}
	p.Refuse(a, d, s.now)
	return a
}

func (s *story) list() {
	until := deal.At(start.AddDate(0, 2, 0))
	s.take(s.deal, seller, "draft", "open", fields{"plan": deal.Digest(s.deal.Opening.PlanHash), "pack": deal.Digest(counted("pack", 1))})
	s.take(s.deal, seller, "documents", "notarize", fields{"root": deal.Digest(counted("root", 1)), "count": deal.Number(8)})
	sig, _ := deal.NewValue(deal.KindSignature, "0x1234")
	s.take(s.deal, seller, "mint", "mint", fields{"face": deal.Money(50_000_000, "EUR"), "due": until, "title_salt": deal.Digest(counted("salt", 0)), "authorization": sig},
		deal.Receipt{Call: "receivable.mint", OK: true, Result: counted("token", 1)})
	teaser, _ := deal.NewValue(deal.KindSealed, counted("teaser", 1).String())
	s.take(s.deal, seller, "listing", "publish", fields{"until": until, "teaser": teaser})
	s.refuse(s.deal, seller, "invitations", "invite", "SELLER-REFUSED", fields{"bidder": deal.Bidder("sanctioned-party")})
}

func (s *story) invite(id deal.PartyID, n byte) *deal.Progress {
	s.take(s.deal, seller, "invitations", "invite", fields{"bidder": deal.Bidder(id)})
	who := partyOf(id, n)
	room := deal.Begin(s.deal.Opening, &who, s.now)
	s.rooms[id] = room
	s.take(room, id, "invitation", "accept", nil)
	return room
}

func (s *story) offer(room *deal.Progress, minor int64) deal.Act {
	by, until := room.Room(), deal.At(start.AddDate(0, 1, 0))
	country, _ := deal.NewValue(deal.KindChoice, "at")
	capacity, _ := deal.NewValue(deal.KindChoice, "bank")
	s.take(room, by, "clearance", "declare", fields{"jurisdiction": country, "capacity": capacity})
	s.refuse(room, seller, "clearance", "clear", "SELLER-REFUSED-IN-"+string(by), nil)
	s.lack(room, seller, "clearance", "clear", nil)
	s.take(room, seller, "clearance", "clear", nil)
	text, _ := deal.NewValue(deal.KindSealed, counted("nda", 1).String())
	nda := fields{"text": text, "until": until}
	s.take(room, by, "nda", "sign", nda)
	s.take(room, seller, "nda", "countersign", nda)
	s.take(room, seller, "data_room", "open", fields{"until": until})
	s.refuse(room, by, "offers", "submit", "BIDDER-REFUSED-IN-"+string(by), fields{"price": deal.Money(1, "EUR"), "until": until})
	price := fields{"price": deal.Money(minor, "EUR"), "until": until}
	s.lack(room, by, "offers", "submit", price)
	s.take(room, by, "offers", "submit", price)
	return s.take(room, by, "offers", "confirm", price)
}

func (s *story) selectBuyer(id deal.PartyID, offer deal.Act) {
	s.deal.Select(id)
	sel := fields{"bidder": deal.Bidder(id), "price": offer.Field("price")}
	sel["offer"], _ = deal.NewValue(deal.KindAct, offer.ID.String())
	s.take(s.deal, seller, "selection", "select", sel)
	for bidder, room := range s.rooms {
		state := deal.NotSelected
		if bidder == id {
			state = deal.Selected
		}
		room.End(state, s.now)
		s.deal.Hear(room.Report())
	}
}

func (s *story) roomList() (rooms []deal.Progress) {
	for _, id := range []deal.PartyID{winner, loser} {
		if r := s.rooms[id]; r != nil {
			rooms = append(rooms, *r)
		}
	}
	return rooms
}

// negotiated is a deal with two offers; sold one with a buyer and its terms proposed.
func negotiated() (*story, deal.Act) {
	s := newStory("d-aaaaaaaaaaaaaaaaaaaa")
	s.list()
	w, l := s.invite(winner, 2), s.invite(loser, 3)
	best := s.offer(w, 40_000_777)
	s.offer(l, 39_000_333)
	return s, best
}

func soldStory() *story {
	s, best := negotiated()
	s.selectBuyer(winner, best)
	s.refuse(s.deal, winner, "terms", "approve", "BUYER-REFUSED", fields{"price": deal.Money(1, "EUR")})
	s.refuse(s.deal, seller, "terms", "approve", "SELLER-REFUSED-TERMS", fields{"price": deal.Money(2, "EUR")})
	s.lack(s.deal, seller, "terms", "propose", nil)
	s.lack(s.deal, winner, "terms", "approve", nil)
	s.take(s.deal, winner, "terms", "approve", fields{"price": best.Field("price")})
	return s
}

func (s *story) publish(t *testing.T, store *Store) {
	t.Helper()
	for _, p := range append([]deal.Progress{*s.deal}, s.roomList()...) {
		if err := store.Publish(context.Background(), p); err != nil {
			t.Fatal(err)
		}
	}
}
