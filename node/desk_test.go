package node

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"cession/deal"
)

// fakeDesk is the operator with its workflows: it checks, applies and has
// effects on the fake chain and on the nodes.
type fakeDesk struct {
	*world
	mu    sync.Mutex
	deals map[deal.ID]*deal.Progress
	rooms map[deal.ID]map[deal.PartyID]*deal.Progress
	acts  int // received
	// openLost has the answers to Open get lost.
	openLost atomic.Bool
	// lose tells whether the n-th attempt's request or answer is lost.
	lose func(n int) (request, answer bool)
	// refuse is an act that policy refuses.
	refuse string
	// older takes steps out of the plan of deals that are opened.
	older []string
	// forge changes what is shown.
	forge func(*View)
	// plan is that of new deals, if not the one that is shipped.
	plan func() deal.Plan
}

// deskOf is the desk as one party reaches it.
type deskOf struct {
	*fakeDesk
	party deal.PartyID
}

func (d deskOf) Open(_ context.Context, id deal.ID) (deal.Opening, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p, ok := d.deals[id]; ok && !d.openLost.Load() {
		return p.Opening, nil
	} else if ok {
		return deal.Opening{}, errHook
	}
	plan := deal.Standard()
	plan.Steps = slices.DeleteFunc(plan.Steps, func(s deal.Step) bool { return slices.Contains(d.older, s.ID) })
	if d.plan != nil {
		plan = d.plan()
	}
	o := deal.Opening{ID: id, Plan: plan, PlanHash: plan.Hash(), Pack: testPack, Seller: d.partyOf(d.party), Market: testMarket, Opened: d.clock.Now()}
	d.deals[id] = deal.Begin(o, nil, o.Opened)
	d.rooms[id] = map[deal.PartyID]*deal.Progress{}
	if d.openLost.Load() {
		return deal.Opening{}, errHook
	}
	return o, nil
}

func (d deskOf) Act(ctx context.Context, act deal.Act) (deal.Outcome, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.acts++
	var lostRequest, lostAnswer bool
	if d.lose != nil {
		lostRequest, lostAnswer = d.lose(d.acts)
	}
	if lostRequest {
		return deal.Outcome{}, errHook
	}
	outcome, err := d.take(ctx, act)
	if lostAnswer {
		return deal.Outcome{}, errHook
	}
	return outcome, err
}

func (d *fakeDesk) take(ctx context.Context, act deal.Act) (deal.Outcome, error) {
	p := d.deals[act.Deal]
	if act.Room != "" {
		p = d.rooms[act.Deal][act.Room]
	}
	if p == nil {
		return deal.Outcome{}, deal.Errorf(deal.NotFound, "no such deal")
	}
	if o, ok := p.Find(act.ID); ok {
		return o, nil
	}
	if err := d.signers.VerifyAct(ctx, act, p.Opening.Plan, p.Opening.Market); err != nil {
		return deal.Outcome{}, err
	}
	if err := p.Check(act, d.clock.Now()); err != nil {
		return deal.Outcome{}, err
	}
	decision := deal.Decision{Act: act.ID, Allow: act.Name() != d.refuse, Pack: testPack}
	if !decision.Allow {
		p.Refuse(act, decision, d.clock.Now())
		return deal.Outcome{Act: act.ID, Verdict: deal.Rejected, Decision: decision, State: p.State}, nil
	}
	receipts, err := d.effect(ctx, p, act)
	if err != nil {
		return deal.Outcome{}, err
	}
	p.Apply(act, decision, receipts, d.clock.Now())
	if act.Room != "" {
		d.deals[act.Deal].Hear(p.Report())
	}
	if act.Name() == "selection.select" {
		p.Select(act.Field("bidder").Party())
	}
	return deal.Outcome{Act: act.ID, Verdict: deal.Accepted, Decision: decision, Receipts: receipts, State: p.State}, nil
}

func (d *fakeDesk) effect(ctx context.Context, p *deal.Progress, act deal.Act) (receipts []deal.Receipt, err error) {
	switch act.Name() {
	case "documents.notarize", "supplements.notarize":
		d.chain.set(func() { d.chain.anchors[act.Field("root").Commitment()] = true })
	case "mint.mint":
		terms := p.MintTerms(act.Fields)
		token, _ := fakeStruct(terms.TypedData(p.Opening.Market))
		d.chain.set(func() { d.chain.titles[token] = terms.Root })
		return []deal.Receipt{{Call: "receivable.mint", OK: true, Result: token}}, nil
	case "supplements.append":
		root := act.Field("root").Commitment()
		d.chain.set(func() { d.chain.titles[p.ReceiptOf("receivable.mint").Result] = root })
	case "invitations.invite":
		bidder := d.partyOf(act.Field("bidder").Party())
		room := deal.Begin(p.Opening, &bidder, d.clock.Now())
		room.Title = p.ForSale()
		d.rooms[act.Deal][bidder.ID] = room
		p.Hear(room.Report())
	case "data_room.open":
		err = d.members[p.Opening.Seller.ID].node.Grant(ctx, p, act)
	case "escrow.deposit", "escrow.fund", "settlement.settle":
		state := map[string]string{"deposit": EscrowOpen, "fund": EscrowFunded, "settle": "settled"}[act.Action]
		terms, err := p.SignedTerms()
		if err != nil {
			return nil, err
		}
		id, _ := fakeStruct(terms.TypedData(p.Opening.Market))
		d.chain.set(func() { d.chain.escrows[id] = state })
	case "handover.release":
		err = d.members[p.Opening.Seller.ID].node.Arm(ctx, p, act)
	}
	return nil, err
}

func (d deskOf) View(_ context.Context, id deal.ID) (View, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, ok := d.deals[id]
	if !ok {
		return View{}, deal.Errorf(deal.NotFound, "no such deal")
	}
	var v View
	if p.Last("listing", "publish") != nil {
		v.Title = &Title{Teaser: p.Value("listing", "publish", "teaser").Commitment()}
	}
	for bidder, room := range d.rooms[id] {
		if d.party == bidder || d.party == p.Opening.Seller.ID {
			v.Rooms = append(v.Rooms, room.Clone())
		}
	}
	if d.party == p.Opening.Seller.ID {
		all := p.Clone()
		v.Deal = &all
	} else if p.Bidder != nil && p.Bidder.ID == d.party {
		shown := asSeenBy(p, d.party)
		v.Deal = &shown
	}
	if v.Deal == nil && v.Rooms == nil {
		return v, deal.Errorf(deal.NotFound, "no such deal")
	}
	if d.forge != nil {
		d.forge(&v)
	}
	return v, nil
}

// asSeenBy leaves out other bidders, as the operator does.
func asSeenBy(p *deal.Progress, bidder deal.PartyID) deal.Progress {
	c := p.Clone()
	c.Records = nil
	for _, r := range p.Records {
		if named := r.Act.Field("bidder").Party(); named == "" || named == bidder {
			c.Records = append(c.Records, r)
		}
	}
	c.Rooms = map[deal.PartyID]deal.Report{bidder: p.Rooms[bidder]}
	return c
}
