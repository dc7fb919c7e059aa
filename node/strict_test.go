package node

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"cession/deal"
	"cession/deal/strict"
)

// TestUnambiguous keeps the kind and the reason of a refusal; deal/strict has all
// there is to refuse.
func TestUnambiguous(t *testing.T) {
	if err := unambiguous([]byte(`{"a":1}`)); err != nil {
		t.Error(err)
	}
	if err := unambiguous([]byte(`{"deal":1,"DEAL":2}`)); deal.KindOf(err) != deal.Invalid || !errors.Is(err, strict.ErrTwice) {
		t.Errorf("have %v, want %v", err, strict.ErrTwice)
	}
}

// An act that reads in two ways is not signed, whoever asks for it.
func TestAmbiguousRequest(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	acts := w.desk.acts
	body := `{"deal":"` + string(id) + `","step":"cancellation","action":"cancel","step":"rules","fields":{}}`
	c := w.members[seller].client
	r, err := c.request(context.Background(), http.MethodPost, "/v1/acts", bytes.NewReader([]byte(body)))
	check(t, err)
	r.Header.Set("Content-Type", "application/json")
	resp, err := c.http.Do(r)
	check(t, err)
	defer resp.Body.Close()
	var p Problem
	check(t, json.NewDecoder(resp.Body).Decode(&p))
	if resp.StatusCode != http.StatusUnprocessableEntity || p.Kind != deal.Invalid || w.desk.acts != acts {
		t.Errorf("have %d %s, %d acts more", resp.StatusCode, p.Kind, w.desk.acts-acts)
	}
}
