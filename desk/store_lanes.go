package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"math"

	"cession/chain/lane"
	"cession/deal"
)

// PublishLane keeps what ended in a lane and what operators did to it. The same
// again changes nothing, and an older version of an item replaces no newer one.
func (s *Store) PublishLane(ctx context.Context, p lane.Publish) error {
	if p.Lane == "" {
		return deal.Errorf(deal.Invalid, "publish lane: want its id")
	}
	return s.write(ctx, "publish "+p.Lane, func(ctx context.Context, tx *sql.Tx) error {
		for _, it := range p.Items {
			if err := putItem(ctx, tx, p.Lane, it); err != nil {
				return err
			}
		}
		for _, e := range p.Entries {
			if err := putOperation(ctx, tx, p.Lane, e); err != nil {
				return err
			}
		}
		return nil
	})
}

func putItem(ctx context.Context, tx *sql.Tx, laneID string, it lane.Item) error {
	if it.Intent.IsZero() {
		return deal.Errorf(deal.Invalid, "publish %s: want the intent of every item", laneID)
	}
	body, err := json.Marshal(it)
	if err != nil {
		return err
	}
	var gas uint64
	if it.Receipt != nil {
		gas = it.Receipt.Gas
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO lane_transactions (intent, lane, version, ended, deal, step, call, status, stuck, tx, submitted, changed, gas, fee, item)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		ON CONFLICT (intent, lane) DO UPDATE SET version = excluded.version, ended = excluded.ended, deal = excluded.deal, step = excluded.step,
			call = excluded.call, status = excluded.status, stuck = excluded.stuck, tx = excluded.tx, submitted = excluded.submitted,
			changed = excluded.changed, gas = excluded.gas, fee = excluded.fee, item = excluded.item
		WHERE excluded.version >= lane_transactions.version AND excluded.ended >= lane_transactions.ended`,
		it.Intent.String(), laneID, column(it.Version), number(finished(it)), string(it.Deal), it.Step, it.Call, string(it.Status), number(it.Stuck),
		textOf(it.Tx), millis(it.Submitted), millis(it.Changed), column(gas), column(it.Fee), string(body))
	return err
}

func putOperation(ctx context.Context, tx *sql.Tx, laneID string, e lane.Entry) error {
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO lane_operations (lane, seq, command, intent, at, state, entry)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (lane, seq, command) DO NOTHING`,
		laneID, column(e.Seq), e.Command.ID, textOf(e.Command.Intent), millis(e.At), string(stateOf(e.Answer)), string(body))
	return err
}

// finished reports whether the item's lane is the one in which it ended.
func finished(it lane.Item) bool { return it.Status == lane.Final || it.Status == lane.Failed }

// column returns a number as columns hold it, at most 2^63-1.
func column(n uint64) int64 { return int64(min(n, math.MaxInt64)) }

func textOf(c deal.Commitment) string {
	if c.IsZero() {
		return ""
	}
	return c.String()
}
