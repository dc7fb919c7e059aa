package node

import (
	"context"
	"database/sql"
	"encoding/json"

	"cession/deal"
)

// The states of a job.
const (
	jobOpen    = "open"    // goes on by itself
	jobStopped = "stopped" // refused; goes on when it is asked for again
	jobDone    = "done"    // everything is here, and the seller's node knows
)

// keepJob notes a pull with what shows that it may be done; one that was
// stopped is open again.
func (s *state) keepJob(ctx context.Context, sale deal.Progress, release deal.Act) error {
	return s.exec(ctx, `INSERT INTO jobs (release, deal, sale, act, status, reason) VALUES (?, ?, ?, ?, ?, '')
		ON CONFLICT DO UPDATE SET status = excluded.status, reason = '' WHERE status <> ?`,
		release.ID.String(), release.Deal, jsonColumn(sale), jsonColumn(release), jobOpen, jobDone)
}

func (s *state) job(ctx context.Context, release deal.Commitment) (sale deal.Progress, act deal.Act, err error) {
	var saleText, actText string
	ok, err := s.row(ctx, []any{&saleText, &actText}, "SELECT sale, act FROM jobs WHERE release = ?", release.String())
	if err == nil && !ok {
		err = deal.Errorf(deal.NotFound, "there is no pull of release %s", release.Short())
	}
	if err != nil {
		return sale, act, err
	}
	if err = json.Unmarshal([]byte(saleText), &sale); err != nil {
		return sale, act, err
	}
	return sale, act, json.Unmarshal([]byte(actText), &act)
}

func (s *state) jobIs(ctx context.Context, release deal.Commitment, status string) (bool, error) {
	var one int
	return s.row(ctx, []any{&one}, "SELECT 1 FROM jobs WHERE release = ? AND status = ?", release.String(), status)
}

func (s *state) openJobs(ctx context.Context) (list []deal.Commitment, err error) {
	err = s.rows(ctx, func(r *sql.Rows) error {
		var text string
		if err := r.Scan(&text); err != nil {
			return err
		}
		release, err := deal.ParseCommitment(text)
		list = append(list, release)
		return err
	}, "SELECT release FROM jobs WHERE status = ? ORDER BY rowid", jobOpen)
	return list, err
}

func (s *state) endJob(ctx context.Context, release deal.Commitment, status, reason string) error {
	return s.exec(ctx, "UPDATE jobs SET status = ?, reason = ? WHERE release = ?", status, reason, release.String())
}
