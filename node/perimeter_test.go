package node

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"cession/deal"
)

// perimeter has an action on the perimeter taken in the buyer's room.
func (w *world) perimeter(by deal.PartyID, id deal.ID, action string, documents []uint64, fields map[string]string) (deal.Outcome, error) {
	return w.members[by].client.Act(context.Background(), ActRequest{
		Deal: id, Room: buyer, Step: "perimeter", Action: action, Documents: documents, Fields: fields,
	})
}

// narrowed brings a deal to where seller and buyer agreed on two of the three
// documents, after the seller had proposed the first alone.
func (w *world) narrowed() deal.ID {
	w.t.Helper()
	id := w.listed()
	w.invited(id, buyer)
	for _, remain := range [][]uint64{{0}, {2, 0}} {
		_, err := w.perimeter(seller, id, "propose", remain, map[string]string{"face": "70000 USD"})
		check(w.t, err)
	}
	_, err := w.perimeter(buyer, id, "agree", nil, nil)
	check(w.t, err)
	return id
}

// partSold has a deal over two of three documents as far as a release.
func (w *world) partSold() (deal.ID, deal.Act) {
	w.t.Helper()
	id := w.narrowed()
	w.sold(id)
	return id, w.released(id)
}

func (w *world) sellersDocuments(id deal.ID) []document {
	docs, _, err := w.members[seller].node.title(context.Background(), id)
	check(w.t, err)
	return docs
}

// Two of three documents are sold: the deal settles over the whole title, and
// the third document never leaves the seller.
func TestPerimeter(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	id, release := w.partSold()
	docs := w.sellersDocuments(id)
	n := w.members[seller].node
	root := n.rootOf([]document{docs[0], docs[2]})
	if have := release.Field("root").Commitment(); have != root {
		t.Fatalf("released root %s, want that of documents 0 and 2: %s", have, root)
	}
	w.removedStays(id, release, docs[1])
	check(t, w.pull(id, release))
	check(t, w.pull(id, release)) // an activity whose answer was lost runs again

	b := w.members[buyer].client
	have, err := b.Documents(ctx, id)
	check(t, err)
	if len(have) != 2 || have[0].Index != 0 || have[1].Index != 2 {
		t.Errorf("the buyer holds %+v, want documents 0 and 2", have)
	}
	for _, i := range []uint64{0, 2} {
		r, err := b.Content(ctx, id, i)
		check(t, err)
		content, err := io.ReadAll(r)
		r.Close()
		if err != nil || !bytes.Equal(content, files()[i].body) {
			t.Errorf("document %d differs at the buyer: %v", i, err)
		}
	}
	_, err = b.Content(ctx, id, 1)
	wantKind(t, err, deal.NotFound)
	if sent, done, err := n.Delivered(ctx, release.ID); err != nil || sent != 2 || !done {
		t.Errorf("the seller's node says %d documents delivered, done %t, %v; want 2, true", sent, done, err)
	}
	w.settledOverTitle(id, root)
}

// removedStays looks for a document that was not sold in everything the
// seller's node gives to the buyer's.
func (w *world) removedStays(id deal.ID, release deal.Act, removed document) {
	w.t.Helper()
	var listing json.RawMessage
	c, err := w.members[buyer].node.peer(context.Background(), seller)
	check(w.t, err)
	check(w.t, c.get(context.Background(), fmt.Sprintf("/peer/v1/deals/%s/handover?ticket=%s", id, release.ID), maxListing, &listing))
	for what, secret := range map[string]string{
		"name": jsonColumn(removed.About.Name), "salt": removed.Salt.String(), "hash": jsonColumn(removed.Sum.SHA256),
		"manifest": jsonColumn(removed.version.Manifest), "chunks": jsonColumn(removed.version.Chunks),
	} {
		if bytes.Contains(listing, []byte(secret)) {
			w.t.Errorf("the listing has the %s of a document that was not sold", what)
		}
	}
	var l Listing
	check(w.t, json.Unmarshal(listing, &l))
	for _, c := range l.Documents {
		if _, err := w.members[buyer].node.identity.Unwrap(c.Key, removed.version.Manifest); err == nil {
			w.t.Error("the listing has the key of a document that was not sold")
		}
	}
	wantReason(w.t, w.ask(buyer, fmt.Sprintf("/peer/v1/deals/%s/handover/%d?ticket=%s", id, removed.Index, release.ID)), NotReleased)
	if !w.logged(seller, "handover.range", string(NotReleased)) {
		w.t.Error("the attempt is not in the seller's view log")
	}
}

