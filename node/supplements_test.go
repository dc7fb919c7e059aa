package node

import (
	"bytes"
	"context"
	"testing"
	"time"

	"cession/deal"
)

// added has a document notarized for a minted title and stored.
func (w *world) added() deal.ID {
	w.t.Helper()
	id := w.listed()
	body := []byte("minutes\n")
	set, err := w.members[seller].client.PlanMore(context.Background(), id, []PlannedDocument{described(w.t.(*testing.T), "board", "minutes.txt", string(body))})
	check(w.t, err)
	w.act(seller, id, "", "supplements.notarize")
	check(w.t, w.upload(id, set.Indexes[0], body))
	return id
}

// title returns the deal's title and the root it stands for, on the chain.
func (w *world) title(id deal.ID) (token, root deal.Commitment) {
	w.t.Helper()
	token = w.desk.deals[id].ReceiptOf("receivable.mint").Result
	root, err := w.chain.DocumentsRoot(context.Background(), token)
	check(w.t, err)
	return token, root
}

func (w *world) retitle(token, root deal.Commitment) {
	w.chain.set(func() { w.chain.titles[token] = root })
}

// What the wallet signs is the message of the contract, for the list that was
// notarized last.
func TestAppendIsSignedForTheContract(t *testing.T) {
	w := newWorld(t)
	id := w.added()
	token, old := w.title(id)
	w.act(seller, id, "", "supplements.append")
	act := w.desk.deals[id].Last("supplements", "append").Act
	longer := deal.Append{Token: token, Old: old, New: act.Field("root").Commitment(), Count: 4}
	nonce, _ := w.chain.TokenPermitNonce(context.Background(), token)
	digest, err := fakeDigest(longer.TypedData(testMarket, nonce))
	check(t, err)
	if err := w.signers.VerifyDigest(context.Background(), w.partyOf(seller).Wallet, digest, act.Field("authorization").Bytes()); err != nil {
		t.Errorf("the wallet signed something else: %v", err)
	}
	if _, root := w.title(id); root != longer.New || act.Field("count").Count() != 4 {
		t.Errorf("the title stands for %s, %d documents", root.Short(), act.Field("count").Count())
	}
}

// The title may have taken the list already, when the answer to that was lost;
// any other documents are refused.
func TestAppendAgainstTheChain(t *testing.T) {
	w := newWorld(t)
	id := w.added()
	token, old := w.title(id)
	w.retitle(token, deal.Commitment{66})
	_, err := w.try(seller, id, "", "supplements.append")
	wantReason(t, err, RootDiffers)
	longer := w.desk.deals[id].Value("supplements", "notarize", "root").Commitment()
	w.retitle(token, longer)
	w.act(seller, id, "", "supplements.append")
	if root, count := w.desk.deals[id].Documents(); root != longer || count != 4 {
		t.Errorf("%d documents under %s", count, root.Short())
	}
	w.invited(id, buyer)
	w.retitle(token, old) // as if the chain had lost it
	w.act(buyer, id, buyer, "offers.submit", "price=80000 USD", "until="+w.in(100*time.Hour))
	w.act(buyer, id, buyer, "offers.confirm", "price=90000 USD", "until="+w.in(100*time.Hour))
	w.act(seller, id, "", "selection.select", "bidder="+string(buyer))
	_, err = w.try(seller, id, "", "terms.propose", "fund_by="+w.in(24*time.Hour), "settle_by="+w.in(48*time.Hour), "arbiter_by="+w.in(72*time.Hour))
	wantReason(t, err, RootDiffers)
}

// A desk that shows the seller another list than it notarized does not get the
// title to take it.
func TestAppendOfAnotherList(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	_, err := w.try(seller, id, "", "supplements.notarize")
	wantKind(t, err, deal.Conflict) // nothing was added
	_, err = w.try(seller, id, "", "supplements.append")
	wantKind(t, err, deal.Conflict) // nor notarized
	n := w.members[seller].node
	docs := w.sellersDocuments(id)
	replaced := append([]document(nil), docs...)
	replaced[1].Salt = deal.NewSalt()
	check(t, w.plant(n, id, append(replaced, docs[0])))
	_, err = w.try(seller, id, "", "supplements.notarize")
	wantReason(t, err, RootDiffers)
}

