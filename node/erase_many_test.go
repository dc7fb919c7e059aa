package node

import (
	"context"
	"testing"
	"time"

	"cession/deal"
)

// As many documents as a deal may have are destroyed in a time in which the
// node, which does nothing else meanwhile, is not missed for long.
func TestEraseManyDocuments(t *testing.T) {
	n, ctx := loneNode(t), context.Background()
	id := holding(t, n, maxDocuments)
	docs, err := n.state.everywhere(ctx, id, deal.Commitment{})
	check(t, err)
	at := time.Now()
	check(t, n.destroyDocuments(ctx, Erasure{Deal: id, Scope: "deal", Reason: "law", At: n.now()}, docs))
	check(t, n.finishErasures(ctx))
	took := time.Since(at)
	t.Logf("%d documents destroyed in %v", len(docs), took)
	left, err := n.state.everywhere(ctx, id, deal.Commitment{})
	check(t, err)
	list, err := n.Erasures(ctx, id)
	check(t, err)
	if len(left) > 0 || len(list) != 1 || !list[0].Done {
		t.Errorf("%d documents are left, %+v", len(left), list)
	}
	if took > 30*time.Second { // it took two minutes when each was looked for among all
		t.Errorf("it took %v", took)
	}
}
