package policies

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/metrics"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// gateway is a gate made ready: its rules, what they read, and the queries that
// ask them.
type gateway struct {
	rules   []string
	needs   needs
	lists   []string // that its rules read
	queries []ruleQuery
}

// ruleQuery asks for the answer of one rule.
type ruleQuery struct {
	body ast.Body
	plan ast.QueryCompiler
}

// answerVar is what a query binds.
const answerVar = ast.Var("answer")

func prepareRule(c *ast.Compiler, id string) (q ruleQuery, err error) {
	file, rule, _ := strings.Cut(id, ".")
	body, err := ast.ParseBody(fmt.Sprintf("%s = data.cession.%s.answer.%s", answerVar, file, rule))
	if err != nil {
		return q, err
	}
	q.plan = c.QueryCompiler()
	q.body, err = q.plan.Compile(body)
	return q, err
}

// ask returns what the rules of a gate answer, in their order; nil for a rule
// that gives no answer. It says the same as gate.rego, faster: it need not look
// up which rules there are, and what they read of the lists is ready.
func (e *entrance) ask(ctx context.Context, g *gateway, s *source, document *ast.Term) ([]*ast.Term, error) {
	tx, err := s.store.NewTransaction(ctx)
	if err != nil {
		return nil, err
	}
	defer s.store.Abort(ctx, tx)
	return e.askWithin(ctx, g.queries, s, s.ready, tx, document)
}

// askWithin asks rules in a transaction of the caller's, with what is ready of
// its data, if anything is.
func (e *entrance) askWithin(ctx context.Context, queries []ruleQuery, s *source, ready topdown.BaseCache, tx storage.Transaction, document *ast.Term) ([]*ast.Term, error) {
	cancel := topdown.NewCancel()
	defer context.AfterFunc(ctx, cancel.Cancel)()
	answers, shared := make([]*ast.Term, len(queries)), newMemory()
	for i, q := range queries {
		query := topdown.NewQuery(q.body).WithQueryCompiler(q.plan).WithCompiler(e.compiler).WithStore(s.store).WithTransaction(tx).
			WithInput(document).WithCancel(cancel).WithStrictBuiltinErrors(true).WithMetrics(metrics.NoOp()).
			WithVirtualCache(shared).WithBaseCache(ready).WithTime(time.Unix(0, 0)).WithRequestMetadata(noMetadata)
		if err := query.Iter(ctx, func(r topdown.QueryResult) error {
			answers[i] = r[answerVar]
			return nil
		}); err != nil {
			return nil, err
		}
	}
	return answers, nil
}

// noMetadata is what rules could ask of a request; none of them can.
var noMetadata = map[string]any{}
