package policies

import (
	"context"
	"fmt"
	"testing"

	"github.com/open-policy-agent/opa/v1/rego"

	"cession/deal"
)

// plainGate is how a pack decides without this product: its own gate.rego over
// its own data, as opa eval does it.
type plainGate struct {
	t          *testing.T
	decision   rego.PreparedEvalQuery
	operations rego.PreparedEvalQuery
}

func newPlainGate(t *testing.T, p *Pack) plainGate {
	t.Helper()
	prepare := func(query string) rego.PreparedEvalQuery {
		options := []func(*rego.Rego){rego.Query(query), rego.Store(p.source.store), rego.StrictBuiltinErrors(true)}
		for _, m := range p.modules {
			options = append(options, rego.ParsedModule(m))
		}
		q, err := rego.New(options...).PrepareForEval(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		return q
	}
	return plainGate{t, prepare("data.gate.decision"), prepare("data.gate.operation")}
}

// agrees compares the verdict and the state of each rule, of a decision in which
// the rules were asked.
func (g plainGate) agrees(name string, query rego.PreparedEvalQuery, e Evaluation) {
	g.t.Helper()
	tree, err := decode(e.Document)
	if err != nil {
		g.t.Fatal(err)
	}
	set, err := query.Eval(context.Background(), rego.EvalInput(tree))
	if err != nil || len(set) != 1 {
		g.t.Errorf("%s: plain evaluation: %v, %v", name, set, err)
		return
	}
	answer := set[0].Expressions[0].Value.(map[string]any)
	plain, fast := fmt.Sprint(answer["allow"]), fmt.Sprint(e.Decision.Allow)
	for _, r := range answer["rules"].([]any) {
		rule := r.(map[string]any)
		plain += fmt.Sprintf("\n%v %v", rule["id"], rule["state"])
	}
	for _, r := range e.Decision.Rules {
		fast += fmt.Sprintf("\n%v %v", r.ID, r.State)
	}
	if plain != fast {
		g.t.Errorf("%s: plain evaluation says %s\n\nand the product says %s", name, plain, fast)
	}
}

// asked reports whether the rules were asked, and no list was too old for them,
// which a plain evaluation does not look at.
func asked(d deal.Decision) bool { return len(d.Rules) > 0 && d.Rules[0].ID[:7] != "engine." }

func TestPlainEvaluationDecidesTheSame(t *testing.T) {
	c := newCourse(t)
	inputs := c.run()
	gate, n := newPlainGate(t, c.pack), 0
	try := func(name string, in Input) {
		// The lists are of the time of the act: nothing is too old.
		pack, err := Sample(in.Question.Now)
		if err != nil {
			t.Fatal(err)
		}
		e, err := pack.Evaluate(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		if asked(e.Decision) {
			n++
			gate.agrees(name, gate.decision, e)
		}
	}
	for act, in := range inputs {
		try(act, in)
	}
	for i, r := range refusals() {
		in := clone(t, inputs[r.act])
		r.change(&in)
		try(fmt.Sprintf("%d %s %s", i, r.act, r.rule), in)
	}
	if n < 100 {
		t.Errorf("%d inputs were compared: want the whole course and all refusals", n)
	}
}

func TestPlainEvaluationOfOperationsDecidesTheSame(t *testing.T) {
	pack, err := Standard()
	if err != nil {
		t.Fatal(err)
	}
	gate := newPlainGate(t, pack)
	try := func(name string, o Operation) {
		e, err := pack.EvaluateOperation(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		if asked(e.Decision) {
			gate.agrees(name, gate.operations, e)
		}
	}
	for _, verb := range verbs {
		try(verb, operation(verb))
	}
	for _, r := range operationRefusals() {
		o := operation(r.verb)
		r.change(&o)
		try(r.verb+" "+r.rule, o)
	}
}
