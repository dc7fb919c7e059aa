package deal

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	start  = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	vendor = Party{ID: "alpine-bank", Wallet: Address{1}, Signers: []Address{{1}, {11}}}
	fund   = Party{ID: "blue-fund", Wallet: Address{2}, Signers: []Address{{2}, {22}}}
)

func opening(plan Plan) Opening {
	return Opening{
		ID: "d-abcdefghij234567abcd", Plan: plan, PlanHash: plan.Hash(), Pack: Commitment{7}, Seller: vendor, Opened: start,
		Market: Market{ChainID: 1337, Receivable: Address{31}, Notary: Address{32}, Escrow: Address{33}, Currency: Address{34}, Symbol: "EUR", Decimals: 18},
	}
}

// course takes acts in a deal or room, a minute after each other.
type course struct {
	testing.TB
	*Progress
	now time.Time
}

func newCourse(t testing.TB, plan Plan, bidder *Party) *course {
	return &course{t, Begin(opening(plan), bidder, start), start}
}

// sample is a valid value for a field.
func sample(f Field) Value {
	text := map[ValueKind]string{
		KindAmount: "12500000 EUR", KindTime: "2026-11-30T17:00:00Z", KindCount: "42", KindParty: string(fund.ID),
		KindCommitment: Commitment{3}.String(), KindSealed: Commitment{4}.String(), KindAct: Commitment{5}.String(),
		KindAddress: Address{6}.String(), KindKey: "age1" + strings.Repeat("q", 58), KindSignature: "0x" + strings.Repeat("ab", 65),
	}[f.Kind]
	if f.Kind == KindChoice {
		text = f.Choices[0]
	}
	v, err := NewValue(f.Kind, text)
	if err != nil {
		panic(err)
	}
	return v
}

// act is the next act of this name, by the first role that may take it, with
// every field the plan wants and those given.
func (c *course) act(name string, given map[string]Value) Act {
	c.Helper()
	step, action, _ := strings.Cut(name, ".")
	_, def, err := c.Opening.Plan.Action(step, action)
	if err != nil {
		c.Fatal(err)
	}
	party := vendor
	if def.By[0] != Seller {
		party = fund
	}
	a := Act{
		ID: sha256.Sum256([]byte(name + c.now.String())), Deal: c.Opening.ID, Room: c.Room(), Step: step, Action: action,
		Party: party.ID, Signer: party.Signers[1], Sequence: c.NextSequence(party.ID), Deadline: c.now.Add(time.Hour),
		Fields: map[string]Value{},
	}
	for _, f := range def.Fields {
		if !f.Optional {
			a.Fields[f.ID] = sample(f)
		}
	}
	for id, v := range given {
		a.Fields[id] = v
	}
	return a
}

// take has an act checked and applied.
func (c *course) take(name string, given map[string]Value, receipts ...Receipt) Act {
	c.Helper()
	a := c.act(name, given)
	if err := c.Check(a, c.now); err != nil {
		c.Fatalf("%s: %v", name, err)
	}
	before := c.Version
	c.Apply(a, Decision{Act: a.ID, Allow: true}, receipts, c.now)
	if c.Version <= before {
		c.Fatalf("%s: version went from %d to %d", name, before, c.Version)
	}
	if name == "selection.select" {
		c.Select(a.Field("bidder").Party())
	}
	c.now = c.now.Add(time.Minute)
	return a
}

// takeAll takes acts in order, with sample fields.
func (c *course) takeAll(names ...string) {
	c.Helper()
	for _, name := range names {
		if name == "selection.select" {
			c.Hear(Report{Bidder: fund, State: "offered"})
		}
		c.take(name, nil)
	}
}

var mintReceipt = Receipt{Call: "receivable.mint", OK: true, Result: Commitment{9}}

// toTerms takes a deal to where its terms are signed.
func (c *course) toTerms() {
	c.Helper()
	c.takeAll("draft.open", "documents.notarize")
	c.take("mint.mint", nil, mintReceipt)
	c.takeAll("listing.publish", "selection.select")
}

func TestApplyMovesStateAndEnds(t *testing.T) {
	c := newCourse(t, Standard(), nil)
	if c.State != Open || c.Version != 1 || c.Room() != "" {
		t.Fatalf("a new deal is %s, version %d, room %q", c.State, c.Version, c.Room())
	}
	taken := c.take("draft.open", nil)
	if c.State != "draft" || c.Ended != nil {
		t.Errorf("after draft.open: %s, ended %v", c.State, c.Ended)
	}
	if r := c.Last("draft", "open"); r == nil || r.Act.ID != taken.ID || r.Role != Seller || r.At != start {
		t.Errorf("record of draft.open: %+v", r)
	}
	c.take("cancellation.cancel", nil)
	ended := c.now.Add(-time.Minute)
	if c.State != Cancelled || c.Ended == nil || !c.Ended.Equal(ended) {
		t.Fatalf("after cancel: %s, ended %v, want %s at %v", c.State, c.Ended, Cancelled, ended)
	}
	version := c.Version
	c.End(Expired, c.now)
	if c.State != Cancelled || !c.Ended.Equal(ended) || c.Version != version {
		t.Errorf("a second ending changed the first: %s at %v, version %d", c.State, c.Ended, c.Version)
	}
}

