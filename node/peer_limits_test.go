package node

import (
	"context"
	"testing"
	"time"

	"cession/deal"
)

// A peer that asks too often is told to come back, and fills neither the log nor
// the decision records; others go on.
func TestPeerAsksTooOften(t *testing.T) {
	w := newWorld(t)
	w.start(loser)
	id := w.listed()
	w.invited(id, buyer)
	w.invited(id, loser)
	path := "/peer/v1/deals/" + string(id) + "/room/documents"
	n := w.members[seller].node
	n.limits.of(loser, 0).room.SetBurst(5)
	n.limits.of(loser, 0).room.AllowN(w.clock.Now(), 0)
	records := func() int {
		list, err := n.Decisions(context.Background(), id, 0)
		check(t, err)
		return len(list)
	}
	var refused int
	for range 5 {
		check(t, w.ask(loser, path))
	}
	before, entries := records(), len(w.wholeLog(seller))
	for range 20 {
		if err := w.ask(loser, path); err != nil {
			refused++
			wantKind(t, err, deal.Lost)
		}
	}
	wantKind(t, w.ask(loser, "/peer/v1/deals/"+string(id)+"/faq?after=0"), deal.Lost) // leaves a decision record as well
	if refused != 20 || records() != before {
		t.Errorf("%d of 20 were put off, with %d decision records more", refused, records()-before)
	}
	if have := len(w.wholeLog(seller)) - entries; have != 1 {
		t.Errorf("%d entries more, want one", have)
	}
	check(t, w.ask(buyer, path))
	w.clock.add(time.Minute)
	check(t, w.ask(loser, path))

	for range poorBurst { // who is refused too often is not even listened to
		wantReason(t, w.ask(loser, "/peer/v1/deals/"+string(id)+"/handover/0?ticket="+deal.Commitment{1}.String()), TicketUnknown)
	}
	wantKind(t, w.ask(loser, path), deal.Lost)
	check(t, w.ask(buyer, path))
}
