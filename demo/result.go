package demo

import (
	"context"
	"slices"

	"cession/deal"
	"cession/desk"
)

// result looks at what the deal came to: at the desk, on the chain, and at every
// document on the buyer's node.
func (s *script) result(ctx context.Context) (Result, error) {
	r := Result{Deal: s.id}
	var buyer deal.Address
	err := s.until(ctx, "look at the result", func(ctx context.Context) (err error) {
		api, err := s.desk()
		if err != nil {
			return err
		}
		v, err := api.Deal(ctx, s.id)
		if err != nil {
			return err
		}
		if v.Deal == nil || v.Title == nil || v.Deal.Bidder == nil {
			return errNotYet
		}
		buyer = v.Deal.Bidder.Wallet
		r.State, r.Token, r.Documents = v.State, v.Title.Token, v.Title.Documents.Count
		r.Transactions, r.Gas = spent(v)
		r.Refusals = s.refusals(v)
		if r.Owner, err = s.Owner(ctx, r.Token); err != nil {
			return err
		}
		r.Verified, err = s.verified(ctx, v.Deal.Bidder.ID)
		return err
	})
	r.Seconds = s.seconds()
	if err != nil {
		return r, err
	}
	switch {
	case r.State != "settled" && r.State != deal.Archived:
		err = deal.Errorf(deal.Conflict, "deal %s is %s, not settled", r.Deal, r.State)
	case r.Owner != buyer:
		err = deal.Errorf(deal.Conflict, "the title of %s belongs to %s, not to the buyer", r.Deal, r.Owner)
	case r.Verified != r.Documents:
		err = deal.Errorf(deal.Conflict, "%d of %d documents at the buyer's node are what was sold", r.Verified, r.Documents)
	}
	return r, err
}

// verified reads every document at the buyer's node again and counts those that
// are what the seller hashed, under the root of what was sold.
func (s *script) verified(ctx context.Context, buyer deal.PartyID) (n uint64, err error) {
	api, err := s.party(buyer).node()
	if err != nil {
		return 0, err
	}
	list, err := api.Documents(ctx, s.id)
	if err != nil {
		return 0, err
	}
	if err := s.asSold(ctx, list); err != nil {
		return 0, err
	}
	for _, d := range list {
		sum, err := hashOf(api.Content(ctx, s.id, d.Index))
		if err != nil {
			return 0, err
		}
		// an excerpt of a tape is not among the seller's files: its leaf is under the root that both signed
		if d.Index >= uint64(len(s.Portfolio)) || sum == s.Portfolio[d.Index].Sum {
			n++
		}
	}
	return n, nil
}

// spent counts the transactions of a deal and its rooms and the gas they used;
// one transaction may have served several intents.
func spent(v desk.DealView) (transactions int, gas uint64) {
	seen := map[deal.Commitment]bool{}
	add := func(receipts []deal.Receipt) {
		for _, r := range receipts {
			if !r.Tx.IsZero() && !seen[r.Tx] {
				seen[r.Tx] = true
				gas += r.Gas
			}
		}
	}
	for _, p := range slices.Concat([]deal.Progress{*v.Deal}, v.Rooms) {
		for _, record := range p.Records {
			add(record.Receipts)
		}
		add(p.Exits)
	}
	return len(seen), gas
}

// refusals counts what policy refused, and what nodes refused in this script.
func (s *script) refusals(v desk.DealView) int {
	n := len(v.Deal.Refusals)
	for _, room := range v.Rooms {
		n += len(room.Refusals)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.seen {
		if e.Kind == Refused {
			n++
		}
	}
	return n
}