// settledOverTitle ends the deal: the receipt of the plan is for what arrived,
// the escrow's for the title.
func (w *world) settledOverTitle(id deal.ID, arrived deal.Commitment) {
	w.t.Helper()
	w.act(buyer, id, "", "handover.receipt")
	receipt := w.desk.deals[id].Last("handover", "receipt").Act
	if receipt.Field("root").Commitment() != arrived || receipt.Field("count").Count() != 2 {
		w.t.Errorf("receipt for %s, %d documents; want %s, 2", receipt.Field("root"), receipt.Field("count").Count(), arrived)
	}
	w.act(buyer, id, "", "settlement.settle")
	p := w.desk.deals[id]
	digest, err := fakeDigest(deal.ReceiptTypedData(testMarket, p.Value("terms", "accept", "escrow").Commitment(), p.Value("documents", "notarize", "root").Commitment()))
	check(w.t, err)
	check(w.t, w.signers.VerifyDigest(context.Background(), w.members[buyer].wallet.address, digest, p.Value("settlement", "settle", "authorization").Bytes()))
	w.act(seller, id, "", "archive.archive")
}

// What the customer asks for must be documents of the deal, and what the bidder
// agrees to the seller's last proposal.
func TestPerimeterRefused(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	w.invited(id, buyer)
	_, err := w.perimeter(buyer, id, "agree", nil, nil)
	wantKind(t, err, deal.Conflict)
	face := map[string]string{"face": "70000 USD"}
	for name, remain := range map[string][]uint64{"none": nil, "out of range": {0, 3}, "twice": {2, 0, 2}} {
		if _, err := w.perimeter(seller, id, "propose", remain, face); deal.KindOf(err) != deal.Invalid {
			t.Errorf("documents %s: %v, want invalid", name, err)
		}
	}
	other := deal.Commitment{1}.String()
	_, err = w.perimeter(seller, id, "propose", nil, map[string]string{"face": "70000 USD", "root": other, "count": "2"})
	wantReason(t, err, PerimeterDiffers)
	_, err = w.perimeter(seller, id, "propose", []uint64{0, 2}, map[string]string{"face": "70000 USD", "count": "3"})
	wantKind(t, err, deal.Conflict)
	_, err = w.perimeter(seller, id, "propose", []uint64{0, 2}, face)
	check(t, err)
	for field, value := range map[string]string{"root": other, "count": "1", "face": "1 USD"} {
		if _, err := w.perimeter(buyer, id, "agree", nil, map[string]string{field: value}); deal.KindOf(err) != deal.Conflict {
			t.Errorf("agree with another %s: %v, want conflict", field, err)
		}
	}
	_, err = w.perimeter(buyer, id, "agree", []uint64{0, 1}, nil)
	wantKind(t, err, deal.Invalid)
	root := w.desk.rooms[id][buyer].Value("perimeter", "propose", "root").String()
	_, err = w.perimeter(seller, id, "propose", nil, map[string]string{"face": "60000 USD", "root": root})
	check(t, err) // known by its root from now on
}

// selected brings the deal to where the terms are signed.
func (w *world) selected(id deal.ID) {
	w.t.Helper()
	w.act(buyer, id, buyer, "offers.submit", "price=60000 USD", "until="+w.in(100*time.Hour))
	w.act(buyer, id, buyer, "offers.confirm", "price=60000 USD", "until="+w.in(100*time.Hour))
	w.act(seller, id, "", "selection.select", "bidder="+string(buyer))
}

func (w *world) proposeTerms(id deal.ID) error {
	_, err := w.try(seller, id, "", "terms.propose", "fund_by="+w.in(24*time.Hour), "settle_by="+w.in(48*time.Hour), "arbiter_by="+w.in(72*time.Hour))
	return err
}

