package node

import (
	"context"
	"database/sql"
	"math"
	"slices"
	"time"

	"cession/deal"
)

// A node knows every deal of its own party that it has looked at, and so what
// the party is exposed to, by its own reckoning and not the operator's.

// staleAfter is how old the last look at an agreed deal may be before the node
// looks again, to find out whether it is over.
const staleAfter = 10 * time.Minute

// maxLooks bounds the looks for one decision; deals not looked at count as they
// were last seen.
const maxLooks = 20

var (
	fallen  = []deal.State{deal.Declined, deal.Withdrawn, deal.Expired, deal.Cancelled, deal.Refunded}
	settled = []deal.State{"settled", deal.Archived}
)

// remember notes where a deal stands whose buyer is selected.
func (n *Node) remember(ctx context.Context, p *deal.Progress) error {
	selected := p.Last("selection", "select")
	if p.Scope != deal.PerDeal || selected == nil {
		return nil
	}
	return n.state.exec(ctx, `INSERT INTO agreed VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (deal) DO UPDATE
		SET state = excluded.state, seen = excluded.seen`,
		p.Opening.ID, p.Opening.Seller.ID, selected.Act.Field("bidder").Party(), selected.Act.Field("price").Amount().Minor,
		stamp(selected.At), p.State, stamp(n.now()))
}

// facts adds up the party's other deals. Those between the same seller and
// bidder count until they are settled, those of the day also after; those that
// fell through count for neither.
func (n *Node) facts(ctx context.Context, q deal.Question) (Facts, error) {
	var x Exposure
	midnight := n.now().Truncate(24 * time.Hour)
	err := n.state.rows(ctx, func(r *sql.Rows) error {
		var seller, buyer deal.PartyID
		var price int64
		var agreed string
		var state deal.State
		if err := r.Scan(&seller, &buyer, &price, &agreed, &state); err != nil {
			return err
		}
		at, err := time.Parse(time.RFC3339Nano, agreed)
		if err != nil || slices.Contains(fallen, state) {
			return err
		}
		if seller == q.Seller && buyer == q.Bidder && !slices.Contains(settled, state) {
			x.Counterparty = addMinor(x.Counterparty, price)
		}
		if !at.Before(midnight) {
			x.Day = addMinor(x.Day, price)
		}
		return nil
	}, "SELECT seller, buyer, price, at, state FROM agreed WHERE deal <> ?", q.Act.Deal)
	return Facts{Exposure: &x}, err
}

// addMinor adds amounts; what is more than there can be counts as the most.
func addMinor(a, b int64) int64 {
	if b > 0 && a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// refreshAgreed looks again at deals that may be over by now. One that the desk
// does not show counts as it was.
func (n *Node) refreshAgreed(ctx context.Context, except deal.ID) error {
	looks, cancel := context.WithTimeout(ctx, deskTimeout)
	defer cancel()
	var stale []deal.ID
	err := n.state.rows(ctx, func(r *sql.Rows) error {
		var id deal.ID
		var state deal.State
		err := r.Scan(&id, &state)
		if !slices.Contains(fallen, state) && !slices.Contains(settled, state) {
			stale = append(stale, id)
		}
		return err
	}, "SELECT deal, state FROM agreed WHERE deal <> ? AND seen < ? ORDER BY seen", except, stamp(n.now().Add(-staleAfter)))
	for _, id := range stale[:min(len(stale), maxLooks)] {
		if _, err := n.look(looks, id); err != nil {
			n.Log.Warn("agreed deal not looked at again", "deal", id, "kind", deal.KindOf(err))
			if err := n.state.exec(ctx, "UPDATE agreed SET seen = ? WHERE deal = ?", stamp(n.now()), id); err != nil {
				return err
			}
		}
	}
	return err
}
