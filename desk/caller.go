package desk

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"

	"cession/deal"
)

// Caller is who sends a request.
type Caller struct {
	Party    deal.PartyID // "" for the operator
	Operator bool
	Subject  string // who at the party or operator, for logs; an identifier, not a name

	network string // of a caller who did not say who it is, and reads what everyone may read
}

// key is what rates and idempotency keys are counted by. No party's key is the
// operator's, whatever the party is called, and what one person at the operator
// asked is not answered to another.
func (c Caller) key() string {
	switch {
	case c.Operator:
		return "operator:" + c.Subject
	case c.network != "":
		return "network:" + c.network
	}
	return "party:" + string(c.Party)
}

// check reports a caller that is neither a party nor the operator, or both.
func (c Caller) check() error {
	if c.Operator {
		if c.Party != "" {
			return deal.Errorf(deal.Invalid, "caller: the operator is no party")
		}
		if c.Subject != "" && !subjectForm.MatchString(c.Subject) {
			return deal.Errorf(deal.Invalid, "caller: want who it is as 1 to 64 letters, digits, dots, dashes, underscores and @")
		}
		return nil
	}
	return c.Party.Check()
}

// subjectForm is the form of an actor in a lane's command.
var subjectForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$`)

// Authenticator finds out who sends a request. It fails with an error that is
// [ErrUnauthenticated], or of kind lost if it could not find out.
type Authenticator interface {
	Authenticate(r *http.Request) (Caller, error)
}

// ErrUnauthenticated says that a request carries no valid credential.
var ErrUnauthenticated = errors.New("no valid credential")

// errUnauthenticated never says which part was wrong.
var errUnauthenticated = deal.Errorf(deal.Refused, "%w", ErrUnauthenticated)

// AnyOf tries authenticators in turn; the first that knows the caller counts.
func AnyOf(auths ...Authenticator) Authenticator { return anyOf(auths) }

type anyOf []Authenticator

func (auths anyOf) Authenticate(r *http.Request) (Caller, error) {
	for _, a := range auths {
		c, err := a.Authenticate(r)
		if err == nil || !errors.Is(err, ErrUnauthenticated) {
			return c, err
		}
	}
	return Caller{}, errUnauthenticated
}

// credential returns what follows the scheme in the Authorization header.
func credential(r *http.Request, scheme string) (string, bool) {
	have, rest, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	return rest, ok && strings.EqualFold(have, scheme) && rest != "" && len(rest) <= 16<<10
}

// NewBearer accepts the tokens of the store: "Authorization: Bearer …".
func NewBearer(s *Store) Authenticator { return bearer{s} }

type bearer struct{ store *Store }

func (b bearer) Authenticate(r *http.Request) (Caller, error) {
	token, ok := credential(r, "Bearer")
	if !ok {
		return Caller{}, errUnauthenticated
	}
	c, err := b.store.tokenCaller(r.Context(), token)
	if err != nil || c.Operator {
		return c, err
	}
	if _, err := activeParty(r.Context(), b.store, c.Party); err != nil {
		return Caller{}, err
	}
	return c, nil
}

// activeParty returns a party that is neither unknown nor suspended.
func activeParty(ctx context.Context, s *Store, id deal.PartyID) (deal.Party, error) {
	p, who, err := s.Party(ctx, id)
	if deal.KindOf(err) == deal.NotFound || err == nil && who.Status != Active {
		return p, errUnauthenticated
	}
	return p, err
}

type callerKey struct{}

func withCaller(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// callerOf returns the caller of the request; without one, nobody.
func callerOf(ctx context.Context) Caller {
	c, _ := ctx.Value(callerKey{}).(Caller)
	return c
}
