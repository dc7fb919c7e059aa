package recordstest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"cession/deal"
)

type fields = map[string]deal.Value

// errOver ends a deal that is refused for good, or left.
var errOver = errors.New("the deal is over")

// step is a part of the course of a deal.
type step func() error

// run takes the deal from its draft to the archive, or to where it ends.
func (v *sale) run() error {
	for _, next := range []step{v.list, v.clear, v.agree, v.negotiate, v.choose, v.sign, v.settle} {
		if err := next(); errors.Is(err, errOver) {
			return nil
		} else if err != nil {
			return err
		}
	}
	return nil
}

// all does one thing after the other.
func all(steps ...step) error {
	for _, s := range steps {
		if err := s(); err != nil {
			return err
		}
	}
	return nil
}

// take lets a party act: with nothing amiss it is allowed and takes effect. Now
// and then somebody slips first, and is refused for it.
func (v *sale) take(p *deal.Progress, by deal.Party, name string, f fields) step {
	return func() error {
		if v.chance(4) {
			slipped := v.act(p, by, name, f)
			slipped.Deadline = v.now.Add(-time.Minute)
			if _, err := v.decide(p, slipped); err != nil {
				return err
			}
		}
		act := v.act(p, by, name, f)
		d, err := v.decide(p, act)
		if err != nil {
			return err
		}
		if !d.Allow {
			return errOver
		}
		p.Apply(act, d, nil, v.now)
		v.now = v.now.Add(time.Duration(1+v.rng.IntN(600)) * time.Second)
		return nil
	}
}

// act makes an act, signed by the party's first signer.
func (v *sale) act(p *deal.Progress, by deal.Party, name string, f fields) deal.Act {
	v.acts++
	stepID, action, _ := strings.Cut(name, ".")
	return deal.Act{
		ID: v.draw(), Deal: p.Opening.ID, Room: p.Room(), Step: stepID, Action: action, Party: by.ID, Fields: f,
		Sequence: p.NextSequence(by.ID), Salt: v.draw(), Deadline: v.now.Add(time.Hour), Signer: by.Signers[0], Signature: make([]byte, 65),
	}
}

// signedBy is the party with its n-th signer first.
func signedBy(p deal.Party, n int) deal.Party {
	p.Signers = []deal.Address{p.Signers[n]}
	return p
}

func (v *sale) days(n int) deal.Value { return deal.At(v.now.AddDate(0, 0, n)) }

func (v *sale) digest() deal.Value { return deal.Digest(v.draw()) }

// of makes a value of a kind from its text.
func of(kind deal.ValueKind, text string) deal.Value {
	value, err := deal.NewValue(kind, text)
	if err != nil {
		panic(fmt.Sprintf("recordstest: value of kind %s: %v", kind, err))
	}
	return value
}

func (v *sale) sealed() deal.Value { return of(deal.KindSealed, v.draw().String()) }

func money(a deal.Amount) deal.Value { return deal.Money(a.Minor, a.Currency) }

var signature = of(deal.KindSignature, "0x0304")

func (v *sale) list() error {
	d, s := v.deal, v.seller
	return all(
		v.take(d, s, "draft.open", fields{"plan": deal.Digest(d.Opening.PlanHash), "pack": deal.Digest(v.pack.Digest())}),
		v.take(d, s, "documents.notarize", fields{"root": v.digest(), "count": deal.Number(uint64(1 + v.rng.IntN(10_500)))}),
		v.take(d, s, "mint.mint", fields{"face": money(v.face), "due": v.days(90), "title_salt": v.digest(), "authorization": signature}),
		v.take(d, s, "listing.publish", fields{"until": v.days(60), "guidance": money(v.price)}),
		v.take(d, s, "invitations.invite", fields{"bidder": deal.Bidder(v.bidder.ID)}),
		v.tell,
	)
}

// tell has the room know what is for sale.
func (v *sale) tell() error {
	v.room.Learn(*v.deal.ForSale())
	return nil
}

