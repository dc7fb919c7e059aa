package desk

import (
	"slices"

	"cession/deal"
)

// redactor takes the figures that concern the acting party alone out of what a
// caller is shown of others' decisions: what it did in other deals, say.
type redactor struct {
	of     func(pack deal.Commitment, rule string) bool // may be nil: no rule has any
	caller Caller
}

// withheld stands where a figure is not shown.
const withheld = "withheld"

// decision returns a decision on an act as the caller is shown it. With a figure
// go the hashes of what was judged: few values fit them.
func (p redactor) decision(d deal.Decision, acting deal.PartyID) deal.Decision {
	if p.of == nil || p.caller.Operator || p.caller.Party == acting {
		return d
	}
	d.Rules = slices.Clone(d.Rules)
	for i := range d.Rules {
		if r := &d.Rules[i]; r.Actual != "" && p.of(d.Pack, r.ID) {
			r.Actual, d.Input, d.Record = withheld, deal.Commitment{}, deal.Commitment{}
		}
	}
	return d
}

func (p redactor) progress(of deal.Progress) deal.Progress {
	of.Records, of.Refusals = slices.Clone(of.Records), slices.Clone(of.Refusals)
	for i := range of.Records {
		of.Records[i].Decision = p.decision(of.Records[i].Decision, of.Records[i].Act.Party)
	}
	for i := range of.Refusals {
		of.Refusals[i].Decision = p.decision(of.Refusals[i].Decision, of.Refusals[i].Party)
	}
	return of
}

func (p redactor) view(v DealView) DealView {
	if v.Deal != nil {
		shown := p.progress(*v.Deal)
		v.Deal = &shown
	}
	v.Rooms = slices.Clone(v.Rooms)
	for i := range v.Rooms {
		v.Rooms[i] = p.progress(v.Rooms[i])
	}
	return v
}

func (p redactor) entries(list []Entry) []Entry {
	for i := range list {
		if d := list[i].Decision; d != nil {
			shown := p.decision(*d, list[i].Party)
			list[i].Decision = &shown
		}
	}
	return list
}

func (p redactor) decisions(list []DecisionEntry) []DecisionEntry {
	for i := range list {
		list[i].Decision = p.decision(list[i].Decision, list[i].Party)
		if !p.caller.Operator {
			list[i].Hash = list[i].Decision.Record
		}
	}
	return list
}
