package node

import (
	"context"
	"encoding/json"
	"slices"

	"cession/deal"
)

// The pack in effect follows from the parties' adoptions. A desk could leave
// one out or show them in another order; what a node has seen once, and what
// its own party has signed, must be in every later view.

// packOf returns the pack that a deal or room is judged by. A progress that is
// older than what the node has seen is judged by what came after it.
func (n *Node) packOf(ctx context.Context, p *deal.Progress) (deal.Commitment, error) {
	seen, pack, err := n.state.adoptions(ctx, p.Opening.ID, p.Room())
	if err != nil {
		return pack, err
	}
	have := adoptions(p)
	switch {
	case begins(have, seen):
		return p.Pack(), nil
	case begins(seen, have):
		return pack, nil
	}
	return pack, refuse(PackDiffers, "the adoptions of policy packs are not those this node has seen")
}

// witness takes in the adoptions of a view the desk gave, after its acts were
// verified. It refuses one that names another pack than follows from them, or
// lacks one that the node knows of.
func (n *Node) witness(ctx context.Context, claimed, p *deal.Progress) error {
	if claimed.Pack() != p.Pack() {
		return refuse(PackDiffers, "the desk names another policy pack than the parties have adopted")
	}
	id, room, have := p.Opening.ID, p.Room(), adoptions(p)
	seen, _, err := n.state.adoptions(ctx, id, room)
	if err != nil {
		return err
	}
	if !begins(have, seen) {
		return refuse(PackDiffers, "the desk withholds an adoption of a policy pack, or shows them in another order")
	}
	own, err := n.state.acts(ctx, "status = ? AND deal = ? AND room = ? AND name IN ('rules.adopt', 'room_rules.adopt')", statusSettled, id, room)
	if err != nil {
		return err
	}
	for _, a := range own {
		if a.Outcome.Verdict == deal.Accepted && !slices.Contains(have, a.Act.ID) {
			return refuse(PackDiffers, "the desk withholds an adoption of a policy pack by this party")
		}
	}
	if len(have) == len(seen) {
		return nil
	}
	return n.state.exec(ctx, `INSERT INTO adoptions VALUES (?, ?, ?, ?) ON CONFLICT (deal, room) DO UPDATE
		SET acts = excluded.acts, pack = excluded.pack`, id, room, jsonColumn(have), p.Pack().String())
}

// knownPack returns the pack a deal is judged by, as far as the node has seen.
func (n *Node) knownPack(ctx context.Context, id deal.ID) (deal.Commitment, error) {
	_, pack, err := n.state.adoptions(ctx, id, "")
	if err != nil || !pack.IsZero() {
		return pack, err
	}
	o, err := n.knownOpening(ctx, id)
	return o.Pack, err
}

func adoptions(p *deal.Progress) (acts []deal.Commitment) {
	for _, r := range p.Records {
		if isAdoption(r.Act) {
			acts = append(acts, r.Act.ID)
		}
	}
	return acts
}

func isAdoption(a deal.Act) bool { return a.Name() == "rules.adopt" || a.Name() == "room_rules.adopt" }

// begins reports whether a list begins with another.
func begins(list, with []deal.Commitment) bool {
	return len(list) >= len(with) && slices.Equal(list[:len(with)], with)
}

// adoptions returns the adoptions seen in a deal or room, oldest first, and the
// pack in effect after them; zero if there are none.
func (s *state) adoptions(ctx context.Context, id deal.ID, room deal.PartyID) (acts []deal.Commitment, pack deal.Commitment, err error) {
	var list, digest string
	ok, err := s.row(ctx, []any{&list, &digest}, "SELECT acts, pack FROM adoptions WHERE deal = ? AND room = ?", id, room)
	if !ok || err != nil {
		return nil, pack, err
	}
	if pack, err = deal.ParseCommitment(digest); err != nil {
		return nil, pack, err
	}
	return acts, pack, json.Unmarshal([]byte(list), &acts)
}

// adopt signs only for a pack that the node's own library holds and has
// verified, and not for an older one than the deal is judged by.
func (d *draft) adopt(context.Context) error {
	pack := d.act.Field("pack").Commitment()
	if pack.IsZero() {
		return deal.Errorf(deal.Invalid, "%s: name the pack by its digest", d.act.Name())
	}
	number, ok := d.packNumber(pack)
	if !ok {
		return refuse(UnknownPack, "this node holds no verified policy pack "+pack.String())
	}
	if current, ok := d.packNumber(d.p.Pack()); ok && number < current {
		return refuse(OlderPack, "pack number "+deal.Number(number).String()+" is older than the one in effect, number "+deal.Number(current).String())
	}
	return d.set("number", deal.KindCount, deal.Number(number).String())
}

func (n *Node) packNumber(pack deal.Commitment) (number uint64, ok bool) {
	if n.Packs == nil {
		return 0, false
	}
	_, number, ok = n.Packs(pack)
	return number, ok
}
