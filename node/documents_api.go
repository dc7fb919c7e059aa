package node

import (
	"context"
	"net/http"

	"cession/deal"
)

// maxPlanned bounds a list of documents as a client sends it, in bytes.
const maxPlanned = 32 << 20

func (n *Node) postPlan(w http.ResponseWriter, r *http.Request) error {
	return plan(w, r, n.Plan)
}

func (n *Node) postAdditions(w http.ResponseWriter, r *http.Request) error {
	return plan(w, r, n.PlanMore)
}

func (n *Node) postPreview(w http.ResponseWriter, r *http.Request) error {
	return plan(w, r, n.Preview)
}

// plan answers with what is made of a list of documents.
func plan[T any](w http.ResponseWriter, r *http.Request, do func(context.Context, deal.ID, []PlannedDocument) (T, error)) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	var docs []PlannedDocument
	if err := readJSON(w, r, maxPlanned, &docs); err != nil {
		return err
	}
	answer, err := do(r.Context(), id, docs)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, answer)
	return nil
}
