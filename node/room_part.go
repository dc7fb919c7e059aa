package node

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"cession/deal"
)

// schemaRoom is what version 4 added to the state of the data room.
const schemaRoom = `
CREATE TABLE room_parts (
	deal TEXT NOT NULL, bidder TEXT NOT NULL, act TEXT NOT NULL, root TEXT NOT NULL, PRIMARY KEY (deal, bidder));
`

// rememberPart notes which perimeter the parties of a room agreed on last, from
// the room's verified acts: from then on its data room has no more than that.
func (n *Node) rememberPart(ctx context.Context, room *deal.Progress) error {
	if room.Scope != deal.PerBidder || room.Opening.Seller.ID != n.Party {
		return nil
	}
	agreed := room.Last("perimeter", "agree")
	if agreed == nil {
		return nil
	}
	var text string
	known, err := n.state.row(ctx, []any{&text}, "SELECT act FROM room_parts WHERE deal = ? AND bidder = ?", room.Opening.ID, room.Room())
	if err != nil {
		return err
	}
	if act, err := deal.ParseCommitment(text); known && err == nil && !taken(room, act) {
		return nil // the desk shows the room as it was before: what was taken out since stays out
	}
	return n.state.exec(ctx, `INSERT INTO room_parts VALUES (?, ?, ?, ?) ON CONFLICT (deal, bidder) DO UPDATE
		SET act = excluded.act, root = excluded.root`,
		room.Opening.ID, room.Room(), agreed.Act.ID.String(), agreed.Act.Field("root").Commitment().String())
}

// roomPart returns the documents that a bidder's data room has: those of the
// perimeter that was agreed on when this node looked at the room last, or all
// that are notarized. It asks nobody.
func (n *Node) roomPart(ctx context.Context, id deal.ID, bidder deal.PartyID) ([]document, error) {
	var text string
	ok, err := n.state.row(ctx, []any{&text}, "SELECT root FROM room_parts WHERE deal = ? AND bidder = ?", id, bidder)
	if err != nil {
		return nil, err
	}
	if ok {
		root, err := deal.ParseCommitment(text)
		if err != nil {
			return nil, err
		}
		return n.part(ctx, id, root)
	}
	set, err := n.ownSet(ctx, id)
	if err != nil {
		return nil, err
	}
	return n.state.documents(ctx, set.id)
}

// roomListing describes the documents of a data room, in the order of their
// index numbers.
func (n *Node) roomListing(ctx context.Context, id deal.ID, docs []document) ([]DocumentInfo, error) {
	set, err := n.ownSet(ctx, id)
	if err != nil {
		return nil, err
	}
	all, err := n.listing(ctx, set) // a version counts those that are not in the room
	if err != nil {
		return nil, err
	}
	at := make(map[uint64]int, len(all))
	for i := range all {
		at[all[i].Index] = i
	}
	list := make([]DocumentInfo, 0, len(docs))
	for _, d := range docs {
		if i, ok := at[d.Index]; ok {
			list = append(list, all[i])
			continue
		}
		other, err := n.infos(ctx, []document{d})
		if err != nil {
			return nil, err
		}
		list = append(list, other...)
	}
	slices.SortStableFunc(list, func(a, b DocumentInfo) int {
		return cmp.Or(compareNumbers(a.Number, b.Number), cmp.Compare(a.Index, b.Index))
	})
	return list, nil
}

// compareNumbers orders index numbers as people do: 2.9 before 2.10, and what
// has none at the end.
func compareNumbers(a, b string) int {
	if a == "" || b == "" {
		return cmp.Compare(len(b), len(a))
	}
	return slices.CompareFunc(strings.Split(a, "."), strings.Split(b, "."), func(a, b string) int {
		x, errX := strconv.ParseUint(a, 10, 64)
		y, errY := strconv.ParseUint(b, 10, 64)
		switch {
		case errX == nil && errY == nil:
			return cmp.Compare(x, y)
		case errX == nil:
			return -1
		case errY == nil:
			return 1
		}
		return cmp.Compare(a, b)
	})
}