// forcePerimeter has a perimeter proposed, or agreed to, past the party's node.
func (w *world) forcePerimeter(by deal.PartyID, id deal.ID, action string, root deal.Commitment, count uint64) {
	w.force(w.members[by].wallet, deal.Act{Deal: id, Room: buyer, Step: "perimeter", Action: action, Party: by, Fields: map[string]deal.Value{
		"root": deal.Digest(root), "count": deal.Number(count), "face": deal.Money(70000, "USD"),
	}})
}

// forceTerms has the seller's terms proposed past its node, over whatever
// perimeter the desk knows.
func (w *world) forceTerms(id deal.ID) {
	w.t.Helper()
	at := func(hours time.Duration) deal.Value { return deal.At(w.clock.Now().Add(hours * time.Hour)) }
	fields := map[string]deal.Value{"fund_by": at(24), "settle_by": at(48), "arbiter_by": at(72)}
	terms, err := w.desk.deals[id].EscrowTerms(fields)
	check(w.t, err)
	escrow, err := fakeStruct(terms.TypedData(testMarket))
	check(w.t, err)
	sig, err := w.members[seller].wallet.SignTypedData(terms.TypedData(testMarket))
	check(w.t, err)
	fields["escrow"] = deal.Digest(escrow)
	fields["authorization"], err = deal.NewValue(deal.KindSignature, sig.String())
	check(w.t, err)
	w.force(w.members[seller].wallet, deal.Act{Deal: id, Step: "terms", Action: "propose", Party: seller, Fields: fields})
}

// Neither node signs terms over a perimeter that was not both proposed and
// agreed to, whatever the other party and the desk make of it.
func TestPerimeterTerms(t *testing.T) {
	withhold := func(actions ...string) func(*View) {
		return func(v *View) {
			for i := range v.Rooms {
				v.Rooms[i].Records = slices.DeleteFunc(v.Rooms[i].Records, func(r deal.Record) bool { return slices.Contains(actions, r.Act.Name()) })
			}
		}
	}
	other := deal.Commitment{1}
	for name, c := range map[string]struct {
		spoil func(*world, deal.ID)
		forge func(*View)
		// the reason of each node; "" where it cannot know
		seller, buyer Reason
	}{
		"agreed to another root": {func(w *world, id deal.ID) { w.forcePerimeter(buyer, id, "agree", other, 2) }, nil, PerimeterDiffers, PerimeterDiffers},
		"agreed to another count": {func(w *world, id deal.ID) {
			w.forcePerimeter(buyer, id, "agree", w.desk.rooms[id][buyer].Value("perimeter", "propose", "root").Commitment(), 1)
		}, nil, PerimeterDiffers, PerimeterDiffers},
		"proposed past the seller's node": {func(w *world, id deal.ID) {
			w.forcePerimeter(seller, id, "propose", other, 2)
			w.forcePerimeter(buyer, id, "agree", other, 2)
		}, nil, PerimeterDiffers, ""},
		"proposed with another count": {func(w *world, id deal.ID) {
			root := w.desk.rooms[id][buyer].Value("perimeter", "propose", "root").Commitment()
			w.forcePerimeter(seller, id, "propose", root, 1)
			w.forcePerimeter(buyer, id, "agree", root, 1)
		}, nil, PerimeterDiffers, ""},
		"agreement withheld": {nil, withhold("perimeter.agree"), "", ForgedAct},
		"all of it withheld": {nil, withhold("perimeter.agree", "perimeter.propose"), ForgedAct, ForgedAct},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := w.narrowed()
			if c.spoil != nil {
				c.spoil(w, id)
			}
			w.selected(id)
			w.desk.forge = c.forge
			if c.seller != "" {
				wantReason(t, w.proposeTerms(id), c.seller)
			}
			w.desk.forge = nil
			w.forceTerms(id)
			w.desk.forge = c.forge
			if _, err := w.try(buyer, id, "", "terms.accept"); c.buyer != "" {
				wantReason(t, err, c.buyer)
			} else {
				check(t, err)
			}
		})
	}
}
