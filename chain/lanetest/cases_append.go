package lanetest

import (
	"testing"

	"cession/chain"
	"cession/deal"
)

// appendFor mints a title and returns the call that adds documents to it, with
// its owner's signature.
func (r *rig) appendFor(owner account) (deal.Call, error) {
	_, token := r.titleOf(owner)
	ctx, cancel := ask()
	defer cancel()
	old, err := r.ledger.DocumentsRoot(ctx, token)
	if err != nil {
		return deal.Call{}, err
	}
	nonce, err := r.ledger.TokenPermitNonce(ctx, token)
	if err != nil {
		return deal.Call{}, err
	}
	longer := deal.Append{Token: token, Old: old, New: chain.Keccak(token[:]), Count: 9}
	longer.Signature, err = owner.signTyped(longer.TypedData(r.market, nonce))
	return deal.Call{Append: &longer}, err
}

// appending is a rig with documents to be added to a title of an owner who sends
// transactions, too.
func appending(t *testing.T, w *world) (*rig, deal.Call, account) {
	t.Helper()
	r := w.newRig(t)
	owner := newAccount(string(deal.NewID()))
	w.pay(t, owner.Address(), ether(1))
	call, err := r.appendFor(owner)
	if err != nil {
		t.Fatal(err)
	}
	return r, call, owner
}

func appends(t *testing.T, w *world) {
	r, call, _ := appending(t, w)
	in := r.submit(call)[0]
	r.want(in)
	if out := r.told[in.ID]; out.Result != call.Append.New {
		t.Errorf("told %+v, want the root of the longer list", out)
	}
	r.happened(call, 1)
}

// appendedBefore: the answer of the first lane was lost, and another asks.
func appendedBefore(t *testing.T, w *world) {
	r, call, owner := appending(t, w)
	tx := w.send(t, owner, call)
	in := r.submit(call)[0]
	r.want(in)
	if out := r.told[in.ID]; out.Tx != tx || out.Result != call.Append.New {
		t.Errorf("told %+v, want transaction %s", out, tx)
	}
	r.happened(call, 1)
}

// appendedMeanwhile: signed before, sent after somebody did it: it reverts, and
// that is success.
func appendedMeanwhile(t *testing.T, w *world) {
	r, call, owner := appending(t, w)
	in := r.signedOnly(call)[0]
	tx := w.send(t, owner, call)
	r.net.Fail(nil)
	r.want(in)
	if out := r.told[in.ID]; out.Tx != tx {
		t.Errorf("transaction %s, want the owner's %s", out.Tx, tx)
	}
	r.happened(call, 1)
}
