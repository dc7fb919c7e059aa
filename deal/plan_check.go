package deal

import (
	"regexp"
	"slices"
	"strings"
)

var nameForm = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

// Check reports the first thing that keeps the plan from being run: a name that
// is no snake_case, a step or action named twice or not at all, a missing word,
// a deadline that could never come, a field that could not be signed.
func (p Plan) Check() error {
	seen := map[string]bool{}
	for _, s := range p.Steps {
		if seen[s.ID] {
			return Errorf(Invalid, "plan %s: step %s stands twice", p.Name, s.ID)
		}
		for _, before := range s.After {
			if prior, _ := p.Step(before); !seen[before] || prior.Scope != s.Scope {
				return Errorf(Invalid, "plan %s: step %s comes after %s, which is no earlier step of scope %s", p.Name, s.ID, before, s.Scope)
			}
		}
		seen[s.ID] = true
		if err := p.checkStep(s); err != nil {
			return err
		}
	}
	return nil
}

func (p Plan) checkStep(s Step) error {
	if !nameForm.MatchString(s.ID) || s.Title == "" || s.Doc == "" || len(s.Actions) == 0 || (s.Scope != PerDeal && s.Scope != PerBidder) {
		return Errorf(Invalid, "plan %s: step %q wants a snake_case id, a title, a doc, a scope and actions", p.Name, s.ID)
	}
	for _, ref := range s.Until {
		step, action, named := strings.Cut(ref, ".")
		other, ok := p.Step(step)
		if !ok || other.Scope != s.Scope || (named && !slices.Contains(other.actionIDs(), action)) {
			return Errorf(Invalid, "plan %s: step %s lasts until %s, which is not in its scope", p.Name, s.ID, ref)
		}
	}
	if err := p.checkDeadline(s); err != nil {
		return err
	}
	taken := map[string]bool{}
	for _, a := range s.Actions {
		if err := p.checkAction(s, a, taken); err != nil {
			return err
		}
		taken[a.ID] = true
	}
	return nil
}

// checkDeadline wants a deadline that comes, of one kind or the other, and what
// it does, or neither: a silent one would be a refund that never happens.
func (p Plan) checkDeadline(s Step) error {
	if s.Deadline < 0 || (s.Deadline > 0 && s.DueBy != "") || (s.Deadline == 0 && s.DueBy == "") != (s.Expires.State == "") {
		return Errorf(Invalid, "plan %s: step %s wants one deadline and what its passing does, or neither", p.Name, s.ID)
	}
	if s.DueBy == "" {
		return nil
	}
	parts := strings.Split(s.DueBy, ".")
	if len(parts) == 3 {
		step, action, err := p.Action(parts[0], parts[1])
		if f, ok := action.Field(parts[2]); err == nil && ok && f.Kind == KindTime && !f.Optional && step.Scope == s.Scope {
			return nil
		}
	}
	return Errorf(Invalid, "plan %s: step %s is due by %q: want step.action.field of a time of its scope", p.Name, s.ID, s.DueBy)
}

func (p Plan) checkAction(s Step, a Action, earlier map[string]bool) error {
	where := s.ID + "." + a.ID
	if !nameForm.MatchString(a.ID) || a.Title == "" || len(a.By) == 0 || earlier[a.ID] {
		return Errorf(Invalid, "plan %s: action %s wants a snake_case id of its own, a title and who may take it", p.Name, where)
	}
	for _, r := range a.By {
		if !slices.Contains([]Role{Seller, BidderAs, Buyer}, r) {
			return Errorf(Invalid, "plan %s: action %s is for %q: want seller, bidder or buyer", p.Name, where, string(r))
		}
	}
	for _, need := range a.Needs {
		if !earlier[need] {
			return Errorf(Invalid, "plan %s: action %s needs %s, which is no earlier action of its step", p.Name, where, need)
		}
	}
	members := slices.Clone(signedAnyway)
	for _, f := range a.Fields {
		if err := f.check(); err != nil {
			return Errorf(Invalid, "plan %s: field %q of %s: %w", p.Name, f.ID, where, err)
		}
		for _, m := range f.members() {
			if slices.Contains(members, m) {
				return Errorf(Invalid, "plan %s: field %s of %s: the message has a member %s already", p.Name, f.ID, where, m)
			}
			members = append(members, m)
		}
	}
	return nil
}

func (f Field) check() error {
	if !nameForm.MatchString(f.ID) || f.Title == "" || solidity[f.Kind] == "" || (f.Kind == KindChoice) != (len(f.Choices) > 0) {
		return Errorf(Invalid, "want a snake_case id, a title, a known kind and, for a choice, its choices")
	}
	for _, c := range f.Choices {
		if !choiceForm.MatchString(c) {
			return Errorf(Invalid, "choice %q: want one word of letters, digits and _", c)
		}
	}
	return nil
}

// signedAnyway are members of every act's EIP-712 message; see [Act.TypedData].
var signedAnyway = []string{"statement", "deal", "room", "step", "action", "party", "sequence", "salt", "deadline"}

// members are the names under which the field is signed.
func (f Field) members() []string {
	name := lowerCamel(f.ID)
	if f.Kind == KindAmount {
		return []string{name, name + "Currency"}
	}
	return []string{name}
}
