package node

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"cession/deal"
	"cession/node/vault"
)

// roundTrip is a network that a test controls.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// network puts a network between a party's node and the seller's.
func (w *world) network(of deal.PartyID, between func(next http.RoundTripper) http.RoundTripper) {
	w.t.Helper()
	n := w.members[of].node
	c, err := n.peer(context.Background(), seller)
	check(w.t, err)
	n.peers.mu.Lock()
	defer n.peers.mu.Unlock()
	for key, known := range n.peers.clients {
		if known == c { // which may be in use
			through := *c.http
			through.Transport = between(through.Transport)
			n.peers.clients[key] = &peerClient{c.base, c.self, &through}
		}
	}
}

// tamper changes the bodies of answers to requests whose path has a part.
func tamper(part string, change func([]byte) []byte) func(http.RoundTripper) http.RoundTripper {
	return func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(r)
			if err != nil || !strings.Contains(r.URL.Path, part) || resp.StatusCode >= 300 {
				return resp, err
			}
			b, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			resp.Body = io.NopCloser(bytes.NewReader(change(b)))
			return resp, err
		})
	}
}

// ask sends a request to the seller's node as another party's node would.
func (w *world) ask(from deal.PartyID, path string) error {
	c, err := w.members[from].node.peer(context.Background(), seller)
	check(w.t, err)
	return c.get(context.Background(), path, maxListing, new(json.RawMessage))
}

// sign makes an act of a party with its wallet, past its node.
func (w *world) sign(by *fakeWallet, act deal.Act, change func(*deal.Act)) deal.Act {
	act.Salt, act.Fields = deal.NewSalt(), cloneFields(act.Fields)
	act.Deadline, act.Signer = w.clock.Now().Add(time.Hour).Truncate(time.Second), by.address
	change(&act)
	t, err := act.TypedData(deal.Standard(), testMarket)
	check(w.t, err)
	act.ID, err = fakeDigest(t)
	check(w.t, err)
	act.Signature, err = by.SignTypedData(t)
	check(w.t, err)
	return act
}

func cloneFields(m map[string]deal.Value) map[string]deal.Value {
	c := map[string]deal.Value{}
	for k, v := range m {
		c[k] = v
	}
	return c
}

// Every attempt to get documents out of the seller's node past its gate is
// refused for its own reason, and logged.
func TestHandoverGate(t *testing.T) {
	listing := func(id deal.ID, r deal.Act) string {
		return fmt.Sprintf("/peer/v1/deals/%s/handover?ticket=%s", id, r.ID)
	}
	document := func(id deal.ID, r deal.Act) string {
		return fmt.Sprintf("/peer/v1/deals/%s/handover/0?ticket=%s", id, r.ID)
	}
	escrow := func(state string) func(*world, deal.ID) {
		return func(w *world, _ deal.ID) {
			w.chain.set(func() {
				for id := range w.chain.escrows {
					w.chain.escrows[id] = state
				}
			})
		}
	}
	for name, c := range map[string]struct {
		before func(*world, deal.ID)
		from   deal.PartyID
		path   func(deal.ID, deal.Act) string
		what   string
		want   Reason
	}{
		"another buyer's node":   {nil, loser, listing, "handover.list", NotBuyer},
		"another buyer, a range": {nil, loser, document, "handover.range", NotBuyer},
		"unknown ticket":         {nil, buyer, func(id deal.ID, _ deal.Act) string { return listing(id, deal.Act{ID: deal.Commitment{1}}) }, "handover.list", TicketUnknown},
		"after settlement":       {escrow("settled"), buyer, listing, "handover.list", EscrowOver},
		"expired ticket":         {func(w *world, _ deal.ID) { w.clock.add(49 * time.Hour) }, buyer, document, "handover.range", TicketExpired},
		"revoked ticket": {func(w *world, id deal.ID) {
			check(w.t, w.members[seller].client.RevokeHandover(context.Background(), id))
		}, buyer, document, "handover.range", TicketRevoked},
		"policy says no": {func(w *world, _ deal.ID) { w.policy.say(true, "handover.release") }, buyer, listing, "handover.list", PolicyRefused},
		"title for other documents": {func(w *world, _ deal.ID) {
			w.chain.set(func() {
				for token := range w.chain.titles {
					w.chain.titles[token] = deal.Commitment{1}
				}
			})
		}, buyer, listing, "handover.list", RootDiffers},
		"another node's certificate": {func(w *world, _ deal.ID) {
			w.network(loser, func(next http.RoundTripper) http.RoundTripper {
				return roundTrip(func(r *http.Request) (*http.Response, error) {
					r.Header.Set(partyHeader, string(buyer))
					return next.RoundTrip(r)
				})
			})
		}, loser, listing, "connect", UnknownPeer},
		"forged node record": {func(w *world, _ deal.ID) {
			w.clock.add(time.Minute)
			w.directory.forge = func(r Record) Record {
				if r.Party == buyer { // the operator routes the buyer to the loser
					r.SPKI = w.members[loser].node.Pin()
				}
				return r
			}
			w.network(loser, func(next http.RoundTripper) http.RoundTripper {
				return roundTrip(func(r *http.Request) (*http.Response, error) {
					r.Header.Set(partyHeader, string(buyer))
					return next.RoundTrip(r)
				})
			})
		}, loser, listing, "connect", ForgedRecord},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id, release := w.handover()
			if c.from == loser {
				w.start(loser)
				w.invitedLate(loser)
			}
			if c.before != nil {
				c.before(w, id)
			}
			wantReason(t, w.ask(c.from, c.path(id, release)), c.want)
			if !w.logged(seller, c.what, string(c.want)) {
				t.Errorf("%s is not in the seller's view log", c.want)
			}
		})
	}
}

