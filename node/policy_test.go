package node

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"cession/deal"
)

// The party's own pack stops its people before anything is signed, in the
// words of its rules.
func TestOwnPackStopsAct(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	w.invited(id, buyer)
	w.policy.set(func() { w.policy.own["offers.submit"] = true })
	acts, signed := w.desk.acts, w.members[buyer].wallet.signed.Load()
	_, err := w.try(buyer, id, buyer, "offers.submit", "price=80000 USD", "until="+w.in(100*time.Hour))
	wantReason(t, err, PolicyRefused)
	if err == nil || !strings.Contains(err.Error(), "own.test.house: the house says no") {
		t.Errorf("have %v, want the words of the house's rule", err)
	}
	if w.desk.acts != acts || w.members[buyer].wallet.signed.Load() != signed {
		t.Error("something was signed or sent")
	}
	list, err := w.members[buyer].client.Decisions(context.Background(), id, 0)
	check(t, err)
	if last := list[len(list)-1]; !last.Own || last.Allow || last.Name != "offers.submit" || last.Purpose != ToSign || last.Act.IsZero() {
		t.Errorf("the last decision on record is %+v, want the own pack's refusal", last)
	}
	w.policy.set(func() { w.policy.own["offers.submit"] = false })
	w.act(buyer, id, buyer, "offers.submit", "price=80000 USD", "until="+w.in(100*time.Hour))
}

// A refusal by the common pack goes to the desk, where it becomes work, unless
// the act would have the wallet sign what moves title or price and nothing can
// lift the refusal.
func TestCommonPackAtDraft(t *testing.T) {
	for name, c := range map[string]struct {
		act      string
		liftable bool
		stopped  bool
	}{
		"nothing moves":        {"selection.select", false, false},
		"terms":                {"terms.propose", false, true},
		"terms, approval asks": {"terms.propose", true, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			id := w.listed()
			w.invited(id, buyer)
			w.act(buyer, id, buyer, "offers.submit", "price=80000 USD", "until="+w.in(100*time.Hour))
			w.act(buyer, id, buyer, "offers.confirm", "price=90000 USD", "until="+w.in(100*time.Hour))
			fields := []string{"bidder=" + string(buyer)}
			if c.act == "terms.propose" {
				w.act(seller, id, "", "selection.select", fields...)
				fields = []string{"fund_by=" + w.in(24*time.Hour), "settle_by=" + w.in(48*time.Hour), "arbiter_by=" + w.in(72*time.Hour)}
			}
			w.desk.refuse = c.act
			w.policy.set(func() { w.policy.refuse[c.act], w.policy.liftable[c.act] = true, c.liftable })
			signed := w.members[seller].wallet.signed.Load()
			o, err := w.try(seller, id, "", c.act, fields...)
			if c.stopped {
				wantReason(t, err, PolicyRefused)
				if w.members[seller].wallet.signed.Load() != signed {
					t.Error("the wallet signed all the same")
				}
			} else if err != nil || o.Verdict != deal.Rejected {
				t.Errorf("have %s, %v: want the desk's refusal", o.Verdict, err)
			}
		})
	}
}

// The messages for contracts are signed after policy was asked, and are those
// of the act that is handed in.
func TestAuthorizationIsReal(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	mint := w.desk.deals[id].Last("mint", "mint").Act
	digest, err := fakeDigest(w.desk.deals[id].MintTerms(mint.Fields).TypedData(testMarket))
	check(t, err)
	check(t, w.signers.VerifyDigest(context.Background(), w.members[seller].wallet.address, digest, mint.Field("authorization").Bytes()))
	var sign, authorize int
	list, err := w.members[seller].client.Decisions(context.Background(), id, 0)
	check(t, err)
	for _, e := range list {
		switch {
		case e.Name == "mint.mint" && e.Purpose == ToAuthorize:
			authorize++
		case e.Name == "mint.mint" && e.Purpose == ToSign && e.Act == mint.ID:
			sign++
		}
	}
	if sign != 1 || authorize != 1 {
		t.Errorf("%d decisions to sign and %d to authorize the mint, want one of each", sign, authorize)
	}
}

