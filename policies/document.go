package policies

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"cession/deal"
)

// document is what the rules on acts see as input; schemas/input.schema.json
// describes it. It is small and typed, so that a rule compares and never
// parses: times are milliseconds since 1970, rounded down, and amounts have
// minor units and a currency. It holds no name of a party, so that it can be
// recorded, and evaluated again as it was recorded.
type document struct {
	Act       actView              `json:"act"`
	Role      deal.Role            `json:"role"` // the part the acting party plays
	Now       moment               `json:"now"`
	Opened    moment               `json:"opened"`
	Due       *moment              `json:"due,omitempty"` // of the act's step
	Pack      deal.Commitment      `json:"pack"`          // in effect
	Seller    deal.PartyID         `json:"seller"`
	Bidder    deal.PartyID         `json:"bidder,omitempty"`
	Currency  string               `json:"currency" pattern:"^[A-Z]{3}$"` // of the market
	Face      deal.Amount          `json:"face"`                          // of the receivables, zero before the mint
	Price     deal.Amount          `json:"price"`                         // agreed, zero before the selection
	Title     *titleView           `json:"title,omitempty"`               // what is for sale, since the mint
	Done      []actName            `json:"done"`                          // acts on record, by "step.action", sorted, each once
	Taken     map[string]takenView `json:"taken"`                         // newest act of each name that some rule of the gate reads
	Approvals []approvalView       `json:"approvals,omitzero"`            // acts terms.approve, oldest first, if some rule of the gate reads them
	Asked     []deal.Commitment    `json:"asked,omitzero"`                // acts questions.ask, oldest first, likewise
	Open      *uint64              `json:"open,omitempty"`                // questions asked and not answered, likewise
	OffersDue *moment              `json:"offersDue,omitempty"`           // until when offers are made in the room, likewise
	Room      *roomView            `json:"room,omitempty"`                // for acts of the deal that concern one bidder: where the room stands
	Parties   partiesView          `json:"parties"`
	Exposure  *Exposure            `json:"exposure,omitempty"`
	Wanted    *WantedPack          `json:"wanted,omitempty"`
}

// moment is a time in milliseconds since 1970, rounded down.
type moment int64

// actName is "step.action".
type actName string

// actView is the act that is judged, without its salt and its signature.
type actView struct {
	ID       deal.Commitment      `json:"id"`
	Name     actName              `json:"name"`
	Step     deal.State           `json:"step"`
	Action   deal.State           `json:"action"`
	Deal     deal.ID              `json:"deal"`
	Room     deal.PartyID         `json:"room,omitempty"`
	Party    deal.PartyID         `json:"party"`
	Signer   deal.Address         `json:"signer"`
	Sequence uint64               `json:"sequence"`
	Deadline moment               `json:"deadline"`
	Fields   map[string]fieldView `json:"fields"`
}

// fieldView is a value with the figures in it.
type fieldView struct {
	Kind     deal.ValueKind `json:"kind"`
	Value    string         `json:"value" pattern:"^[ -~]{1,8194}$"`
	Minor    *int64         `json:"minor,omitempty"`                         // of an amount
	Currency string         `json:"currency,omitempty" pattern:"^[A-Z]{3}$"` // of an amount
	Time     *moment        `json:"ms,omitempty"`                            // of a time
	Count    *uint64        `json:"count,omitempty"`                         // of a count
}

// takenView is an act on record.
type takenView struct {
	ID     deal.Commitment      `json:"id"`
	Party  deal.PartyID         `json:"party"`
	Role   deal.Role            `json:"role"`
	Signer deal.Address         `json:"signer"`
	At     moment               `json:"at"`
	Fields map[string]fieldView `json:"fields"`
}

// approvalView is an approval of the terms.
type approvalView struct {
	ID     deal.Commitment `json:"id"`
	Party  deal.PartyID    `json:"party"`
	Signer deal.Address    `json:"signer"`
	At     moment          `json:"at"`
	Price  deal.Amount     `json:"price"`
}

// titleView is what is for sale: what the title stands for now.
type titleView struct {
	Root     deal.Commitment `json:"root"`
	Count    uint64          `json:"count"`    // documents
	TapeRows uint64          `json:"tapeRows"` // of the data tape among them, 0 if there is none
}

