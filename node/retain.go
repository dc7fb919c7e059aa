package node

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"cession/deal"
)

// EscrowSettled is the state of an escrow whose title and price were exchanged.
const EscrowSettled = "settled"

// erasable refuses to destroy what a deal that is not over may still need, and
// what its terms say is kept. One row may go as soon as the deal is over: what
// the law gives a debtor stands above the terms.
func (n *Node) erasable(ctx context.Context, id deal.ID, scope string) error {
	p, err := n.lastSeen(ctx, id)
	if err != nil {
		return err
	}
	over := p.Ended != nil || slices.Contains(fallen, p.State) || slices.Contains(settled, p.State)
	_, escrow, err := n.termsOf(p)
	if err == nil {
		state, err := n.Chain.EscrowState(ctx, escrow)
		if err != nil {
			return err
		}
		switch state {
		case EscrowOpen, EscrowFunded:
			return refuse(DealRunning, "the escrow is "+state+" on this node's view of the chain")
		case EscrowNone:
		case EscrowSettled:
			over = true
			if until := retention(p); scope != "row" && p.Opening.Seller.ID == n.Party && n.now().Before(until) {
				return refuse(Retained, "the terms say that it is kept until "+until.Format(time.RFC3339))
			}
		default:
			over = true
		}
	}
	if !over {
		return refuse(DealRunning, "the deal is not over")
	}
	return nil
}

// lastSeen returns a deal as it stands, or, if the desk does not answer, as it
// stood when documents were released.
func (n *Node) lastSeen(ctx context.Context, id deal.ID) (*deal.Progress, error) {
	s, err := n.look(ctx, id)
	if err == nil && s.deal != nil {
		return s.deal, nil
	}
	for _, query := range []string{"SELECT sale FROM releases WHERE deal = ? ORDER BY rowid DESC LIMIT 1", "SELECT sale FROM jobs WHERE deal = ? ORDER BY rowid DESC LIMIT 1"} {
		var text string
		ok, failed := n.state.row(ctx, []any{&text}, query, id)
		if failed != nil {
			return nil, failed
		}
		if ok {
			return n.sold(ctx, text)
		}
	}
	if err == nil {
		err = refuse(DealRunning, "the deal is not over")
	}
	return nil, err
}

// sold rebuilds a deal as it was stored with a release.
func (n *Node) sold(ctx context.Context, text string) (*deal.Progress, error) {
	var claimed deal.Progress
	if err := json.Unmarshal([]byte(text), &claimed); err != nil {
		return nil, err
	}
	return n.replay(ctx, &claimed)
}

// retention returns until when the seller keeps what was sold; zero: no terms
// say so.
func retention(p *deal.Progress) time.Time {
	v := p.Value("terms", "propose", "retain_until")
	if v.Kind() == "" {
		return time.Time{}
	}
	return v.Time()
}

// retain destroys this seller's copies of what was sold, where the time has come
// that the terms name: after settlement, as this node's own view of the chain has
// it, by the acts that were verified when the documents were released.
func (n *Node) retain(ctx context.Context) error {
	sales, err := n.soldDeals(ctx)
	if err != nil {
		return err
	}
	for id, text := range sales {
		p, err := n.sold(ctx, text)
		if err != nil {
			n.Log.Warn("retention of a deal not checked", "deal", id, "kind", deal.KindOf(err))
			continue
		}
		until := retention(p)
		if until.IsZero() || n.now().Before(until) {
			continue
		}
		_, escrow, err := n.termsOf(p)
		if err != nil {
			continue
		}
		state, err := n.Chain.EscrowState(ctx, escrow)
		if err != nil {
			return err
		}
		if state != EscrowSettled {
			continue
		}
		if err := n.destroySold(ctx, p); err != nil {
			return err
		}
	}
	return n.finishErasures(ctx)
}

// soldDeals returns, by deal, the sales of which documents were released and
// nothing was destroyed yet.
func (n *Node) soldDeals(ctx context.Context) (map[deal.ID]string, error) {
	list := map[deal.ID]string{}
	err := n.state.rows(ctx, func(r *sql.Rows) error {
		var id deal.ID
		var sale string
		err := r.Scan(&id, &sale)
		list[id] = sale
		return err
	}, `SELECT deal, sale FROM releases WHERE NOT EXISTS (
		SELECT 1 FROM erasures e WHERE e.deal = releases.deal AND e.scope IN ('sold', 'deal')) ORDER BY rowid`)
	return list, err
}

// destroySold erases the documents of the perimeter that was sold, in every set
// that has them, and of tapes that were sold in part the rows that were.
func (n *Node) destroySold(ctx context.Context, p *deal.Progress) error {
	id := p.Opening.ID
	unlock, err := n.filling.lock(ctx, string(id))
	if err != nil {
		return err
	}
	defer unlock()
	var one int
	if done, err := n.state.row(ctx, []any{&one}, "SELECT 1 FROM erasures WHERE deal = ? AND scope IN ('sold', 'deal')", id); err != nil || done {
		return err
	}
	part, err := n.part(ctx, id, p.Perimeter())
	if err != nil {
		return err
	}
	rows, err := n.soldRows(ctx, p)
	if err != nil {
		return err
	}
	if len(rows) > 0 {
		if err := n.eraseRows(ctx, id, rows); err != nil {
			return err
		}
	}
	var docs []document
	for _, d := range part {
		same, err := n.state.everywhere(ctx, id, d.Leaf)
		if err != nil {
			return err
		}
		docs = append(docs, same...)
	}
	return n.destroyDocuments(ctx, Erasure{Deal: id, Scope: "sold", Reason: "terms", At: n.now()}, docs)
}

// auditPause is how long [Node.tendAudit] leaves between its rounds.
const auditPause = time.Hour

// tendAudit does what is due: counts become entries, peers hear of new keys,
// erasures end, and what the terms no longer keep is destroyed.
func (n *Node) tendAudit(ctx context.Context) {
	n.announce(ctx)
	err := n.closeTallies(ctx)
	if err == nil {
		err = n.destroyNotedRows(ctx)
	}
	if err == nil {
		err = n.finishErasures(ctx)
	}
	if last := n.retained.Load(); err == nil && n.now().Unix()-last >= int64(auditPause/time.Second) {
		if err = n.retain(ctx); err == nil {
			n.retained.Store(n.now().Unix())
		}
	}
	if err != nil && ctx.Err() == nil {
		n.Log.Warn("audit log or erasures not tended", "kind", deal.KindOf(err), "code", reasonOf(err))
	}
}
