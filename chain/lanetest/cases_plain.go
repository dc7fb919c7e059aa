package lanetest

import (
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"

	"cession/chain"
	"cession/chain/lane"
	"cession/deal"
)

var plainCases = []check{
	{name: "in order", run: inOrder},
	{name: "the same intent again", run: again},
	{name: "done before by somebody", run: doneBefore},
	{name: "done meanwhile by somebody", run: doneMeanwhile},
	{name: "documents appended", run: appends},
	{name: "documents appended before by somebody", run: appendedBefore},
	{name: "documents appended meanwhile by somebody", run: appendedMeanwhile},
	{name: "refused by simulation", run: refusedBefore},
	{name: "reverted on chain", run: revertedOnChain},
	{name: "handed over", run: handedOver},
	{name: "hand-over repeated", run: handedTwice},
}

// inOrder: more than fit in flight, each once, at consecutive nonces.
func inOrder(t *testing.T, w *world) {
	r := w.newRig(t)
	intents := r.submit(append(r.anchors(19), r.mint())...)
	r.want(intents...)
	for i, in := range intents {
		x := r.record(in)
		if x.Status != lane.Final || len(x.Attempts) == 0 || x.Attempts[0].Nonce != uint64(i) {
			t.Errorf("intent %d: %s with attempts %+v, want final at nonce %d", i, x.Status, x.Attempts, i)
		}
	}
}

func again(t *testing.T, w *world) {
	r := w.newRig(t)
	in := r.submit(r.anchors(1)...)[0]
	for range 4 {
		r.take(in)
		r.round()
	}
	r.want(in)
	out, done := r.state.Submit(lane.Submission{Intent: in}, r.now)
	if !done || out != r.told[in.ID] {
		t.Errorf("submitted after its end: %+v, %t, want %+v", out, done, r.told[in.ID])
	}
	r.rounds(3)
	r.happened(in.Call, 1)
}

func doneBefore(t *testing.T, w *world) {
	r := w.newRig(t)
	call := r.mint()
	tx := w.send(t, w.stranger(t), call)
	in := r.submit(call)[0]
	r.want(in)
	if out := r.told[in.ID]; out.Tx != tx {
		t.Errorf("transaction %s, want the stranger's %s", out.Tx, tx)
	}
	if mined, _, _ := w.nonces(r.signer.Address()); mined != 0 {
		t.Errorf("%d transactions for what was done", mined)
	}
}

// doneMeanwhile: signed before, sent after somebody did it: it reverts, and that is success.
func doneMeanwhile(t *testing.T, w *world) {
	r := w.newRig(t)
	call := r.mint()
	in := r.signedOnly(call)[0]
	tx := w.send(t, w.stranger(t), call)
	r.net.Fail(nil)
	r.want(in)
	if out := r.told[in.ID]; out.Tx != tx {
		t.Errorf("transaction %s, want the stranger's %s", out.Tx, tx)
	}
}

func refusedBefore(t *testing.T, w *world) {
	r := w.newRig(t)
	intents := r.submit(w.refund(t.Name()), r.anchors(1)[0])
	r.failed(intents[0], "WOULD_REVERT/NotOpened")
	r.want(intents[1])
	if x := r.record(intents[1]); x.Attempts[0].Nonce != 0 {
		t.Errorf("nonce %d, want 0: the refused one takes none", x.Attempts[0].Nonce)
	}
}

// revertedOnChain: the seller moves the title away between simulation and
// broadcast. That is an outcome, and is not tried again.
func revertedOnChain(t *testing.T, w *world) {
	r := w.newRig(t)
	owner := newAccount(string(deal.NewID()))
	w.pay(t, owner.Address(), ether(1))
	open, token := r.titleOf(owner)
	in := r.signedOnly(open)[0]
	w.invoke(t, owner, common.Address(w.market.Receivable), moveTitle(owner.Address(), w.stranger(t).Address(), token))
	r.net.Fail(nil)
	out := r.finish(in)[0]
	if out.OK || out.Reason == "" || out.Tx.IsZero() {
		t.Errorf("told %+v, want the contract's refusal and the transaction", out)
	}
	sent := r.net.Count("eth_sendRawTransaction")
	r.rounds(40)
	if n := r.net.Count("eth_sendRawTransaction"); n != sent {
		t.Errorf("%d broadcasts after the outcome", n-sent)
	}
	r.even()
}

// titleOf mints a title of the owner and returns the call that puts it into escrow.
func (r *rig) titleOf(owner account) (deal.Call, deal.Commitment) {
	r.Helper()
	mint, err := r.world.mintFor(owner, r.Name())
	if err != nil {
		r.Fatal(err)
	}
	r.send(r.T, owner, mint)
	token, err := chain.TokenID(mint.Mint.Terms)
	if err != nil {
		r.Fatal(err)
	}
	open, err := r.openFor(owner, token)
	if err != nil {
		r.Fatal(err)
	}
	return open, token
}

// moveTitle packs ERC-721's transferFrom.
func moveTitle(from, to deal.Address, token deal.Commitment) []byte {
	data := hexutil.MustDecode("0x23b872dd")
	data = append(data, common.LeftPadBytes(from[:], 32)...)
	data = append(data, common.LeftPadBytes(to[:], 32)...)
	return append(data, token[:]...)
}

// handedOver: a lane that may sign nothing gives what it has not sent to its sibling.
func handedOver(t *testing.T, w *world) {
	a, b := w.siblings(t)
	a.others[b.state.Config().ID()] = b
	first := a.submit(a.anchors(1)...)
	a.want(first...)
	a.operate(lane.Command{Verb: lane.Pause})
	late := a.submit(anchor(t.Name() + a.signer.Address().String()))
	a.until("handed", func() bool { return len(a.handed) > 0 })
	b.want(late...)
	if x := a.record(late[0]); x.Status != lane.Moved {
		t.Errorf("%s in the lane that handed it on, want moved", x.Status)
	}
	a.operate(lane.Command{Verb: lane.Resume})
	a.want(a.submit(anchor(t.Name() + "resumed" + a.signer.Address().String()))...)
	a.happened(late[0].Call, 1)
}

// handedTwice: the sibling has it, and its answer is lost.
func handedTwice(t *testing.T, w *world) {
	a, b := w.siblings(t)
	a.operate(lane.Command{Verb: lane.Pause})
	in := a.submit(anchor(t.Name() + a.signer.Address().String()))
	a.until("handed in vain", func() bool { return len(a.handed) > 0 })
	b.state.Submit(a.handed[0].Submission, b.now) // it arrived all the same
	b.want(in...)
	a.others[b.state.Config().ID()] = b
	a.until("handed again", func() bool { return a.record(in[0]).Status == lane.Moved })
	b.rounds(5)
	a.happened(in[0].Call, 1)
	if x := a.record(in[0]); len(x.Attempts) != 0 {
		t.Errorf("attempts %+v of what another lane may have", x.Attempts)
	}
}