// plant puts a list into a node's state that it would not plan by itself.
func (w *world) plant(n *Node, id deal.ID, docs []document) error {
	for i := range docs {
		docs[i].Index = uint64(i)
		docs[i].Leaf = n.leaf(deal.Standard(), docs[i])
	}
	set := docSet{Deal: id, Root: n.rootOf(docs), Count: uint64(len(docs))}
	ctx := context.Background()
	r, err := n.state.db.ExecContext(ctx, "INSERT INTO sets (deal, root, count, received) VALUES (?, ?, ?, 0)", id, set.Root.String(), int64(set.Count))
	if err != nil {
		return err
	}
	planted, err := r.LastInsertId()
	for _, d := range docs {
		_, fail := n.state.db.ExecContext(ctx, "INSERT INTO documents (set_id, idx, name, size, sha256, salt, leaf) VALUES (?, ?, ?, ?, ?, ?, ?)",
			planted, int64(d.Index), d.About.Name, d.Sum.Size, d.Sum.SHA256.String(), d.Salt.String(), d.Leaf.String())
		if err == nil {
			err = fail
		}
	}
	return err
}

// An offer is for the newest proposal of the perimeter, unless it says which.
func TestOfferIsForTheNewestProposal(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	w.invited(id, buyer)
	room := func() *deal.Progress { return w.desk.rooms[id][buyer] }
	submit := func(fields ...string) {
		t.Helper()
		w.act(buyer, id, buyer, "offers.submit", append(fields, "price=80000 USD", "until="+w.in(100*time.Hour))...)
	}
	submit()
	if named := room().Value("offers", "submit", "perimeter"); named.Kind() != "" {
		t.Errorf("nothing was proposed, and the offer is for %s", named)
	}
	var first deal.Commitment
	for _, remain := range [][]uint64{{0}, {0, 2}} {
		_, err := w.perimeter(seller, id, "propose", remain, map[string]string{"face": "70000 USD"})
		check(t, err)
		if first.IsZero() {
			first = room().Last("perimeter", "propose").Act.ID
		}
	}
	submit()
	if named := room().Value("offers", "submit", "perimeter").Commitment(); named != room().Last("perimeter", "propose").Act.ID {
		t.Errorf("the offer is for %s", named.Short())
	}
	submit("perimeter=" + first.String())
	if named := room().Value("offers", "submit", "perimeter").Commitment(); named != first {
		t.Errorf("the offer is for %s, want the one it names", named.Short())
	}
}

// The seller's node goes by the acts, whatever the desk says is for sale.
func TestTitleInARoomIsOfTheActs(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	w.invited(id, buyer)
	w.desk.forge = func(v *View) {
		for i := range v.Rooms {
			v.Rooms[i].Title = &deal.Portfolio{Face: deal.Amount{Minor: 1, Currency: "USD"}, Count: 1000, TapeRows: 1000}
		}
	}
	s, err := w.members[seller].node.look(context.Background(), id)
	check(t, err)
	want := *w.desk.deals[id].ForSale()
	if have := s.rooms[buyer].Title; have == nil || *have != want {
		t.Errorf("for sale in the room: %+v, want %+v", have, want)
	}
}

// Terms over retention are signed by both as agreed, and not before the receipt.
func TestRetentionIsSigned(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	w.invited(id, buyer)
	w.act(buyer, id, buyer, "offers.submit", "price=80000 USD", "until="+w.in(100*time.Hour))
	w.act(buyer, id, buyer, "offers.confirm", "price=90000 USD", "until="+w.in(100*time.Hour))
	w.act(seller, id, "", "selection.select", "bidder="+string(buyer))
	propose := []string{"fund_by=" + w.in(24*time.Hour), "settle_by=" + w.in(48*time.Hour), "arbiter_by=" + w.in(72*time.Hour)}
	_, err := w.try(seller, id, "", "terms.propose", append(propose, "retain_until="+w.in(47*time.Hour))...)
	wantKind(t, err, deal.Invalid)
	w.act(seller, id, "", "terms.propose", append(propose, "retain_until="+w.in(480*time.Hour))...)
	w.act(buyer, id, "", "terms.accept")
	p := w.desk.deals[id]
	with, err := p.SignedTerms()
	check(t, err)
	fields := map[string]deal.Value{}
	for name, v := range p.Last("terms", "propose").Act.Fields {
		if name != "retain_until" {
			fields[name] = v
		}
	}
	without, err := p.EscrowTerms(fields)
	if err != nil || bytes.Equal(with.Digest[:], without.Digest[:]) {
		t.Errorf("what both signed does not tell how long the seller keeps its copy: %v", err)
	}
}
