package desk

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"cession/chain/lane"
	"cession/deal"
)

// listings returns the lanes that answer and the names of those that do not.
func (s *Server) listings(ctx context.Context) (lists []lane.Listing, silent []string, err error) {
	lists, err = s.lanes.Listings(ctx)
	var none *SilentError
	if errors.As(err, &none) {
		s.log.WarnContext(ctx, "lanes do not answer", slog.Any("lanes", none.Lanes), slog.String("error", none.Error()))
		silent, err = none.Lanes, nil
	}
	if lists == nil {
		lists = []lane.Listing{}
	}
	return lists, silent, err
}

func itemsOf(lists []lane.Listing) (items []Transaction) {
	for _, l := range lists {
		for _, it := range l.Items {
			items = append(items, Transaction{Lane: l.Lane, Live: true, Item: it}.complete())
		}
	}
	return items
}

// complete adds what follows from the rest.
func (t Transaction) complete() Transaction {
	t.Signer = signerOf(t.Lane)
	if advice := lane.Advise(t.Reason); advice.Means != "" {
		t.Advice = &advice
	}
	return t
}

// live returns what the lanes have, each intent once: where it is now, not
// where it was handed on. One that was handed on and ended since is left to
// what is kept.
func (s *Server) live(ctx context.Context, lists []lane.Listing) ([]Transaction, error) {
	at := map[deal.Commitment]int{}
	var list []Transaction
	for _, t := range itemsOf(lists) {
		i, twice := at[t.Intent]
		switch {
		case !twice:
			at[t.Intent] = len(list)
			list = append(list, t)
		case list[i].Status == lane.Moved && (t.Status != lane.Moved || t.Changed.After(list[i].Changed)):
			list[i] = t
		}
	}
	var moved []deal.Commitment
	for _, t := range list {
		if t.Status == lane.Moved {
			moved = append(moved, t.Intent)
		}
	}
	kept, err := s.store.kept(ctx, moved)
	if err != nil {
		return nil, err
	}
	ended := map[deal.Commitment]bool{}
	for row, here := range kept {
		ended[row.intent] = ended[row.intent] || here
	}
	return slices.DeleteFunc(list, func(t Transaction) bool { return t.Status == lane.Moved && ended[t.Intent] }), nil
}

// The groups of the list of transactions, in order.
const (
	groupStuck = iota
	groupOpen
	groupEnded
)

// placeOf returns where a transaction stands in the list.
func placeOf(t Transaction) place {
	switch {
	case t.Live && t.Stuck:
		return place{groupStuck, millis(t.Submitted), nanos(t.Submitted), t.Intent.String()}
	case t.Live && !finished(t.Item) && t.Status != lane.Moved:
		return place{groupOpen, millis(t.Submitted), nanos(t.Submitted), t.Intent.String()}
	}
	return place{Group: groupEnded, At: millis(t.Changed), Ref: t.Intent.String()}
}

// nanos returns what millis leaves out.
func nanos(t time.Time) int { return t.Nanosecond() % int(time.Millisecond) }

// compare orders places: what ended newest first, the rest oldest first; those
// of the same time by intent.
func (p place) compare(q place) int {
	if p.Group == groupEnded && q.Group == groupEnded {
		p, q = q, p
	}
	return cmp.Or(cmp.Compare(p.Group, q.Group), cmp.Compare(p.At, q.At), cmp.Compare(p.Nanos, q.Nanos), cmp.Compare(p.Ref, q.Ref))
}

// matches reports whether a live transaction is selected.
func (f TransactionFilter) matches(t Transaction) bool {
	return (f.Deal == "" || f.Deal == t.Deal) && (f.Lane == "" || f.Lane == t.Lane) &&
		(f.Status == "" || f.Status == t.Status) && (!f.Stuck || t.Stuck)
}
