package node

import (
	"context"
	"slices"
	"testing"
	"time"

	"cession/deal"
)

// adopted has both parties of a room adopt the new pack, and the seller for the
// deal.
func (w *world) adopted(id deal.ID) {
	w.t.Helper()
	pack := "pack=" + newPack.String()
	w.act(seller, id, "", "rules.adopt", pack)
	w.act(seller, id, buyer, "room_rules.adopt", pack)
	w.act(buyer, id, buyer, "room_rules.adopt", pack)
}

// An adoption by all has every later decision made under the new pack, also
// that on a data room that was opened before.
func TestAdopt(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	w.invited(id, buyer)
	w.adopted(id)
	if n := w.desk.rooms[id][buyer].Last("room_rules", "adopt").Act.Field("number").Count(); n != 2 {
		t.Errorf("the adoption names number %d, want the library's 2", n)
	}
	ctx := context.Background()
	_, err := w.members[seller].client.Deal(ctx, id) // the seller's node sees the bidder's adoption
	check(t, err)
	_, err = w.members[buyer].client.RoomDocuments(ctx, id)
	check(t, err)
	w.policy.set(func() {
		if q := w.policy.asked[len(w.policy.asked)-1]; q.Act.Name() != "data_room.open" || q.Pack != newPack {
			t.Errorf("%s was judged by pack %s, want %s", q.Act.Name(), q.Pack.Short(), newPack.Short())
		}
	})
	w.sold(id)
	release := w.released(id)
	check(t, w.pull(id, release))
	if d := w.desk.deals[id].Last("terms", "accept"); w.desk.deals[id].Pack() != newPack || d == nil {
		t.Error("the deal was not sold under the new pack")
	}
}

// A node signs for no pack that its own library does not hold verified, and for
// no older one.
func TestAdoptRefuses(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	strange := deal.Commitment{66}
	_, err := w.try(seller, id, "", "rules.adopt", "pack="+strange.String())
	wantReason(t, err, UnknownPack)
	_, err = w.try(seller, id, "", "rules.adopt")
	wantKind(t, err, deal.Invalid)
	_, err = w.try(seller, id, "", "rules.adopt", "pack="+newPack.String(), "number=7")
	wantKind(t, err, deal.Conflict)
	w.act(seller, id, "", "rules.adopt", "pack="+newPack.String())
	_, err = w.try(seller, id, "", "rules.adopt", "pack="+testPack.String())
	wantReason(t, err, OlderPack)
	w.members[seller].node.Packs = nil
	_, err = w.try(seller, id, "", "rules.adopt", "pack="+newPack.String())
	wantReason(t, err, UnknownPack)
}

// A desk that shows another pack in effect than follows from what the parties
// signed is not believed, and nothing is signed on its word.
func TestForgedAdoption(t *testing.T) {
	room := func(change func(w *world, p *deal.Progress)) func(*world, *View) {
		return func(w *world, v *View) { change(w, &v.Rooms[0]) }
	}
	adoptions := func(p *deal.Progress) (at []int) {
		for i, r := range p.Records {
			if r.Act.Name() == "room_rules.adopt" {
				at = append(at, i)
			}
		}
		return at
	}
	for name, c := range map[string]struct {
		forge func(*world, *View)
		want  Reason
	}{
		"pack claimed":             {room(func(_ *world, p *deal.Progress) { p.Judged = deal.Commitment{66} }), PackDiffers},
		"opening's pack claimed":   {room(func(_ *world, p *deal.Progress) { p.Judged = deal.Commitment{} }), PackDiffers},
		"pack of the deal claimed": {func(_ *world, v *View) { v.Deal.Judged = deal.Commitment{66} }, PackDiffers},
		"signed by a stranger": {room(func(w *world, p *deal.Progress) {
			r := &p.Records[adoptions(p)[1]]
			r.Act = w.sign(w.members[loser].wallet, r.Act, func(a *deal.Act) {
				a.Fields["pack"] = deal.Digest(deal.Commitment{66})
			})
		}), ForgedAct},
		"another pack under the signature": {room(func(_ *world, p *deal.Progress) {
			p.Records[adoptions(p)[1]].Act.Fields["pack"] = deal.Digest(deal.Commitment{66})
		}), ForgedAct},
		"replayed": {room(func(_ *world, p *deal.Progress) {
			p.Records = append(p.Records, p.Records[adoptions(p)[0]])
		}), ForgedAct},
		"of another deal": {room(func(w *world, p *deal.Progress) {
			r := p.Records[adoptions(p)[1]]
			r.Act = w.sign(w.members[buyer].wallet, r.Act, func(a *deal.Act) { a.Deal, a.Sequence = deal.NewID(), a.Sequence+1 })
			p.Records = append(p.Records, r)
		}), ForgedAct},
		"reordered": {room(func(_ *world, p *deal.Progress) {
			at := adoptions(p)
			p.Records[at[0]], p.Records[at[1]] = p.Records[at[1]], p.Records[at[0]]
		}), PackDiffers},
		"the bidder's withheld": {room(func(_ *world, p *deal.Progress) {
			i := adoptions(p)[1]
			p.Records, p.Judged = slices.Delete(p.Records, i, i+1), deal.Commitment{}
		}), PackDiffers},
		"all withheld": {room(func(_ *world, p *deal.Progress) {
			at := adoptions(p)
			p.Records, p.Judged = slices.Delete(p.Records, at[0], at[1]+1), deal.Commitment{}
		}), PackDiffers},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := w.listed()
			w.invited(id, buyer)
			w.adopted(id)
			_, err := w.members[seller].client.Deal(context.Background(), id)
			check(t, err)
			acts := w.desk.acts
			w.desk.forge = func(v *View) { c.forge(w, v) }
			_, err = w.try(seller, id, buyer, "offers.counter", "price=80000 USD", "until="+w.in(100*time.Hour))
			wantReason(t, err, c.want)
			if w.desk.acts != acts {
				t.Error("an act was handed in all the same")
			}
		})
	}
}

