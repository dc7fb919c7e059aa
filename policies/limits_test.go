package policies

import (
	"slices"
	"strings"
	"testing"

	"cession/deal"
)

// A pack whose limits are from before there were figures on questions and
// retention still loads, for the deals it was pinned by; rules that read such a
// figure refuse.
func TestLimitsFromBeforeTheirRules(t *testing.T) {
	inputs := newCourse(t).run()
	files := smallPack(t)
	text := string(files["data/limits.yaml"].Data)
	from, to := strings.Index(text, "questions:"), strings.Index(text, "act:\n")
	if from < 0 || to < from {
		t.Fatal("the limits do not have the figures where this test looks for them")
	}
	files["data/limits.yaml"].Data = []byte(text[:from] + text[to:])
	for act, rule := range map[string]string{"questions.ask": "questions.open", "terms.propose": "terms.retain"} {
		d := decideAct(t, files, inputs[act], func(*Input) {})
		i := slices.IndexFunc(d.Rules, func(r deal.RuleResult) bool { return r.ID == rule })
		if d.Allow || i < 0 || d.Rules[i].State != deal.NotEvaluated {
			t.Errorf("%s without its figure: %s", act, Explain(d))
		}
	}
	if d := decideAct(t, files, inputs["offers.submit"], func(*Input) {}); !d.Allow {
		t.Errorf("an act that needs no such figure: %s", Explain(d))
	}
}
