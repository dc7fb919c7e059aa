package node

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"cession/deal"
)

// EscrowSettled is the state of an escrow whose title and price were exchanged.
const EscrowSettled = "settled"

// returned are the other ends of an escrow. A state that is none of these, as
// "disputed", is no end: what a deal has may be evidence yet.
var returned = []string{"refunded", "unwound", "resolved"}

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
		switch {
		case state == EscrowNone:
		case state == EscrowSettled:
			over = true
			if until := retention(p); scope != "row" && p.Opening.Seller.ID == n.Party && n.now().Before(until) {
				return refuse(Retained, "the terms say that it is kept until "+until.Format(time.RFC3339))
			}
		case slices.Contains(returned, state):
			over = true
		default:
			return refuse(DealRunning, "the escrow is "+state+" on this node's view of the chain")
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
// it, by the acts that were verified when the documents were released. A deal that
// fails does not keep the others.
func (n *Node) retain(ctx context.Context) error {
	sales, err := n.soldDeals(ctx)
	if err != nil {
		return err
	}
	for id, text := range sales {
		if failed := n.retainDeal(ctx, text); failed != nil {
			n.Log.Warn("what a deal no longer keeps was not destroyed yet", "deal", id, "kind", deal.KindOf(failed), "code", reasonOf(failed))
			err = errors.Join(err, failed)
		}
	}
	return errors.Join(err, n.finishErasures(ctx))
}

func (n *Node) retainDeal(ctx context.Context, sale string) error {
	p, err := n.sold(ctx, sale)
	if err != nil {
		return err
	}
	until := retention(p)
	if until.IsZero() || n.now().Before(until) {
		return nil
	}
	_, escrow, err := n.termsOf(p)
	if err != nil {
		return err
	}
	state, err := n.Chain.EscrowState(ctx, escrow)
	if err != nil || state != EscrowSettled {
		return err
	}
	return n.destroySold(ctx, p)
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
// erasures end, what the terms no longer keep is destroyed, and the logs of other
// nodes are looked at.
func (n *Node) tendAudit(ctx context.Context) {
	n.announce(ctx)
	err := errors.Join(n.closeTallies(ctx), n.destroyNotedRows(ctx), n.finishErasures(ctx))
	if last := n.retained.Load(); n.now().Unix()-last >= int64(auditPause/time.Second) {
		n.retained.Store(n.now().Unix())
		err = errors.Join(err, n.retain(ctx))
	}
	err = errors.Join(err, n.watchLogs(ctx))
	if err != nil && ctx.Err() == nil {
		n.Log.Warn("audit log or erasures not tended", "kind", deal.KindOf(err), "code", reasonOf(err))
	}
}
