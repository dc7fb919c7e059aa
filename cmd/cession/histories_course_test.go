//go:build !slim

package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"cession/deal"
	"cession/desk"
	"cession/workflows"
)

const stageDocuments = 8

// turn is one act of the usual course of a deal.
type turn struct {
	act  string
	by   deal.Role
	room bool
}

// usual is the course of a deal with one bidder, from the draft to the archive.
var usual = []turn{
	{"draft.open", deal.Seller, false}, {"documents.notarize", deal.Seller, false}, {"mint.mint", deal.Seller, false},
	{"listing.publish", deal.Seller, false}, {"invitations.invite", deal.Seller, false},
	{"invitation.accept", deal.BidderAs, true}, {"clearance.declare", deal.BidderAs, true}, {"clearance.clear", deal.Seller, true},
	{"nda.sign", deal.BidderAs, true}, {"nda.countersign", deal.Seller, true}, {"data_room.open", deal.Seller, true},
	{"questions.ask", deal.BidderAs, true}, {"questions.answer", deal.Seller, true},
	{"perimeter.propose", deal.Seller, true}, {"perimeter.agree", deal.BidderAs, true},
	{"offers.submit", deal.BidderAs, true}, {"offers.counter", deal.Seller, true}, {"offers.confirm", deal.BidderAs, true},
	{"selection.select", deal.Seller, false}, {"terms.approve", deal.Seller, false},
	{"terms.propose", deal.Seller, false}, {"terms.accept", deal.Buyer, false},
	{"escrow.deposit", deal.Seller, false}, {"escrow.fund", deal.Buyer, false},
	{"handover.request", deal.Buyer, false}, {"handover.release", deal.Seller, false}, {"handover.receipt", deal.Buyer, false},
	{"settlement.settle", deal.Buyer, false}, {"archive.archive", deal.Seller, false},
}

// scene is one deal on a stage.
type scene struct {
	t       *testing.T
	stage   *stage
	engine  *desk.Temporal
	opening deal.Opening
	bidder  deal.PartyID
	fundBy  time.Duration // from the proposal of the terms
	settle  time.Duration
	signed  map[string]uint64
}

// openScene opens a deal whose plan has short deadlines for some steps.
func (s *stage) openScene(t *testing.T, short map[string]time.Duration) *scene {
	t.Helper()
	plan := deal.Standard()
	for i := range plan.Steps {
		if d, ok := short[plan.Steps[i].ID]; ok {
			plan.Steps[i].Deadline = d
		}
	}
	c := &scene{
		t: t, stage: s, engine: desk.NewTemporal(s.client), bidder: stageBidder, signed: map[string]uint64{},
		fundBy: 48 * time.Hour, settle: 96 * time.Hour,
		opening: deal.Opening{
			ID: deal.NewID(), Plan: plan, PlanHash: plan.Hash(), Seller: stageParty(stageSeller), Opened: time.Now().UTC(),
			Market: deal.Market{ChainID: 1, Symbol: "EUR", Decimals: 6, Escrow: stageAddress("escrow"), Receivable: stageAddress("receivable")},
		},
	}
	if err := c.engine.Open(c.soon(), c.opening); err != nil {
		t.Fatal(err)
	}
	return c
}

// soon bounds everything a scene waits for.
func (c *scene) soon() context.Context { return limit(c.t, 3*time.Minute) }

// until plays the usual course up to and with an act.
func (c *scene) until(last string) {
	c.t.Helper()
	c.between("", last)
}

// between plays the usual course after one act, up to and with another.
func (c *scene) between(after, last string) {
	c.t.Helper()
	on := after == ""
	for _, turn := range usual {
		if on {
			c.ok(turn)
		}
		if turn.act == last {
			return
		}
		on = on || turn.act == after
	}
	c.t.Fatalf("%s is not in the usual course", last)
}

// ok takes an act that must be accepted.
func (c *scene) ok(turn turn) {
	c.t.Helper()
	out, err := c.take(c.act(turn))
	if err != nil || out.Verdict != deal.Accepted {
		c.t.Fatalf("%s: %q, %v", turn.act, out.Verdict, err)
	}
}

