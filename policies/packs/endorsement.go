package packs

import (
	"slices"
	"time"

	"github.com/lestrrat-go/jwx/v3/jws/jwsbb"
)

// endorsed is an activation whose signatures are all good.
type endorsed struct {
	Activation
	checkers []Officer
}

// verifyActivation checks everything about an activation that can be known
// without its bundle. One bad signature spoils it: nobody adds to what others
// signed without being an officer.
func (t Trust) verifyActivation(b []byte, now time.Time) (endorsed, error) {
	a, officers, g, err := readActivation(b)
	if err != nil {
		return endorsed{}, err
	}
	if len(t.Officers) > 0 && a.Market != t.Market {
		return endorsed{}, refusal(ErrOther, "the activation is for the market %s, and this is %s", a.Market, t.Market)
	}
	e := endorsed{Activation: a}
	for i, id := range officers {
		o, err := t.officer(id, Checker, now)
		if err != nil {
			return endorsed{}, err
		}
		sum, err := base64url.DecodeString(g.Signatures[i].Signature)
		if err != nil || jwsbb.Verify(o.public, algorithm, g.signed(g.Signatures[i]), sum) != nil {
			return endorsed{}, refusal(ErrSigner, "a signature on the activation is not that of %s", id)
		}
		e.checkers = append(e.checkers, o)
	}
	if n := e.persons(); n < max(t.Checkers, 1) {
		return endorsed{}, refusal(ErrCheckers, "%d of %d persons who may check signed the activation", n, t.Checkers)
	}
	return e, nil
}

// persons counts heads, not keys.
func (e endorsed) persons() int {
	var persons []string
	for _, o := range e.checkers {
		persons = append(persons, o.human)
	}
	slices.Sort(persons)
	return len(slices.Compact(persons))
}

// matches makes sure that the activation is about this pack and that no
// checker is its maker.
func (e endorsed) matches(s Signed, trust Trust, now time.Time) error {
	maker, err := trust.officer(s.Maker, Maker, now)
	if err != nil {
		return err
	}
	switch {
	case e.Pack != s.Digest:
		return refusal(ErrOther, "the activation is about the pack %s, and this is %s", e.Pack.Short(), s.Digest.Short())
	case e.Name != s.Pack.Name() || e.Version != s.Pack.Version() || e.Kind != s.Pack.Kind():
		return refusal(ErrOther, "the activation names the %s %s %s, and the bundle is the %s %s %s", e.Kind, e.Name, e.Version, s.Pack.Kind(), s.Pack.Name(), s.Pack.Version())
	}
	for _, o := range e.checkers {
		if o.human == maker.human {
			return refusal(ErrOwnCheck, "%s made the pack and signed its activation as %s: somebody else must check it", maker.ID, o.ID)
		}
	}
	return nil
}
