package node

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"cession/deal"
	"cession/node/blob"
)

// Problem is an RFC 9457 problem document.
type Problem struct {
	Type    string        `json:"type"` // "about:blank"
	Title   string        `json:"title"`
	Status  int           `json:"status"`
	Detail  string        `json:"detail,omitempty"`
	Kind    deal.Kind     `json:"kind,omitempty"`
	Code    Reason        `json:"code,omitempty"`
	Outcome *deal.Outcome `json:"outcome,omitempty"` // of an act that policy refused
}

var statusOf = map[deal.Kind]int{
	deal.Refused: http.StatusForbidden, deal.Invalid: http.StatusUnprocessableEntity,
	deal.Conflict: http.StatusConflict, deal.NotFound: http.StatusNotFound, deal.Lost: http.StatusBadGateway,
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client is gone, or gets half a document and knows
}

// writeProblem answers with an error. An error without kind is told in words
// to the node's own customer only.
func writeProblem(w http.ResponseWriter, err error, own bool) {
	p := Problem{Type: "about:blank", Status: http.StatusInternalServerError, Kind: deal.KindOf(err), Code: reasonOf(err)}
	if s, ok := statusOf[p.Kind]; ok {
		p.Status = s
	}
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		p.Status, p.Kind = http.StatusRequestEntityTooLarge, deal.Invalid
	case errors.Is(err, blob.ErrNoSpace):
		p.Status = http.StatusInsufficientStorage
	}
	switch {
	case !own && p.Code != "":
		p.Detail = string(p.Code) // the words are the customer's business: they may tell of its policy
	case own || p.Kind != "":
		p.Detail = err.Error()
	}
	writeDocument(w, p)
}

func writeDocument(w http.ResponseWriter, p Problem) {
	p.Title = http.StatusText(p.Status)
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p)
}

// asError turns a problem document back into the error it was made from.
func (p Problem) asError() error {
	switch {
	case p.Code != "" && p.Kind != "":
		return deal.Errorf(p.Kind, "%w (%s)", p.Code, p.Detail)
	case p.Kind != "":
		return deal.Errorf(p.Kind, "%s", p.Detail)
	}
	return errors.New("the node answered " + p.Title + ": " + p.Detail)
}

// readJSON reads a request body of at most limit bytes.
func readJSON(w http.ResponseWriter, r *http.Request, limit int64, v any) error {
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(stallTime))
	defer func() { _ = control.SetReadDeadline(time.Time{}) }() // not for what the request then takes
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if err != nil {
		return err
	}
	if err := unambiguous(body); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		if deal.KindOf(err) != "" {
			return err
		}
		return deal.Errorf(deal.Invalid, "request body: want one JSON object of the documented form")
	}
	return nil
}
