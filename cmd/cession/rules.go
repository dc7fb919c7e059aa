package main

import (
	"context"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"cession/deal"
	"cession/desk"
	"cession/policies"
	"cession/policies/cases"
	"cession/policies/packs"
	"cession/policies/records"
)

const (
	policyDir    = "policy"     // folder of the packs that were accepted
	trustName    = "trust.yaml" // whom to believe about packs
	refreshEvery = 30 * time.Second
	refreshAfter = 2 * time.Second // at the earliest, for a pack that is not at hand
	refreshWait  = 20 * time.Second
)

// policyFlags say where policy packs come from, and who is believed about them.
type policyFlags struct {
	sources []string
	trust   string
	sample  bool
}

func (f *policyFlags) add(c *cobra.Command) {
	flags := c.Flags()
	flags.StringSliceVar(&f.sources, "policy-source", nil, "folder, https://… or s3://… with signed policy packs; repeatable (default: what is submitted to the desk)")
	flags.StringVar(&f.trust, "policy-trust", "", "file that names the officers whose signatures count (default: trust.yaml in --home; without one only the pack that is shipped)")
	flags.BoolVar(&f.sample, "policy-sample", false, "take the sanctions list that is shipped as if it were of today: for trying only")
}

// open opens the library of packs that a folder keeps.
func (f policyFlags) open(ctx context.Context, home string, market deal.Market, log *slog.Logger, more ...string) (*packs.Library, error) {
	c := packs.Config{Dir: in(home, policyDir), Market: audience(market), Prove: cases.ProveFiles, Log: log}
	if home == "" {
		c.Dir = ""
	}
	if f.sample {
		c.Sample = time.Now().UTC().Truncate(24 * time.Hour)
	}
	var err error
	if c.Trust, err = f.believed(home); err != nil {
		return nil, err
	}
	for _, where := range append(f.sources, more...) {
		source, err := packs.OpenSource(where)
		if err != nil {
			return nil, usageError{err}
		}
		c.Sources = append(c.Sources, source)
	}
	return packs.Open(ctx, c)
}

func (f policyFlags) believed(home string) (packs.Trust, error) {
	if f.trust != "" {
		return packs.LoadTrust(f.trust)
	}
	if home == "" {
		return packs.Trust{}, nil
	}
	t, err := packs.LoadTrust(in(home, trustName))
	if deal.KindOf(err) == deal.NotFound {
		return packs.Trust{}, nil
	}
	return t, err
}

// shelf is a library that looks at its sources again before it says that a pack
// is not at hand.
type shelf struct {
	*packs.Library
	mu     sync.Mutex
	looked time.Time // guarded by mu
}

// pack returns the pack of a digest, or a notfound error.
func (s *shelf) pack(ctx context.Context, digest deal.Commitment) (*policies.Pack, error) {
	if p, ok := s.Pack(digest); ok {
		return p, nil
	}
	s.look(ctx)
	if p, ok := s.Pack(digest); ok {
		return p, nil
	}
	return nil, deal.Errorf(deal.NotFound, "policy pack %s is not at hand", digest.Short())
}

func (s *shelf) look(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.looked) < refreshAfter {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, refreshWait)
	defer cancel()
	_ = s.Refresh(ctx) // what went wrong is in its status and its log
	s.looked = time.Now()
}

// current is the digest of the pack in force, or none.
func (s *shelf) current() deal.Commitment {
	p, err := s.Current()
	if err != nil {
		return deal.Commitment{}
	}
	return p.Digest()
}

// named is a pack as a node asks about it before it signs for it.
func (s *shelf) named(digest deal.Commitment) (name string, number uint64, ok bool) {
	p, err := s.pack(context.Background(), digest)
	if err != nil {
		return "", 0, false
	}
	number, ok = s.Number(digest)
	return p.Name(), number, ok
}

// tape reads the header of a data tape by a pack's list.
func (s *shelf) tape(digest deal.Commitment, header []string) (columns map[string]int, missing []string) {
	p, err := s.pack(context.Background(), digest) // which looks again for one that was activated a moment ago
	if err != nil {
		return nil, nil
	}
	t := p.Tape(header)
	return t.Columns, t.Missing
}

// gate evaluates the pack a question names on what is known of its parties.
type gate struct {
	shelf    *shelf
	own      *policies.Pack // of the party whose node asks; may be nil
	profile  func(context.Context, deal.PartyID) (desk.Profile, error)
	exposure func(context.Context, deal.Question) (*policies.Exposure, error) // nil: somebody else adds it
}

