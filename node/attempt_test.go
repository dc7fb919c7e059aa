package node

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cession/deal"
	"cession/node/vault"
)

// arrives waits until the buyer's node says that a handover is done.
func (w *world) arrives(id deal.ID) {
	w.t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		list, err := w.members[buyer].client.Handover(context.Background(), id)
		check(w.t, err)
		if len(list) == 1 && list[0].Verified {
			return
		}
		if time.Now().After(end) {
			w.t.Fatalf("the handover is not done: %+v", list)
		}
	}
}

// Whoever asked for a pull may go away: the node goes on.
func TestPullGoesOnAlone(t *testing.T) {
	w := newWorld(t)
	id, release := w.handover()
	asked, goOn := make(chan struct{}), make(chan struct{})
	var once atomic.Bool
	w.network(buyer, func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			if r.Header.Get("Range") != "" && once.CompareAndSwap(false, true) {
				close(asked)
				<-goOn
			}
			return next.RoundTrip(r)
		})
	})
	ctx, leave := context.WithCancel(context.Background())
	shown, ended := asSeenBy(w.desk.deals[id], buyer), make(chan error, 1)
	go func() {
		_, _, err := w.members[buyer].node.Pull(ctx, &shown, release, nil)
		ended <- err
	}()
	<-asked
	leave()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("have %v, want that the waiting was canceled", err)
	}
	close(goOn)
	w.arrives(id)
	w.sameFiles(buyer, w.members[buyer].client.Content, id)
	if _, done, err := w.members[seller].node.Delivered(context.Background(), release.ID); !done || err != nil {
		t.Errorf("the seller's node says delivered %t, %v", done, err)
	}
}

// A node goes on by itself with what it was fetching when it was stopped, and
// the seller's node may be started again meanwhile, too.
func TestPullGoesOnAfterStart(t *testing.T) {
	for _, stopped := range []deal.PartyID{buyer, seller} {
		t.Run(string(stopped), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id, release := w.handover()
			w.network(buyer, func(next http.RoundTripper) http.RoundTripper { return &cut{next: next, left: vault.ChunkSize * 3 / 2} })
			if err := w.pull(id, release); err == nil {
				t.Fatal("the line was not cut")
			}
			w.pause = 10 * time.Millisecond
			w.restart(stopped)
			if stopped == seller {
				w.clock.add(2 * time.Minute) // its new address is looked up
				w.restart(buyer)
			}
			w.arrives(id)
			w.sameFiles(buyer, w.members[buyer].client.Content, id)
		})
	}
}

// What takes the seller's leave away in the middle stops the handover at the
// next range, for its reason, for good.
func TestHandoverStopsInTheMiddle(t *testing.T) {
	for name, c := range map[string]struct {
		happens func(w *world, id deal.ID)
		want    Reason
	}{
		"revoked": {func(w *world, id deal.ID) {
			check(w.t, w.members[seller].client.RevokeHandover(context.Background(), id))
		}, TicketRevoked},
		"expired":  {func(w *world, _ deal.ID) { w.clock.add(49 * time.Hour) }, TicketExpired},
		"refunded": {func(w *world, _ deal.ID) { w.escrowsBecome("refunded") }, EscrowOver},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.pause = 10 * time.Millisecond
			w.restart(buyer)
			id, release := w.handover()
			var once atomic.Bool
			happened := make(chan struct{})
			w.network(buyer, func(next http.RoundTripper) http.RoundTripper {
				return roundTrip(func(r *http.Request) (*http.Response, error) {
					if strings.HasSuffix(r.URL.Path, "/2") && strings.Contains(r.Header.Get("Range"), "=0-") && once.CompareAndSwap(false, true) {
						defer close(happened)
						resp, err := next.RoundTrip(r)
						c.happens(w, id)
						return resp, err
					}
					if strings.HasSuffix(r.URL.Path, "/2") {
						<-happened // the first range is out first
					}
					return next.RoundTrip(r)
				})
			})
			wantReason(t, w.pull(id, release), c.want)
			if !w.logged(seller, "handover.range", string(c.want)) {
				t.Errorf("%s is not in the seller's log", c.want)
			}
			w.nothingArrived(id, c.want)
			open, err := w.members[buyer].node.state.openJobs(context.Background())
			if err != nil || len(open) != 0 {
				t.Errorf("the node would go on with %d handovers, %v", len(open), err)
			}
		})
	}
}

func (w *world) escrowsBecome(state string) {
	w.chain.set(func() {
		for id := range w.chain.escrows {
			w.chain.escrows[id] = state
		}
	})
}

// Chunks that the disk lost, though they were noted as there, are fetched again;
// they are not held against the seller.
func TestPullAfterDiskDamage(t *testing.T) {
	w := newWorld(t)
	id, release := w.handover()
	w.network(buyer, func(next http.RoundTripper) http.RoundTripper { return &cut{next: next, left: vault.ChunkSize*2 + 100} })
	if err := w.pull(id, release); err == nil {
		t.Fatal("the line was not cut")
	}
	dir := filepath.Join(w.members[buyer].dir, incomingDir)
	list, err := os.ReadDir(dir)
	check(t, err)
	for _, e := range list {
		f, err := os.OpenFile(filepath.Join(dir, e.Name()), os.O_RDWR, 0)
		check(t, err)
		_, err = f.WriteAt([]byte("damage"), 1000)
		check(t, err)
		check(t, f.Close())
	}
	w.restart(buyer)
	for range 2 { // the damage is found at the end of the first
		err = w.pull(id, release)
	}
	check(t, err)
	w.sameFiles(buyer, w.members[buyer].client.Content, id)
}

// Both ends keep to their limit.
func TestTransferLimit(t *testing.T) {
	const limit, size = 256 << 10, 512 << 10
	l := newLimiter(limit)
	begun := time.Now()
	n, err := io.Copy(io.Discard, throttled{t.Context(), bytes.NewReader(make([]byte, size)), l})
	if took := time.Since(begun); n != size || err != nil || took < time.Second {
		t.Errorf("%d bytes at %d a second took %v, %v", n, limit, took, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := io.Copy(io.Discard, throttled{ctx, bytes.NewReader(make([]byte, size)), l}); !errors.Is(err, context.Canceled) {
		t.Errorf("a canceled stream ends with %v", err)
	}
}

func TestTransferConfig(t *testing.T) {
	for _, c := range []struct {
		limit    int64
		parallel int
		kind     deal.Kind
	}{{0, 0, ""}, {minTransferLimit, maxParallel, ""}, {minTransferLimit - 1, 0, deal.Invalid}, {-1, 0, deal.Invalid}, {0, -1, deal.Invalid}, {0, maxParallel + 1, deal.Invalid}} {
		cfg := Config{TransferLimit: c.limit, TransferParallel: c.parallel}
		if err := cfg.completeTransfers(); deal.KindOf(err) != c.kind || (err == nil) != (c.kind == "") {
			t.Errorf("limit %d, %d at once: %v, want %q", c.limit, c.parallel, err, c.kind)
		}
	}
}