// invitedLate has a party known to the seller's node, and the other way round,
// through another deal.
func (w *world) invitedLate(bidder deal.PartyID) {
	w.t.Helper()
	id := w.listed()
	w.invited(id, bidder)
}

// Releases that do not agree with what was signed are never armed.
func TestArmRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(w *world, sale *deal.Progress, release *deal.Act)
		want  Reason
	}{
		"swapped key in the request": {func(w *world, sale *deal.Progress, _ *deal.Act) {
			sale.Last("handover", "request").Act.Fields["key"] = recipient(w.t)
		}, ForgedAct},
		"request by the second signer": {func(w *world, sale *deal.Progress, _ *deal.Act) {
			r := sale.Last("handover", "request")
			r.Act = w.sign(w.members[buyer].second, r.Act, func(a *deal.Act) { a.Fields["key"] = recipient(w.t) })
		}, NotBuyer},
		"request by a stranger": {func(w *world, sale *deal.Progress, _ *deal.Act) {
			r := sale.Last("handover", "request")
			r.Act = w.sign(w.members[loser].wallet, r.Act, func(a *deal.Act) { a.Fields["key"] = recipient(w.t) })
		}, ForgedAct},
		"buyer with another wallet": {func(w *world, sale *deal.Progress, _ *deal.Act) {
			room := sale.Rooms[buyer]
			room.Bidder.Wallet = w.members[loser].wallet.address
			sale.Rooms[buyer] = room
		}, WalletChanged},
		"release to another key": {func(w *world, _ *deal.Progress, release *deal.Act) {
			*release = w.sign(w.members[seller].wallet, *release, func(a *deal.Act) { a.Fields["key"] = recipient(w.t) })
		}, KeyDiffers},
		"release of other documents": {func(w *world, _ *deal.Progress, release *deal.Act) {
			*release = w.sign(w.members[seller].wallet, *release, func(a *deal.Act) { a.Fields["root"] = deal.Digest(deal.Commitment{1}) })
		}, RootDiffers},
		"release by the buyer": {func(w *world, _ *deal.Progress, release *deal.Act) {
			*release = w.sign(w.members[buyer].wallet, *release, func(*deal.Act) {})
		}, ForgedAct},
		"terms never accepted": {func(_ *world, sale *deal.Progress, _ *deal.Act) {
			var kept []deal.Record
			for _, r := range sale.Records {
				if r.Act.Name() != "terms.accept" {
					kept = append(kept, r)
				}
			}
			sale.Records = kept
		}, ForgedAct},
		"another escrow": {func(w *world, sale *deal.Progress, _ *deal.Act) {
			r := sale.Last("terms", "accept")
			r.Act = w.sign(w.members[buyer].wallet, r.Act, func(a *deal.Act) { a.Fields["escrow"] = deal.Digest(deal.Commitment{1}) })
		}, TermsDiffer},
		"another market": {func(_ *world, sale *deal.Progress, _ *deal.Act) {
			sale.Opening.Market.Escrow = deal.Address{99}
		}, WrongMarket},
		"another plan": {func(_ *world, sale *deal.Progress, _ *deal.Act) {
			sale.Opening.Plan.Steps[0].Title = "Something else"
		}, PlanChanged},
		"another deal's opening": {func(_ *world, sale *deal.Progress, _ *deal.Act) {
			sale.Opening.Pack = deal.Commitment{1}
		}, PlanChanged},
		"escrow not funded": {func(w *world, _ *deal.Progress, _ *deal.Act) {
			w.chain.set(func() { clear(w.chain.escrows) })
		}, EscrowNotFunded},
		"a document is gone": {func(w *world, _ *deal.Progress, _ *deal.Act) {
			n := w.members[seller].node
			set, err := n.ownSet(context.Background(), w.onlyDeal())
			check(w.t, err)
			d, err := n.state.document(context.Background(), set.id, 1)
			check(w.t, err)
			check(w.t, n.Blobs.Delete(context.Background(), d.blob))
		}, NotHeld},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id, release := w.handover()
			n := w.members[seller].node
			check(t, n.state.exec(context.Background(), "DELETE FROM releases")) // as before it was armed
			sale := before(w.desk.deals[id], release.ID)
			c.spoil(w, &sale, &release)
			wantReason(t, n.Arm(context.Background(), &sale, release), c.want)
			if _, _, err := n.Delivered(context.Background(), release.ID); deal.KindOf(err) != deal.NotFound {
				t.Errorf("a refused release was armed: %v", err)
			}
		})
	}
}