// An adoption that the node's own party signed cannot be withheld, even before
// the node has seen it on record.
func TestOwnAdoptionWithheld(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	w.desk.forge = func(v *View) {
		for i, r := range v.Deal.Records {
			if r.Act.Name() == "rules.adopt" {
				v.Deal.Records, v.Deal.Judged = slices.Delete(v.Deal.Records, i, i+1), deal.Commitment{}
				return
			}
		}
	}
	w.act(seller, id, "", "rules.adopt", "pack="+newPack.String())
	_, err := w.try(seller, id, "", "cancellation.cancel")
	wantReason(t, err, PackDiffers)
}

// A sale that is shown without an adoption the node has seen is not released.
func TestArmWithoutAdoption(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	w.invited(id, buyer)
	w.adopted(id)
	w.sold(id)
	release := w.released(id)
	n := w.members[seller].node
	check(t, n.state.exec(context.Background(), "DELETE FROM releases"))
	sale := before(w.desk.deals[id], release.ID)
	i := slices.IndexFunc(sale.Records, func(r deal.Record) bool { return r.Act.Name() == "rules.adopt" })
	sale.Records, sale.Judged = slices.Delete(sale.Records, i, i+1), deal.Commitment{}
	if err := n.Arm(context.Background(), &sale, release); deal.KindOf(err) != deal.Refused {
		t.Errorf("have %v, want a refusal", err)
	}
}

// A desk that hides an adoption from one party from the first view on has the
// two nodes judge by different packs. They never sign the same terms.
func TestAdoptionHiddenFromOne(t *testing.T) {
	w := newWorld(t)
	w.start(loser)
	id := w.listed()
	w.invited(id, buyer)
	w.invited(id, loser) // so that the seller's view can be told by its two rooms
	w.act(buyer, id, buyer, "offers.submit", "price=80000 USD", "until="+w.in(100*time.Hour))
	w.act(buyer, id, buyer, "offers.confirm", "price=90000 USD", "until="+w.in(100*time.Hour))
	w.act(seller, id, "", "selection.select", "bidder="+string(buyer))
	w.act(seller, id, "", "rules.adopt", "pack="+newPack.String())
	w.act(buyer, id, "", "rules.adopt", "pack="+newPack.String())
	w.desk.forge = func(v *View) {
		if len(v.Rooms) == 2 {
			v.Deal.Judged = deal.Commitment{}
			v.Deal.Records = slices.DeleteFunc(v.Deal.Records, func(r deal.Record) bool {
				return r.Act.Name() == "rules.adopt" && r.Act.Party == buyer
			})
		}
	}
	w.act(seller, id, "", "terms.propose", "fund_by="+w.in(24*time.Hour), "settle_by="+w.in(48*time.Hour), "arbiter_by="+w.in(72*time.Hour))
	signed := w.members[buyer].wallet.signed.Load()
	_, err := w.try(buyer, id, "", "terms.accept")
	wantReason(t, err, TermsDiffer)
	if w.members[buyer].wallet.signed.Load() != signed {
		t.Error("the buyer's wallet signed all the same")
	}
}
