package demo

import (
	"bytes"
	"context"
	"io"
	"sync"
	"time"

	"cession/chain"
	"cession/deal"
	"cession/desk"
	"cession/node"
	"cession/node/vault"
)

// market is a desk and three nodes in memory, over the real plan: it checks and
// applies acts as the workflows do. Its hooks fail calls.
type market struct {
	before func(call string) error // the call does not arrive
	after  func(call string) error // the call is done, its answer is lost

	mu        sync.Mutex // guards what follows
	parties   map[deal.PartyID]deal.Party
	opened    int
	deal      *deal.Progress
	rooms     map[deal.PartyID]*deal.Progress
	planned   []node.PlannedDocument
	held      map[uint64][]byte
	texts     []node.Message
	answered  map[string]deal.Outcome // by idempotency key
	blocks    uint64
	owner     deal.Address
	corrupted bool   // the buyer's node holds something else
	forbid    string // an act policy refuses
	received  bool
}

const (
	seller = deal.PartyID("alpine-bank")
	winner = deal.PartyID("borealis-fund")
	loser  = deal.PartyID("cirrus-capital")
)

func newMarket() *market {
	m := &market{parties: map[deal.PartyID]deal.Party{}, rooms: map[deal.PartyID]*deal.Progress{}, held: map[uint64][]byte{}, answered: map[string]deal.Outcome{}}
	for i, id := range []deal.PartyID{seller, winner, loser} {
		wallet, second := deal.Address{byte(i + 1)}, deal.Address{byte(i + 1), 2}
		m.parties[id] = deal.Party{ID: id, Wallet: wallet, Signers: []deal.Address{wallet, second}}
	}
	return m
}

// call runs a request between the hooks.
func (m *market) call(name string, do func() error) error {
	if m.before != nil {
		if err := m.before(name); err != nil {
			return err
		}
	}
	m.mu.Lock()
	err := do()
	m.mu.Unlock()
	if err == nil && m.after != nil {
		err = m.after(name)
	}
	return err
}

func (m *market) opening() deal.Opening {
	plan := deal.Standard()
	return deal.Opening{
		ID: deal.NewID(), Plan: plan, PlanHash: plan.Hash(), Seller: m.parties[seller],
		Market: deal.Market{Symbol: "EUR", Decimals: 6}, Opened: time.Now().UTC(),
	}
}

func (m *market) scope(room deal.PartyID) (*deal.Progress, error) {
	p := m.deal
	if room != "" {
		p = m.rooms[room]
	}
	if p == nil {
		return nil, deal.Errorf(deal.NotFound, "no such thing")
	}
	return p, nil
}

func (m *market) receipt(call string) deal.Receipt {
	m.blocks++
	return deal.Receipt{Call: call, OK: true, Tx: deal.NewSalt(), Block: m.blocks, Gas: 100, Result: deal.NewSalt()}
}

// act does what node, desk and workflow do with a request.
func (m *market) act(party deal.PartyID, req node.ActRequest) (deal.Outcome, error) {
	if known, ok := m.answered[req.Key]; ok {
		return known, nil
	}
	p, err := m.scope(req.Room)
	if err != nil {
		return deal.Outcome{}, err
	}
	act, action, err := m.draft(p, party, req)
	if err != nil {
		return deal.Outcome{}, err
	}
	if err := p.Check(act, time.Now()); err != nil {
		return deal.Outcome{}, err
	}
	if refusal, ok := m.decide(p, act); ok {
		p.Refuse(act, refusal, time.Now())
		m.answered[req.Key] = deal.Outcome{Act: act.ID, Verdict: deal.Rejected, Decision: refusal}
		return m.answered[req.Key], nil
	}
	receipts := m.effect(act, action)
	d := deal.Decision{Allow: true, Rules: []deal.RuleResult{{ID: "common.role", State: deal.Pass}}}
	p.Apply(act, d, receipts, time.Now())
	m.follow(act)
	m.answered[req.Key] = deal.Outcome{Act: act.ID, Verdict: deal.Accepted, Decision: d, Receipts: receipts, State: p.State}
	return m.answered[req.Key], nil
}

