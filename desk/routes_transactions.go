package desk

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"cession/chain/lane"
	"cession/deal"
)

type transactionsInput struct {
	Deal   deal.ID `query:"deal"`
	Lane   string  `query:"lane" maxLength:"100"`
	Status string  `query:"status" enum:"queued,signed,sent,mined,final,failed,moved"`
	Stuck  bool    `query:"stuck" doc:"only those that do not go on as they should"`
	Limit  int     `query:"limit" minimum:"1" maximum:"1000" default:"100"`
	Cursor string  `query:"cursor"`
}

// listTransactions merges what the lanes have with what is kept.
func (s *Server) listTransactions(ctx context.Context, in *transactionsInput) (*body[TransactionPage], error) {
	f := TransactionFilter{in.Deal, in.Lane, lane.Status(in.Status), in.Stuck, in.Limit, in.Cursor}
	behind, err := parsePlace(f.Cursor)
	if err != nil {
		return nil, err
	}
	lists, silent, err := s.listings(ctx)
	if err != nil {
		return nil, err
	}
	live, err := s.live(ctx, lists)
	if err != nil {
		return nil, err
	}
	from := behind
	if behind != nil && behind.Group != groupEnded {
		from = nil
	}
	// As many more as could be there twice.
	list, err := s.store.history(ctx, f, from, f.Limit+1+len(live))
	if err != nil {
		return nil, err
	}
	page := TransactionPage{Transactions: merge(live, list, f, behind), Silent: silent}
	if len(page.Transactions) > f.Limit {
		page.Transactions = page.Transactions[:f.Limit]
		page.Next = placeOf(page.Transactions[f.Limit-1]).String()
	}
	return &body[TransactionPage]{page}, nil
}

// merge returns what is selected of both lists, in order and each intent once,
// behind a place.
func merge(live, kept []Transaction, f TransactionFilter, behind *place) []Transaction {
	list, known := []Transaction{}, map[deal.Commitment]bool{}
	for _, t := range live {
		if known[t.Intent] = true; f.matches(t) {
			list = append(list, t)
		}
	}
	for _, t := range kept {
		if !known[t.Intent] {
			list = append(list, t)
		}
	}
	if behind != nil {
		list = slices.DeleteFunc(list, func(t Transaction) bool { return placeOf(t).compare(*behind) <= 0 })
	}
	slices.SortFunc(list, func(a, b Transaction) int { return placeOf(a).compare(placeOf(b)) })
	return list
}

type transactionInput struct {
	ID string `path:"id" maxLength:"66" doc:"of the intent, hash of an attempt, or the beginning of either"`
}

var beginningForm = regexp.MustCompile(`^[0-9a-f]{6,64}$`)

func (s *Server) showTransaction(ctx context.Context, in *transactionInput) (*body[TransactionDetail], error) {
	digits := strings.TrimPrefix(strings.ToLower(in.ID), "0x")
	if !beginningForm.MatchString(digits) {
		return nil, deal.Errorf(deal.Invalid, "transaction: want its intent or hash, or at least six hex digits of the beginning of one")
	}
	lists, silent, err := s.listings(ctx)
	if err != nil {
		return nil, err
	}
	t, err := s.findTransaction(ctx, "0x"+digits, lists)
	if deal.KindOf(err) == deal.NotFound && len(silent) > 0 {
		return nil, &SilentError{silent, err}
	}
	if err != nil {
		return nil, err
	}
	d := s.detail(ctx, t, lists)
	d.Silent = append(silent, d.Silent...)
	return &body[TransactionDetail]{d}, nil
}

// findTransaction finds the one transaction that begins so.
func (s *Server) findTransaction(ctx context.Context, beginning string, lists []lane.Listing) (Transaction, error) {
	live, err := s.live(ctx, lists)
	if err != nil {
		return Transaction{}, err
	}
	kept, err := s.store.find(ctx, beginning, 2+len(live)) // two make it ambiguous
	if err != nil {
		return Transaction{}, err
	}
	matching := slices.DeleteFunc(slices.Clone(live), func(t Transaction) bool {
		return !strings.HasPrefix(t.Intent.String(), beginning) && !strings.HasPrefix(textOf(t.Tx), beginning)
	})
	found := merge(matching, kept, TransactionFilter{}, nil)
	if len(found) == 0 {
		found = s.findAttempt(ctx, beginning, live)
	}
	switch len(found) {
	case 0:
		return Transaction{}, deal.Errorf(deal.NotFound, "no transaction or intent %s: see the list of transactions", beginning)
	case 1:
		// What the store found by a hash may be live under a newer one.
		if i := slices.IndexFunc(live, func(t Transaction) bool { return t.Intent == found[0].Intent }); i >= 0 {
			return live[i], nil
		}
		return found[0], nil
	}
	return Transaction{}, deal.Errorf(deal.Conflict, "%d transactions begin with %s: give more of it", len(found), beginning)
}

// mostAsked bounds how many records are looked through for an attempt that was
// replaced since.
const mostAsked = 64

func (s *Server) findAttempt(ctx context.Context, beginning string, live []Transaction) (found []Transaction) {
	asked := 0
	for _, t := range live {
		if t.Attempts < 2 || asked == mostAsked || ctx.Err() != nil {
			continue
		}
		asked++
		r, err := s.lanes.Record(ctx, t.Lane, t.Intent)
		if err != nil {
			continue // it may be another's
		}
		if slices.ContainsFunc(r.Attempts, func(a lane.Attempt) bool { return strings.HasPrefix(a.Hash.String(), beginning) }) {
			found = append(found, t)
		}
	}
	return found
}
