package policies

import (
	"math/big"
	"regexp"
	"slices"

	"cession/deal"
)

// operations say what operators may do, and what it may cost.
type operations struct {
	Actors   []string         `json:"actors" yaml:"actors"` // patterns of who is known; * is anything
	Causes   []string         `json:"causes" yaml:"causes"`
	Maxima   maxima           `json:"maxima" yaml:"maxima"`
	FourEyes secondPerson     `json:"four_eyes" yaml:"four_eyes"`
	Verbs    map[string]usage `json:"verbs" yaml:"verbs"`
}

// maxima are amounts in wei.
type maxima struct {
	PerGas    Wei `json:"per_gas" yaml:"per_gas"`
	PerIntent Wei `json:"per_intent" yaml:"per_intent"`
	PerDay    Wei `json:"per_day" yaml:"per_day"`
}

// secondPerson says from where on one operator is not enough.
type secondPerson struct {
	Above maxima   `json:"above" yaml:"above"`
	Alone []string `json:"alone" yaml:"alone"` // calls that one operator may give up
}

// usage is how a verb may be used. FourEyes is always, never, above (the
// amounts of [secondPerson]), or calls (above, and calls none may give up alone).
type usage struct {
	Ticket   *bool      `json:"ticket" yaml:"ticket"`
	Costs    *bool      `json:"costs" yaml:"costs"` // it signs a transaction, whose cost must be known
	FourEyes string     `json:"four_eyes" yaml:"four_eyes"`
	Fits     []standing `json:"fits" yaml:"fits"`
}

// standing is a state of things in which a verb makes sense.
type standing struct {
	Target  Target   `json:"target" yaml:"target"`
	Status  []string `json:"status" yaml:"status"`
	Reasons []string `json:"reasons" yaml:"reasons"` // at least one of them; [any] also for none
}

// weiForm bounds an amount to what 256 bits can count.
const weiForm = `^(0|[1-9][0-9]{0,77})$`

var weiPattern = regexp.MustCompile(weiForm)

var fourEyesModes = []string{"always", "never", "above", "calls"}

// check reports a table with holes: what it does not say would be not evaluated.
func (o operations) check() error {
	if len(o.Actors) == 0 || len(o.Causes) == 0 || len(o.FourEyes.Alone) == 0 || slices.Contains(o.Actors, "") {
		return deal.Errorf(deal.Invalid, "operations: want actors, causes, and calls in four_eyes.alone")
	}
	if !o.FourEyes.Above.within(o.Maxima) {
		return deal.Errorf(deal.Invalid, "operations: want amounts in wei as digits, those of four_eyes.above at most the maxima")
	}
	for verb, u := range o.Verbs {
		if !verbForm.MatchString(verb) || u.Ticket == nil || u.Costs == nil || !slices.Contains(fourEyesModes, u.FourEyes) || len(u.Fits) == 0 {
			return deal.Errorf(deal.Invalid, "operations: verb %.40q: want ticket, costs, fits, and four_eyes %v", verb, fourEyesModes)
		}
		for _, s := range u.Fits {
			if (s.Target != TargetIntent && s.Target != TargetLane) || len(s.Status) == 0 || len(s.Reasons) == 0 {
				return deal.Errorf(deal.Invalid, "operations: verb %s fits a target, intent or lane, in a status, for reasons, or for any", verb)
			}
		}
	}
	return nil
}

// within reports whether all amounts are well formed and at most those of most.
func (m maxima) within(most maxima) bool {
	for _, pair := range [][2]Wei{{m.PerGas, most.PerGas}, {m.PerIntent, most.PerIntent}, {m.PerDay, most.PerDay}} {
		if !weiPattern.MatchString(string(pair[0])) || !weiPattern.MatchString(string(pair[1])) {
			return false
		}
		a, _ := new(big.Int).SetString(string(pair[0]), 10)
		b, _ := new(big.Int).SetString(string(pair[1]), 10)
		if a.Cmp(b) > 0 {
			return false
		}
	}
	return true
}