// take sends an act as the desk does.
func (c *scene) take(act deal.Act) (deal.Outcome, error) {
	out, err := c.engine.Act(c.soon(), act)
	if err == nil && out.Verdict == deal.Accepted {
		c.signed[string(act.Room+"/"+act.Party)]++
	}
	return out, err
}

// act signs an act of the scene.
func (c *scene) act(turn turn) deal.Act {
	c.t.Helper()
	step, name, _ := strings.Cut(turn.act, ".")
	act := deal.Act{Deal: c.opening.ID, Step: step, Action: name, Party: stageSeller, Salt: deal.NewSalt(), Deadline: time.Now().Add(time.Hour).UTC().Truncate(time.Second)}
	if turn.room {
		act.Room = c.bidder
	}
	if turn.by != deal.Seller {
		act.Party = c.bidder
	}
	act.Signer = stageParty(act.Party).Wallet
	act.Sequence = c.signed[string(act.Room+"/"+act.Party)] + 1
	act.Fields = c.fields(turn.act)
	act.ID = stageHash(act)
	return act
}

// fields fills the fields of an act: most with anything of their kind.
func (c *scene) fields(name string) map[string]deal.Value {
	c.t.Helper()
	step, action, _ := strings.Cut(name, ".")
	_, def, err := c.opening.Plan.Action(step, action)
	if err != nil {
		c.t.Fatal(err)
	}
	now, values := time.Now(), map[string]deal.Value{}
	for _, f := range def.Fields {
		values[f.ID] = c.value(f, now)
	}
	switch name {
	case "terms.propose":
		values["fund_by"], values["settle_by"] = deal.At(now.Add(c.fundBy)), deal.At(now.Add(c.settle))
		values["escrow"] = c.escrow(values)
	case "terms.accept":
		values["escrow"] = c.escrow(nil)
	}
	return values
}

func (c *scene) value(f deal.Field, now time.Time) deal.Value {
	text := map[deal.ValueKind]string{
		deal.KindAmount: "100000000 EUR", deal.KindTime: deal.At(now.Add(30 * 24 * time.Hour)).String(), deal.KindCount: "8",
		deal.KindCommitment: stageHash(f.ID).String(), deal.KindSealed: stageHash(f.ID).String(), deal.KindAct: stageHash(f.ID).String(),
		deal.KindParty: string(c.bidder), deal.KindKey: "age1" + strings.Repeat("q", 58), deal.KindSignature: "0x01",
	}[f.Kind]
	if f.Kind == deal.KindChoice {
		text = f.Choices[0]
	}
	v, err := deal.NewValue(f.Kind, text)
	if err != nil {
		c.t.Fatal(err)
	}
	return v
}

// escrow returns the id of the terms under these fields, or of the signed ones.
func (c *scene) escrow(proposed map[string]deal.Value) deal.Value {
	c.t.Helper()
	p := c.progress("")
	terms, err := p.SignedTerms()
	if proposed != nil {
		terms, err = p.EscrowTerms(proposed)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return deal.Digest(stageHash(terms.TypedData(c.opening.Market)))
}

func (c *scene) progress(room deal.PartyID) deal.Progress {
	c.t.Helper()
	p, err := c.engine.Progress(c.soon(), c.opening.ID, room)
	if err != nil {
		c.t.Fatal(err)
	}
	return p
}

// eventually waits until the deal or a room is as wanted.
func (c *scene) eventually(room deal.PartyID, what string, is func(deal.Progress) bool) {
	c.t.Helper()
	for ctx := c.soon(); ; {
		if is(c.progress(room)) {
			return
		}
		select {
		case <-ctx.Done():
			c.t.Fatalf("waited for: %s", what)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// ended waits for the deal or a room to end and returns its state.
func (c *scene) ended(room deal.PartyID) (state deal.State) {
	c.t.Helper()
	if err := c.stage.client.GetWorkflow(c.soon(), c.workflow(room), "").Get(c.soon(), &state); err != nil {
		c.t.Fatal(err)
	}
	return state
}

func (c *scene) workflow(room deal.PartyID) string {
	if room == "" {
		return workflows.DealID(c.opening.ID)
	}
	return workflows.RoomID(c.opening.ID, room)
}
