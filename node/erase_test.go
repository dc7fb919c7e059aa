package node

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cession/deal"
	"cession/node/vault"
)

// settledDeal has a deal handed over and settled; the seller keeps its copy for so long.
func (w *world) settledDeal(keep time.Duration) deal.ID {
	w.t.Helper()
	id := w.listed()
	w.invited(id, buyer)
	w.settle(id, keep)
	return id
}

// settle takes a deal from the data room to its settlement.
func (w *world) settle(id deal.ID, keep time.Duration) {
	w.t.Helper()
	w.act(buyer, id, buyer, "offers.submit", "price=80000 USD", "until="+w.in(100*time.Hour))
	w.act(buyer, id, buyer, "offers.confirm", "price=90000 USD", "until="+w.in(100*time.Hour))
	w.act(seller, id, "", "selection.select", "bidder="+string(buyer))
	terms := []string{"fund_by=" + w.in(24*time.Hour), "settle_by=" + w.in(48*time.Hour), "arbiter_by=" + w.in(72*time.Hour)}
	if keep > 0 {
		terms = append(terms, "retain_until="+w.in(keep))
	}
	w.act(seller, id, "", "terms.propose", terms...)
	w.act(buyer, id, "", "terms.accept")
	release := w.released(id)
	check(w.t, w.pull(id, release))
	w.act(buyer, id, "", "handover.receipt")
	w.act(buyer, id, "", "settlement.settle")
}

// secret is something that must not be found any more.
type secret struct {
	what string
	text []byte
}

// secretsOf lists what makes a stored document readable or known.
func (w *world) secretsOf(of deal.PartyID, id deal.ID, index uint64) []secret {
	w.t.Helper()
	ctx, n := context.Background(), w.members[of].node
	d, err := n.listed(ctx, id, index)
	check(w.t, err)
	body, err := n.Blobs.ReadRange(ctx, d.blob, d.version.Manifest.CipherSize-40, 40)
	check(w.t, err)
	cipher := make([]byte, 40)
	_, err = io.ReadFull(body, cipher)
	check(w.t, err)
	check(w.t, body.Close())
	return []secret{
		{"content", files()[index].body[:16]}, {"name", []byte(d.About.Name)}, {"digest", []byte(d.Sum.SHA256.String())},
		{"salt", []byte(d.Salt.String())}, {"key", d.version.Wrapped[100:140]}, {"ciphertext", cipher},
		{"digest of the ciphertext", []byte(d.version.Manifest.CipherSHA256.String())},
	}
}

// scan looks for secrets in every file of a member's folder: database,
// write-ahead log, free pages, store.
func (w *world) scan(of deal.PartyID, secrets []secret) (found []string) {
	w.t.Helper()
	err := filepath.WalkDir(w.members[of].dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		for _, s := range secrets {
			if bytes.Contains(b, s.text) {
				found = append(found, s.what+" in "+filepath.Base(path))
			}
		}
		return err
	})
	check(w.t, err)
	w.eachObject(of, func(key string, b []byte) {
		for _, s := range secrets {
			if bytes.Contains(b, s.text) {
				found = append(found, s.what+" in object "+key)
			}
		}
	})
	return found
}

// proven checks that a document is in the title, from what the node has of it.
func (w *world) proven(of deal.PartyID, id deal.ID, index uint64) {
	w.t.Helper()
	ctx, n := context.Background(), w.members[of].node
	p := w.desk.deals[id]
	root, size := p.Documents()
	set, err := n.heldSet(ctx, id)
	check(w.t, err)
	docs, err := n.state.documents(ctx, set.id)
	check(w.t, err)
	tree := vault.NewTree(fakeKeccak)
	for _, d := range docs {
		tree.Add(d.Leaf[:])
	}
	path, err := tree.Proof(int(index))
	check(w.t, err)
	leaf := n.leaf(p.Opening.Plan, docs[index])
	if err := vault.VerifyProof(fakeKeccak, root, leaf[:], index, size, path); err != nil {
		w.t.Errorf("document %d at %s: %v", index, of, err)
	}
	w.sameFile(of, id, index)
}

func (w *world) sameFile(of deal.PartyID, id deal.ID, index uint64) {
	w.t.Helper()
	r, err := w.members[of].client.Content(context.Background(), id, index)
	check(w.t, err)
	defer r.Close()
	var b bytes.Buffer
	_, err = b.ReadFrom(r)
	check(w.t, err)
	if !bytes.Equal(b.Bytes(), files()[index].body) {
		w.t.Errorf("document %d at %s differs", index, of)
	}
}

func documentNumber(i uint64) EraseRequest { return EraseRequest{Document: &i, Reason: "request"} }