// A policy that judged by another pack than the one in effect has not judged.
func TestJudgedByAnotherPack(t *testing.T) {
	w := newWorld(t)
	o, err := w.members[seller].client.Open(context.Background())
	check(t, err)
	w.policy.set(func() { w.policy.pack = deal.Commitment{77} })
	_, err = w.try(seller, o.ID, "", "draft.open")
	wantReason(t, err, PolicyRefused)
}

// What a policy cannot answer is an error, and nothing goes on.
func TestPolicyWithoutJudgment(t *testing.T) {
	w := newWorld(t)
	o, err := w.members[seller].client.Open(context.Background())
	check(t, err)
	n := w.members[seller].node
	for name, p := range map[string]Policy{"no parts": silent{}, "no answer": silent{errHook}} {
		n.Policy = p
		if _, err := n.Act(context.Background(), ActRequest{Deal: o.ID, Step: "draft", Action: "open"}); err == nil {
			t.Errorf("%s: the act was taken", name)
		} else if p.(silent).err != nil && !errors.Is(err, errHook) {
			t.Errorf("%s: have %v", name, err)
		}
	}
}

type silent struct{ err error }

func (s silent) Evaluate(_ context.Context, q deal.Question, _ Facts) (Evaluation, error) {
	return Evaluation{Decision: deal.Decision{Act: q.Act.ID, Pack: q.Pack, Allow: true}}, s.err
}

// What the party's own pack says goes to no peer and not to the operator, whose
// activities carry the node's errors home.
func TestOwnPackIsPrivate(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	w.invited(id, buyer)
	w.policy.set(func() { w.policy.own["data_room.open"] = true })
	_, err := w.members[buyer].client.RoomDocuments(context.Background(), id)
	wantReason(t, err, PolicyRefused)
	room := w.desk.rooms[id][buyer]
	granted := w.members[seller].node.Grant(context.Background(), room, room.Last("data_room", "open").Act)
	wantReason(t, granted, PolicyRefused)
	for to, err := range map[string]error{"the peer": err, "the operator": granted} {
		if err == nil || strings.Contains(err.Error(), "house") {
			t.Errorf("%s is told %v", to, err)
		}
	}
	if !w.logged(seller, "room.list", string(PolicyRefused)) {
		t.Error("the refusal is not in the seller's view log")
	}
}

// The deadlines of a room count from its own beginning, not from the deal's.
func TestRoomDeadlines(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	w.clock.add(5 * 24 * time.Hour)
	w.act(seller, id, "", "invitations.invite", "bidder="+string(buyer))
	w.act(buyer, id, buyer, "invitation.accept")
	w.policy.set(func() {
		q := w.policy.asked[len(w.policy.asked)-1]
		for _, s := range q.Steps {
			if want := w.desk.rooms[id][buyer].Steps[0].Due; s.ID == "invitation" && (s.Due == nil || !s.Due.Equal(*want)) {
				t.Errorf("policy was told that the invitation is due %v, want %v", s.Due, want)
			}
		}
	})
}

// A desk that waives the second pair of eyes gets no further with it: what
// follows is not signed, and no document leaves.
func TestOverruled(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	w.invited(id, buyer)
	w.policy.set(func() { w.policy.refuse["terms.propose"], w.policy.liftable["terms.propose"] = true, true })
	w.sold(id)
	w.policy.set(func() { clear(w.policy.refuse) })
	_, err := w.try(seller, id, "", "escrow.deposit")
	wantReason(t, err, Overruled)

	w.alter(t, "UPDATE decisions SET allow = 1") // as if it had been allowed
	release := w.released(id)
	w.alter(t, "UPDATE decisions SET allow = 0 WHERE name = 'terms.propose'")
	n := w.members[seller].node
	check(t, n.state.exec(context.Background(), "DELETE FROM releases"))
	sale := before(w.desk.deals[id], release.ID)
	wantReason(t, n.Arm(context.Background(), &sale, release), Overruled)
}