func (m *market) draft(p *deal.Progress, party deal.PartyID, req node.ActRequest) (deal.Act, deal.Action, error) {
	signer := m.parties[party].Wallet
	if req.Signer == "second" {
		signer = m.parties[party].Signers[1]
	}
	act := deal.Act{
		ID: deal.NewSalt(), Deal: req.Deal, Room: req.Room, Step: req.Step, Action: req.Action, Party: party, Signer: signer,
		Fields: map[string]deal.Value{}, Sequence: p.NextSequence(party), Deadline: time.Now().Add(time.Minute),
	}
	_, action, err := p.Opening.Plan.Action(req.Step, req.Action)
	if err != nil {
		return act, action, err
	}
	for _, f := range action.Fields {
		text, given := req.Fields[f.ID]
		switch {
		case given && f.Kind == deal.KindSealed:
			m.texts = append(m.texts, node.Message{Act: act.ID, Field: f.ID, Party: party, Text: text})
			text = deal.NewSalt().String()
		case !given:
			text = m.known(p, act, f)
		}
		if text == "" && f.Optional {
			continue
		}
		if act.Fields[f.ID], err = deal.NewValue(f.Kind, text); err != nil {
			return act, action, err
		}
	}
	return act, action, nil
}

// known is what a node fills in itself.
func (m *market) known(p *deal.Progress, act deal.Act, f deal.Field) string {
	switch {
	case act.Name() == "documents.notarize" && f.ID == "root":
		return root(m.listing()).String()
	case act.Name() == "documents.notarize" && f.ID == "count":
		return deal.Number(uint64(len(m.planned))).String()
	case act.Name() == "selection.select" && f.ID == "price":
		return m.rooms[act.Field("bidder").Party()].Value("offers", "confirm", "price").String()
	case act.Name() == "perimeter.agree":
		return p.Value("perimeter", "propose", f.ID).String()
	case act.Name() == "nda.countersign":
		return p.Value("nda", "sign", f.ID).String()
	}
	switch f.Kind {
	case deal.KindSignature:
		return "0x01"
	case deal.KindCount:
		return "1"
	case deal.KindTime:
		return deal.At(time.Now().Add(time.Hour)).String()
	case deal.KindKey:
		return "age1" + string(bytes.Repeat([]byte("q"), 58))
	case deal.KindCommitment, deal.KindAct:
		return deal.NewSalt().String()
	}
	return ""
}

func (m *market) decide(p *deal.Progress, act deal.Act) (deal.Decision, bool) {
	no := deal.Decision{Rules: []deal.RuleResult{{
		ID: "terms.four_eyes", Title: "Above the limit a second person approved", State: deal.Fail,
		Actual: "21250000 EUR, approvals of another person: 0", Threshold: "two persons above 10000000 EUR",
	}}, Obligations: []string{"four_eyes"}}
	if act.Name() == m.forbid {
		return no, true
	}
	if act.Step != "terms" || act.Action == "approve" {
		return no, false
	}
	for _, r := range p.Records {
		if r.Act.Name() == "terms.approve" && r.Act.Party == act.Party && r.Act.Signer != act.Signer {
			return no, false
		}
	}
	return no, true
}

func (m *market) effect(act deal.Act, action deal.Action) (receipts []deal.Receipt) {
	switch act.Name() {
	case "mint.mint":
		receipts = append(receipts, m.receipt("receivable.mint"))
	case "settlement.settle":
		m.owner = m.parties[winner].Wallet
		receipts = append(receipts, m.receipt("escrow.settle"))
	}
	if action.Record {
		receipts = append(receipts, m.receipt("notary.anchor"))
	}
	return receipts
}

func (m *market) follow(act deal.Act) {
	switch act.Name() {
	case "invitations.invite":
		bidder := m.parties[act.Field("bidder").Party()]
		m.rooms[bidder.ID] = deal.Begin(m.deal.Opening, &bidder, time.Now())
		m.deal.Hear(deal.Report{Bidder: bidder})
	case "selection.select":
		m.deal.Select(act.Field("bidder").Party())
		for id, room := range m.rooms {
			state := deal.NotSelected
			if id == act.Field("bidder").Party() {
				state = deal.Selected
			}
			room.End(state, time.Now())
		}
	case "handover.release":
		m.received = true
	}
}

func (m *market) listing() (list []node.DocumentInfo) {
	for i, d := range m.planned {
		leaf := deal.Commitment(chain.Keccak([]byte(d.Name), d.SHA256[:]))
		list = append(list, node.DocumentInfo{Index: uint64(i), Description: d.Description, Size: d.Size, Leaf: leaf, Held: m.held[uint64(i)] != nil})
	}
	return list
}

// peer is one party's node.
type peer struct {
	*market
	id deal.PartyID
}

func (n peer) Open(context.Context) (o deal.Opening, err error) {
	return o, n.call("open", func() error {
		n.opened++
		o = n.opening()
		n.deal = deal.Begin(o, nil, time.Now())
		return nil
	})
}