func (v *sale) clear() error {
	r, s, b := v.room, v.seller, v.bidder
	file := v.profiles[b.ID]
	declared := fields{"jurisdiction": of(deal.KindChoice, file.Jurisdiction), "capacity": of(deal.KindChoice, file.Kind)}
	if v.chance(5) {
		declared["capacity"] = of(deal.KindChoice, "bank")
	}
	nda := fields{"text": v.sealed(), "until": v.days(20 + v.rng.IntN(400))}
	return all(
		v.take(r, b, "invitation.accept", nil),
		v.take(r, b, "clearance.declare", declared),
		v.take(r, s, "clearance.clear", nil),
		v.take(r, b, "nda.sign", nda),
		v.take(r, s, "nda.countersign", nda),
		v.take(r, s, "data_room.open", fields{"until": v.days(15 + v.rng.IntN(10))}),
	)
}

// agree is what is asked and answered about what is sold.
func (v *sale) agree() error {
	r, s, b := v.room, v.seller, v.bidder
	for range v.rng.IntN(3) {
		if err := v.take(r, b, "questions.ask", fields{"question": v.sealed()})(); err != nil {
			return err
		}
		asked := r.Last("questions", "ask").Act.ID
		if err := v.take(r, s, "questions.answer", fields{"asked": of(deal.KindAct, asked.String()), "answer": v.sealed()})(); err != nil {
			return err
		}
	}
	sold := fields{"root": v.digest(), "count": deal.Number(7), "face": money(v.face)}
	return all(v.take(r, s, "perimeter.propose", sold), v.take(r, b, "perimeter.agree", sold))
}

func (v *sale) negotiate() error {
	r, s, b := v.room, v.seller, v.bidder
	sold := of(deal.KindAct, r.Last("perimeter", "propose").Act.ID.String())
	offer := func(percent int64) fields {
		a := v.price
		a.Minor = a.Minor / 100 * percent
		return fields{"price": money(a), "until": v.days(20), "perimeter": sold}
	}
	return all(
		v.take(r, b, "offers.submit", offer(90)),
		v.take(r, s, "offers.counter", offer(110)),
		v.take(r, b, "offers.confirm", offer(100)),
	)
}

func (v *sale) choose() error {
	report := v.room.Report()
	v.deal.Hear(report)
	if v.chance(10) {
		v.now = v.now.AddDate(0, 0, v.rng.IntN(25))
	}
	v.price = report.Price
	selected := fields{"bidder": deal.Bidder(v.bidder.ID), "offer": of(deal.KindAct, report.Offer.String()), "price": money(v.price)}
	if err := v.take(v.deal, v.seller, "selection.select", selected)(); err != nil {
		return err
	}
	v.deal.Select(v.bidder.ID)
	return nil
}

func (v *sale) sign() error {
	s, b := v.seller, v.bidder
	terms := fields{
		"fund_by": v.days(5), "settle_by": v.days(10), "arbiter_by": v.days(20), "escrow": v.digest(), "authorization": signature,
	}
	accepted := fields{"escrow": terms["escrow"], "authorization": signature}
	return all(v.approved(s, "terms.propose", terms), v.approved(b, "terms.accept", accepted))
}

// approved takes an act for which others of the party may have to approve:
// after each refusal one more does.
func (v *sale) approved(by deal.Party, name string, f fields) step {
	return func() error {
		for n := 1; n < len(by.Signers); n++ {
			d, err := v.decide(v.deal, v.act(v.deal, by, name, f))
			if err != nil {
				return err
			}
			if d.Allow || len(d.Needs)+len(d.Obligations) == 0 {
				break
			}
			if err := v.take(v.deal, signedBy(by, n), "terms.approve", fields{"price": money(v.price)})(); err != nil {
				return err
			}
		}
		return v.take(v.deal, by, name, f)()
	}
}

func (v *sale) settle() error {
	d, s, b := v.deal, v.seller, v.bidder
	permit := fields{"permit_until": v.days(5), "permit": signature}
	key := of(deal.KindKey, "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p")
	root := deal.Digest(v.room.Report().Perimeter)
	return all(
		v.take(d, s, "escrow.deposit", permit),
		v.take(d, b, "escrow.fund", permit),
		v.take(d, b, "handover.request", fields{"key": key}),
		v.take(d, s, "handover.release", fields{"key": key, "root": root, "until": v.days(2)}),
		v.take(d, b, "handover.receipt", fields{"root": root, "count": deal.Number(7)}),
		v.take(d, b, "settlement.settle", fields{"authorization": signature}),
		v.take(d, s, "archive.archive", fields{"record": v.digest()}),
	)
}