func (w *world) onlyDeal() (id deal.ID) {
	for id = range w.desk.deals {
	}
	return id
}

func recipient(t testing.TB) deal.Value {
	i, err := vault.NewIdentity()
	check(t, err)
	v, err := deal.NewValue(deal.KindKey, i.Recipient().String())
	check(t, err)
	return v
}

// A forged route leads nowhere, and a directory that is gone is not needed.
func TestForgedRoute(t *testing.T) {
	w := newWorld(t)
	w.start(loser)
	id, release := w.handover()
	w.clock.add(time.Minute) // the cached records are no longer fresh
	forged := func(change func(Record) Record) {
		w.directory.forge = func(r Record) Record {
			if r.Party == seller {
				return change(r)
			}
			return r
		}
	}
	forged(func(r Record) Record { r.Endpoint = w.directory.records[loser].Endpoint; return r })
	wantReason(t, w.pull(id, release), ForgedRecord)
	w.directory.down = true // cut off: the last record seen serves
	check(t, w.pull(id, release))
}

// Paths and ranges a client should not ask for.
func TestPeerAbuse(t *testing.T) {
	w := newWorld(t)
	id, release := w.handover()
	c, err := w.members[buyer].node.peer(context.Background(), seller)
	check(t, err)
	base := "/peer/v1/deals/" + string(id) + "/handover/"
	for _, p := range []string{"..%2f..%2fnode.db", "-1", "99", "0x0", "%00"} {
		if resp, err := c.do(context.Background(), http.MethodGet, base+p+"?ticket="+release.ID.String(), http.Header{"Range": {"bytes=0-1"}}, nil); err == nil {
			resp.Body.Close()
			t.Errorf("path %s was answered", p)
		}
	}
	for _, r := range []string{"", "bytes=0-", "bytes=-5", "bytes=5-1", "bytes=0-1,3-4", "bytes=0-99999999999", "bytes=0-16777216", "lines=0-1"} {
		_, err := c.do(context.Background(), http.MethodGet, base+"2?ticket="+release.ID.String(), http.Header{"Range": {r}}, nil)
		wantKind(t, err, deal.Invalid)
	}
}
