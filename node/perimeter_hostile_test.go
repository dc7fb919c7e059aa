package node

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"cession/deal"
	"cession/node/vault"
)

// Of an agreed perimeter nothing else is released, whatever the desk says was
// agreed, and the buyer's node takes nothing else for it.
func TestPerimeterRelease(t *testing.T) {
	root := func(w *world, indexes ...uint64) deal.Commitment {
		docs, err := pick(w.sellersDocuments(w.onlyDeal()), indexes)
		check(w.t, err)
		return w.members[seller].node.rootOf(docs)
	}
	claim := func(sale *deal.Progress, root deal.Commitment, count uint64) {
		r := sale.Rooms[buyer]
		r.Perimeter, r.PerimeterCount = root, count
		sale.Rooms[buyer] = r
	}
	for name, c := range map[string]struct {
		released []uint64                            // by the release
		claimed  func(w *world, sale *deal.Progress) // by the desk
		want     Reason
	}{
		"the whole title":                        {[]uint64{0, 1, 2}, nil, RootDiffers},
		"one document less":                      {[]uint64{0}, nil, RootDiffers},
		"another document":                       {[]uint64{0, 1}, nil, RootDiffers},
		"the whole title, the desk agrees":       {[]uint64{0, 1, 2}, func(_ *world, s *deal.Progress) { claim(s, deal.Commitment{}, 0) }, TermsDiffer},
		"one document less, the desk agrees":     {[]uint64{0}, func(w *world, s *deal.Progress) { claim(s, root(w, 0), 1) }, TermsDiffer},
		"what was agreed, the desk says another": {[]uint64{0, 2}, func(w *world, s *deal.Progress) { claim(s, root(w, 0), 1) }, TermsDiffer},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id, release := w.partSold()
			n := w.members[seller].node
			check(t, n.state.exec(context.Background(), "DELETE FROM releases")) // as before it was armed
			sale := before(w.desk.deals[id], release.ID)
			release = w.sign(w.members[seller].wallet, release, func(a *deal.Act) { a.Fields["root"] = deal.Digest(root(w, c.released...)) })
			if c.claimed != nil {
				c.claimed(w, &sale)
			}
			wantReason(t, n.Arm(context.Background(), &sale, release), c.want)
			_, _, err := w.members[buyer].node.Pull(context.Background(), &sale, release, nil)
			wantReason(t, err, c.want)
		})
	}
}

// What a hostile seller's node lists for the agreed perimeter is refused before
// anything is fetched.
func TestPerimeterListing(t *testing.T) {
	for name, change := range map[string]func(w *world, l *Listing, all []Consignment){
		"one document more left out":    func(_ *world, l *Listing, _ []Consignment) { l.Documents = l.Documents[:1] },
		"the removed one added":         func(_ *world, l *Listing, all []Consignment) { l.Documents = all },
		"another document of the title": func(_ *world, l *Listing, all []Consignment) { l.Documents[1] = all[1] },
		"a leaf not in the title":       func(_ *world, l *Listing, _ []Consignment) { l.Documents[1].Salt = deal.NewSalt() },
		"one document twice":            func(_ *world, l *Listing, _ []Consignment) { l.Documents[1] = l.Documents[0] },
		"in another order":              func(_ *world, l *Listing, _ []Consignment) { slices.Reverse(l.Documents) },
		"a proof left out":              func(_ *world, l *Listing, _ []Consignment) { l.Documents[0].Proof = nil },
		"the proof of another leaf":     func(_ *world, l *Listing, _ []Consignment) { l.Documents[0].Proof = l.Documents[1].Proof },
		"the place of another leaf":     func(_ *world, l *Listing, _ []Consignment) { l.Documents[1].Index = 1 },
		"a place beyond the title":      func(_ *world, l *Listing, _ []Consignment) { l.Documents[1].Index = 3 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id, release := w.partSold()
			all := w.wholeTitle(id, release)
			w.network(buyer, tamper("/handover", func(b []byte) []byte {
				var l Listing
				if json.Unmarshal(b, &l) != nil || l.Release.IsZero() {
					return b
				}
				change(w, &l, all)
				return w.signedListing(l)
			}))
			wantReason(t, w.pull(id, release), AlteredManifest)
			if _, err := w.try(buyer, id, "", "handover.receipt"); deal.KindOf(err) != deal.Conflict {
				t.Errorf("receipt for documents that did not arrive: %v", err)
			}
		})
	}
}

