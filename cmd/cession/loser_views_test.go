//go:build !slim

package main

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"cession/deal"
	"cession/demo"
	"cession/desk"
)

// views checks what the loser is shown: its own room, and of the winner nothing.
func (l *loser) views(t *testing.T, ctx context.Context, r demo.Result) {
	o := mustOperator(t, l.m.data)
	api, err := deskClient(o.Desk, in(l.home, deskToken))
	if err != nil {
		t.Fatal(err)
	}
	v, err := api.Deal(ctx, r.Deal)
	if err != nil {
		t.Fatal(err)
	}
	if v.Role != deal.BidderAs || v.State != deal.NotSelected || v.Deal != nil || len(v.Rooms) != 1 || v.Room(l.id) == nil {
		t.Errorf("the loser sees the deal as %q, in state %s, with %d rooms, the deal itself: %t", v.Role, v.State, len(v.Rooms), v.Deal != nil)
	}
	d := newDetector(l.rivals(t, ctx, r.Deal))
	if d.canaries < 50 {
		t.Errorf("only %d things to know of the winner", d.canaries)
	}
	shown, rules := 0, map[string]int{}
	for _, a := range everyAnswer(t, ctx, o.Desk, bearerOf(t, in(l.home, deskToken)), r.Deal) {
		if strings.HasPrefix(a.path, "/v1/parties") {
			continue // the market's directory, which says nothing of deals
		}
		if a.status == http.StatusOK {
			shown++
		}
		rules[a.path] = a.status
		for c := range d.find(a.body) {
			t.Errorf("GET %s shows the loser %s", a.path, c.name)
		}
	}
	if shown < 8 {
		t.Errorf("the loser is shown only %d answers", shown)
	}
	for path, want := range map[string]int{
		"/v1/deals/" + string(r.Deal) + "/decisions": http.StatusOK, "/v1/work": http.StatusOK, "/v1/packs": http.StatusOK,
		"/v1/decisions": http.StatusForbidden,
	} {
		if rules[path] != want {
			t.Errorf("GET %s as the loser: status %d, want %d", path, rules[path], want)
		}
	}
	l.ownDecisions(t, ctx, api, r.Deal)
	own, err := l.node()
	if err != nil {
		t.Fatal(err)
	}
	view, err := own.Deal(ctx, r.Deal)
	if err != nil {
		t.Fatal(err)
	}
	l.nothingIn(t, d, "its own node's view", view)
	messages, err := own.Messages(ctx, r.Deal, l.id)
	if err != nil || len(messages) == 0 {
		t.Errorf("the loser's own talks: %d, %v", len(messages), err)
	}
	l.nothingIn(t, d, "its own talks", messages)
	l.atHome(t, d)
	operator := everyAnswer(t, ctx, o.Desk, bearerOf(t, in(l.m.data, operatorToken)), r.Deal)
	if found := d.find(slices.Concat(bodies(operator)...)); len(found) < d.canaries*9/10 {
		t.Errorf("of %d things to know of the winner only %d are found where they are: the search does not see what is there", d.canaries, len(found))
	}
}

// ownDecisions checks that the loser is shown the decisions in its own room and
// nothing of any other, no work, and no number that counts what others did.
func (l *loser) ownDecisions(t *testing.T, ctx context.Context, api *desk.Client, id deal.ID) {
	t.Helper()
	page, err := api.DealDecisions(ctx, id, "")
	if err != nil || len(page.Decisions) < 8 {
		t.Fatalf("the loser is shown %d decisions: %v", len(page.Decisions), err)
	}
	for _, e := range page.Decisions {
		if e.Room != l.id && e.Party != l.id || e.Seq != 0 || e.Record != nil || e.Party != l.id && e.Document != nil {
			t.Errorf("the loser is shown a decision on %s of %s in room %q, number %d, with %d bytes of record and %d of document",
				e.Name, e.Party, e.Room, e.Seq, len(e.Record), len(e.Document))
		}
	}
	work, err := api.Work(ctx, desk.WorkFilter{State: "all"})
	if err != nil || len(work.Work) > 0 {
		t.Errorf("the loser is shown work: %+v, %v", work.Work, err)
	}
}

func bodies(answers []answer) (all [][]byte) {
	for _, a := range answers {
		all = append(all, a.body)
	}
	return all
}

func (l *loser) nothingIn(t *testing.T, d *detector, where string, v any) {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	for c := range d.find(b) {
		t.Errorf("%s shows the loser %s", where, c.name)
	}
}

// atHome checks the files of the loser's node.
func (l *loser) atHome(t *testing.T, d *detector) {
	t.Helper()
	read := 0
	eachFile(t, l.home, func(file, name string) {
		b := mustRead(t, file)
		read += len(b)
		for c := range d.find(b) {
			t.Errorf("the loser's node keeps %s in %s", c.name, name)
		}
	})
	if read < 100<<10 {
		t.Errorf("the loser's node keeps only %d bytes", read)
	}
}

// rivals are what there is to know of the winner and of what the seller did
// with it, and that the loser's own room does not have too.
func (l *loser) rivals(t *testing.T, ctx context.Context, id deal.ID) []canary {
	t.Helper()
	api, err := deskClient(mustOperator(t, l.m.data).Desk, in(l.m.data, operatorToken))
	if err != nil {
		t.Fatal(err)
	}
	v, err := api.Deal(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	own, err := json.Marshal(v.Room(l.id))
	if err != nil {
		t.Fatal(err)
	}
	winner := v.Deal.Bidder
	c := &collection{t: t, seen: map[string]bool{}}
	c.words(rival, "the winner's name", string(winner.ID))
	for _, signer := range winner.Signers {
		c.add(rival, "a wallet of the winner", signer[:])
	}
	taken := v.Room(winner.ID).Records
	for _, r := range v.Deal.Records {
		if !slices.Contains([]string{"draft", "documents", "mint", "listing"}, r.Act.Step) {
			taken = append(taken, r)
		}
	}
	for _, r := range taken {
		c.add(rival, "the act "+r.Act.Name(), r.Act.ID[:])
		c.add(rival, "the signature of "+r.Act.Name(), r.Act.Signature)
		for field, value := range r.Act.Fields {
			if kind := value.Kind(); kind == deal.KindAmount || kind == deal.KindSignature || kind == deal.KindKey {
				c.put(canary{rival, field + " of " + r.Act.Name(), []byte(value.String()), true})
			}
		}
		for _, receipt := range r.Receipts {
			c.add(rival, "the transaction of "+r.Act.Name(), receipt.Tx[:])
		}
	}
	both := newDetector(c.list).find(own) // such as a counter-offer that both were made
	return slices.DeleteFunc(c.list, func(k canary) bool {
		return slices.ContainsFunc(slices.Collect(maps.Keys(both)), func(b *canary) bool { return b.name == k.name && string(b.value) == string(k.value) })
	})
}
