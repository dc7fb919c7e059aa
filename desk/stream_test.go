package desk

import (
	"context"
	"errors"
	"testing"
	"time"

	"cession/deal"
)

var errEnough = errors.New("enough")

// collect follows a deal until it has n entries.
func collect(t *testing.T, c *Client, id deal.ID, after string, n int) (entries []Entry, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	err = c.Events(ctx, id, after, func(e Entry) error {
		if entries = append(entries, e); len(entries) == n {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return entries, err
}

func TestEventsResume(t *testing.T) {
	h := newHarness(t, nil)
	s := soldStory()
	s.publish(t, h.store)
	id := s.deal.Opening.ID
	for _, c := range []Caller{{Party: seller}, {Party: winner}, {Party: loser}} {
		want := logOf(t, h.store, c)
		first, err := collect(t, h.client(c.Party), id, fromStart, 3)
		if err != nil {
			t.Fatal(err)
		}
		rest, err := collect(t, h.client(c.Party), "", first[2].ID, len(want)-3)
		if err != nil || jsonOf(t, append(first, rest...)) != jsonOf(t, want) {
			t.Errorf("%s: %d and %d entries, %v; want %d", c.Party, len(first), len(rest), err, len(want))
		}
	}
}

func TestEventsAreLive(t *testing.T) {
	h := newHarness(t, nil)
	s := soldStory()
	s.publish(t, h.store)
	got := make(chan []Entry, 1)
	last := logOf(t, h.store, Caller{Party: winner})
	go func() {
		entries, _ := collect(t, h.client(winner), s.deal.Opening.ID, last[len(last)-1].ID, 1)
		got <- entries
	}()
	act := s.take(s.deal, winner, "terms", "approve", fields{"price": deal.Money(5, "EUR")})
	s.publish(t, h.store)
	if e := <-got; len(e) != 1 || e[0].Act != act.ID || e[0].Decision == nil {
		t.Errorf("live: %+v", e)
	}
}

func TestEventsOfOthers(t *testing.T) {
	h := newHarness(t, func(c *Config) { c.Limits = Limits{Streams: 1} })
	s := soldStory()
	s.publish(t, h.store)
	if _, err := collect(t, h.client("stranger"), s.deal.Opening.ID, fromStart, 1); deal.KindOf(err) != deal.NotFound {
		t.Errorf("stranger follows the deal: %v, want kind notfound", err)
	}
	done, err := h.desk.meter.stream(Caller{Party: seller}.key())
	if err != nil {
		t.Fatal(err)
	}
	if a := h.send(seller, "GET", "/v1/events", ""); a.status != 429 || a.header.Get("Retry-After") == "" {
		t.Errorf("one stream too many: status %d", a.status)
	}
	done()
	if _, err := collect(t, h.client(seller), "", fromStart, 1); err != nil {
		t.Errorf("a stream after another ended: %v", err)
	}
}

// A stream ends when its caller is suspended; connecting again is refused.
func TestEventsEndWithTheCredential(t *testing.T) {
	h := newHarness(t, nil)
	s := soldStory()
	s.publish(t, h.store)
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	seen := 0
	err := h.client(loser).Events(ctx, "", fromStart, func(Entry) error {
		if seen++; seen == 1 {
			if err := h.store.Suspend(ctx, loser); err != nil {
				return err
			}
			s.take(s.deal, winner, "terms", "approve", fields{"price": deal.Money(1, "EUR")})
			room := s.rooms[loser]
			s.refuse(room, loser, "leave", "withdraw", "", nil)
			s.publish(t, h.store)
		}
		return nil
	})
	if deal.KindOf(err) != deal.Refused {
		t.Errorf("stream of a suspended party: %v, want kind refused", err)
	}
	if all := len(logOf(t, h.store, Caller{Party: loser})); seen >= all {
		t.Errorf("%d of %d entries were sent", seen, all)
	}
}

func TestEventsWaitForTheStore(t *testing.T) {
	h := newHarness(t, nil)
	h.store.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	err := h.client(seller).Events(ctx, "", "", func(Entry) error { return nil })
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want to have waited", err)
	}
}