func (g gate) both(ctx context.Context) policies.Both {
	return policies.Both{Common: func(d deal.Commitment) (*policies.Pack, error) { return g.shelf.pack(ctx, d) }, Own: g.own}
}

// Decide answers, and records nothing.
func (g gate) Decide(ctx context.Context, q deal.Question) (deal.Decision, error) {
	v, err := g.evaluate(ctx, q)
	return v.Decision, err
}

func (g gate) evaluate(ctx context.Context, q deal.Question) (policies.Verdict, error) {
	in, err := g.input(ctx, q)
	if err != nil {
		return policies.Verdict{}, err
	}
	return g.both(ctx).Evaluate(ctx, in)
}

// input is a question with what is known of the parties it concerns, of their
// other deals, and of the pack it may be about.
func (g gate) input(ctx context.Context, q deal.Question) (policies.Input, error) {
	in := policies.Input{Question: q, Parties: map[deal.PartyID]policies.Profile{}}
	for _, id := range []deal.PartyID{q.Act.Party, q.Seller, q.Bidder} {
		if id == "" {
			continue
		}
		p, err := g.profile(ctx, id)
		if deal.KindOf(err) == deal.NotFound {
			continue // a party without a profile is not evaluated, and so refused
		}
		if err != nil {
			return in, err
		}
		in.Parties[id] = policies.Profile{
			ID: p.ID, Name: p.Name, Jurisdiction: p.Jurisdiction, Kind: p.Kind, KYCClass: p.KYCClass, KYCUntil: &p.KYCUntil,
			KYCSince: p.KYCSince, License: p.License, LicenseUntil: p.LicenseUntil, Group: p.Group,
		}
	}
	if wanted := q.Act.Field("pack").Commitment(); q.Act.Action == "adopt" && !wanted.IsZero() {
		in.Wanted = g.shelf.Wanted(wanted, q.Pack)
	}
	if g.exposure == nil {
		return in, nil
	}
	var err error
	in.Exposure, err = g.exposure(ctx, q)
	return in, err
}

// recorder decides for the market, and has each decision on record before
// anything goes on. An act that was decided before has that decision.
type recorder struct {
	gate
	store *desk.Store
}

// Decide returns the decision on record.
func (r recorder) Decide(ctx context.Context, q deal.Question) (deal.Decision, error) {
	chain := string(q.Act.Deal)
	known, err := r.store.RecordedDecision(ctx, chain, q.Act.ID)
	if err == nil || deal.KindOf(err) != deal.NotFound {
		return known.Decision, err
	}
	v, err := r.evaluate(ctx, q)
	if err != nil {
		return deal.Decision{}, err
	}
	e, err := r.store.AppendDecision(ctx, desk.DecisionRow{
		Chain: chain, Room: q.Act.Room, Act: q.Act.ID, Name: q.Act.Name(), Party: q.Act.Party, At: v.Decision.At,
		Decision: v.Decision, Document: v.Common.Document,
	}, sealRecord)
	return e.Decision, err
}

// sealRecord makes the record that follows in a chain of the desk.
func sealRecord(d desk.DecisionRow, seq uint64, previous deal.Commitment) (desk.Sealed, error) {
	r, err := records.Next(records.Head{Chain: d.Chain, Seq: seq - 1, Hash: previous}, records.Record{
		At: d.At, Side: records.Market, Room: d.Room, Act: d.Act, Name: d.Name, Decision: d.Decision, Document: d.Document,
	})
	if err != nil {
		return desk.Sealed{}, err
	}
	line, err := records.Encode(r)
	return desk.Sealed{Hash: r.Hash, Record: line}, err
}

// openOwn loads the party's own pack from a folder, if there is one.
func openOwn(dir string) (*policies.Pack, error) {
	if dir == "" {
		return nil, nil
	}
	p, err := policies.Load(os.DirFS(dir))
	if err == nil && p.Kind() != policies.KindAddition {
		err = deal.Errorf(deal.Invalid, "pack %s: want one of kind %s, which can only refuse more: cession policy new --own makes one", p.Name(), policies.KindAddition)
	}
	if err == nil {
		err = cases.ProveFiles(context.Background(), p, os.DirFS(dir))
	}
	return p, err
}
