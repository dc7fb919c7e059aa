package policies

import (
	"context"
	"slices"
	"testing"

	"cession/chain/lane"
	"cession/deal"
)

// operationRefusal is an allowed command with one thing changed, and the rule
// that must not pass because of it.
type operationRefusal struct {
	verb   string
	change func(*Operation)
	rule   string
	state  deal.RuleState
}

func operationRefusals() []operationRefusal {
	fail, unknown := deal.Fail, deal.NotEvaluated
	status := func(s lane.Status) func(*Operation) { return func(o *Operation) { o.Status = string(s) } }
	return []operationRefusal{
		{"retry", func(o *Operation) { o.Actor = "" }, "engine.input", fail},
		{"retry", func(o *Operation) { o.Cost = "" }, "engine.input", fail},
		{"retry", func(o *Operation) { o.Cost = "-1" }, "engine.input", fail},
		{"retry", func(o *Operation) { o.Target = "deal" }, "engine.input", fail},
		{"retry", func(o *Operation) { o.Cause = "boredom" }, "operation.cause", fail},
		{"give-up", func(o *Operation) { o.Ticket = "" }, "operation.ticket", fail},
		{"adopt-hash", func(o *Operation) { o.Ticket = "" }, "operation.ticket", fail},
		{"fill-gap", func(o *Operation) { o.Ticket = "" }, "operation.ticket", fail},
		{"resync", func(o *Operation) { o.Ticket = "" }, "operation.ticket", fail},
		{"retry", status(lane.Final), "operation.fit", fail},
		{"bump", status(lane.Queued), "operation.fit", fail},
		{"bump", status(lane.Mined), "operation.fit", fail},
		{"cancel", status(lane.Failed), "operation.fit", fail},
		{"give-up", status(lane.Moved), "operation.fit", fail},
		{"adopt-hash", func(o *Operation) { o.Reasons = nil }, "operation.fit", fail},
		{"pause", status(lane.Final), "operation.fit", fail},
		{"resume", func(o *Operation) { o.Target, o.Status = TargetLane, "running" }, "operation.fit", fail},
		{"fill-gap", func(o *Operation) { o.Reasons = nil }, "operation.fit", fail},
		{"resync", func(o *Operation) { o.Target = TargetIntent }, "operation.fit", fail},
		{"fees", func(o *Operation) { o.Wanted.PerGas = "2000000000001" }, "operation.limits", fail},
		{"fees", func(o *Operation) { o.Wanted.PerIntent = "2000000000000000001" }, "operation.limits", fail},
		{"fees", func(o *Operation) { o.Wanted.PerDay = "10000000000000000001" }, "operation.limits", fail},
		{approve, func(o *Operation) { o.Wanted.PerGas = "2000000000001" }, "operation.limits", fail},
		{"bump", func(o *Operation) { o.Cost = "2000000000000000001" }, "operation.cost", fail},
		{"bump", func(o *Operation) { o.Cost = "0" }, "operation.cost", fail},
		{approve, func(o *Operation) { o.Proposer = o.Actor }, "operation.second", fail},
		{approve, func(o *Operation) { o.Proposer = "FIRST.operator" }, "operation.second", fail},
		{approve, func(o *Operation) { o.Proposer = "" }, "operation.second", fail},
		{approve, func(o *Operation) { o.Proposed = "" }, "operation.fit", unknown},
		{approve, func(o *Operation) { o.Proposed = approve }, "operation.fit", unknown},
	}
}

func TestEveryRuleOnOperationsRefuses(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range operationRefusals() {
		o := operation(r.verb)
		r.change(&o)
		wantRefusal(t, decideOperation(t, o), r.verb, r.rule, r.state)
		seen[r.rule] = true
	}
	for _, r := range ruledOut() {
		files := smallPack(t)
		edit(t, files, "data/operations.yaml", r.old, r.replacement)
		p, err := Load(files)
		if err != nil {
			t.Fatal(err)
		}
		d, err := p.DecideOperation(context.Background(), operation(r.verb))
		if err != nil {
			t.Fatal(err)
		}
		wantRefusal(t, d, r.verb, r.rule, r.state)
		seen[r.rule] = true
	}
	pack, err := Standard()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range pack.Rules() {
		if isOperation(r.ID) && !seen[r.ID] {
			t.Errorf("rule %s refuses in no case of these tables", r.ID)
		}
	}
}

// ruledOut are changes of the list that refuse an allowed command.
func ruledOut() []struct {
	old, replacement, verb, rule string
	state                        deal.RuleState
} {
	return []struct {
		old, replacement, verb, rule string
		state                        deal.RuleState
	}{
		{`actors: ["*"]`, `actors: ["second.*"]`, "retry", "operation.actor", deal.Fail},
		{`actors: ["*"]`, `actors: ["first"]`, "retry", "operation.actor", deal.Fail},
		{"  retry:", "  try:", "retry", ruleFourEyes, deal.NotEvaluated},
		{"  retry:", "  try:", "retry", "operation.ticket", deal.NotEvaluated},
	}
}

func wantRefusal(t *testing.T, d deal.Decision, verb, rule string, state deal.RuleState) {
	t.Helper()
	i := slices.IndexFunc(d.Rules, func(got deal.RuleResult) bool { return got.ID == rule })
	if d.Allow || i < 0 || d.Rules[i].State != state || len(d.Obligations) > 0 {
		t.Errorf("%s: want %s %s and a refusal without obligations, have\n%s", verb, rule, state, Explain(d))
	}
}
