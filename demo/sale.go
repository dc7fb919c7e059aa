package demo

import (
	"context"
	"errors"
	"strings"
	"time"

	"cession/deal"
	"cession/node"
)

// sale is what seller and buyer do after the negotiations, with two attempts
// that must fail: the loser's, and terms without a second pair of eyes.
func (s *script) sale(buyer, loser deal.PartyID) []step {
	by := func(party deal.PartyID, step, action string, f Fields) step {
		return s.act(move{party: party, step: step, action: action, fields: fixed(f)})
	}
	return []step{
		s.choose(buyer),
		s.late(loser),
		s.shut(loser),
		s.alone(),
		s.approve(s.Seller),
		s.approve(buyer),
		by(s.Seller, "terms", "propose", s.deadlines()),
		by(buyer, "terms", "accept", nil),
		by(s.Seller, "escrow", "deposit", nil),
		by(buyer, "escrow", "fund", nil),
		by(buyer, "handover", "request", nil),
		by(s.Seller, "handover", "release", nil),
		s.transfer(buyer),
		by(buyer, "handover", "receipt", nil),
		by(buyer, "settlement", "settle", nil),
	}
}

// deadlines of the escrow: hours ahead, so that nothing expires on the way.
func (s *script) deadlines() Fields {
	return Fields{"fund_by": s.in(12 * time.Hour), "settle_by": s.in(24 * time.Hour), "arbiter_by": s.in(48 * time.Hour)}
}

// choose selects the winner, once both have given their last word. A room shows
// it after it told the deal.
func (s *script) choose(winner deal.PartyID) step {
	return s.act(move{
		party: s.Seller, step: "selection", action: "select", fields: fixed(Fields{"bidder": string(winner)}),
		ready: func(ctx context.Context) (bool, error) {
			api, err := s.desk()
			if err != nil {
				return false, err
			}
			v, err := api.Deal(ctx, s.id)
			if err != nil {
				return false, err
			}
			for _, b := range s.Bidders {
				if room := v.Room(b); room == nil || room.Last("offers", "confirm") == nil {
					return false, nil
				}
			}
			return true, nil
		},
	})
}

// approve is the word of a second person of a party.
func (s *script) approve(party deal.PartyID) step {
	return s.act(move{party: party, step: "terms", action: "approve", signer: "second", of: string(party), fields: fixed(Fields{"price": s.money(lastBid)})})
}

// alone has the seller sign the terms without a second pair of eyes, which
// policy refuses at this price.
func (s *script) alone() step {
	const name = "terms.propose/alone"
	return step{
		name: name, party: s.Seller,
		look: func(ctx context.Context) (*Event, error) {
			api, err := s.desk()
			if err != nil {
				return nil, err
			}
			v, err := api.Deal(ctx, s.id)
			if err != nil || v.Deal == nil {
				return nil, err
			}
			for _, r := range v.Deal.Refusals {
				if r.Step == "terms" && r.Action == "propose" {
					return refused(r, "Signs the terms alone"), nil
				}
			}
			return nil, nil
		},
		do: func(ctx context.Context) error {
			outcome, err := s.party(s.Seller).Act(ctx, At{Deal: s.id}, "terms", "propose", s.deadlines())
			if err == nil && outcome.Verdict == deal.Accepted {
				return unexpected("policy let one person sign terms above the limit")
			}
			return err
		},
	}
}

func refused(r deal.Refusal, text string) *Event {
	return &Event{
		Kind: Refused, At: r.At, Party: r.Party, Role: deal.Seller, Step: r.Step, Action: r.Action,
		Text: text, Decision: &r.Decision,
	}
}

// late has the loser make an offer after the selection.
func (s *script) late(loser deal.PartyID) step {
	const name = "late offer"
	return step{
		name: name, party: loser, look: s.recall(name),
		ready: func(ctx context.Context) (bool, error) {
			room, err := s.party(loser).Progress(ctx, s.id, loser)
			return room != nil && room.Ended != nil, err
		},
		do: func(ctx context.Context) error {
			outcome, err := s.party(loser).Act(ctx, At{Deal: s.id, Room: loser}, "offers", "submit",
				Fields{"price": s.money(lateBid), "until": s.in(7 * day)})
			if err == nil && outcome.Verdict == deal.Accepted {
				return unexpected("the loser made an offer after the selection")
			}
			return s.turnedDown(name, loser, "Offers more after the selection", err)
		},
	}
}

// shut has the loser look into the data room after the selection.
func (s *script) shut(loser deal.PartyID) step {
	const name = "data room after the selection"
	return step{
		name: name, party: loser, look: s.recall(name),
		do: func(ctx context.Context) error {
			api, err := s.party(loser).node()
			if err != nil {
				return err
			}
			if _, err = api.RoomDocuments(ctx, s.id); err == nil {
				return unexpected("the loser read in the data room after the selection")
			}
			return s.turnedDown(name, loser, "Looks into the data room once more", err)
		},
	}
}

// turnedDown remembers a no of a node; any other error is tried again.
func (s *script) turnedDown(name string, loser deal.PartyID, text string, err error) error {
	if kind := deal.KindOf(err); kind != deal.Refused && kind != deal.Conflict {
		return err
	}
	s.remember(name, Event{Kind: Refused, Party: loser, Role: deal.BidderAs, Room: loser, Text: text + ": " + words(err)})
	return nil
}

// words are a node's reason if it gives one, or else the error's.
func words(err error) string {
	var reason node.Reason
	if errors.As(err, &reason) {
		return strings.ReplaceAll(string(reason), "_", " ")
	}
	return err.Error()
}

func unexpected(text string) error { return &finalError{deal.Errorf(deal.Conflict, "%s", text)} }
