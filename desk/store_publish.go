package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"iter"
	"strings"
	"time"

	"cession/deal"
)

// Publish takes in where a deal or a room stands. An older or equal version
// changes nothing; a newer one replaces the snapshot and appends the acts,
// refusals and changes of state that are new to the log, each exactly once.
func (s *Store) Publish(ctx context.Context, p deal.Progress) error {
	return s.publish(ctx, p, false)
}

// Rebuild publishes everything the source yields, replacing snapshots of the
// same version too, and returns how many it took in. A snapshot that is newer
// than the source's stays, and so does one the source does not know: the desk
// remembers longer than the workflow engine.
func (s *Store) Rebuild(ctx context.Context, source iter.Seq2[deal.Progress, error]) (int, error) {
	n := 0
	for p, err := range source {
		if err != nil {
			return n, err
		}
		if err := s.publish(ctx, p, true); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func (s *Store) publish(ctx context.Context, p deal.Progress, repair bool) error {
	if err := publishable(&p); err != nil {
		return err
	}
	return s.write(ctx, "publish deal "+string(p.Opening.ID), func(ctx context.Context, tx *sql.Tx) error {
		var version uint64
		var state, stage string
		err := tx.QueryRowContext(ctx, "SELECT version, state, stage FROM snapshots WHERE deal = $1 AND room = $2",
			string(p.Opening.ID), string(p.Room())).Scan(&version, &state, &stage)
		known := !errors.Is(err, sql.ErrNoRows)
		if err != nil && known {
			return err
		}
		if known && (version > p.Version || version == p.Version && !repair) {
			return nil
		}
		if err := putSnapshot(ctx, tx, &p); err != nil {
			return err
		}
		if err := putWork(ctx, tx, &p); err != nil {
			return err
		}
		moved := !known || state != string(p.State) || stage != p.Stage()
		return appendLog(ctx, tx, &p, moved)
	})
}

func publishable(p *deal.Progress) error {
	if err := p.Opening.ID.Check(); err != nil {
		return err
	}
	if p.Scope == deal.PerBidder && p.Bidder == nil {
		return deal.Errorf(deal.Invalid, "publish deal %s: a room needs its bidder", p.Opening.ID)
	}
	return nil
}

// noDue stands in the due column when nothing is due; it sorts last.
const noDue = int64(1) << 62

func putSnapshot(ctx context.Context, tx *sql.Tx, p *deal.Progress) error {
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	r := summarize(p)
	due := noDue
	if r.Due != nil {
		due = millis(*r.Due)
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO snapshots (deal, room, version, state, stage, waiting_on, due, minor, currency, seller, bidder, opened, updated, progress, agreed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		ON CONFLICT (deal, room) DO UPDATE SET version = excluded.version, state = excluded.state, stage = excluded.stage,
			waiting_on = excluded.waiting_on, due = excluded.due, minor = excluded.minor, currency = excluded.currency,
			seller = excluded.seller, bidder = excluded.bidder, opened = excluded.opened, updated = excluded.updated, progress = excluded.progress,
			agreed = excluded.agreed`,
		string(r.ID), string(p.Room()), int64(p.Version), string(r.State), r.Stage, joinWaiting(r.WaitingOn), due, r.Amount.Minor, r.Amount.Currency,
		string(r.Seller), string(r.Bidder), millis(r.Opened), millis(r.Updated), string(body), agreedAt(p))
	return err
}

// agreedAt returns when the deal's buyer was selected, in Unix milliseconds, or 0.
func agreedAt(p *deal.Progress) int64 {
	if r := p.Last(stepSelection, "select"); r != nil && p.Scope == deal.PerDeal {
		return millis(r.At)
	}
	return 0
}

// summarize returns the row in which a deal or room is listed.
func summarize(p *deal.Progress) DealSummary {
	r := DealSummary{
		ID: p.Opening.ID, Seller: p.Opening.Seller.ID, State: p.State, Stage: p.Stage(), WaitingOn: p.WaitingOn(),
		Amount: amountOf(p), Opened: p.Opening.Opened.UTC(), Updated: updated(p),
	}
	if r.Bidder = p.Room(); p.Scope == deal.PerDeal {
		r.Bidder = buyerOf(p)
	}
	if due := p.Due(); !due.IsZero() {
		due = due.UTC()
		r.Due = &due
	}
	return r
}

// amountOf returns the amount a deal desk sorts by: the price of the room's
// last offer, or of the deal once agreed, or else its face amount.
func amountOf(p *deal.Progress) deal.Amount {
	if p.Scope == deal.PerBidder {
		return p.Report().Price
	}
	if price := p.Value(stepSelection, "select", "price").Amount(); price.Minor > 0 {
		return price
	}
	return p.Value(stepMint, "mint", "face").Amount()
}

// updated returns when a party or a deadline last changed something. What other
// rooms report does not count: the buyer could read their activity from it.
func updated(p *deal.Progress) time.Time {
	latest := p.Opening.Opened
	for _, t := range []*time.Time{lastRecord(p), lastRefusal(p), p.Ended} {
		if t != nil && t.After(latest) {
			latest = *t
		}
	}
	return latest.UTC()
}

func lastRecord(p *deal.Progress) *time.Time {
	if len(p.Records) == 0 {
		return nil
	}
	return &p.Records[len(p.Records)-1].At
}

// lastRefusal returns when the bidder was refused something in its room: what
// the seller is refused there the bidder must not notice.
func lastRefusal(p *deal.Progress) *time.Time {
	if p.Scope == deal.PerDeal {
		return nil
	}
	if own := refusalsOf(p.Refusals, p.Room()); len(own) > 0 {
		return &own[len(own)-1].At
	}
	return nil
}

func joinWaiting(roles []deal.Role) string {
	var b strings.Builder
	b.WriteByte(',')
	for _, r := range roles {
		b.WriteString(string(r) + ",")
	}
	return b.String()
}

func splitWaiting(s string) (roles []deal.Role) {
	for r := range strings.SplitSeq(strings.Trim(s, ","), ",") {
		if r != "" {
			roles = append(roles, deal.Role(r))
		}
	}
	return roles
}
