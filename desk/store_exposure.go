package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"math"
	"strings"
	"time"

	"cession/deal"
)

// over are the states in which nothing of a deal is open any more; settled is
// what has been paid, which counts for its day.
var (
	settled   = []deal.State{"settled", deal.Archived}
	fallen    = []deal.State{deal.Declined, deal.Withdrawn, deal.Expired, deal.Cancelled, deal.Refunded}
	notOpen   = quoted(append(settled, fallen...))
	notAgreed = quoted(fallen)
)

func quoted(states []deal.State) string {
	words := make([]string, len(states))
	for i, s := range states {
		words[i] = "'" + string(s) + "'"
	}
	return strings.Join(words, ", ")
}

// Exposure returns what deals with a buyer add up to, in minor units, with one
// left out: counterparty those between this seller and bidder that are not over,
// day those in which the acting party sells or buys and whose buyer was selected
// since midnight UTC. Deals that fell through count for neither, deals that are
// settled for the day alone.
//
// It knows what was published, and what was allowed a moment ago and was not
// published yet. Prices in more than one currency cannot be added: that is a
// conflict.
func (s *Store) Exposure(ctx context.Context, seller, bidder, acting deal.PartyID, except deal.ID, now time.Time) (counterparty, day int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	midnight := now.UTC().Truncate(24 * time.Hour)
	rows, err := s.db.QueryContext(ctx, `
		SELECT minor, currency, seller, bidder, state NOT IN (`+notOpen+`), agreed >= $3
		FROM snapshots WHERE room = '' AND bidder <> '' AND deal <> $5 AND state NOT IN (`+notAgreed+`)
			AND (seller = $1 AND bidder = $2 OR agreed >= $3 AND (seller = $4 OR bidder = $4))`,
		string(seller), string(bidder), millis(midnight), string(acting), string(except))
	if err != nil {
		return 0, 0, stored("add up deals", err)
	}
	agreed, err := scanAgreed(rows)
	if err != nil {
		return 0, 0, stored("add up deals", err)
	}
	fresh, err := s.allowed(ctx, except, now)
	if err != nil {
		return 0, 0, stored("add up deals", err)
	}
	return addUp(append(agreed, fresh...), seller, bidder, acting)
}

// agreement is a deal with a buyer.
type agreement struct {
	seller, bidder deal.PartyID
	price          deal.Amount
	open, today    bool
}

func scanAgreed(rows *sql.Rows) (list []agreement, err error) {
	defer rows.Close()
	for rows.Next() {
		var a agreement
		if err := rows.Scan(&a.price.Minor, &a.price.Currency, &a.seller, &a.bidder, &a.open, &a.today); err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, rows.Err()
}

// publishTime is how long it may take until an act that was allowed is published.
const publishTime = 10 * time.Minute

// allowed returns the selections that were allowed a moment ago and are not
// published: two at once must not both fit under a limit.
func (s *Store) allowed(ctx context.Context, except deal.ID, now time.Time) (list []agreement, err error) {
	rows, err := s.db.QueryContext(ctx, `SELECT x.record FROM decisions x WHERE x.name = $1 AND x.allow = 1 AND x.at > $2 AND x.chain <> $3
			AND NOT EXISTS (SELECT 1 FROM log l WHERE l.deal = x.chain AND l.room = '' AND l.ref = x.act)`,
		selectAct, millis(now.Add(-publishTime)), string(except))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var record string
		if err := rows.Scan(&record); err != nil {
			return nil, err
		}
		var r struct {
			Document struct {
				Seller deal.PartyID `json:"seller"`
				Bidder deal.PartyID `json:"bidder"`
				Act    struct {
					Fields struct {
						Price deal.Amount `json:"price"`
					} `json:"fields"`
				} `json:"act"`
			} `json:"document"`
		}
		if err := json.Unmarshal([]byte(record), &r); err != nil {
			return nil, err
		}
		list = append(list, agreement{r.Document.Seller, r.Document.Bidder, r.Document.Act.Fields.Price, true, true})
	}
	return list, rows.Err()
}

func addUp(list []agreement, seller, bidder, acting deal.PartyID) (counterparty, day int64, err error) {
	currency := ""
	for _, a := range list {
		open := a.open && a.seller == seller && a.bidder == bidder
		today := a.today && (a.seller == acting || a.bidder == acting)
		if !open && !today {
			continue
		}
		if currency == "" {
			currency = a.price.Currency
		}
		if a.price.Currency != currency {
			return 0, 0, deal.Errorf(deal.Conflict, "add up deals: they are in %s and in %s, want one currency", currency, a.price.Currency)
		}
		if open {
			counterparty = addMinor(counterparty, a.price.Minor)
		}
		if today {
			day = addMinor(day, a.price.Minor)
		}
	}
	return counterparty, day, nil
}

// addMinor adds amounts; what is more than there can be counts as the most.
func addMinor(a, b int64) int64 {
	if b > 0 && a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
