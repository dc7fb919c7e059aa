package node

import (
	"context"
	"encoding/json"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cession/deal"
)

// A seller's node that takes no word of the delivery is told again, ever more
// seldom, and nothing but the word is done again: its silence does not fill the
// buyer's log, and the handover ends with the release.
func TestDeliveryToldAgain(t *testing.T) {
	w := newWorld(t)
	w.pause = 10 * time.Millisecond
	w.restart(buyer)
	id, release := w.handover()
	var silent atomic.Bool
	var told atomic.Int64
	silent.Store(true)
	w.network(buyer, func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			if silent.Load() && strings.HasSuffix(r.URL.Path, "/done") {
				told.Add(1)
				return nil, errCut
			}
			return next.RoundTrip(r)
		})
	})
	check(t, w.pull(id, release))
	time.Sleep(1500 * time.Millisecond)
	if n := told.Load(); n < 2 || n > 12 {
		t.Errorf("the seller's node was told %d times in 1.5 s", n)
	}
	if n := w.entries(buyer, "log.witness"); n != 1 {
		t.Errorf("the seller's log was looked at %d times, want once", n)
	}
	silent.Store(false)
	check(t, w.pull(id, release))
	if _, done, err := w.members[seller].node.Delivered(context.Background(), release.ID); !done || err != nil {
		t.Errorf("the seller's node says delivered %t, %v", done, err)
	}
}

// A seller's node that is never told any more: the buyer's gives up when the
// release has run out.
func TestDeliveryNeverTold(t *testing.T) {
	w := newWorld(t)
	id, release := w.handover()
	w.network(buyer, func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "/done") {
				return nil, errCut
			}
			return next.RoundTrip(r)
		})
	})
	open := func() int {
		list, err := w.members[buyer].node.state.openJobs(context.Background())
		check(t, err)
		return len(list)
	}
	if check(t, w.pull(id, release)); open() != 1 {
		t.Error("the seller's node is not told again")
	}
	w.clock.add(49 * time.Hour)
	if check(t, w.pull(id, release)); open() != 0 {
		t.Error("the seller's node is told for ever")
	}
	w.sameFiles(buyer, w.members[buyer].client.Content, id)
}

// entries counts the entries of a kind in a node's log.
func (w *world) entries(at deal.PartyID, what string) (n int) {
	list, err := w.members[at].node.state.logEntries(context.Background(), "position >= 0")
	check(w.t, err)
	for _, e := range list {
		if v, err := e.View(); err == nil && v.What == what {
			n++
		}
	}
	return n
}

// The word of the delivery comes again after the seller's node has erased what
// it sold.
func TestDeliveryToldAfterErasure(t *testing.T) {
	w := newWorld(t)
	id, release := w.handover()
	check(t, w.pull(id, release))
	w.restart(seller)
	n := w.members[seller].node
	set, err := n.titleSet(context.Background(), id)
	check(t, err)
	check(t, n.state.exec(context.Background(), "DELETE FROM documents WHERE set_id = ?", set.id))
	root := release.Field("root").Commitment()
	check(t, n.deliver(context.Background(), id, buyer, doneMessage{release.ID, root, 3}))
	wantReason(t, n.deliver(context.Background(), id, buyer, doneMessage{release.ID, deal.Commitment{1}, 3}), TicketUsed)
}

// A listing of millions of empty documents, or tapes, is refused before they
// take memory.
func TestHostileListingMemory(t *testing.T) {
	many := "[" + strings.TrimSuffix(strings.Repeat("{},", 5<<20), ",") + "]"
	for name, text := range map[string]string{
		"documents":       `{"documents":` + many + `}`,
		"tapes":           `{"documents":[{}],"tape":{"tapes":` + many + `}}`,
		"documents twice": `{"documents":` + many + `,"Documents":[{}]}`,
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		l := soldListing{documents: 3, tapes: 3}
		err := json.Unmarshal([]byte(text), &l)
		runtime.ReadMemStats(&after)
		if len(l.Documents) > 3 || (err == nil && name != "documents twice") {
			t.Errorf("%s: %d documents, %v", name, len(l.Documents), err)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 8*uint64(len(text)) {
			t.Errorf("%s: %d bytes of listing took %d bytes", name, len(text), used)
		}
	}
}
