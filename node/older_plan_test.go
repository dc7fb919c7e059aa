package node

import (
	"context"
	"encoding/json"
	"testing"

	"cession/deal"
	"cession/node/vault"
)

// A deal under a plan from before there were descriptions goes on as it was: its
// leaves have the content alone, its documents one name without folders, and
// nothing is added.
func TestDealUnderOlderPlan(t *testing.T) {
	w := newWorld(t)
	w.desk.older = []string{"supplements"}
	id := w.listed()
	w.invited(id, buyer)
	w.sold(id)
	release := w.released(id)
	text, err := w.members[seller].node.state.listing(context.Background(), release.ID)
	check(t, err)
	var listing Listing
	check(t, json.Unmarshal([]byte(text), &listing))
	for i, c := range listing.Documents {
		if c.Name != files()[i].name || c.About != (vault.Description{}) {
			t.Errorf("document %d is listed as %q, %+v", i, c.Name, c.About)
		}
	}
	check(t, w.pull(id, release))
	w.sameFiles(buyer, w.members[buyer].client.Content, id)
	list, err := w.members[buyer].client.Documents(context.Background(), id)
	check(t, err)
	for i, d := range list {
		if d.Name != files()[i].name || d.Version != 1 || !d.Latest {
			t.Errorf("document %d arrived as %+v", i, d)
		}
	}
	w.act(buyer, id, "", "handover.receipt")
	_, err = w.members[seller].client.PlanMore(context.Background(), id, []PlannedDocument{described(t, "", "more.txt", "more")})
	wantKind(t, err, deal.Conflict)
}

func TestPlanUnderOlderPlan(t *testing.T) {
	w := newWorld(t)
	w.desk.older = []string{"supplements"}
	ctx, c := context.Background(), w.members[seller].client
	o, err := c.Open(ctx)
	check(t, err)
	_, err = c.Plan(ctx, o.ID, []PlannedDocument{described(t, "a", "b.txt", "1"), described(t, "", "c.txt", "2")})
	check(t, err)
	list, err := c.Documents(ctx, o.ID)
	check(t, err)
	if list[0].Path() != "a_b.txt" || list[0].Number != "" || list[1].Path() != "c.txt" {
		t.Errorf("planned as %+v", list)
	}
	_, err = c.Plan(ctx, o.ID, []PlannedDocument{described(t, "a", "b.txt", "1"), described(t, "", "a_b.txt", "2")})
	wantKind(t, err, deal.Invalid)
}
