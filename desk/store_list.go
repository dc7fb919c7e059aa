package desk

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"cession/deal"
)

// DealSummary is one line of the list of deals. To a bidder it shows the
// bidder's own room: its state, its deadline, its last offer.
type DealSummary struct {
	ID        deal.ID      `json:"id"`
	Seller    deal.PartyID `json:"seller"`
	Bidder    deal.PartyID `json:"bidder,omitempty"` // the buyer once selected; to a bidder itself
	State     deal.State   `json:"state"`
	Stage     string       `json:"stage,omitempty"` // the step that is waited for
	WaitingOn []deal.Role  `json:"waitingOn,omitempty"`
	Due       *time.Time   `json:"due,omitempty"`
	Amount    deal.Amount  `json:"amount,omitzero"` // the price once there is one, else the face amount
	Opened    time.Time    `json:"opened"`
	Updated   time.Time    `json:"updated"`
}

// DealFilter selects deals for the list. The zero filter selects all.
type DealFilter struct {
	State     deal.State   // "" for any
	WaitingOn string       // a role, or "me": the caller is to act
	DueBefore time.Time    // zero for any
	Party     deal.PartyID // seller, buyer or (to the operator and the seller) a bidder
	Order     string       // "due": nearest deadline first; "updated" or "": latest change first
	Limit     int          // 1 to 200; 0 is 50
	Cursor    string       // DealPage.Next of the page before
}

// DealPage is a part of the list of deals.
type DealPage struct {
	Deals []DealSummary `json:"deals"`
	Next  string        `json:"next,omitempty"` // cursor of the next page; "" on the last
}

// deals lists what the caller may see.
func (s *Store) deals(ctx context.Context, c Caller, f DealFilter) (page DealPage, err error) {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	q, err := newListQuery(c, f)
	if err != nil {
		return page, err
	}
	rows, err := s.db.QueryContext(ctx, q.text(), q.args...)
	if err != nil {
		return page, stored("list deals", err)
	}
	defer rows.Close()
	page.Deals = []DealSummary{}
	var last listCursor
	for rows.Next() {
		if len(page.Deals) == q.limit {
			page.Next = last.String()
			break
		}
		d, key, err := scanSummary(rows)
		if err != nil {
			return page, stored("list deals", err)
		}
		last = listCursor{q.order, key.value(q.order), d.ID}
		page.Deals = append(page.Deals, d)
	}
	return page, stored("list deals", rows.Err())
}

// listQuery collects the conditions of one list.
type listQuery struct {
	where []string
	args  []any
	order string
	limit int
}

// newListQuery turns caller and filter into conditions. A caller's rows are the
// deals it sells or has bought and the rooms it bids in; a row holds nothing
// but what its owner may see, so filters on its columns reveal nothing.
func newListQuery(c Caller, f DealFilter) (*listQuery, error) {
	q := &listQuery{order: f.Order, limit: f.Limit}
	if q.order == "" {
		q.order = "updated"
	}
	if q.limit == 0 {
		q.limit = 50
	}
	if (q.order != "updated" && q.order != "due") || q.limit < 1 || q.limit > 200 {
		return nil, deal.Errorf(deal.Invalid, "list of deals: want order due or updated and a limit from 1 to 200")
	}
	if !slices.Contains([]string{"", "me", string(deal.Seller), string(deal.BidderAs), string(deal.Buyer)}, f.WaitingOn) {
		return nil, deal.Errorf(deal.Invalid, "list of deals: deals wait on the seller, bidder, buyer or me")
	}
	me := q.arg(string(c.Party))
	switch {
	case c.Operator:
		q.and("s.room = ''")
	case c.Party == "":
		q.and("1 = 0")
	default:
		q.and(fmt.Sprintf(`(s.room = '' AND (s.seller = %[1]s OR s.bidder = %[1]s) OR s.room = %[1]s AND NOT EXISTS (
			SELECT 1 FROM snapshots d WHERE d.deal = s.deal AND d.room = '' AND d.bidder = %[1]s))`, me))
	}
	q.filter(c, f, me)
	return q, q.after(f.Cursor)
}

