package node

import (
	"context"
	"net/http"
	"testing"
	"time"

	"cession/deal"
)

// The request or its answer is lost on the way to the desk: the node sends the
// very same act again, and it is taken once.
func TestActLost(t *testing.T) {
	for name, lose := range map[string]func(n int) (bool, bool){
		"request lost":      func(n int) (bool, bool) { return n == 1, false },
		"answer lost":       func(n int) (bool, bool) { return false, n == 1 },
		"three times, each": func(n int) (bool, bool) { return n == 2, n == 1 || n == 3 },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			o, err := w.members[seller].client.Open(context.Background())
			check(t, err)
			w.desk.lose = lose
			w.act(seller, o.ID, "", "draft.open")
			if n := len(w.desk.deals[o.ID].Records); n != 1 {
				t.Errorf("%d acts were taken, want 1", n)
			}
		})
	}
}

// No answer comes at all: the caller is told that the outcome is unknown, and
// the act is sent again by the next request, or after a restart.
func TestActLostForLong(t *testing.T) {
	for name, taken := range map[string]bool{"never arrived": false, "taken": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			o, err := w.members[seller].client.Open(context.Background())
			check(t, err)
			w.desk.lose = func(int) (bool, bool) { return !taken, true }
			_, err = w.try(seller, o.ID, "", "draft.open")
			wantKind(t, err, deal.Lost)
			_, err = w.try(seller, o.ID, "", "cancellation.cancel") // nothing is signed on top of it
			wantKind(t, err, deal.Lost)
			w.desk.lose = nil
			w.members[seller].stop()
			w.start(seller)
			check(t, w.members[seller].node.Resume(context.Background()))
			records := w.desk.deals[o.ID].Records
			if len(records) != 1 || records[0].Act.Name() != "draft.open" {
				t.Fatalf("%d acts were taken, want draft.open alone", len(records))
			}
			open, err := w.members[seller].node.state.acts(context.Background(), "status = ?", statusSigned)
			if err != nil || len(open) != 0 {
				t.Errorf("%d acts are still without an outcome, %v", len(open), err)
			}
		})
	}
}

// The same request again is the same act, whatever became of it.
func TestActKey(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	w.invited(id, buyer)
	ask := ActRequest{Deal: id, Room: buyer, Step: "questions", Action: "ask", Fields: map[string]string{"question": "Paid?"}, Key: "k1"}
	ctx, c := context.Background(), w.members[buyer].client
	first, err := c.Act(ctx, ask)
	check(t, err)
	again, err := c.Act(ctx, ask)
	check(t, err)
	if first.Act != again.Act {
		t.Errorf("key k1 gave act %s, then %s", first.Act, again.Act)
	}
	other := ask
	other.Fields = map[string]string{"question": "Due?"}
	_, err = c.Act(ctx, other)
	wantKind(t, err, deal.Conflict)
	other.Key = ""
	if o, err := c.Act(ctx, other); err != nil || o.Act == first.Act {
		t.Errorf("another question is act %s, %v", o.Act, err)
	}
}

// A refusal of policy is an outcome with its decision, and sticks.
func TestActRefused(t *testing.T) {
	w := newWorld(t)
	o, err := w.members[seller].client.Open(context.Background())
	check(t, err)
	w.desk.refuse = "draft.open"
	outcome, err := w.try(seller, o.ID, "", "draft.open")
	check(t, err)
	if outcome.Verdict != deal.Rejected || outcome.Decision.Allow {
		t.Errorf("have outcome %+v, want a refusal", outcome)
	}
	w.desk.refuse = ""
	w.act(seller, o.ID, "", "draft.open")
}

// The node does not sign what its customer did not agree to.
func TestNodeWillNotSign(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	w.invited(id, buyer)
	w.act(buyer, id, buyer, "offers.submit", "price=90000 USD", "until="+w.in(100*time.Hour))
	w.act(buyer, id, buyer, "offers.confirm", "price=90000 USD", "until="+w.in(100*time.Hour))

	_, err := w.try(seller, id, "", "selection.select", "bidder="+string(buyer), "price=95000 USD")
	wantKind(t, err, deal.Conflict)

	// a seller past its node, and a desk that lets it: another price is selected
	offer := w.desk.rooms[id][buyer].Last("offers", "confirm").Act.ID
	offerValue, err := deal.NewValue(deal.KindAct, offer.String())
	check(t, err)
	w.force(w.members[seller].wallet, deal.Act{
		Deal: id, Step: "selection", Action: "select", Party: seller,
		Fields: map[string]deal.Value{"bidder": deal.Bidder(buyer), "offer": offerValue, "price": deal.Money(95000, "USD")},
	})
	_, err = w.try(seller, id, "", "terms.propose", "fund_by="+w.in(24*time.Hour), "settle_by="+w.in(48*time.Hour), "arbiter_by="+w.in(72*time.Hour))
	wantReason(t, err, PriceDiffers)
	_, err = w.try(buyer, id, "", "terms.approve", "price=90000 USD")
	wantReason(t, err, PriceDiffers)
	p := w.desk.deals[id]
	fields := map[string]deal.Value{"fund_by": deal.At(w.clock.Now().Add(24 * time.Hour)), "settle_by": deal.At(w.clock.Now().Add(48 * time.Hour)), "arbiter_by": deal.At(w.clock.Now().Add(72 * time.Hour))}
	terms, err := p.EscrowTerms(fields)
	check(t, err)
	escrow, err := fakeStruct(terms.TypedData(testMarket))
	check(t, err)
	sig, err := w.members[seller].wallet.SignTypedData(terms.TypedData(testMarket))
	check(t, err)
	fields["escrow"] = deal.Digest(escrow)
	fields["authorization"], err = deal.NewValue(deal.KindSignature, sig.String())
	check(t, err)
	w.force(w.members[seller].wallet, deal.Act{Deal: id, Step: "terms", Action: "propose", Party: seller, Fields: fields})
	_, err = w.try(buyer, id, "", "terms.accept")
	wantReason(t, err, PriceDiffers)
}

