package policies

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"testing"

	"cession/chain/lane"
	"cession/deal"
)

var (
	unchanged = Ceilings{"0", "0", "0"}
	inForce   = Ceilings{"300000000000", "200000000000000000", "2000000000000000000"}
)

// operation is a command that the standard pack allows, by its verb.
func operation(verb string) Operation {
	o := Operation{
		Command: "c-1", Verb: verb, Target: TargetIntent, Actor: "first.operator", Cause: string(lane.NetworkFees), Status: string(lane.Sent),
		Reasons: []Reason{Reason(lane.FeeBelowBase)}, Age: 90, Step: "escrow", Call: "escrow.open", Escrow: true,
		Cost: "0", Wanted: unchanged, Current: inForce, At: start,
	}
	switch verb {
	case "bump":
		o.Cost = "6000000000000000"
	case "give-up":
		o.Ticket = "INC-1"
	case "adopt-hash":
		o.Ticket, o.Reasons = "INC-1", []Reason{Reason(lane.ForeignNonce)}
	case "fees":
		o.Wanted.PerGas = "250000000000"
	case "fill-gap", "resync":
		o.Ticket, o.Target, o.Status, o.Reasons = "INC-1", TargetLane, "running", []Reason{Reason(lane.NonceGap)}
		o.Step, o.Call, o.Escrow = "", "", false
	case approve:
		o.Proposed, o.Proposer, o.Wanted.PerGas = "fees", "second.operator", "900000000000"
	}
	return o
}

