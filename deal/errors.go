package deal

import (
	"errors"
	"fmt"
)

// Kind classifies an error by what the caller can do about it.
type Kind string

// The five kinds of error. Only [Lost] and unknown errors are retried.
const (
	Refused  Kind = "refused"  // a rule said no; ask for what it needs
	Invalid  Kind = "invalid"  // the request is malformed; correct it
	Conflict Kind = "conflict" // out of turn, stale or already there; look again
	NotFound Kind = "notfound" // there is no such thing, or not for this caller
	Lost     Kind = "lost"     // sent, outcome unknown; reconcile, never resend blindly
)

// Error is an error of a known kind. Its text says what was wrong, what was
// expected and what to do; it never carries secrets or document content.
type Error struct {
	Kind Kind
	err  error
}

// Errorf makes an error of a kind; %w wraps a cause as in [fmt.Errorf].
func Errorf(k Kind, format string, args ...any) error {
	return &Error{Kind: k, err: fmt.Errorf(format, args...)}
}

// Error returns the text.
func (e *Error) Error() string { return e.err.Error() }

// Unwrap returns the wrapped error.
func (e *Error) Unwrap() error { return e.err }

// KindOf returns the kind of the first [Error] in err's chain, or "" if there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}