// After an erasure nothing of the document is in the node's folder, and every
// other document is as provable as before; also after a restart.
func TestEraseDocument(t *testing.T) {
	for _, of := range []deal.PartyID{seller, buyer} {
		t.Run(string(of), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			ctx := context.Background()
			id := w.settledDeal(0)
			secrets := w.secretsOf(of, id, 2)
			before := strings.Join(w.scan(of, secrets), "\n")
			for _, s := range secrets {
				if s.what != "content" && !strings.Contains(before, s.what+" in ") {
					t.Fatalf("the scan does not find the %s where it is: %s", s.what, before)
				}
			}
			e, err := w.members[of].client.Erase(ctx, id, documentNumber(2))
			check(t, err)
			if !e.Done {
				t.Error("the ciphertext is there still")
			}
			if found := w.scan(of, secrets); found != nil {
				t.Errorf("found after the erasure: %v", found)
			}
			_, err = w.members[of].client.Erase(ctx, id, documentNumber(2)) // again is no error
			check(t, err)
			w.restart(of)
			for _, i := range []uint64{0, 1} {
				w.proven(of, id, i)
			}
			_, err = w.members[of].client.Content(ctx, id, 2)
			wantReason(t, err, Erased)
			if found := w.scan(of, secrets); found != nil {
				t.Errorf("found after a restart: %v", found)
			}
			if !w.found(of, "erase.document", "ok") {
				t.Error("the erasure is not in the log")
			}
			w.soundLog(of)
			if of == seller {
				wantReason(t, w.members[of].client.Upload(ctx, id, 2, bytes.NewReader(files()[2].body), int64(len(files()[2].body))), Erased)
			}
		})
	}
}

// Everything of a deal goes, texts too; another deal with the same files stays.
func TestEraseDeal(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	other := w.listed()
	id := w.settledDeal(0)
	var secrets []secret
	for i := range uint64(3) {
		for _, s := range w.secretsOf(seller, id, i) {
			if s.what != "name" && s.what != "content" && s.what != "digest" { // the other deal has them too
				secrets = append(secrets, s)
			}
		}
	}
	secrets = append(secrets, secret{"text", []byte("Keep it to yourself.")})
	if found := w.scan(seller, secrets); len(found) < 4 {
		t.Fatalf("found before: %v", found)
	}
	_, err := w.members[seller].client.Erase(ctx, id, EraseRequest{All: true, Reason: "law"})
	check(t, err)
	if found := w.scan(seller, secrets); found != nil {
		t.Errorf("found after the erasure: %v", found)
	}
	var hashes int
	_, err = w.members[seller].node.state.row(ctx, []any{&hashes}, "SELECT count(*) FROM acts WHERE deal = ? AND request <> ''", id)
	check(t, err)
	if hashes > 0 {
		t.Errorf("%d hashes by which a text could be guessed", hashes)
	}
	for i := range uint64(3) {
		w.proven(seller, other, i)
		w.proven(buyer, id, i)
	}
	_, err = w.members[seller].client.Deal(ctx, id) // the acts are there still
	check(t, err)
	list, err := w.members[seller].client.Erasures(ctx, id)
	check(t, err)
	if len(list) != 1 || list[0].Scope != "deal" || !list[0].Done {
		t.Errorf("erasures are %+v", list)
	}
}

// What a deal may still need is not erased.
func TestEraseRefused(t *testing.T) {
	for name, c := range map[string]struct {
		at   func(*world) deal.ID
		req  EraseRequest
		want error
	}{
		"listed":              {(*world).listed, documentNumber(0), DealRunning},
		"sold":                {func(w *world) deal.ID { id := w.listed(); w.invited(id, buyer); w.sold(id); return id }, EraseRequest{All: true, Reason: "law"}, DealRunning},
		"released":            {func(w *world) deal.ID { id, _ := w.handover(); return id }, documentNumber(0), DealRunning},
		"kept by the terms":   {func(w *world) deal.ID { return w.settledDeal(500 * time.Hour) }, documentNumber(0), Retained},
		"disputed":            {func(w *world) deal.ID { return w.disputedDeal() }, documentNumber(0), DealRunning},
		"the desk says it is": {func(w *world) deal.ID { return w.pretendOver() }, documentNumber(0), DealRunning},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := c.at(w)
			_, err := w.members[seller].client.Erase(context.Background(), id, c.req)
			wantReason(t, err, c.want)
			if !w.found(seller, map[bool]string{true: "erase.deal", false: "erase.document"}[c.req.All], string(c.want.(Reason))) {
				t.Error("the refusal is not in the log")
			}
			w.proven(seller, id, 0)
		})
	}
	w := newWorld(t)
	id := w.settledDeal(0)
	for _, req := range []EraseRequest{{Reason: "law"}, {All: true}, {All: true, Reason: "because of Mr. Miller"}, {All: true, Reason: "terms"}} {
		_, err := w.members[seller].client.Erase(context.Background(), id, req)
		wantKind(t, err, deal.Invalid)
	}
	_, err := w.members[seller].client.Erase(context.Background(), id, documentNumber(9))
	wantKind(t, err, deal.NotFound)
}

