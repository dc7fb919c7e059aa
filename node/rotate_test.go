package node

import (
	"context"
	"errors"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cession/deal"
)

// rotate has a member's node replace its keys, and dials it anew.
func (w *world) rotate(of deal.PartyID) Record {
	w.t.Helper()
	r, err := w.members[of].client.Rotate(context.Background())
	check(w.t, err)
	w.redial(of)
	return r
}

func (w *world) redial(of deal.PartyID) {
	w.t.Helper()
	m := w.members[of]
	m.client.Close()
	var err error
	m.client, err = Dial(ClientConfig{URL: m.node.endpoint.Load().(string), Dir: m.dir})
	check(w.t, err)
}

// Both nodes rotate their keys in the middle of a deal: the release to the
// buyer's old receiving key still opens, peers take the new keys at once, also
// when the directory hides them, and it holds after a restart.
func TestRotateWhileADealRuns(t *testing.T) {
	for name, hide := range map[string]bool{"": false, "hidden by the directory": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := w.listed()
			w.invited(id, buyer)
			w.sold(id)
			w.act(seller, id, "", "escrow.deposit")
			w.act(buyer, id, "", "escrow.fund")
			w.act(buyer, id, "", "handover.request") // names the old key
			if hide {
				old := map[deal.PartyID]Record{seller: w.directory.records[seller], buyer: w.directory.records[buyer]}
				w.directory.forge = func(r Record) Record { return old[r.Party] }
			}
			before := w.members[buyer].node.identity.Recipient().String()
			r := w.rotate(buyer)
			if r.Recipient == before || r.SPKI != w.members[buyer].node.Pin() || w.members[buyer].node.identity.Recipient().String() != r.Recipient {
				t.Fatalf("rotated to %+v", r)
			}
			w.rotate(seller)
			w.act(seller, id, "", "handover.release")
			release := w.desk.deals[id].Last("handover", "release").Act
			if release.Field("key").String() != before {
				t.Fatal("the release does not name the key that the buyer signed")
			}
			check(t, w.pull(id, release))
			w.act(buyer, id, "", "handover.receipt")
			check(t, w.readAll(id))
			for _, of := range []deal.PartyID{seller, buyer} {
				if !w.found(of, "node.rotate", "ok") {
					t.Errorf("the rotation is not in the log of %s", of)
				}
			}
			w.directory.forge = nil
			w.restart(buyer)
			w.sameFiles(buyer, w.members[buyer].client.Content, id)
		})
	}
}

// A release to a key that never was the buyer's is not pulled.
func TestReleaseToAStrangersKey(t *testing.T) {
	w := newWorld(t)
	id, release := w.handover()
	w.rotate(buyer)
	old, err := filepath.Glob(filepath.Join(w.members[buyer].dir, oldIdentity+"*"))
	check(t, err)
	if len(old) != 1 {
		t.Fatalf("old identities are %v, want one", old)
	}
	w.members[buyer].stop()
	check(t, os.Remove(old[0])) // the node has lost the key that it had named
	w.start(buyer)
	wantReason(t, w.pull(id, release), KeyDiffers)
}

// A node that was revoked is refused by peers who hear it from the directory,
// and by those from whom the directory hides it; keys of its own bring it back.
func TestRevokedNode(t *testing.T) {
	for name, c := range map[string]struct{ hide, unreachable bool }{
		"heard from both":              {},
		"hidden by the directory":      {hide: true},
		"heard from the directory":     {unreachable: true},
		"hidden, told by the node, up": {hide: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := w.listed()
			w.invited(id, buyer)
			path := "/peer/v1/deals/" + string(id) + "/room/documents"
			check(t, w.ask(buyer, path))
			old := w.directory.records[buyer]
			if c.hide {
				w.directory.forge = func(r Record) Record {
					if r.Party == buyer {
						return old
					}
					return r
				}
			}
			if c.unreachable {
				w.network(buyer, func(next http.RoundTripper) http.RoundTripper {
					return roundTrip(func(r *http.Request) (*http.Response, error) {
						if r.Header.Get(recordHeader) != "" {
							return nil, errHook
						}
						return next.RoundTrip(r)
					})
				})
			}
			_, err := w.members[buyer].client.RevokeNode(context.Background())
			check(t, err)
			w.clock.add(time.Minute)
			wantReason(t, w.ask(buyer, path), RevokedRecord)
			if !w.found(seller, "connect", string(RevokedRecord)) || !w.found(buyer, "node.revoke", "ok") {
				t.Error("the revocation is not in both logs")
			}
			check(t, w.members[buyer].node.Publish(context.Background(), old.Endpoint)) // does not undo it
			w.clock.add(time.Minute)
			wantReason(t, w.ask(buyer, path), RevokedRecord)

			w.directory.forge = nil
			w.clock.add(time.Minute)
			w.rotate(buyer)
			check(t, w.ask(buyer, path))
		})
	}
}

