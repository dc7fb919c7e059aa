package desk

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"cession/deal"

	"github.com/danielgtaylor/huma/v2"
)

// Problem is the body of every answer that is no success: an RFC 9457 problem
// with the kind of error as extension member, and for an act or a command that
// policy refused the rules that did not pass.
type Problem struct {
	Type     string            `json:"type,omitempty" doc:"absent: about:blank"`
	Title    string            `json:"title"`
	Status   int               `json:"status"`
	Detail   string            `json:"detail,omitempty" doc:"what was wrong, what was expected, what to do"`
	Kind     deal.Kind         `json:"kind,omitempty" enum:"refused,invalid,conflict,notfound,lost" doc:"what the caller can do about it; lost: send the same request again"`
	Errors   []FieldProblem    `json:"errors,omitempty"`
	Failed   []deal.RuleResult `json:"failed,omitempty" doc:"the rules that did not pass"`
	Outcome  *deal.Outcome     `json:"outcome,omitempty" doc:"the outcome of the act that was refused"`
	Decision *deal.Decision    `json:"decision,omitempty" doc:"policy's no to an operator's command"`

	retryAfter time.Duration
}

// FieldProblem says where in a request something is wrong. It never repeats
// what was sent.
type FieldProblem struct {
	Location string `json:"location,omitempty"`
	Message  string `json:"message"`
}

// Error returns the detail.
func (p *Problem) Error() string { return p.Detail }

// GetStatus returns the HTTP status; huma asks for it.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders returns the Retry-After header, if any; huma asks for it.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int((p.retryAfter+time.Second-1)/time.Second)))
	}
	return h
}

// ContentType returns the media type of RFC 9457; huma asks for it.
func (p *Problem) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

func problem(status int, kind deal.Kind, detail string) *Problem {
	return &Problem{Title: http.StatusText(status), Status: status, Kind: kind, Detail: detail}
}

// statusOf maps kinds to HTTP statuses.
var statusOf = map[deal.Kind]int{
	deal.Invalid: http.StatusUnprocessableEntity, deal.Refused: http.StatusForbidden, deal.Conflict: http.StatusConflict,
	deal.NotFound: http.StatusNotFound, deal.Lost: http.StatusServiceUnavailable,
}

// problemOf makes an error fit for the caller. An error without a kind is the
// desk's own fault; its text stays in the log, and so does that of whatever
// stands behind a lost request.
func problemOf(err error) *Problem {
	var p *Problem
	switch kind := deal.KindOf(err); {
	case errors.As(err, &p):
		return p
	case errors.Is(err, ErrUnauthenticated):
		return problem(http.StatusUnauthorized, deal.Refused, "want a valid token or wallet signature in the Authorization header")
	case kind == deal.Lost || errors.Is(err, context.DeadlineExceeded):
		p = problem(http.StatusServiceUnavailable, deal.Lost, "no answer in time, outcome unknown: send the same request again")
		p.retryAfter = time.Second
		return p
	case kind != "":
		return problem(statusOf[kind], kind, err.Error())
	}
	return problem(http.StatusInternalServerError, "", "the desk failed; its log says why")
}

// refusal is the problem of an act that policy refused.
func refusal(out deal.Outcome) *Problem {
	p := problem(http.StatusForbidden, deal.Refused, "policy refused the act: see the rules that did not pass")
	p.Failed, p.Outcome = out.Decision.Reasons(), &out
	return p
}

// writeProblem answers where huma does not.
func writeProblem(w http.ResponseWriter, p *Problem) {
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	if p.Status == http.StatusUnauthorized {
		w.Header().Add("WWW-Authenticate", "Bearer")
		w.Header().Add("WWW-Authenticate", "Wallet")
	}
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the caller is gone
}

// asProblem makes huma's own errors problems of this API and drops the values
// they repeat.
func asProblem(_ huma.Context, _ string, v any) (any, error) {
	model, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	p := problem(model.Status, "", model.Detail)
	switch model.Status {
	case http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType:
		p.Kind = deal.Invalid
	}
	for _, e := range model.Errors {
		p.Errors = append(p.Errors, FieldProblem{e.Location, e.Message})
	}
	return p, nil
}
