package node

import (
	"context"
	"time"

	"cession/deal"
)

// scene is a deal as the node's own party may see it, rebuilt from verified
// acts alone.
type scene struct {
	id      deal.ID
	deal    *deal.Progress // nil: not for this party (yet)
	rooms   map[deal.PartyID]*deal.Progress
	offered *Title // as the desk says; nil: unknown
}

// deskTimeout bounds one look at a deal.
const deskTimeout = 30 * time.Second

// look asks the desk where a deal stands and verifies the answer.
func (n *Node) look(ctx context.Context, id deal.ID) (scene, error) {
	ctx, cancel := context.WithTimeout(ctx, deskTimeout)
	defer cancel()
	v, err := n.Desk.View(ctx, id)
	if err != nil {
		return scene{}, err
	}
	s := scene{id: id, rooms: map[deal.PartyID]*deal.Progress{}, offered: v.Title}
	for i := range v.Rooms {
		room, err := n.replayOf(ctx, id, &v.Rooms[i], deal.PerBidder)
		if err != nil {
			return s, err
		}
		s.rooms[room.Room()] = room
	}
	if v.Deal == nil {
		return s, nil
	}
	claimed := v.Deal.Clone()
	for bidder, room := range s.rooms {
		if claimed.Rooms == nil {
			claimed.Rooms = map[deal.PartyID]deal.Report{}
		}
		claimed.Rooms[bidder] = room.Report() // from the acts, not from the desk's summary
	}
	if s.deal, err = n.replayOf(ctx, id, &claimed, deal.PerDeal); err != nil {
		return s, err
	}
	if title := s.deal.ForSale(); title != nil {
		for _, room := range s.rooms {
			room.Title = title // from the acts, not from the desk's summary
		}
	}
	return s, nil
}

func (n *Node) replayOf(ctx context.Context, id deal.ID, claimed *deal.Progress, scope deal.Scope) (*deal.Progress, error) {
	if claimed.Opening.ID != id || claimed.Scope != scope {
		return nil, refuse(WrongDeal, "the desk answered with something else than what was asked for")
	}
	p, err := n.replay(ctx, claimed)
	if err != nil {
		return nil, err
	}
	if err := n.witness(ctx, claimed, p); err != nil {
		return nil, err
	}
	if err := n.noteCosigned(ctx, p); err != nil {
		return nil, err
	}
	if err := n.rememberPart(ctx, p); err != nil {
		return nil, err
	}
	return p, n.remember(ctx, p)
}

// at returns the deal (room "") or a room, or notfound.
func (s scene) at(room deal.PartyID) (*deal.Progress, error) {
	if room == "" && s.deal != nil {
		return s.deal, nil
	}
	if p, ok := s.rooms[room]; ok && room != "" {
		return p, nil
	}
	return nil, deal.Errorf(deal.NotFound, "deal %s, room %q: there is no such thing for this party", s.id, string(room))
}
