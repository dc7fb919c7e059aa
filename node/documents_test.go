package node

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cession/deal"
	"cession/node/blob"
)

// farStore is a store that takes its time to say what it has.
type farStore struct {
	blob.Store
	stat func(key string) (blob.Info, error)
}

func (s farStore) Stat(_ context.Context, key string) (blob.Info, error) {
	time.Sleep(20 * time.Millisecond)
	return s.stat(key)
}

// What is held is looked for, many documents at once: what the store lost or cut
// does not count, and a store that fails is no answer.
func TestStoredIsLookedFor(t *testing.T) {
	n, ctx := loneNode(t), context.Background()
	id := holding(t, n, 1000)
	set, err := n.ownSet(ctx, id)
	check(t, err)
	docs, err := n.state.catalog(ctx, set.id)
	check(t, err)
	size := docs[0].version.Manifest.CipherSize
	failure := errors.New("store failed")
	var failing bool
	n.Blobs = farStore{n.Blobs, func(key string) (blob.Info, error) {
		switch {
		case key == "documents/7":
			return blob.Info{}, deal.Errorf(deal.NotFound, "lost")
		case key == "documents/8":
			return blob.Info{Size: size - 1}, nil
		case failing && strings.HasSuffix(key, "00"):
			return blob.Info{}, failure
		}
		return blob.Info{Size: size}, nil
	}}
	at := time.Now()
	if held, count, err := n.Held(ctx, id, set.Root); held != 998 || count != 1000 || err != nil {
		t.Errorf("%d of %d, %v, want 998 of 1000", held, count, err)
	}
	if took := time.Since(at); took > 10*time.Second { // 20 s one after the other
		t.Errorf("it took %v", took)
	}
	failing = true
	if _, _, err := n.Held(ctx, id, set.Root); !errors.Is(err, failure) {
		t.Errorf("a store that fails: %v", err)
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := n.stored(gone, docs); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waits any more: %v", err)
	}
}

// A list of as many documents as there may be is taken with all that may be said
// of them, whether it comes under a key or not.
func TestPlanOfManyDocuments(t *testing.T) {
	n := loneNode(t)
	o := deal.Opening{ID: deal.NewID(), Plan: deal.Standard(), Seller: deal.Party{ID: seller}}
	check(t, n.state.exec(context.Background(), "INSERT INTO openings VALUES (?, ?)", o.ID, jsonColumn(o)))
	docs := manyDocuments(maxDocuments)
	for i := range docs {
		docs[i].Note = strings.Repeat("n", 2000)
	}
	for _, key := range []string{"", "a-key"} {
		r := httptest.NewRequest(http.MethodPost, "/v1/deals/"+string(o.ID)+"/documents/plan", strings.NewReader(jsonColumn(docs)))
		r.Header.Set("Authorization", "Bearer "+n.Token())
		r.Header.Set("Content-Type", "application/json")
		if key != "" {
			r.Header.Set(keyHeader, key)
		}
		w := httptest.NewRecorder()
		n.Handler().ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Errorf("key %q: status %d, %.200s", key, w.Code, w.Body)
		}
	}
}