// pretendOver has a desk that says of a deal with a funded escrow that it is over.
func (w *world) pretendOver() deal.ID {
	id, _ := w.handover()
	w.desk.forge = func(v *View) {
		if v.Deal != nil {
			at := w.clock.Now()
			v.Deal.State, v.Deal.Ended = deal.Cancelled, &at
		}
	}
	return id
}

// disputedDeal has a deal about whose escrow the arbiter is asked, while the desk
// says that it is over.
func (w *world) disputedDeal() deal.ID {
	id := w.pretendOver()
	w.chain.set(func() {
		for escrow := range w.chain.escrows {
			w.chain.escrows[escrow] = "disputed"
		}
	})
	return id
}

// A store that does not answer keeps the ciphertext for a while, without a key
// anywhere; after a restart the erasure goes on.
func TestEraseGoesOn(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	id := w.settledDeal(0)
	secrets := w.secretsOf(seller, id, 0)
	w.members[seller].blobs.remove = func() error { return errHook }
	e, err := w.members[seller].client.Erase(ctx, id, documentNumber(0))
	check(t, err)
	if e.Done {
		t.Error("done, but the ciphertext is there")
	}
	kept := slices.DeleteFunc(w.scan(seller, secrets), func(found string) bool { return strings.HasPrefix(found, "ciphertext in ") })
	if len(kept) > 0 {
		t.Errorf("found while the store does not answer: %v", kept)
	}
	list, err := w.members[seller].client.Erasures(ctx, id)
	check(t, err)
	if len(list) != 1 || list[0].Done {
		t.Errorf("erasures are %+v, want one that is not done", list)
	}
	w.members[seller].blobs.remove = nil
	w.restart(seller)
	w.members[seller].node.tendAudit(ctx)
	if found := w.scan(seller, secrets); found != nil {
		t.Errorf("found: %v", found)
	}
}

// What a request was answered with is kept for whoever sends it again, but not
// what was erased since, however JSON writes the document's name.
func TestEraseAnswersKept(t *testing.T) {
	w := newWorld(t)
	ctx, n := context.Background(), w.members[seller].node
	id := w.settledDeal(0)
	d, err := n.listed(ctx, id, 0)
	check(t, err)
	answer := map[string]any{"name": d.About.Name, "salt": d.Salt} // as the answer to a plan has them
	for i, body := range []any{answer, map[string]any{"digest": d.Sum.SHA256}, "another"} {
		check(t, n.state.exec(ctx, "INSERT INTO requests (key, hash, ref, at, status, body) VALUES (?, '', '', ?, 200, ?)", i, stamp(n.now()), []byte(jsonColumn(body))))
	}
	_, err = w.members[seller].client.Erase(ctx, id, documentNumber(0))
	check(t, err)
	var left int
	_, err = n.state.row(ctx, []any{&left}, "SELECT count(*) FROM requests WHERE key IN ('0', '1')")
	check(t, err)
	if left != 0 {
		t.Errorf("%d answers with what was erased are kept", left)
	}
	if ok, err := n.state.row(ctx, []any{&left}, "SELECT 1 FROM requests WHERE key = '2'"); err != nil || !ok {
		t.Errorf("another answer is gone: %v", err)
	}
}

// An erasure that cannot be ended does not keep another from its end.
func TestEraseBesideOneThatFails(t *testing.T) {
	w := newWorld(t)
	ctx, n := context.Background(), w.members[seller].node
	id := w.settledDeal(0)
	check(t, n.state.exec(ctx, "INSERT INTO erasures (deal, scope, idx, reason, at, blobs) VALUES (?, 'row', 999999, 'law', ?, 'null')", deal.NewID(), stamp(n.now())))
	w.members[seller].blobs.remove = func() error { return errHook }
	_, err := w.members[seller].client.Erase(ctx, id, documentNumber(0))
	check(t, err)
	w.members[seller].blobs.remove = nil
	n.tendAudit(ctx)
	list, err := n.Erasures(ctx, id)
	check(t, err)
	if len(list) != 1 || !list[0].Done {
		t.Errorf("erasures are %+v, want one that is done", list)
	}
}