func decideOperation(t *testing.T, o Operation) deal.Decision {
	t.Helper()
	pack, err := Standard()
	if err != nil {
		t.Fatal(err)
	}
	d, err := pack.DecideOperation(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestEveryVerbCanBeAllowed(t *testing.T) {
	for _, verb := range verbs {
		d := decideOperation(t, operation(verb))
		if !d.Allow {
			t.Errorf("%s is refused:\n%s", verb, Explain(d))
		}
		if two := slices.Equal(d.Obligations, []string{FourEyes}); two != (verb == "give-up" || verb == "adopt-hash") || !two && len(d.Obligations) > 0 {
			t.Errorf("%s: obligations %v", verb, d.Obligations)
		}
	}
}

// The verbs, causes, statuses and reasons of the pack are those of the lanes.
func TestPackSpeaksTheLanguageOfLanes(t *testing.T) {
	pack, err := Standard()
	if err != nil {
		t.Fatal(err)
	}
	if want := texts(lane.Verbs()); !slices.Equal(verbs, want) {
		t.Errorf("verbs %v, want %v", verbs, want)
	}
	list := pack.lists.Operations
	if want := texts(lane.Causes()); !slices.Equal(list.Causes, want) {
		t.Errorf("causes %v, want %v", list.Causes, want)
	}
	statuses := map[Target][]string{
		TargetIntent: texts([]lane.Status{lane.Queued, lane.Signed, lane.Sent, lane.Mined, lane.Final, lane.Failed, lane.Moved}),
		TargetLane:   {"running", "paused"},
	}
	for verb, u := range list.Verbs {
		for _, fit := range u.Fits {
			for _, status := range fit.Status {
				if !slices.Contains(statuses[fit.Target], status) {
					t.Errorf("%s fits a %s that is %s: there is no such status", verb, fit.Target, status)
				}
			}
			for _, reason := range fit.Reasons {
				if reason != "any" && lane.Advise(lane.Reason(reason)) == (lane.Advice{}) {
					t.Errorf("%s fits the reason %s, which no lane has", verb, reason)
				}
			}
		}
	}
}

func texts[T ~string](list []T) (all []string) {
	for _, x := range list {
		all = append(all, string(x))
	}
	return all
}

func TestOperationDecisionIsComplete(t *testing.T) {
	o := operation("bump")
	d := decideOperation(t, o)
	pack, _ := Standard()
	if d.Act != sha256.Sum256([]byte(o.Command)) || d.Pack != pack.Digest() || d.Input.IsZero() || d.Evaluator != Evaluator || !d.At.Equal(start) {
		t.Errorf("decision lacks something: %+v", d)
	}
	var order []string
	for _, r := range d.Rules {
		order = append(order, r.ID)
		if r.Actual == "" || r.Threshold == "" || r.Citation == "" || r.Actual == withheld || r.Threshold == withheld {
			t.Errorf("rule %s shows %q, %q, %q", r.ID, r.Actual, r.Threshold, r.Citation)
		}
	}
	if want := pack.manifest.Operations["bump"].Rules; !slices.Equal(order, want) {
		t.Errorf("rules come as %v, want %v", order, want)
	}
	if o.Cost = "6000000000000001"; decideOperation(t, o).Input == d.Input {
		t.Error("another cost has the same input digest")
	}
}

func TestFourEyesMustFollow(t *testing.T) {
	o := operation("fees")
	if d := decideOperation(t, o); !d.Allow || len(d.Obligations) > 0 {
		t.Errorf("below the amounts: allow %v, obligations %v", d.Allow, d.Obligations)
	}
	o.Wanted.PerGas = "300000000001"
	if d := decideOperation(t, o); !d.Allow || !slices.Equal(d.Obligations, []string{FourEyes}) {
		t.Errorf("above: allow %v, obligations %v", d.Allow, d.Obligations)
	}
	o.Cause = "boredom"
	if d := decideOperation(t, o); d.Allow || len(d.Obligations) > 0 {
		t.Errorf("refused: allow %v, obligations %v: want none, as no approval would help", d.Allow, d.Obligations)
	}
}

func TestObligationThatCannotBeReadRefuses(t *testing.T) {
	for _, obligation := range []string{`7`, `""`, `null`, `["four_eyes"]`} {
		files := smallPack(t)
		edit(t, files, "operation.rego", `{"obligation": "four_eyes"}`, `{"obligation": `+obligation+`}`)
		p, err := Load(files)
		if err != nil {
			t.Fatal(err)
		}
		d, err := p.DecideOperation(context.Background(), operation("adopt-hash"))
		if err != nil || d.Allow || len(d.Obligations) > 0 || d.Rules[len(d.Rules)-1].State != deal.NotEvaluated {
			t.Errorf("obligation %s: allow %v, error %v\n%s", obligation, d.Allow, err, Explain(d))
		}
	}
}

func TestOperationIsRefusedWithoutARule(t *testing.T) {
	if d := decideOperation(t, Operation{}); d.Allow || d.Rules[0].ID != ruleGate.ID {
		t.Errorf("empty operation: allow %v, rules %v", d.Allow, d.Rules)
	}
	if d := decideOperation(t, Operation{Verb: "retry", At: start}); d.Allow || d.Rules[0].ID != ruleInput.ID || d.Rules[1].State != deal.NotEvaluated {
		t.Errorf("verb alone: allow %v, rules %v", d.Allow, d.Rules)
	}
	files := smallPack(t)
	files["gate.rego"].Data = []byte("package gate\n\noperation := {\"allow\": true, \"rules\": []}\n")
	p, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	idle := operation("retry")
	idle.Cause = "boredom"
	if d, err := p.DecideOperation(context.Background(), idle); err != nil || d.Allow {
		t.Errorf("a gate that says yes without its rules: allow %v, error %v", d.Allow, err)
	}
}

func TestDecideOperationEndsWithItsContext(t *testing.T) {
	pack, err := Standard()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if d, err := pack.DecideOperation(ctx, operation("retry")); !errors.Is(err, context.Canceled) || d.Allow {
		t.Errorf("allow %v, error %v: want no decision", d.Allow, err)
	}
}

func BenchmarkDecideOperation(b *testing.B) {
	pack, err := Standard()
	if err != nil {
		b.Fatal(err)
	}
	o := operation("bump")
	b.ReportAllocs()
	for b.Loop() {
		if d, err := pack.DecideOperation(context.Background(), o); err != nil || !d.Allow {
			b.Fatal(err)
		}
	}
}
