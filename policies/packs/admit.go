package packs

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"cession/deal"
	"cession/policies"
)

// Submit hands a signed bundle and its activation to the library. It is
// accepted if everything about both is in order, and then takes effect at the
// time the activation says. What is not accepted changes nothing. Submitting
// the same again does no harm.
func (l *Library) Submit(ctx context.Context, bundle, activation []byte) (Status, error) {
	l.admission.Lock()
	defer l.admission.Unlock()
	e, err := l.admit(ctx, bundle, activation, l.config.Now())
	if err != nil {
		l.refuse(claim(activation, Entry{}), "submitted", err)
		return Status{}, err
	}
	return l.status(e), nil
}

// admit checks as of a time, and stores. l.admission is held.
func (l *Library) admit(ctx context.Context, bundle, activation []byte, now time.Time) (*entry, error) {
	now = now.UTC()
	end, err := l.config.Trust.verifyActivation(activation, now)
	if err != nil {
		return nil, err
	}
	if e := l.find(end.Kind, end.Name, end.Number, end.Pack); e != nil {
		return e, nil
	}
	if err := l.succeeds(end, now); err != nil {
		return nil, err
	}
	e := &entry{endorsed: end, admitted: now, bundle: bundle, text: activation}
	if err := l.checkBundle(ctx, e, l.config.Trust, now); err != nil {
		return nil, err
	}
	if err := l.checkLists(e, now); err != nil {
		return nil, err
	}
	return e, l.take(e, l.config.Now())
}

// succeeds makes sure that an activation follows on what there is: numbers only
// rise, and nobody leaves one out.
func (l *Library) succeeds(a endorsed, now time.Time) error {
	if !a.Until.IsZero() && !now.Before(a.Until) {
		return refusal(ErrExpired, "the activation held until %s", a.Until.Format(time.RFC3339))
	}
	newest := l.newest(a.line())
	if newest == nil {
		// What the program carried when the first activation was drawn up is not
		// known: it may have been an older program.
		return nil
	}
	switch {
	case a.Number <= newest.Number:
		return refusal(ErrDowngrade, "number %d of %s, and number %d has been accepted: draw up an activation with a number above it", a.Number, a.Name, newest.Number)
	case a.Previous != newest.Pack:
		return refusal(ErrPrevious, "number %d of %s follows on %s, and the newest here is %s: draw up an activation that follows on it", a.Number, a.Name, a.Previous.Short(), newest.Pack.Short())
	case a.From.Before(newest.From):
		return refusal(ErrDowngrade, "number %d of %s is to take effect before number %d", a.Number, a.Name, newest.Number)
	}
	return nil
}

// checkBundle reads the bundle of an entry and makes sure that it is fit. What
// is in a bundle does not change, so what is unfit once is so for good.
func (l *Library) checkBundle(ctx context.Context, e *entry, trust Trust, now time.Time) error {
	sum := deal.Commitment(sha256.Sum256(e.bundle))
	if err := l.unfitness(sum); err != nil {
		return err
	}
	var err error
	if e.signed, err = Read(e.bundle, trust, now); err != nil {
		return err
	}
	if err := e.matches(e.signed, trust, now); err != nil {
		return err
	}
	if err := checkDates(e, now); err != nil {
		return err
	}
	if e.Kind == policies.KindPack && (engine == "" || e.proved != engine) {
		if err := l.prove(ctx, e.signed.Pack, e.signed.FS); err != nil {
			l.note(ctx, sum, err)
			return err
		}
	}
	e.proved = engine
	return l.extract(e)
}

// checkDates holds what an activation says against what the pack says itself.
// Outside of its dates a pack refuses everything.
func checkDates(e *entry, now time.Time) error {
	from, until := e.signed.Pack.From(), e.signed.Pack.Until()
	switch {
	case !until.IsZero() && !now.Before(until):
		return refusal(ErrExpired, "the pack %s %s says that it held until %s", e.Name, e.Version, until.UTC().Format(time.RFC3339))
	case e.From.Before(from):
		return refusal(ErrEarly, "the pack %s %s says that it holds from %s, and its activation %s", e.Name, e.Version, from.UTC().Format(time.RFC3339), e.From.Format(time.RFC3339))
	}
	return nil
}

// take makes an entry part of the library: first on disk, then to be seen.
func (l *Library) take(e *entry, now time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	entries := append(slices.Clone(l.entries), e)
	// Also as it will be once it is in force, so that nothing fails then.
	if _, err := l.see(entries, later(now, e.From)); err != nil {
		return err
	}
	v, err := l.see(entries, now)
	if err != nil {
		return err
	}
	if err := l.store(e); err != nil {
		return fmt.Errorf("keep pack: %w", err)
	}
	l.entries = entries
	l.current.Store(v)
	l.forgive(e)
	l.log.Info("policies accepted", slog.String("name", e.Name), slog.String("kind", e.Kind), slog.Uint64("number", e.Number), slog.String("digest", e.Pack.String()), slog.Time("from", e.From))
	return nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// find returns an entry that was accepted before.
func (l *Library) find(kind, name string, number uint64, digest deal.Commitment) *entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.IndexFunc(l.entries, func(e *entry) bool {
		return e.Kind == kind && e.Name == name && e.Number == number && e.Pack == digest
	})
	if i < 0 {
		return nil
	}
	return l.entries[i]
}

// newest returns the last entry accepted of a line, in force or yet to be.
func (l *Library) newest(line string) *entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range slices.Backward(l.entries) {
		if e.line() == line {
			return e
		}
	}
	return nil
}
