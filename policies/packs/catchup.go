package packs

import (
	"context"
	"slices"
	"time"

	"cession/deal"
	"cession/policies"
)

// catchUp accepts the packs that were in force while this library was not
// there to see it, for deals that stay with them. Some of them, or the keys that
// signed them, may have expired since. What makes them good is that the newest
// activation, whose signatures count today, says which pack it follows on, and
// so on backwards. Each is checked as of the time its own activation was drawn
// up. Without such a chain nothing is accepted here.
func (l *Library) catchUp(ctx context.Context, s Source, unknown []Entry) error {
	links, err := l.chain(ctx, s, unknown)
	if err != nil {
		return err
	}
	for _, link := range links {
		bundle, err := read(ctx, s, link.Bundle, MaxBundle)
		if err == nil {
			err = l.admitPast(ctx, bundle, link)
		}
		if err != nil && deal.KindOf(err) == "" {
			return err // may pass
		}
		if err != nil {
			l.refuse(claim(link.text, link.Entry), s.String(), err) // and so is what follows on it
		}
	}
	return nil
}

func (l *Library) admitPast(ctx context.Context, bundle []byte, k link) error {
	l.admission.Lock()
	defer l.admission.Unlock()
	_, err := l.admit(ctx, bundle, k.text, k.drawnUp)
	return err
}

// link is an entry of the index with its activation.
type link struct {
	Entry
	text    []byte
	drawnUp time.Time
}

// chain returns the entries between the newest pack here and the newest in the
// index, without that one, oldest first.
func (l *Library) chain(ctx context.Context, s Source, unknown []Entry) (links []link, err error) {
	known := l.newest(line(policies.KindPack, ""))
	var end deal.Commitment
	if known != nil {
		end = known.Pack
	}
	var next *Activation
	for _, listed := range slices.Backward(unknown) {
		if listed.kind() != policies.KindPack || next != nil && listed.Digest != next.Previous {
			continue
		}
		text, err := read(ctx, s, listed.Activation, MaxActivation)
		if err != nil && deal.KindOf(err) == "" {
			return nil, err
		}
		a, _, err := ReadActivation(text)
		if err != nil || a.Pack != listed.Digest || next != nil && a.Number >= next.Number {
			continue
		}
		if next == nil {
			if _, err := l.config.Trust.verifyActivation(text, l.config.Now()); err != nil {
				continue
			}
		} else {
			links = append(links, link{listed, text, a.At})
		}
		if next = &a; a.Previous == end {
			break
		}
	}
	slices.Reverse(links)
	return links, nil
}