// roomView is where a bidder's room stands.
type roomView struct {
	Bidder         deal.PartyID    `json:"bidder"`
	State          deal.State      `json:"state"`
	Price          deal.Amount     `json:"price"`           // of the bidder's last offer
	Until          *moment         `json:"until,omitempty"` // how long that offer stands
	Confirmed      bool            `json:"confirmed"`
	Offer          deal.Commitment `json:"offer"`
	Perimeter      deal.Commitment `json:"perimeter"` // agreed root, or zero: then the next two are missing
	PerimeterCount *uint64         `json:"perimeterCount,omitempty"`
	PerimeterFace  *deal.Amount    `json:"perimeterFace,omitempty"`
	Cleared        bool            `json:"cleared"`
	NDA            bool            `json:"nda"`
	Pack           deal.Commitment `json:"pack"` // the room is judged by
}

// partiesView is what is known of who deals. A party nobody knows is missing.
type partiesView struct {
	Acting *partyView `json:"acting,omitempty"`
	Seller *partyView `json:"seller,omitempty"`
	Bidder *partyView `json:"bidder,omitempty"`
}

// partyView is a profile without the name: only what screening it found.
type partyView struct {
	ID           deal.PartyID `json:"id"`
	Jurisdiction string       `json:"jurisdiction" pattern:"^[a-z]{0,8}$"`
	Kind         string       `json:"kind" pattern:"^[a-z_]{0,64}$"`
	KYCClass     string       `json:"kycClass" pattern:"^[a-z0-9_]{0,64}$"`
	KYCUntil     *moment      `json:"kycUntil,omitempty"`
	KYCSince     *moment      `json:"kycSince,omitempty"`
	License      string       `json:"license" pattern:"^[a-z0-9_-]{1,64}$"`   // none if there is none on file
	LicenseUntil moment       `json:"licenseUntil"`                           // noEnd if none is on file
	Group        string       `json:"group" pattern:"^[A-Za-z0-9._-]{1,64}$"` // the party itself if none is on file
	Screening    *Screening   `json:"screening,omitempty"`                    // missing if the name cannot be compared with the list
}

// needs says which parts of the record the rules of a gate read, so that a
// document holds no others.
type needs struct {
	all       bool            // of taken
	taken     map[string]bool // by "step.action"
	approvals bool
	asked     bool
	open      bool
	offersDue bool
}

// document shows an input to the rules of one gate, its parties screened.
func (in Input) document(n needs, screen func(name string) *Screening) document {
	q := in.Question
	doc := document{
		Act: view(q.Act), Role: q.Role, Now: ms(q.Now), Opened: ms(q.Opened), Pack: q.Pack, Seller: q.Seller, Bidder: q.Bidder,
		Currency: q.Currency, Face: q.Face, Price: q.Price, Done: []actName{}, Taken: map[string]takenView{},
		Exposure: in.Exposure, Wanted: in.Wanted,
	}
	for _, s := range q.Steps {
		if s.ID == q.Act.Step {
			doc.Due = maybe(s.Due)
		}
		if s.ID == offers && n.offersDue {
			doc.OffersDue = maybe(s.Due)
		}
	}
	if t := q.Title; t != nil {
		doc.Title = &titleView{t.Root, t.Count, t.TapeRows}
	}
	doc.record(q.Taken, n)
	if q.Room != nil {
		doc.Room = viewRoom(*q.Room)
	}
	doc.Parties.Seller, doc.Parties.Bidder = in.party(q.Seller, screen), in.party(q.Bidder, screen)
	switch q.Act.Party {
	case q.Seller:
		doc.Parties.Acting = doc.Parties.Seller
	case q.Bidder:
		doc.Parties.Acting = doc.Parties.Bidder
	default:
		doc.Parties.Acting = in.party(q.Act.Party, screen)
	}
	return doc
}

