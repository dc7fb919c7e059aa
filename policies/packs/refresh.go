package packs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"cession/deal"
)

// refreshTimeout bounds one look at one source.
const refreshTimeout = 10 * time.Minute

// Refresh looks at all sources and accepts what is new and in order. The error
// joins what kept a source from being read; that a bundle was refused shows in
// Status.
func (l *Library) Refresh(ctx context.Context) error {
	var errs []error
	for _, s := range l.config.Sources {
		err := l.refresh(ctx, s)
		if err != nil {
			err = fmt.Errorf("read policies from %s: %w", s, err)
		}
		l.noteSource(s, err)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// Run refreshes at once and then every so often until ctx ends.
func (l *Library) Run(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := l.Refresh(ctx); err != nil && ctx.Err() == nil {
			l.log.Warn("policies not refreshed", slog.String("error", err.Error()))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (l *Library) refresh(ctx context.Context, s Source) error {
	ctx, cancel := context.WithTimeout(ctx, refreshTimeout)
	defer cancel()
	entries, err := readIndex(ctx, s)
	if err != nil {
		return err
	}
	unknown := l.unknown(entries)
	if err := l.catchUp(ctx, s, unknown); err != nil {
		return err
	}
	// What was refused for want of a list, or a pack that has it, may be in order
	// once that has come.
	for before := -1; len(unknown) > 0 && len(unknown) != before && err == nil; {
		before = len(unknown)
		err = l.fetchAll(ctx, s, unknown)
		unknown = l.unknown(unknown)
	}
	return err
}

// unknown returns the entries that are not here.
func (l *Library) unknown(entries []Entry) (left []Entry) {
	for _, listed := range entries {
		if l.find(listed.kind(), listed.Name, listed.Number, listed.Digest) == nil {
			left = append(left, listed)
		}
	}
	return left
}

func (l *Library) fetchAll(ctx context.Context, s Source, entries []Entry) error {
	var errs []error
	for _, listed := range entries {
		if err := l.fetch(ctx, s, listed); err != nil {
			errs = append(errs, fmt.Errorf("%.100q number %d: %w", listed.Name, listed.Number, err))
		}
	}
	return errors.Join(errs...)
}

// fetch reads an entry and admits it. The bundle, which is large, is only
// read for an activation whose signatures are good and which is due. That an
// entry is refused is no error: the source was read.
func (l *Library) fetch(ctx context.Context, s Source, listed Entry) error {
	activation, err := read(ctx, s, listed.Activation, MaxActivation)
	if err == nil {
		err = l.fetchFor(ctx, s, listed, activation)
	}
	if err == nil || errors.Is(err, ErrSource) || ctx.Err() != nil {
		return err
	}
	l.refuse(claim(activation, listed), s.String(), err)
	return nil
}

func (l *Library) fetchFor(ctx context.Context, s Source, listed Entry, activation []byte) error {
	now := l.config.Now()
	end, err := l.config.Trust.verifyActivation(activation, now)
	if err != nil {
		return err
	}
	if end.Pack != listed.Digest || end.Number != listed.Number {
		return refusal(ErrOther, "the index lists something else than the activation says")
	}
	if err := l.succeeds(end, now); err != nil {
		return err
	}
	bundle, err := read(ctx, s, listed.Bundle, MaxBundle)
	if err != nil {
		return err
	}
	l.admission.Lock()
	defer l.admission.Unlock()
	_, err = l.admit(ctx, bundle, activation, now)
	return err
}

func (l *Library) noteSource(s Source, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.config.Now().UTC()
	next := SourceStatus{Source: s.String(), Read: l.sources[s.String()].Read}
	if err == nil {
		next.Read = now
	} else {
		next.Why = err.Error()
	}
	l.sources[s.String()] = next
}

// unfitness returns why a bundle was found unfit before.
func (l *Library) unfitness(sum deal.Commitment) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.unfit[sum]
}

// note remembers an unfit bundle, so that it is not proved again at every
// refresh.
func (l *Library) note(ctx context.Context, sum deal.Commitment, err error) {
	if ctx.Err() != nil || !errors.Is(err, ErrProof) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.unfit) >= maxRefusals {
		clear(l.unfit)
	}
	l.unfit[sum] = err
}