func TestRefuseKeepsTheNewest(t *testing.T) {
	c := newCourse(t, Standard(), nil)
	before, _ := json.Marshal(c.Records)
	a := c.act("draft.open", nil)
	for i := range maxRefusals + 5 {
		version := c.Version
		a.ID = Commitment{byte(i >> 8), byte(i)}
		c.Refuse(a, Decision{Act: a.ID}, c.now)
		if c.Version <= version {
			t.Fatalf("refusal %d did not grow the version", i)
		}
	}
	if len(c.Refusals) != maxRefusals {
		t.Fatalf("%d refusals are kept, want %d", len(c.Refusals), maxRefusals)
	}
	if first := c.Refusals[0].Act; first != (Commitment{0, 5}) {
		t.Errorf("the oldest kept is %s, want the sixth", first)
	}
	if out, ok := c.Find(a.ID); !ok || out.Verdict != Rejected || out.Act != a.ID {
		t.Errorf("the newest refusal: %+v, %t", out, ok)
	}
	after, _ := json.Marshal(c.Records)
	if !bytes.Equal(before, after) || c.State != Open || c.NextSequence(vendor.ID) != 1 {
		t.Error("a refusal changed more than the refusals")
	}
	if err := c.Check(c.act("draft.open", nil), c.now); err != nil {
		t.Errorf("after refusals the act is no longer possible: %v", err)
	}
}

func TestFindTellsTheSameOutcome(t *testing.T) {
	c := newCourse(t, Standard(), nil)
	if _, ok := c.Find(Commitment{1}); ok {
		t.Error("found an act nobody took")
	}
	receipt := Receipt{Call: "notary.anchor", OK: true}
	a := c.take("draft.open", nil, receipt)
	out, ok := c.Find(a.ID)
	if !ok || out.Verdict != Accepted || !out.Decision.Allow || !slices.Equal(out.Receipts, []Receipt{receipt}) || out.State != "draft" {
		t.Errorf("outcome of the taken act: %+v, %t", out, ok)
	}
}

func TestReceiptOfWantsSuccess(t *testing.T) {
	c := newCourse(t, Standard(), nil)
	c.take("draft.open", nil, Receipt{Call: "notary.anchor", OK: true, Block: 1})
	c.take("documents.notarize", nil, Receipt{Call: "notary.anchor", OK: true, Block: 2}, Receipt{Call: "receivable.mint"})
	if r := c.ReceiptOf("notary.anchor"); r == nil || r.Block != 2 {
		t.Errorf("newest anchor: %+v, want that of block 2", r)
	}
	if r := c.ReceiptOf("receivable.mint"); r != nil {
		t.Errorf("a failed mint counts as receipt: %+v", r)
	}
}

func TestTroubleIsNotedOnce(t *testing.T) {
	c := newCourse(t, Standard(), nil)
	c.Trouble(NodeOffline, fund.ID, start)
	c.Trouble(ChainRefuse, "", start)
	c.Trouble(NodeOffline, fund.ID, start)
	if len(c.Troubles) != 2 {
		t.Fatalf("troubles: %+v, want two", c.Troubles)
	}
	version := c.Version
	c.Solved(NodeOffline, vendor.ID)
	if len(c.Troubles) != 2 || c.Version != version {
		t.Error("the trouble of another party was solved")
	}
	c.Solved(NodeOffline, fund.ID)
	if len(c.Troubles) != 1 || c.Troubles[0].Kind != ChainRefuse || c.Version <= version {
		t.Errorf("after solving: %+v, version %d", c.Troubles, c.Version)
	}
}

func TestRoles(t *testing.T) {
	deal, room := newCourse(t, Standard(), nil), newCourse(t, Standard(), &fund)
	if deal.RoleOf(fund.ID) != Nobody || deal.RoleOf(vendor.ID) != Seller || deal.RoleOf("") != Nobody {
		t.Error("before the selection a deal has a seller and nobody else")
	}
	deal.Select(fund.ID)
	if deal.RoleOf(fund.ID) != Nobody {
		t.Error("a bidder without a room was selected")
	}
	deal.Hear(Report{Bidder: fund})
	deal.Select(fund.ID)
	if p, ok := deal.Party(fund.ID); deal.RoleOf(fund.ID) != Buyer || !ok || p.Wallet != fund.Wallet || deal.Room() != "" {
		t.Errorf("the selected bidder is %s, %+v", deal.RoleOf(fund.ID), p)
	}
	if _, ok := room.Party("someone-else"); ok || room.RoleOf(fund.ID) != BidderAs || room.Room() != fund.ID {
		t.Errorf("in its room the bidder is %s of room %q", room.RoleOf(fund.ID), room.Room())
	}
}
