package policies

import (
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"cession/deal"
)

// need is what a rule says would lift its refusal: {"kind": "approval", "act",
// "persons", "hours"}, or {"kind": "wait", "until": milliseconds since 1970}.
type need struct {
	kind    deal.NeedKind
	act     string
	persons uint64
	hours   int64
	until   moment
}

// maxNeedHours bounds how far ahead a need can lie: ten years.
const maxNeedHours = 10 * 366 * 24

var (
	keyKind    = ast.StringTerm("kind")
	keyAct     = ast.StringTerm("act")
	keyPersons = ast.StringTerm("persons")
	keyHours   = ast.StringTerm("hours")
	keyUntil   = ast.StringTerm("until")
)

// readNeed returns nil for what is no need.
func readNeed(term *ast.Term) *need {
	o, ok := term.Value.(ast.Object)
	if !ok {
		return nil
	}
	n := need{kind: deal.NeedKind(stringOf(o.Get(keyKind))), act: stringOf(o.Get(keyAct))}
	switch n.kind {
	case deal.NeedApproval:
		persons, counted := whole(o.Get(keyPersons))
		hours, bounded := whole(o.Get(keyHours))
		if !counted || !bounded || persons <= 0 || hours <= 0 || hours > maxNeedHours || !ruleForm.MatchString(n.act) {
			return nil
		}
		n.persons, n.hours = uint64(persons), hours
	case deal.NeedWait:
		until, ok := whole(o.Get(keyUntil))
		if !ok {
			return nil
		}
		n.until = moment(until)
	default:
		return nil
	}
	return &n
}

// since is the need as work, of the party whose act was refused then.
func (n need) since(at time.Time, rule string, party deal.PartyID) deal.Need {
	if n.kind == deal.NeedWait {
		return deal.Need{Kind: n.kind, Rule: rule, Until: n.until.time()}
	}
	return deal.Need{
		Kind: n.kind, Rule: rule, Act: n.act, Party: party, Persons: n.persons, Until: at.Add(time.Duration(n.hours) * time.Hour),
	}
}