// force has an act taken that no node made.
func (w *world) force(by *fakeWallet, act deal.Act) {
	w.t.Helper()
	p := w.desk.deals[act.Deal]
	if act.Room != "" {
		p = w.desk.rooms[act.Deal][act.Room]
	}
	act.Sequence = p.NextSequence(act.Party)
	o, err := w.desk.take(context.Background(), w.sign(by, act, func(*deal.Act) {}))
	if err != nil || o.Verdict != deal.Accepted {
		w.t.Fatalf("force %s: %v", act.Name(), err)
	}
}

// What the desk shows is verified before anything is signed on top of it.
func TestForgedView(t *testing.T) {
	for name, c := range map[string]struct {
		forge func(*View)
		want  Reason
	}{
		"an act altered": {func(v *View) { v.Deal.Last("listing", "publish").Act.Fields["until"] = deal.At(time.Now()) }, ForgedAct},
		"an act invented": {func(v *View) {
			v.Deal.Records = append(v.Deal.Records, deal.Record{Act: deal.Act{Deal: v.Deal.Opening.ID, Step: "cancellation", Action: "cancel", Party: seller}})
		}, ForgedAct},
		"an act withheld": {func(v *View) { v.Deal.Records = v.Deal.Records[1:] }, ForgedAct},
		"another market":  {func(v *View) { v.Deal.Opening.Market.Escrow = deal.Address{66} }, WrongMarket},
		"another plan":    {func(v *View) { v.Deal.Opening.PlanHash = deal.Commitment{1} }, PlanChanged},
		"another seller":  {func(v *View) { v.Deal.Opening.Seller.Wallet = deal.Address{1} }, PlanChanged},
		"another deal":    {func(v *View) { v.Deal.Opening.ID = deal.NewID() }, WrongDeal},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			id := w.listed()
			w.desk.forge = c.forge
			_, err := w.try(seller, id, "", "invitations.invite", "bidder="+string(buyer))
			wantReason(t, err, c.want)
		})
	}
}

// Only the bearer of the token is the customer, and a peer is no customer.
func TestCustomerOnly(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	good := w.members[seller].client
	for _, token := range []string{"", "x", w.members[buyer].node.Token()} {
		bad := &Client{good.base, token, good.http}
		for _, r := range [][2]string{
			{http.MethodGet, "/v1/deals/" + string(id)}, {http.MethodGet, "/v1/deals/" + string(id) + "/documents/0"},
			{http.MethodPost, "/v1/acts"}, {http.MethodGet, "/v1/views"},
		} {
			resp, err := bad.send(context.Background(), r[0], r[1], nil)
			check(t, err)
			resp.Body.Close()
			if resp.StatusCode != http.StatusUnauthorized {
				t.Errorf("%s %s under a wrong token: %s", r[0], r[1], resp.Status)
			}
		}
	}
}

// A client that pins another key does not send its token.
func TestClientPins(t *testing.T) {
	w := newWorld(t)
	c, err := Dial(ClientConfig{URL: w.members[seller].client.base, Token: w.members[seller].node.Token(), Pin: w.members[buyer].node.Pin()})
	check(t, err)
	_, err = c.Views(context.Background())
	wantReason(t, err, UnknownPeer)
}

// Above a limit a second person approves: the act is the second signer's, and
// the counterparty's node takes it, because the wallet vouches for that signer.
func TestSecondSigner(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	w.invited(id, buyer)
	w.act(buyer, id, buyer, "offers.submit", "price=90000 USD", "until="+w.in(100*time.Hour))
	w.act(buyer, id, buyer, "offers.confirm", "price=90000 USD", "until="+w.in(100*time.Hour))
	w.act(seller, id, "", "selection.select", "bidder="+string(buyer))
	approve := ActRequest{Deal: id, Step: "terms", Action: "approve", Fields: map[string]string{"price": "90000 USD"}, Signer: "second"}
	o, err := w.members[seller].client.Act(context.Background(), approve)
	check(t, err)
	approved := w.desk.deals[id].Last("terms", "approve").Act
	if approved.ID != o.Act || approved.Signer != w.members[seller].second.address {
		t.Errorf("approved by %s, want the second signer", approved.Signer)
	}
	w.act(seller, id, "", "terms.propose", "fund_by="+w.in(24*time.Hour), "settle_by="+w.in(48*time.Hour), "arbiter_by="+w.in(72*time.Hour))
	w.act(buyer, id, "", "terms.accept")
	w.act(seller, id, "", "escrow.deposit")
	w.act(buyer, id, "", "escrow.fund")
	_, err = w.members[buyer].client.Act(context.Background(), ActRequest{Deal: id, Step: "handover", Action: "request", Signer: "second"})
	wantKind(t, err, deal.Invalid)
}
