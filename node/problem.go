package node

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
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

// TooManyError asks a caller to come back later: it is answered with status 429
// and a Retry-After header.
type TooManyError struct{ RetryAfter time.Duration }

// Error tells when to come back.
func (e *TooManyError) Error() string {
	return fmt.Sprintf("too many requests: come back in %d s", e.seconds())
}

// seconds are the whole seconds to wait, at least one.
func (e *TooManyError) seconds() int { return max(1, int((e.RetryAfter+time.Second-1)/time.Second)) }

// tooMany returns a lost error, which the caller may send again, that is
// answered with status 429.
func tooMany(retryAfter time.Duration) error {
	return deal.Errorf(deal.Lost, "%w", &TooManyError{retryAfter})
}

// errMediaType is a body of another Content-Type than the operation takes.
var errMediaType = errors.New("unsupported media type")

func writeJSON(w http.ResponseWriter, status int, v any) {
	writeHead(w, status)
	_ = json.NewEncoder(w).Encode(v) // the client is gone, or gets half a document and knows
}

// writeHead begins an answer in JSON.
func writeHead(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
}

// writeProblem answers with an error. An error without kind is told in words
// to the node's own customer only.
func writeProblem(w http.ResponseWriter, err error, own bool) {
	p := Problem{Type: "about:blank", Status: http.StatusInternalServerError, Kind: deal.KindOf(err), Code: reasonOf(err)}
	if s, ok := statusOf[p.Kind]; ok {
		p.Status = s
	}
	var tooLarge *http.MaxBytesError
	var later *TooManyError
	switch {
	case errors.As(err, &tooLarge):
		p.Status, p.Kind = http.StatusRequestEntityTooLarge, deal.Invalid
	case errors.As(err, &later):
		p.Status = http.StatusTooManyRequests
		w.Header().Set("Retry-After", strconv.Itoa(later.seconds()))
	case errors.Is(err, errMediaType):
		p.Status = http.StatusUnsupportedMediaType
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
	case p.Code != "" && p.Kind != "" && p.Detail == string(p.Code): // from a peer, who tells no more
		return deal.Errorf(p.Kind, "%w", p.Code)
	case p.Code != "" && p.Kind != "":
		return deal.Errorf(p.Kind, "%w (%s)", p.Code, p.Detail)
	case p.Kind != "":
		return deal.Errorf(p.Kind, "%s", p.Detail)
	}
	return errors.New("the node answered " + p.Title + ": " + p.Detail)
}

// code is the form of a [Reason].
var code = regexp.MustCompile(`^[a-z_]{1,32}$`)

// maxDetail bounds what is passed on of a peer's words, in bytes.
const maxDetail = 4 << 10

// tame takes out of a problem what no node says: kind and code go into logs that
// nothing is deleted from, and the words into those of others.
func (p *Problem) tame() {
	if _, known := statusOf[p.Kind]; !known {
		p.Kind = ""
	}
	if !code.MatchString(string(p.Code)) {
		p.Code = ""
	}
	for _, words := range []*string{&p.Title, &p.Detail} {
		*words = strings.ToValidUTF8((*words)[:min(len(*words), maxDetail)], "")
	}
}

// wantMedia refuses a body of another Content-Type than these. Of a document it
// may be left out: it says nothing of what is in it.
func wantMedia(r *http.Request, types ...string) error {
	given := r.Header.Get("Content-Type")
	media, _, err := mime.ParseMediaType(given)
	if err == nil && slices.Contains(types, media) || given == "" && !slices.Contains(types, "application/json") {
		return nil
	}
	return deal.Errorf(deal.Invalid, "%w: want a body of Content-Type %s", errMediaType, strings.Join(types, " or "))
}

// readJSON reads a request body of at most limit bytes.
func readJSON(w http.ResponseWriter, r *http.Request, limit int64, v any) error {
	if err := wantMedia(r, "application/json"); err != nil {
		return err
	}
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