func (n peer) Act(_ context.Context, req node.ActRequest) (o deal.Outcome, err error) {
	err = n.call("act "+req.Step+"."+req.Action, func() (err error) {
		o, err = n.act(n.id, req)
		return err
	})
	return o, err
}

func (n peer) Deal(context.Context, deal.ID) (v node.DealView, err error) {
	return v, n.call("deal", func() error {
		if n.id == seller || n.deal != nil && n.deal.Bidder != nil && n.deal.Bidder.ID == n.id {
			shown := n.deal.Clone()
			v.Deal = &shown
		}
		for id, room := range n.rooms {
			if n.id == seller || n.id == id {
				v.Rooms = append(v.Rooms, room.Clone())
			}
		}
		if v.Deal == nil && v.Rooms == nil {
			return deal.Errorf(deal.NotFound, "no such deal")
		}
		return nil
	})
}

func (n peer) Plan(_ context.Context, _ deal.ID, docs []node.PlannedDocument) (set node.IntakeSet, err error) {
	return set, n.call("plan", func() error {
		n.planned = docs
		set = node.IntakeSet{Root: root(n.listing()), Count: uint64(len(docs))}
		return nil
	})
}

func (n peer) Upload(_ context.Context, _ deal.ID, index uint64, body io.Reader, _ int64) error {
	return n.call("upload", func() error {
		content, err := io.ReadAll(body)
		if err != nil {
			return err
		}
		if sum, _ := vault.Hash(bytes.NewReader(content)); sum != n.planned[index].Sum {
			return deal.Errorf(deal.Conflict, "changed")
		}
		n.held[index] = content
		return nil
	})
}

func (n peer) Documents(context.Context, deal.ID) (list []node.DocumentInfo, err error) {
	return list, n.call("documents", func() error { list = n.listing(); return nil })
}

func (n peer) Content(_ context.Context, _ deal.ID, index uint64) (body io.ReadCloser, err error) {
	return body, n.call("content", func() error {
		content := n.held[index]
		if n.corrupted && index == 0 {
			content = []byte("something else")
		}
		body = io.NopCloser(bytes.NewReader(content))
		return nil
	})
}

func (n peer) reads() error {
	if room := n.rooms[n.id]; room == nil || room.Ended != nil {
		return deal.Errorf(deal.Refused, "%w", node.GrantRevoked)
	}
	return nil
}

func (n peer) RoomDocuments(context.Context, deal.ID) (list []node.DocumentInfo, err error) {
	return list, n.call("room documents", func() error { list = n.listing(); return n.reads() })
}

func (n peer) RoomContent(ctx context.Context, id deal.ID, index uint64) (io.ReadCloser, error) {
	return n.Content(ctx, id, index)
}

func (n peer) Messages(context.Context, deal.ID, deal.PartyID) (list []node.Message, err error) {
	return list, n.call("messages", func() error { list = n.texts; return nil })
}

func (n peer) Handover(context.Context, deal.ID) (list []node.Transfer, err error) {
	return list, n.call("handover", func() error {
		list = []node.Transfer{{Count: uint64(len(n.planned)), Verified: n.received}}
		return nil
	})
}

// operatorDesk is the market's desk, as the operator sees it.
type operatorDesk struct{ *market }

func (d operatorDesk) Deals(context.Context, desk.DealFilter) (page desk.DealPage, err error) {
	return page, d.call("deals", func() error {
		if d.deal != nil {
			o := d.deal.Opening
			page.Deals = []desk.DealSummary{{ID: o.ID, Seller: o.Seller.ID, State: d.deal.State, Opened: o.Opened}}
		}
		return nil
	})
}

func (d operatorDesk) Deal(context.Context, deal.ID) (v desk.DealView, err error) {
	return v, d.call("desk deal", func() error {
		var rooms []deal.Progress
		for _, r := range d.rooms {
			rooms = append(rooms, r.Clone())
		}
		v, _ = desk.View(d.deal.Clone(), rooms, desk.Caller{Operator: true})
		return nil
	})
}

func (d operatorDesk) Party(_ context.Context, id deal.PartyID) (m desk.Member, err error) {
	return m, d.call("party", func() error {
		m = desk.Member{Party: d.parties[id], Profile: desk.Profile{ID: id, Jurisdiction: "lu", Kind: "fund"}}
		return nil
	})
}

func (d operatorDesk) Market(context.Context) (m deal.Market, err error) {
	return m, d.call("market", func() error { m.Symbol = "EUR"; return nil })
}