// record fills in what was done before, of which taken is in order.
func (doc *document) record(taken []deal.Taken, n needs) {
	if n.approvals {
		doc.Approvals = []approvalView{}
	}
	if n.asked {
		doc.Asked = []deal.Commitment{}
	}
	if n.open {
		doc.Open = new(uint64)
		*doc.Open = openQuestions(taken)
	}
	for _, t := range taken {
		name := t.Step + "." + t.Action
		doc.Done = append(doc.Done, actName(name))
		if n.all || n.taken[name] {
			doc.Taken[name] = takenView{t.ID, t.Party, t.Role, t.Signer, ms(t.At), viewFields(t.Fields)}
		}
		if n.approvals && name == approval {
			doc.Approvals = append(doc.Approvals, approvalView{t.ID, t.Party, t.Signer, ms(t.At), t.Fields["price"].Amount()})
		}
		if n.asked && name == question {
			doc.Asked = append(doc.Asked, t.ID)
		}
	}
	slices.Sort(doc.Done)
	doc.Done = slices.Compact(doc.Done)
}

// openQuestions counts the questions that no answer names.
func openQuestions(taken []deal.Taken) uint64 {
	open := map[deal.Commitment]bool{}
	for _, t := range taken {
		switch t.Step + "." + t.Action {
		case question:
			open[t.ID] = true
		case reply:
			delete(open, t.Fields["asked"].Commitment())
		}
	}
	return uint64(len(open))
}

// The acts of which a document tells more than the newest, and the step whose
// deadline it tells.
const (
	approval = "terms.approve"
	question = "questions.ask"
	reply    = "questions.answer"
	offers   = "offers"
)

func view(a deal.Act) actView {
	return actView{
		ID: a.ID, Name: actName(a.Name()), Step: deal.State(a.Step), Action: deal.State(a.Action), Deal: a.Deal, Room: a.Room,
		Party: a.Party, Signer: a.Signer, Sequence: a.Sequence, Deadline: ms(a.Deadline), Fields: viewFields(a.Fields),
	}
}

func viewFields(fields map[string]deal.Value) map[string]fieldView {
	views := make(map[string]fieldView, len(fields))
	for id, v := range fields {
		views[id] = viewField(v)
	}
	return views
}

func viewField(v deal.Value) fieldView {
	f := fieldView{Kind: v.Kind(), Value: v.String()}
	switch v.Kind() {
	case deal.KindAmount:
		a := v.Amount()
		f.Minor, f.Currency = &a.Minor, a.Currency
	case deal.KindTime:
		f.Time = new(moment)
		*f.Time = ms(v.Time())
	case deal.KindCount:
		f.Count = new(uint64)
		*f.Count = v.Count()
	}
	return f
}

func viewRoom(r deal.Report) *roomView {
	view := &roomView{
		Bidder: r.Bidder.ID, State: r.State, Price: r.Price, Until: maybe(r.Until), Confirmed: r.Confirmed, Offer: r.Offer,
		Perimeter: r.Perimeter, Cleared: r.Cleared, NDA: r.NDA, Pack: r.Pack,
	}
	if r.PerimeterCount > 0 {
		view.PerimeterCount = &r.PerimeterCount
	}
	if r.PerimeterFace != (deal.Amount{}) {
		view.PerimeterFace = &r.PerimeterFace
	}
	return view
}

// What stands for a license that is not on file, and for the end of one that has
// none: a document says so in so many words, for what is missing from it refuses.
const (
	noLicense        = "none"
	noEnd     moment = 253402300799000 // the end of 9999
)

// party shows what is known of a party under its own identifier.
func (in Input) party(id deal.PartyID, screen func(name string) *Screening) *partyView {
	p, ok := in.Parties[id]
	if !ok || id == "" || p.ID != id {
		return nil
	}
	view := &partyView{
		ID: p.ID, Jurisdiction: strings.ToLower(p.Jurisdiction), Kind: p.Kind, KYCClass: p.KYCClass,
		KYCUntil: maybe(p.KYCUntil), KYCSince: maybe(p.KYCSince), License: cmp.Or(p.License, noLicense), LicenseUntil: noEnd,
		Group: cmp.Or(p.Group, string(p.ID)), Screening: screen(p.Name),
	}
	if p.LicenseUntil != nil {
		view.LicenseUntil = ms(*p.LicenseUntil)
	}
	return view
}

// ms rounds down, also before 1970.
func ms(t time.Time) moment { return moment(t.UnixMilli()) }

func maybe(t *time.Time) *moment {
	if t == nil {
		return nil
	}
	m := ms(*t)
	return &m
}
