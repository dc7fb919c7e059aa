package policies

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
)

// benchGate is the gate that is measured.
const benchGate = "nda.sign"

// gateQuery asks each rule by its name: a list of its one answer, or an empty
// list if it gives none.
func gateQuery(rules []string) string {
	parts := make([]string, len(rules))
	for i, id := range rules {
		file, rule, _ := strings.Cut(id, ".")
		parts[i] = fmt.Sprintf("answer%d = [a | a = data.cession.%s.answer.%s]", i, file, rule)
	}
	return strings.Join(parts, "\n")
}

// BenchmarkGate decides one act with the product's own path, from the input to
// the decision, beside bare prepared evaluations of the same rules on the same
// document, which is given as a Go map: of the rules as they are written, and of
// the rules as the product rewrites them (bare). Its last part takes turns, and
// reports the medians and the ratios of the product's to the others, which a
// busy machine distorts least.
func BenchmarkGate(b *testing.B) {
	c := newCourse(b)
	in := c.run()[benchGate]
	e, err := c.pack.Evaluate(context.Background(), in)
	if err != nil {
		b.Fatal(err)
	}
	document, err := decode(e.Document)
	if err != nil {
		b.Fatal(err)
	}
	rules := c.pack.Gate(benchGate)
	written := bareGate(b, c.pack, c.pack.compiler, rules, document)
	bare := bareGate(b, c.pack, c.pack.acts.compiler, rules, document)
	product := func() {
		if d, err := c.pack.Decide(context.Background(), in); err != nil || !d.Allow {
			b.Fatal(err)
		}
	}
	for name, run := range map[string]func(){"written": written, "bare": bare, "product": product} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				run()
			}
		})
	}
	b.Run("turns", func(b *testing.B) {
		var took [3][]time.Duration
		for b.Loop() {
			for i, run := range []func(){written, bare, product} {
				began := time.Now()
				run()
				took[i] = append(took[i], time.Since(began))
			}
		}
		w, r, p := median(took[0]), median(took[1]), median(took[2])
		b.ReportMetric(float64(len(rules)), "rules")
		b.ReportMetric(p.Seconds()*1e6, "product-us")
		b.ReportMetric(p.Seconds()/r.Seconds(), "x-bare")
		b.ReportMetric(p.Seconds()/w.Seconds(), "x-written")
	})
}

// bareGate asks the rules of a gate as one would without this product.
func bareGate(b *testing.B, p *Pack, compiler *ast.Compiler, rules []string, document any) func() {
	b.Helper()
	query, err := rego.New(
		rego.Query(gateQuery(rules)), rego.Compiler(compiler), rego.Store(p.source.store), rego.StrictBuiltinErrors(true),
	).PrepareForEval(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	return func() {
		set, err := query.Eval(context.Background(), rego.EvalInput(document))
		if err != nil || len(set) != 1 || len(set[0].Bindings) != len(rules) {
			b.Fatal(set, err)
		}
	}
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}

// BenchmarkDecisions decides every act of a whole deal in turn.
func BenchmarkDecisions(b *testing.B) {
	c := newCourse(b)
	inputs := c.run()
	b.ReportAllocs()
	var took []time.Duration
	n := 0
	for b.Loop() {
		began := time.Now()
		for _, in := range inputs {
			if d, err := c.pack.Decide(context.Background(), in); err != nil || !d.Allow {
				b.Fatal(err)
			}
			n++
		}
		took = append(took, time.Since(began))
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "decisions/s")
	b.ReportMetric(float64(len(inputs))/median(took).Seconds(), "median-decisions/s")
}
