package deal

import (
	"slices"
	"strings"
	"time"
)

// Check reports why an act cannot be taken now: its shape, its place in the
// plan, who takes it. It does not verify the signature (the chain's business)
// and asks no policy. Errors are of kind invalid, conflict, notfound or refused.
func (p *Progress) Check(act Act, now time.Time) error {
	step, action, err := p.Opening.Plan.Action(act.Step, act.Action)
	if err != nil {
		return err
	}
	if act.Deal != p.Opening.ID || act.Room != p.Room() || step.Scope != p.Scope {
		return Errorf(Invalid, "act %s is for deal %s, room %q: this is deal %s, room %q; steps of scope %s belong elsewhere",
			act.Name(), act.Deal, act.Room, p.Opening.ID, p.Room(), step.Scope)
	}
	if err := act.CheckFields(action); err != nil {
		return err
	}
	if err := p.checkParty(act, action, now); err != nil {
		return err
	}
	if err := p.checkTurn(step, action); err != nil {
		return err
	}
	if want := p.NextSequence(act.Party); act.Sequence != want {
		return Errorf(Conflict, "act %s has sequence %d, want %d: look at the deal again and sign anew", act.Name(), act.Sequence, want)
	}
	return nil
}

// CheckFields reports a field that is missing, unknown or of the wrong kind.
func (a Act) CheckFields(action Action) error {
	known := 0
	for _, f := range action.Fields {
		v, ok := a.Fields[f.ID]
		if !ok && f.Optional {
			continue
		}
		if !ok {
			return Errorf(Invalid, "act %s lacks its field %s (%s): give it as --field %s=…", a.Name(), f.ID, f.Title, f.ID)
		}
		if err := f.accepts(v); err != nil {
			return err
		}
		known++
	}
	if len(a.Fields) > known {
		return Errorf(Invalid, "act %s has a field of another name: want only %s", a.Name(), strings.Join(action.fieldIDs(), ", "))
	}
	return nil
}

func (p *Progress) checkParty(act Act, action Action, now time.Time) error {
	role := p.RoleOf(act.Party)
	if !slices.Contains(action.By, role) {
		return Errorf(Refused, "%s is not for %s to do: it is the %s's", act.Name(), act.Party, joinRoles(action.By))
	}
	party, _ := p.Party(act.Party)
	if !party.May(act.Signer) {
		return Errorf(Refused, "%s does not sign for %s", act.Signer, act.Party)
	}
	if !now.Before(act.Deadline) {
		return Errorf(Conflict, "act %s was to be taken by %s: sign it anew", act.Name(), act.Deadline.Format(time.RFC3339))
	}
	return nil
}

func (p *Progress) checkTurn(step Step, action Action) error {
	where := step.ID + "." + action.ID
	if p.Ended != nil {
		return Errorf(Conflict, "%s: this is over (%s)", where, p.State)
	}
	s := p.step(step.ID)
	if s.Opened == nil {
		return Errorf(Conflict, "%s is out of turn: first %s", where, strings.Join(p.missing(step), ", "))
	}
	if s.Done != nil {
		return Errorf(Conflict, "%s: step %s is done", where, step.ID)
	}
	for _, ref := range step.Until {
		if p.over(ref) {
			return Errorf(Conflict, "%s: no longer possible after %s", where, ref)
		}
	}
	for _, need := range action.Needs {
		if p.Last(step.ID, need) == nil {
			return Errorf(Conflict, "%s is out of turn: first %s.%s", where, step.ID, need)
		}
	}
	if !action.Repeat && p.Last(step.ID, action.ID) != nil {
		return Errorf(Conflict, "%s was done already", where)
	}
	return nil
}

func (p *Progress) missing(step Step) (ids []string) {
	for _, id := range step.After {
		if !p.done(id) {
			ids = append(ids, id)
		}
	}
	return ids
}

func joinRoles(roles []Role) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = string(r)
	}
	return strings.Join(words, " or ")
}

// Possible lists what can be done now, in plan order.
func (p *Progress) Possible() (moves []Move) {
	for _, sp := range p.Steps {
		step, _ := p.Opening.Plan.Step(sp.ID)
		for _, a := range step.Actions {
			if p.checkTurn(step, a) == nil {
				moves = append(moves, Move{step.ID, a.ID, a.Title, a.By, sp.Due})
			}
		}
	}
	return moves
}

// Move is an action that can be taken now.
type Move struct {
	Step   string     `json:"step"`
	Action string     `json:"action"`
	Title  string     `json:"title"`
	By     []Role     `json:"by"`
	Due    *time.Time `json:"due,omitempty"`
}

// Stage returns the step that is waited for: the first open one another step
// comes after, or "" when there is none.
func (p *Progress) Stage() string {
	if p.Ended != nil {
		return ""
	}
	for _, s := range p.Steps {
		if s.Opened != nil && s.Done == nil && p.leads(s.ID) {
			return s.ID
		}
	}
	return ""
}

// leads reports whether the step moves the plan on: it reaches a state or
// another step comes after it.
func (p *Progress) leads(id string) bool {
	def, _ := p.Opening.Plan.Step(id)
	return def.Reaches != "" || slices.ContainsFunc(p.Opening.Plan.Steps, func(s Step) bool { return slices.Contains(s.After, id) })
}

// WaitingOn returns the roles that can move the current stage on.
func (p *Progress) WaitingOn() (roles []Role) {
	stage := p.Stage()
	for _, m := range p.Possible() {
		if m.Step != stage {
			continue
		}
		for _, r := range m.By {
			if !slices.Contains(roles, r) {
				roles = append(roles, r)
			}
		}
	}
	return roles
}
