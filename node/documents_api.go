package node

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"

	"cession/deal"
)

// maxPlanned bounds a list of documents as a client sends it, in bytes: 10,000 of
// them, with 3 kB of description each.
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

// getDocuments answers page by page: the list is never whole in memory.
func (n *Node) getDocuments(w http.ResponseWriter, r *http.Request) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	set, err := n.heldSet(r.Context(), id)
	if err != nil {
		return err
	}
	out := listWriter{w: bufio.NewWriter(w)}
	err = n.eachPage(r.Context(), set, func(page []DocumentInfo) error {
		if !out.begun {
			writeHead(w, http.StatusOK)
		}
		for _, d := range page {
			if err := out.add(d); err != nil {
				return err
			}
		}
		return nil
	})
	switch {
	case err == nil && !out.begun:
		writeJSON(w, http.StatusOK, []DocumentInfo{})
	case err == nil:
		err = out.end()
	}
	if err != nil && out.begun { // what was sent must not pass for the whole
		panic(http.ErrAbortHandler)
	}
	return err
}

// listWriter writes a JSON array, element by element.
type listWriter struct {
	w     *bufio.Writer
	begun bool
}

func (l *listWriter) add(v any) error {
	before := byte(',')
	if !l.begun {
		before = '['
	}
	l.begun = true
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_ = l.w.WriteByte(before) // Write tells
	_, err = l.w.Write(text)
	return err
}

func (l *listWriter) end() error {
	_, _ = l.w.WriteString("]\n") // Flush tells
	return l.w.Flush()
}
