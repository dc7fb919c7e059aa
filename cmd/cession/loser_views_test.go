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
	shown := 0
	for _, a := range everyAnswer(t, ctx, o.Desk, bearerOf(t, in(l.home, deskToken)), r.Deal) {
		if strings.HasPrefix(a.path, "/v1/parties") {
			continue // the market's directory, which says nothing of deals
		}
		if a.status == http.StatusOK {
			shown++
		}
		for c := range d.find(a.body) {
			t.Errorf("GET %s shows the loser %s", a.path, c.name)
		}
	}
	if shown < 8 {
		t.Errorf("the loser is shown only %d answers", shown)
	}
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
