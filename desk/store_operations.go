package desk

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"cession/chain/lane"
	"cession/deal"
)

// judged is a command with what policy said to it.
type judged struct {
	request  string // SHA-256 of what was asked, in hex
	at       time.Time
	command  lane.Command
	lane     string
	decision deal.Decision
}

// judgment returns what policy said to a command before, if it was asked.
func (s *Store) judgment(ctx context.Context, command string) (j judged, found bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	return scanJudged(s.db.QueryRowContext(ctx, selectJudged, command))
}

const selectJudged = "SELECT request, at, lane, body, decision FROM lane_decisions WHERE command = $1"

func scanJudged(row *sql.Row) (j judged, found bool, err error) {
	var at int64
	var body, decision string
	err = row.Scan(&j.request, &at, &j.lane, &body, &decision)
	if errors.Is(err, sql.ErrNoRows) {
		return j, false, nil
	}
	if err == nil {
		err = errors.Join(json.Unmarshal([]byte(body), &j.command), json.Unmarshal([]byte(decision), &j.decision))
	}
	j.at = fromMillis(at)
	return j, true, stored("read decision", err)
}

// judge keeps what policy said to a command before anything else is done about
// it, seals it into the chain of operations unless seal is nil, and puts the
// decision's SHA-256 into the command. If another request was faster, what
// policy said to that one counts.
func (s *Store) judge(ctx context.Context, j judged, op Operation, document json.RawMessage, seal Seal) (judged, error) {
	question, err := json.Marshal(op)
	if err != nil {
		return j, err
	}
	if len(document) == 0 {
		if document, err = documentOf(question); err != nil {
			return j, err
		}
	}
	j.decision.Act = sha256.Sum256([]byte(j.command.ID))
	err = s.write(ctx, "keep decision", func(ctx context.Context, tx *sql.Tx) error {
		known, found, err := scanJudged(tx.QueryRowContext(ctx, selectJudged, j.command.ID))
		if err != nil || found {
			j = known
			return err
		}
		if seal != nil {
			row := DecisionRow{Chain: OperationsChain, Act: j.decision.Act, Name: string(j.command.Verb), At: j.at, Decision: j.decision, Document: document}
			e, err := s.appendDecision(ctx, tx, row, seal)
			if err != nil {
				return err
			}
			j.decision = e.Decision
		}
		j, err = insertJudged(ctx, tx, j, op, string(question))
		return err
	})
	return j, err
}

func insertJudged(ctx context.Context, tx *sql.Tx, j judged, op Operation, question string) (judged, error) {
	decision, err := json.Marshal(j.decision)
	if err != nil {
		return j, err
	}
	j.command.Decision = sha256.Sum256(decision)
	body, err := json.Marshal(j.command)
	if err != nil {
		return j, err
	}
	state := OperationUnknown
	if !j.decision.Allow {
		state = OperationRefused
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO lane_decisions (command, request, lane, intent, deal, at, state, question, decision, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		j.command.ID, j.request, j.lane, textOf(op.Intent), string(op.Deal), millis(j.at), string(state), question, string(decision), string(body))
	if err != nil {
		return j, err
	}
	j, _, err = scanJudged(tx.QueryRowContext(ctx, selectJudged, j.command.ID))
	return j, err
}

// outcome is what became of a command that policy allowed.
type outcome struct {
	state   OperationState
	answer  *lane.Answer // nil if it failed
	failure string       // why it did
}

// conclude notes what became of a command, once.
func (s *Store) conclude(ctx context.Context, command string, o outcome) error {
	answer, err := json.Marshal(o.answer)
	if err != nil {
		return err
	}
	return s.write(ctx, "keep outcome", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE lane_decisions SET state = $1, answer = $2, failure = $3 WHERE command = $4 AND state = $5",
			string(o.state), string(answer), o.failure, command, string(OperationUnknown))
		return err
	})
}

// operations lists what operators did and tried, newest first. What a lane has
// recorded stands for itself; the rest is known by policy's decision and by what
// the lane answered.
func (s *Store) operations(ctx context.Context, f OperationFilter) (page OperationPage, err error) {
	behind, err := parsePlace(f.Cursor)
	if err != nil {
		return page, err
	}
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	q := operationQuery(f, behind)
	rows, err := s.db.QueryContext(ctx, fmt.Sprintf(`
		SELECT x.lane, x.seq, x.deal, x.at, x.state, x.entry, x.body, x.decision, x.answer, x.failure FROM (
			SELECT o.lane, o.seq, o.command, COALESCE(d.intent, o.intent) AS intent, COALESCE(d.deal, '') AS deal, o.at, o.state, o.entry, '' AS body, COALESCE(d.decision, 'null') AS decision, 'null' AS answer, '' AS failure
			FROM lane_operations o LEFT JOIN lane_decisions d ON d.command = o.command
			UNION ALL
			SELECT d.lane, 0, d.command, d.intent, d.deal, d.at, d.state, '', d.body, d.decision, d.answer, d.failure
			FROM lane_decisions d WHERE NOT EXISTS (SELECT 1 FROM lane_operations o WHERE o.command = d.command)) x
		WHERE %s ORDER BY x.at DESC, x.command DESC, x.seq DESC LIMIT %d`, strings.Join(q.where, " AND "), f.Limit+1), q.args...)
	if err != nil {
		return page, stored("list operations", err)
	}
	defer rows.Close()
	page.Operations = []OperationEntry{}
	for rows.Next() {
		if n := len(page.Operations); n == f.Limit {
			last := page.Operations[n-1]
			page.Next = place{Group: last.Seq, At: millis(last.At), Ref: last.Command.ID}.String()
			break
		}
		e, err := scanOperation(rows)
		if err != nil {
			return page, stored("list operations", err)
		}
		page.Operations = append(page.Operations, e)
	}
	return page, stored("list operations", rows.Err())
}

func operationQuery(f OperationFilter, behind *place) *listQuery {
	q := &listQuery{where: []string{"1 = 1"}}
	for column, value := range map[string]string{"lane": f.Lane, "intent": textOf(f.Intent), "deal": string(f.Deal), "state": string(f.State)} {
		if value != "" {
			q.and("x." + column + " = " + q.arg(value))
		}
	}
	if behind != nil {
		q.and(fmt.Sprintf("(x.at, x.command, x.seq) < (%s, %s, %s)", q.arg(behind.At), q.arg(behind.Ref), q.arg(int64(behind.Group))))
	}
	return q
}

func scanOperation(rows *sql.Rows) (e OperationEntry, err error) {
	var at int64
	var entry, body, decision, answer string
	if err := rows.Scan(&e.Lane, &e.Seq, &e.Deal, &at, &e.State, &entry, &body, &decision, &answer, &e.Failure); err != nil {
		return e, err
	}
	e.At = fromMillis(at)
	if err := json.Unmarshal([]byte(decision), &e.Decision); err != nil {
		return e, err
	}
	if entry == "" {
		return e, errors.Join(json.Unmarshal([]byte(body), &e.Command), json.Unmarshal([]byte(answer), &e.Answer))
	}
	var recorded lane.Entry
	err = json.Unmarshal([]byte(entry), &recorded)
	e.Command, e.Second, e.Answer = recorded.Command, recorded.Second, &recorded.Answer
	return e, err
}

func stateOf(a lane.Answer) OperationState {
	if a.Proposed {
		return OperationProposed
	}
	return OperationDone
}
