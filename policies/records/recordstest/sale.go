// Package recordstest makes decision records to try records with: whole deals
// that take the course of the standard plan, with sellers, bidders, amounts,
// dates, slips and refusals that vary. The same seed makes the same records.
package recordstest

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"cession/deal"
	"cession/policies"
	"cession/policies/records"
)

// Source makes records of deals that were judged by a pack.
type Source struct {
	Pack  *policies.Pack
	Seed  uint64
	Start time.Time // when the first deal is opened; the others follow by the minute, and after ten days start over
}

// Records returns n records, deal after deal.
func (s Source) Records(ctx context.Context, n int) iter.Seq2[records.Record, error] {
	return func(yield func(records.Record, error) bool) {
		for i := uint64(0); n > 0; i++ {
			of, err := s.Deal(ctx, i)
			if err != nil {
				yield(records.Record{}, err)
				return
			}
			for _, r := range of[:min(n, len(of))] {
				if !yield(r, nil) {
					return
				}
			}
			n -= len(of)
		}
	}
}

// Deal returns the chain of the i-th deal.
func (s Source) Deal(ctx context.Context, i uint64) ([]records.Record, error) {
	rng := rand.New(rand.NewPCG(s.Seed, i))
	v := &sale{ctx: ctx, pack: s.Pack, rng: rng, now: s.Start.Add(time.Duration(i%14400) * time.Minute).UTC().Truncate(time.Second)}
	v.cast(i)
	if err := v.run(); err != nil {
		return nil, fmt.Errorf("deal %d of seed %d: %w", i, s.Seed, err)
	}
	return v.chain, nil
}

// sale is a deal under way, with one bidder.
type sale struct {
	ctx            context.Context
	pack           *policies.Pack
	rng            *rand.Rand
	now            time.Time
	seller, bidder deal.Party
	profiles       map[deal.PartyID]policies.Profile
	deal, room     *deal.Progress
	face, price    deal.Amount
	chain          []records.Record
	acts           uint64
}

var (
	currencies    = []string{"EUR", "EUR", "EUR", "USD", "CHF", "GBP"}
	jurisdictions = []string{"de", "at", "fr", "nl", "it", "es", "ie", "lu", "ch", "us", "ir"}
	classes       = []string{"standard", "standard", "standard", "enhanced", "enhanced", "simplified", "pending"}
	kinds         = []string{"bank", "credit_purchaser", "fund", "corporate"}
)

// pick draws one of several.
func pick[T any](rng *rand.Rand, of []T) T { return of[rng.IntN(len(of))] }

// chance is true so often, of 100.
func (v *sale) chance(percent int) bool { return v.rng.IntN(100) < percent }

// cast draws who deals, and about how much.
func (v *sale) cast(i uint64) {
	v.profiles = map[deal.PartyID]policies.Profile{}
	v.seller, v.bidder = v.party("seller", 1), v.party("bidder", 2)
	currency := pick(v.rng, currencies)
	// From 50,000.00 to about 150 million, small ones more often.
	face := int64(5_000_000*math.Exp(v.rng.Float64()*8)) / 100 * 100
	v.face = deal.Amount{Minor: face, Currency: currency}
	v.price = deal.Amount{Minor: face / 100 * int64(60+v.rng.IntN(40)), Currency: currency}
	plan := deal.Standard()
	o := deal.Opening{
		ID: deal.ID("d-" + strings.ToLower(base32.StdEncoding.EncodeToString(fmt.Appendf(nil, "%012d", i)))[:20]), Plan: plan, PlanHash: plan.Hash(),
		Pack: v.pack.Digest(), Seller: v.seller, Market: deal.Market{ChainID: 31337, Symbol: currency, Decimals: 6}, Opened: v.now,
	}
	v.deal, v.room = deal.Begin(o, nil, v.now), deal.Begin(o, &v.bidder, v.now)
}

// party draws a party and what is known of it.
func (v *sale) party(part string, wallet byte) deal.Party {
	n := v.rng.IntN(200)
	id := deal.PartyID(fmt.Sprintf("%s-%03d", part, n))
	own := rand.New(rand.NewPCG(uint64(wallet), uint64(n))) // the same party is the same in every deal
	until := v.now.AddDate(0, own.IntN(24)-1, 0)
	since := v.now.AddDate(0, -own.IntN(11), 0)
	v.profiles[id] = policies.Profile{
		ID: id, Name: fmt.Sprintf("%s Number %d GmbH", strings.ToUpper(part[:1])+part[1:], n), Jurisdiction: pick(own, jurisdictions),
		Kind: pick(own, kinds), KYCClass: pick(own, classes), KYCUntil: &until, KYCSince: &since, Group: fmt.Sprintf("group-%d", own.IntN(300)),
	}
	p := deal.Party{ID: id}
	for i := range byte(5) {
		p.Signers = append(p.Signers, deal.Address{wallet, byte(n), i + 1})
	}
	p.Wallet = p.Signers[0]
	return p
}

// draw returns 32 bytes.
func (v *sale) draw() (c deal.Commitment) {
	for i := range c {
		c[i] = byte(v.rng.Uint32())
	}
	return c
}

// decide puts an act to the pack and records what it says.
func (v *sale) decide(p *deal.Progress, act deal.Act) (deal.Decision, error) {
	in := policies.Input{Question: p.Question(act, v.now), Parties: v.profiles}
	in.Exposure = &policies.Exposure{Counterparty: v.rng.Int64N(15_000_000_000), Day: v.rng.Int64N(8_000_000_000)}
	e, err := v.pack.Evaluate(v.ctx, in)
	if err != nil {
		return deal.Decision{}, err
	}
	head := records.Head{Chain: string(act.Deal)}
	if n := len(v.chain); n > 0 {
		head = v.chain[n-1].Head()
	}
	r, err := records.Next(head, records.Record{
		At: e.Decision.At, Side: records.Market, Room: act.Room, Act: act.ID, Name: act.Name(), Decision: e.Decision, Document: e.Document,
		Salt: sha256.Sum256(act.ID[:]),
	})
	v.chain = append(v.chain, r)
	return e.Decision, err
}