// wholeTitle is what a seller's node without scruples could list.
func (w *world) wholeTitle(id deal.ID, release deal.Act) []Consignment {
	w.t.Helper()
	n, ctx := w.members[seller].node, context.Background()
	proofs, err := n.proofs(ctx, id, release.Field("root").Commitment())
	check(w.t, err)
	title := w.desk.deals[id].Value("documents", "notarize", "root")
	l, err := n.consign(ctx, w.desk.deals[id], deal.Act{ID: release.ID, Deal: id, Fields: map[string]deal.Value{"root": title}})
	check(w.t, err)
	for i := range l.Documents {
		l.Documents[i].Proof = proofs[i]
	}
	return l.Documents
}

func (w *world) signedListing(l Listing) []byte {
	var err error
	l.Signature, err = w.members[seller].wallet.SignTypedData(l.TypedData(testMarket.ChainID))
	check(w.t, err)
	b, err := json.Marshal(l)
	check(w.t, err)
	return b
}

// A seller that had the buyer agree to a root over anything but different
// documents of the title gets nowhere with it: its own node releases nothing,
// and the buyer's takes nothing.
func TestPerimeterOfOtherLeaves(t *testing.T) {
	for name, c := range map[string]struct {
		second func(docs []document) document // listed after the first
	}{
		"a document not in the title": {func(docs []document) document { d := docs[2]; d.Salt = deal.NewSalt(); return d }},
		"one document twice":          {func(docs []document) document { return docs[0] }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := w.narrowed()
			docs := w.sellersDocuments(id)
			list := []document{docs[0], c.second(docs)}
			for i, d := range list {
				list[i].Leaf = vault.Leaf(fakeKeccak, d.Salt, d.Sum.SHA256, d.About.Digest())
			}
			root := w.members[seller].node.rootOf(list)
			w.forcePerimeter(seller, id, "propose", root, 2)
			w.forcePerimeter(buyer, id, "agree", root, 2)
			w.selected(id)
			w.forceTerms(id)
			w.act(buyer, id, "", "terms.accept")
			w.act(seller, id, "", "escrow.deposit")
			w.act(buyer, id, "", "escrow.fund")
			w.act(buyer, id, "", "handover.request")
			_, err := w.try(seller, id, "", "handover.release")
			wantReason(t, err, PerimeterDiffers)
			wantReason(t, w.pullForged(id, root, list), AlteredManifest)
		})
	}
}

// pullForged has the buyer's node pull under a release past the seller's node,
// from a node that lists these documents.
func (w *world) pullForged(id deal.ID, root deal.Commitment, docs []document) error {
	w.t.Helper()
	p := w.desk.deals[id]
	release := w.sign(w.members[seller].wallet, deal.Act{
		Deal: id, Step: "handover", Action: "release", Party: seller, Sequence: p.NextSequence(seller),
		Fields: map[string]deal.Value{"key": p.Value("handover", "request", "key"), "root": deal.Digest(root), "until": deal.At(w.clock.Now().Add(time.Hour))},
	}, func(*deal.Act) {})
	all, list := w.wholeTitle(id, release), []Consignment{}
	for _, d := range docs {
		c := all[d.Index]
		c.Salt = d.Salt
		list = append(list, c)
	}
	w.network(buyer, func(http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			b := w.signedListing(Listing{Release: release.ID, Root: root, Documents: list})
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(b)), Request: r}, nil
		})
	})
	shown := asSeenBy(p, buyer)
	_, _, err := w.members[buyer].node.Pull(context.Background(), &shown, release, nil)
	return err
}
