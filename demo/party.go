package demo

import (
	"context"
	"crypto/rand"
	"time"

	"cession/deal"
	"cession/node"
)

// Party acts for one organization, through its own node.
type Party struct {
	ID    deal.PartyID
	Nodes Nodes
	Pause time.Duration // between tries; 0: 100 ms
}

// At says where an act is taken, who signs it, and which documents it is about.
type At struct {
	Deal      deal.ID
	Room      deal.PartyID // "": the deal itself
	Signer    string       // "" or "wallet", "second"
	Documents []uint64     // those that remain, by index: of perimeter.propose only
}

// Fields are the fields of an act in text form; sealed ones take the text itself.
type Fields map[string]string

// Act takes an action and asks until its outcome is known, be the node away or
// its answers lost: every try has the same key, so the act is taken once. A
// refusal of policy is an outcome. Errors are final: refused (the node will not
// sign it), invalid, conflict, notfound, or the context's.
func (p Party) Act(ctx context.Context, at At, step, action string, fields Fields) (outcome deal.Outcome, err error) {
	req := node.ActRequest{
		Deal: at.Deal, Room: at.Room, Step: step, Action: action, Fields: fields, Signer: at.Signer, Documents: at.Documents, Key: rand.Text(),
	}
	pause := newPause(p.Pause)
	for {
		if outcome, err = p.try(ctx, req); !unsettled(err) {
			return outcome, err
		}
		if pause.wait(ctx) != nil {
			return outcome, err
		}
	}
}

func (p Party) try(ctx context.Context, req node.ActRequest) (deal.Outcome, error) {
	api, err := p.node()
	if err != nil {
		return deal.Outcome{}, err
	}
	return api.Act(ctx, req)
}

// node returns the party's node. One that cannot be found is away, not missing.
func (p Party) node() (NodeAPI, error) {
	api, err := p.Nodes(p.ID)
	if err != nil {
		return nil, deal.Errorf(deal.Lost, "find the node of %s: %w", p.ID, err)
	}
	return api, nil
}

// View returns the deal as the party's node shows it.
func (p Party) View(ctx context.Context, id deal.ID) (node.DealView, error) {
	api, err := p.node()
	if err != nil {
		return node.DealView{}, err
	}
	return api.Deal(ctx, id)
}

// Progress returns the deal (room "") or a room as the party's node shows it,
// or nil if it shows none.
func (p Party) Progress(ctx context.Context, id deal.ID, room deal.PartyID) (*deal.Progress, error) {
	v, err := p.View(ctx, id)
	if deal.KindOf(err) == deal.NotFound {
		return nil, nil
	}
	if err != nil || room == "" {
		return v.Deal, err
	}
	for i := range v.Rooms {
		if v.Rooms[i].Room() == room {
			return &v.Rooms[i], nil
		}
	}
	return nil, nil
}

// unsettled reports whether an error leaves open what became of a request.
func unsettled(err error) bool {
	kind := deal.KindOf(err)
	return err != nil && (kind == "" || kind == deal.Lost)
}

// pause is a wait that doubles.
type pause struct{ next, most time.Duration }

func newPause(first time.Duration) *pause {
	if first == 0 {
		first = 100 * time.Millisecond
	}
	return &pause{first, 20 * first}
}

func (p *pause) wait(ctx context.Context) error {
	t := time.NewTimer(p.next)
	defer t.Stop()
	p.next = min(2*p.next, p.most)
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
