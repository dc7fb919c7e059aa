package demo

import (
	"context"
	"fmt"

	"cession/deal"
)

// move describes an act of the script.
type move struct {
	party        deal.PartyID
	room         deal.PartyID
	step, action string
	signer       string
	of           string                                      // tells the step's name apart from those of the same act; "" if there is no other
	match        func(r *deal.Record) bool                   // which record of the action is meant; nil: any
	fields       func(ctx context.Context) (Fields, error)   // nil: none
	documents    func(ctx context.Context) ([]uint64, error) // nil: none
	ready        func(ctx context.Context) (bool, error)
}

// act makes the step that takes a move.
func (s *script) act(m move) step {
	name := m.name()
	_, action, _ := deal.Standard().Action(m.step, m.action)
	return step{
		name: name, party: m.party, ready: m.ready,
		look: func(ctx context.Context) (*Event, error) {
			r, err := s.record(ctx, m)
			if r == nil || err != nil {
				return nil, err
			}
			e := taken(name, r, action.Title)
			return &e, nil
		},
		do: func(ctx context.Context) error { return s.take(ctx, m) },
	}
}

func (m move) name() string {
	name := m.step + "." + m.action
	if m.room != "" {
		name = string(m.room) + "/" + name
	}
	if m.of != "" {
		name += "/" + m.of
	}
	return name
}

func (m move) is(r *deal.Record) bool {
	a := r.Act
	return a.Party == m.party && a.Step == m.step && a.Action == m.action && (m.match == nil || m.match(r))
}

func (m move) values(ctx context.Context) (Fields, error) {
	if m.fields == nil {
		return nil, nil
	}
	return m.fields(ctx)
}

// record looks for the move among the acts on record, as the party's own node
// shows and has verified them.
func (s *script) record(ctx context.Context, m move) (*deal.Record, error) {
	p, err := s.party(m.party).Progress(ctx, s.id, m.room)
	if p == nil || err != nil {
		return nil, err
	}
	for i := len(p.Records) - 1; i >= 0; i-- {
		if m.is(&p.Records[i]) {
			return &p.Records[i], nil
		}
	}
	if p.Ended != nil {
		return nil, &finalError{deal.Errorf(deal.Conflict, "this is over: %s", p.State)}
	}
	return nil, nil
}

func (s *script) take(ctx context.Context, m move) error {
	fields, err := m.values(ctx)
	if err != nil {
		return err
	}
	at := At{Deal: s.id, Room: m.room, Signer: m.signer}
	if m.documents != nil {
		if at.Documents, err = m.documents(ctx); err != nil {
			return err
		}
	}
	outcome, err := s.party(m.party).Act(ctx, at, m.step, m.action, fields)
	if err != nil {
		return err
	}
	if outcome.Verdict != deal.Accepted {
		return &RefusalError{outcome}
	}
	return nil
}

// RefusalError is policy's no to an act the script needs. It is final.
type RefusalError struct{ Outcome deal.Outcome }

// Error names the rules that did not pass, with their figures.
func (e *RefusalError) Error() string {
	text := "policy refused the act"
	for _, r := range e.Outcome.Decision.Reasons() {
		text += fmt.Sprintf("; %s: found %s, wanted %s", r.ID, readable(r.Actual), readable(r.Threshold))
	}
	return text
}

// Unwrap makes the refusal final and gives it its kind.
func (e *RefusalError) Unwrap() error {
	return &finalError{deal.Errorf(deal.Refused, "refused by policy")}
}

// fixed are fields that are known beforehand.
func fixed(f Fields) func(context.Context) (Fields, error) {
	return func(context.Context) (Fields, error) { return f, nil }
}