// Who brings a record that is not its party's own is refused, and so is a
// revocation that somebody else signed.
func TestBroughtRecordForged(t *testing.T) {
	w := newWorld(t)
	w.start(loser)
	id := w.listed()
	w.invited(id, buyer)
	w.invited(id, loser)
	r := w.directory.records[buyer]
	r.Sequence, r.Revoked = r.Sequence+1, true
	var err error
	r.Signature, err = w.members[loser].wallet.SignTypedData(r.TypedData(testMarket.ChainID))
	check(t, err)
	wantReason(t, w.members[seller].node.hear(context.Background(), buyer, encodeRecord(r)), ForgedRecord)
	wantReason(t, w.members[seller].node.hear(context.Background(), buyer, "not a record"), ForgedRecord)
	r.Revoked = false // the signature of a record is none of a revocation
	r.Signature, err = w.members[buyer].wallet.SignTypedData(r.TypedData(testMarket.ChainID))
	check(t, err)
	r.Revoked = true
	wantReason(t, w.members[seller].node.hear(context.Background(), buyer, encodeRecord(r)), ForgedRecord)
	check(t, w.ask(buyer, "/peer/v1/deals/"+string(id)+"/room/documents"))
}

// A directory and peers that are down when keys are rotated hear of it later.
func TestRotateTold(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	w.invited(id, buyer)
	path := "/peer/v1/deals/" + string(id) + "/room/documents"
	check(t, w.ask(buyer, path))
	w.directory.set(func() { w.directory.silent = true })
	w.members[seller].stop()
	r := w.rotate(buyer)
	if w.directory.records[buyer].SPKI == r.SPKI {
		t.Fatal("the directory was not down")
	}
	w.directory.set(func() { w.directory.silent = false })
	w.start(seller)
	w.clock.add(time.Minute)
	w.members[buyer].node.announce(context.Background())
	w.members[buyer].node.announce(context.Background())
	if w.directory.records[buyer].SPKI != r.SPKI {
		t.Error("the directory was not told")
	}
	check(t, w.ask(buyer, path))
	var left int
	_, err := w.members[buyer].node.state.row(context.Background(), []any{&left}, "SELECT count(*) FROM announcements")
	check(t, err)
	if left != 0 {
		t.Errorf("%d are still to be told", left)
	}
}

// A node that was revoked and shows the same key again, as one does that was
// restored from a backup, stays refused.
func TestRevokedNodeRestored(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	w.invited(id, buyer)
	path := "/peer/v1/deals/" + string(id) + "/room/documents"
	check(t, w.ask(buyer, path))
	r, err := w.members[buyer].client.RevokeNode(context.Background())
	check(t, err)
	r.Revoked, r.Sequence = false, r.Sequence+100
	r.Signature, err = w.members[buyer].wallet.SignTypedData(r.TypedData(testMarket.ChainID))
	check(t, err)
	w.directory.set(func() { w.directory.records[buyer] = r })
	w.clock.add(time.Minute)
	wantReason(t, w.members[seller].node.hear(context.Background(), buyer, encodeRecord(r)), RevokedRecord)
	wantReason(t, w.ask(buyer, path), RevokedRecord)
}

// A record whose number no database holds is none.
func TestRecordNumberedBeyondAll(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	w.invited(id, buyer)
	check(t, w.ask(buyer, "/peer/v1/deals/"+string(id)+"/room/documents"))
	r := w.directory.records[buyer]
	r.Sequence = math.MaxUint64
	var err error
	r.Signature, err = w.members[buyer].wallet.SignTypedData(r.TypedData(testMarket.ChainID))
	check(t, err)
	wantReason(t, w.members[seller].node.hear(context.Background(), buyer, encodeRecord(r)), ForgedRecord)
}

// Keys that were replaced are told to others even if the log cannot be written.
func TestRotateWithoutALog(t *testing.T) {
	w := newWorld(t)
	n := w.members[buyer].node
	check(t, n.state.exec(context.Background(), "ALTER TABLE log_entries RENAME TO away"))
	if _, err := n.Rotate(context.Background()); err == nil {
		t.Error("that the log cannot be written is not said")
	}
	w.directory.set(func() {
		if w.directory.records[buyer].SPKI != n.Pin() {
			t.Error("nobody knows the new key")
		}
	})
	check(t, n.state.exec(context.Background(), "ALTER TABLE away RENAME TO log_entries"))
}

// While keys are replaced, or the node is revoked, its record is not published
// beside: the old keys would come back under a higher number.
func TestPublishWaitsForRotation(t *testing.T) {
	w := newWorld(t)
	n := w.members[buyer].node
	unlock, err := n.acting.lock(context.Background(), "record")
	check(t, err)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if err := n.Publish(ctx, n.endpoint.Load().(string)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("published beside a rotation: %v", err)
	}
	unlock()
	check(t, n.Publish(context.Background(), n.endpoint.Load().(string)))
}

// A peer that is told of a record while there is a newer one is told again.
func TestNewerRecordWhileTold(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	w.invited(id, buyer)
	check(t, w.ask(buyer, "/peer/v1/deals/"+string(id)+"/room/documents"))
	ctx, n := context.Background(), w.members[buyer].node
	told := 0
	w.network(buyer, func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			if r.Header.Get(recordHeader) != "" {
				if told++; told == 1 {
					newer, _, err := n.storedRecord(ctx, buyer)
					check(t, err)
					newer.Sequence++
					newer.Signature, err = w.members[buyer].wallet.SignTypedData(newer.TypedData(testMarket.ChainID))
					check(t, err)
					check(t, n.storeRecord(ctx, newer))
				}
			}
			return next.RoundTrip(r)
		})
	})
	check(t, n.state.exec(ctx, "INSERT INTO announcements VALUES (?) ON CONFLICT DO NOTHING", seller))
	n.announce(ctx)
	n.announce(ctx)
	n.announce(ctx)
	if told != 2 {
		t.Errorf("told %d times, want 2", told)
	}
}
