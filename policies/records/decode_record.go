package records

import "cession/deal"

// The members of each object, those that are always there first.
var (
	recordMembers   = []string{"act", "at", "chain", "decision", "document", "hash", "name", "previous", "salt", "seq", "side", "room"}
	decisionMembers = []string{"act", "allow", "at", "evaluator", "input", "pack", "rules", "lists", "needs", "obligations", "record"}
	ruleMembers     = []string{"id", "state", "title", "actual", "citation", "threshold"}
	needMembers     = []string{"kind", "rule", "until", "act", "party", "persons"}
	usedMembers     = []string{"asOf", "digest", "name"}
)

func (d *decoder) record(r *Record) error {
	return d.members(recordMembers, 11, func(i int) error {
		switch recordMembers[i] {
		case "act":
			return d.commitment(&r.Act)
		case "at":
			return d.time(&r.At)
		case "chain":
			return read(d, &r.Chain)
		case "decision":
			return d.decision(&r.Decision)
		case "document":
			return d.document(&r.Document)
		case "hash":
			return d.commitment(&r.Hash)
		case "name":
			return read(d, &r.Name)
		case "previous":
			return d.commitment(&r.Previous)
		case "salt":
			return d.commitment(&r.Salt)
		case "seq":
			return d.count(&r.Seq)
		case "side":
			return read(d, &r.Side)
		}
		return read(d, &r.Room)
	})
}

func (d *decoder) decision(v *deal.Decision) error {
	return d.members(decisionMembers, 7, func(i int) error {
		switch decisionMembers[i] {
		case "act":
			return d.commitment(&v.Act)
		case "allow":
			return d.bool(&v.Allow)
		case "at":
			return d.time(&v.At)
		case "evaluator":
			return read(d, &v.Evaluator)
		case "input":
			return d.commitment(&v.Input)
		case "pack":
			return d.commitment(&v.Pack)
		case "rules":
			return list(d, &v.Rules, d.rule)
		case "lists":
			return list(d, &v.Lists, d.used)
		case "needs":
			return list(d, &v.Needs, d.need)
		case "obligations":
			return list(d, &v.Obligations, func(s *string) error { return read(d, s) })
		}
		return d.commitment(&v.Record)
	})
}

func (d *decoder) rule(r *deal.RuleResult) error {
	into := [...]*string{&r.ID, nil, &r.Title, &r.Actual, &r.Citation, &r.Threshold}
	return d.members(ruleMembers, 3, func(i int) error {
		if into[i] == nil {
			return read(d, &r.State)
		}
		return read(d, into[i])
	})
}

func (d *decoder) need(n *deal.Need) error {
	return d.members(needMembers, 3, func(i int) error {
		switch needMembers[i] {
		case "kind":
			return read(d, &n.Kind)
		case "rule":
			return read(d, &n.Rule)
		case "until":
			return d.time(&n.Until)
		case "act":
			return read(d, &n.Act)
		case "party":
			return read(d, &n.Party)
		}
		return d.count(&n.Persons)
	})
}

func (d *decoder) used(l *deal.ListUsed) error {
	return d.members(usedMembers, 3, func(i int) error {
		switch usedMembers[i] {
		case "asOf":
			return d.time(&l.AsOf)
		case "digest":
			return d.commitment(&l.Digest)
		}
		return read(d, &l.Name)
	})
}