func (q *listQuery) filter(c Caller, f DealFilter, me string) {
	if f.State != "" {
		q.and("s.state = " + q.arg(string(f.State)))
	}
	switch {
	case f.WaitingOn == "me":
		q.and(fmt.Sprintf(`(s.seller = %[1]s AND s.waiting_on LIKE '%%,seller,%%'
			OR s.bidder = %[1]s AND (s.waiting_on LIKE '%%,bidder,%%' OR s.waiting_on LIKE '%%,buyer,%%'))`, me))
	case f.WaitingOn != "":
		q.and("s.waiting_on LIKE " + q.arg("%,"+f.WaitingOn+",%"))
	}
	if !f.DueBefore.IsZero() {
		q.and("s.due < " + q.arg(millis(f.DueBefore)))
	}
	if f.Party != "" {
		// Who bids is known to the seller and the operator alone.
		q.and(fmt.Sprintf(`(s.seller = %[1]s OR s.bidder = %[1]s OR (%[2]d = 1 OR s.seller = %[3]s) AND EXISTS (
			SELECT 1 FROM snapshots r WHERE r.deal = s.deal AND r.room = %[1]s))`, q.arg(string(f.Party)), number(c.Operator), me))
	}
}

// after goes on behind the last row of the page before. Ties are broken by id.
func (q *listQuery) after(cursor string) error {
	if cursor == "" {
		return nil
	}
	c, err := parseListCursor(cursor)
	if err != nil || c.Order != q.order {
		return errCursor
	}
	key, id := q.arg(c.Key), q.arg(string(c.ID))
	compare := map[string]string{"due": ">", "updated": "<"}[q.order]
	q.and(fmt.Sprintf("(s.%[1]s %[2]s %[3]s OR s.%[1]s = %[3]s AND s.deal > %[4]s)", q.order, compare, key, id))
	return nil
}

func (q *listQuery) arg(v any) string {
	q.args = append(q.args, v)
	return fmt.Sprintf("$%d", len(q.args))
}

func (q *listQuery) and(condition string) { q.where = append(q.where, "("+condition+")") }

func (q *listQuery) text() string {
	direction := map[string]string{"due": "ASC", "updated": "DESC"}[q.order]
	// $1, the caller, stands in every query, so that no argument is without its place.
	return fmt.Sprintf(`SELECT s.deal, s.seller, s.bidder, s.state, s.stage, s.waiting_on, s.due, s.minor, s.currency, s.opened, s.updated
		FROM snapshots s WHERE $1 = $1 AND %s ORDER BY s.%s %s, s.deal ASC LIMIT %d`,
		strings.Join(q.where, " AND "), q.order, direction, q.limit+1)
}

// rowKey holds the columns that rows are ordered by.
type rowKey struct{ due, updated int64 }

func (k rowKey) value(order string) int64 {
	if order == "due" {
		return k.due
	}
	return k.updated
}

func scanSummary(rows *sql.Rows) (d DealSummary, key rowKey, err error) {
	var waiting string
	var opened int64
	err = rows.Scan(&d.ID, &d.Seller, &d.Bidder, &d.State, &d.Stage, &waiting, &key.due, &d.Amount.Minor, &d.Amount.Currency, &opened, &key.updated)
	d.WaitingOn, d.Opened, d.Updated = splitWaiting(waiting), fromMillis(opened), fromMillis(key.updated)
	if key.due != noDue {
		due := fromMillis(key.due)
		d.Due = &due
	}
	return d, key, err
}

// listCursor is the place of the last row of a page: its sort key and id, both
// of which the caller has seen.
type listCursor struct {
	Order string  `json:"o"`
	Key   int64   `json:"k"`
	ID    deal.ID `json:"i"`
}

func (c listCursor) String() string {
	b, _ := json.Marshal(c) // two strings and a number
	return base64.RawURLEncoding.EncodeToString(b)
}

func parseListCursor(s string) (c listCursor, err error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) > 200 {
		return c, errCursor
	}
	if err := json.Unmarshal(b, &c); err != nil || c.Key > math.MaxInt64/2+1 || c.ID.Check() != nil {
		return c, errCursor
	}
	return c, nil
}
