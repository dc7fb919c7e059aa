package demo

import (
	"context"
	"time"

	"cession/deal"
	"cession/desk"
)

const day = 24 * time.Hour

// phases returns the whole course: the seller prepares, the bidders negotiate
// side by side, seller and buyer carry the sale out.
func (s *script) phases() []phase {
	winner, loser := s.Bidders[0], s.Bidders[1]
	return []phase{
		{s.preparation()},
		{s.negotiation(winner, firstBid, lastBid, false), s.negotiation(loser, otherBid, otherLast, true)},
		{s.sale(winner, loser)},
	}
}

// preparation opens the deal, brings the documents in and offers the portfolio.
func (s *script) preparation() []step {
	return []step{
		s.open(),
		s.act(move{party: s.Seller, step: "draft", action: "open"}),
		s.plan(),
		s.act(move{party: s.Seller, step: "documents", action: "notarize"}),
		s.upload(),
		s.act(move{party: s.Seller, step: "mint", action: "mint", fields: fixed(Fields{
			"face": s.money(face), "due": s.in(60 * day),
		})}),
		s.act(move{party: s.Seller, step: "listing", action: "publish", fields: fixed(Fields{
			"guidance": s.money(guidance), "until": s.in(30 * day), "teaser": teaser,
		})}),
		s.invite(s.Bidders[0]),
		s.invite(s.Bidders[1]),
	}
}

const teaser = "Performing trade receivables, all invoiced this year, one seller."

// money returns a field of minor units; the market's currency is known from the
// first look at the desk.
func (s *script) money(minor int64) string {
	return deal.Amount{Minor: minor * max(1, s.Scale), Currency: s.symbol}.String()
}

// in returns a time field, counted from the start of the script.
func (s *script) in(d time.Duration) string { return s.since.Add(d).Format(time.RFC3339) }

// open opens the deal. If the answer was lost, the desk knows which deal it was.
func (s *script) open() step {
	const name = "open"
	return step{
		name: name, party: s.Seller,
		look: func(ctx context.Context) (*Event, error) {
			if s.id == "" {
				if err := s.findOpened(ctx); s.id == "" || err != nil {
					return nil, err
				}
			}
			return &Event{Kind: Moved, Role: deal.Seller, Text: "Opens deal " + string(s.id)}, nil
		},
		do: func(ctx context.Context) error {
			api, err := s.party(s.Seller).node()
			if err != nil {
				return err
			}
			o, err := api.Open(ctx)
			if err == nil {
				s.id = o.ID
			}
			return err
		},
	}
}

// findOpened looks for a deal of the seller in which nothing was done and that
// was opened since the script began.
func (s *script) findOpened(ctx context.Context) error {
	api, err := s.desk()
	if err != nil {
		return err
	}
	page, err := api.Deals(ctx, desk.DealFilter{State: deal.Open, Party: s.Seller})
	if err != nil {
		return err
	}
	for _, d := range page.Deals {
		if d.Seller == s.Seller && !d.Opened.Before(s.since) {
			s.id = d.ID
		}
	}
	return nil
}

func (s *script) invite(bidder deal.PartyID) step {
	return s.act(move{
		party: s.Seller, step: "invitations", action: "invite", of: string(bidder),
		match:  func(r *deal.Record) bool { return r.Act.Field("bidder").Party() == bidder },
		fields: fixed(Fields{"bidder": string(bidder)}),
	})
}

// negotiation is everything in one bidder's room. With perimeter the
// composition of the portfolio is negotiated too.
func (s *script) negotiation(bidder deal.PartyID, first, last int64, perimeter bool) []step {
	by := func(party deal.PartyID, step, action string, f Fields) step {
		return s.act(move{party: party, room: bidder, step: step, action: action, fields: fixed(f)})
	}
	steps := []step{
		s.accept(bidder),
		s.declare(bidder),
		by(s.Seller, "clearance", "clear", nil),
		by(bidder, "nda", "sign", Fields{"text": string(s.NDA), "until": s.in(365 * day)}),
		by(s.Seller, "nda", "countersign", nil),
		by(s.Seller, "data_room", "open", Fields{"until": s.in(30 * day)}),
		s.read(bidder),
		by(bidder, "questions", "ask", Fields{"question": question}),
		s.deliver(bidder, "question", s.Seller, question),
		s.answer(bidder),
		s.deliver(bidder, "answer", bidder, answer),
	}
	if perimeter {
		steps = append(steps, s.perimeter(bidder), by(bidder, "perimeter", "agree", nil))
	}
	return append(steps,
		by(bidder, "offers", "submit", Fields{"price": s.money(first), "until": s.in(7 * day)}),
		by(s.Seller, "offers", "counter", Fields{"price": s.money(counter), "until": s.in(7 * day)}),
		by(bidder, "offers", "confirm", Fields{"price": s.money(last), "until": s.in(7 * day)}),
	)
}

const (
	question = "Has any of the debtors disputed an invoice or asked for more time to pay?"
	answer   = "No dispute is known. One debtor was granted ten more days; its invoice is due by the end of the month."
)

// accept waits for the room, which opens a moment after the invitation.
func (s *script) accept(bidder deal.PartyID) step {
	return s.act(move{party: bidder, room: bidder, step: "invitation", action: "accept", ready: func(ctx context.Context) (bool, error) {
		room, err := s.party(bidder).Progress(ctx, s.id, bidder)
		return room != nil, err
	}})
}

// declare has the bidder say what is on file about it.
func (s *script) declare(bidder deal.PartyID) step {
	return s.act(move{party: bidder, room: bidder, step: "clearance", action: "declare", fields: func(ctx context.Context) (Fields, error) {
		api, err := s.desk()
		if err != nil {
			return nil, err
		}
		m, err := api.Party(ctx, bidder)
		return Fields{"jurisdiction": m.Profile.Jurisdiction, "capacity": m.Profile.Kind}, err
	}})
}

func (s *script) answer(bidder deal.PartyID) step {
	return s.act(move{party: s.Seller, room: bidder, step: "questions", action: "answer", fields: func(ctx context.Context) (Fields, error) {
		room, err := s.party(s.Seller).Progress(ctx, s.id, bidder)
		if err != nil || room == nil {
			return nil, err
		}
		asked := room.Last("questions", "ask")
		if asked == nil {
			return nil, errNotYet
		}
		return Fields{"asked": asked.Act.ID.String(), "answer": answer}, nil
	}})
}
