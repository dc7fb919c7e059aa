package packs

import (
	"cmp"
	"context"
	"io/fs"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"cession/deal"
	"cession/policies"
	"cession/policies/cases"
)

// Config says what a library is made of.
type Config struct {
	Dir     string   // keeps what was accepted; made if it is missing. Empty: nothing survives the process
	Sources []Source // read by Refresh
	Trust   Trust    // the zero value: nothing but the pack in the program is accepted
	Market  string   // as in the trust file; may be empty without one

	// Sample, unless zero, takes the live lists of the pack in the program as of
	// this time. For trying only: they are as old as the program.
	Sample time.Time

	// Prove shows that a pack refuses whatever input or list is broken. It is
	// asked before a pack is accepted, and about the pack in the program once
	// per process. Nil: [cases.ProveFiles].
	Prove func(context.Context, *policies.Pack, fs.FS) error

	Now func() time.Time // nil: the system's clock
	Log *slog.Logger     // receives names, numbers and digests of packs; optional
}

// proveTimeout bounds the proof of one pack.
const proveTimeout = 2 * time.Minute

// Library holds every pack that is or was in force, ready to decide. It is safe
// for concurrent use; those who only look never wait for those who check.
type Library struct {
	config  Config
	log     *slog.Logger
	base    *policies.Pack   // the pack in the program
	earlier []*policies.Pack // those that earlier programs carried

	admission sync.Mutex // one bundle at a time is checked

	mu       sync.Mutex // guards what follows
	entries  []*entry   // accepted, oldest first
	refusals []Status   // not accepted, oldest first
	sources  map[string]SourceStatus
	unfit    map[deal.Commitment]error // by SHA-256: signed bundles that do not load or hold

	current atomic.Pointer[view]
}

// entry is a bundle that was accepted.
type entry struct {
	endorsed
	signed   Signed
	lists    []edition // of a bundle of kind list
	admitted time.Time
	proved   string // by which program
	bundle   []byte
	text     []byte // of the activation
}

// inForce reports whether an entry counts at a time.
func (e *entry) inForce(now time.Time) bool {
	return !now.Before(e.From) && (e.over().IsZero() || now.Before(e.over()))
}

// over is when the activation, or the pack itself, ends; zero: it does not.
func (e *entry) over() time.Time {
	until := e.signed.Pack.Until().UTC()
	if until.IsZero() || !e.Until.IsZero() && e.Until.Before(until) {
		return e.Until
	}
	return until
}

// line names the entries of which one replaces the other: all packs, or all
// editions of one list.
func (e *endorsed) line() string { return line(e.Kind, e.Name) }

func line(kind, name string) string {
	if kind == policies.KindPack {
		return kind
	}
	return kind + " " + name
}

// Open returns a library with the pack in the program and what its folder
// keeps, all checked again. It reads no source: call Refresh or Run. A folder
// that was damaged is an error, not an older state.
func Open(ctx context.Context, c Config) (*Library, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Prove == nil {
		c.Prove = cases.ProveFiles
	}
	if len(c.Trust.Officers) > 0 {
		if c.Market = cmp.Or(c.Market, c.Trust.Market); c.Market != c.Trust.Market {
			return nil, deal.Errorf(deal.Invalid, "open policies: the trust file is for the market %s, and this is %s", c.Trust.Market, c.Market)
		}
	}
	l := &Library{config: c, log: c.Log, sources: map[string]SourceStatus{}, unfit: map[deal.Commitment]error{}}
	if l.log == nil {
		l.log = slog.New(slog.DiscardHandler)
	}
	if err := l.openBase(ctx); err != nil {
		return nil, err
	}
	if err := l.restore(ctx); err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.look(c.Now())
	return l, nil
}

func (l *Library) prove(ctx context.Context, p *policies.Pack, files fs.FS) error {
	ctx, cancel := context.WithTimeout(ctx, proveTimeout)
	defer cancel()
	if err := l.config.Prove(ctx, p, files); err != nil {
		if ctx.Err() != nil {
			return ctx.Err() // nothing is known of the pack
		}
		return deal.Errorf(deal.Refused, "pack %s %s: %w: %w", p.Name(), p.Version(), ErrProof, err)
	}
	return nil
}

// Pack returns the pack of a digest with the live lists of this moment, if it
// is or was in force.
func (l *Library) Pack(digest deal.Commitment) (*policies.Pack, bool) {
	p, ok := l.view().packs[digest]
	return p, ok
}

// Current returns the pack new deals are opened under. When the newest has
// expired there is none, of kind refused: an older one does not come back by
// itself.
func (l *Library) Current() (*policies.Pack, error) {
	v := l.view()
	if e := v.head; e != nil && !e.inForce(l.config.Now()) {
		return nil, refusal(ErrExpired, "the pack %s %s, number %d, was in force until %s: activate another", e.Name, e.Version, e.Number, e.over().Format(time.RFC3339))
	}
	return v.packs[v.digest()], nil
}

// Number returns the number under which a pack was last activated; the pack in
// the program has 0.
func (l *Library) Number(digest deal.Commitment) (uint64, bool) {
	v := l.view()
	n, ok := v.numbers[digest]
	return n, ok
}

// Wanted says what the rules have to know of a pack that a deal judged by
// current is to be judged by from now on, or nil if it is not at hand.
func (l *Library) Wanted(digest, current deal.Commitment) *policies.WantedPack {
	v := l.view()
	number, ok := v.numbers[digest]
	now, known := v.numbers[current]
	if !ok || !known {
		return nil
	}
	active := v.digest() == digest && (v.head == nil || v.head.inForce(l.config.Now()))
	return &policies.WantedPack{Digest: digest, Number: number, Current: now, Active: active}
}
