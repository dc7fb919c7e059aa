package cases

import (
	"regexp"
	"strings"

	"cession/deal"
)

// Capture makes a case of a document and the decision on it: YAML that [Read]
// takes and that passes when it is run with the same pack. A document holds no
// name of a party, and neither does the case. Errors are of kind invalid: what
// was refused because a list was too old, or the pack not in effect or not at
// hand, is no case, as cases are decided at any time.
func Capture(name, why string, document []byte, d deal.Decision) ([]byte, error) {
	c, err := captured(name, why, document, d)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	c.write(&b)
	return []byte(b.String()), nil
}

func captured(name, why string, document []byte, d deal.Decision) (Case, error) {
	doc, err := bodyOf(document)
	if err != nil {
		return Case{}, err
	}
	c := Case{Name: name, Why: why, Document: unnamed(doc, d.Pack.String()).(object)}
	c.Expect = Expectation{Allow: d.Allow, Rules: map[string]deal.RuleState{}}
	for _, r := range d.Rules {
		if untimely(r) {
			return Case{}, deal.Errorf(deal.Invalid, "%s was not evaluated, %s: that is a matter of time, and no case", r.ID, r.Actual)
		}
		if !strings.HasPrefix(r.ID, "engine.") {
			c.Expect.Rules[r.ID] = r.State
		}
	}
	if len(d.Obligations) > 0 {
		c.Expect.Obligations = d.Obligations
	}
	return c, nil
}

// staleList is what is shown in place of a rule's figures where a list that it
// reads is too old.
var staleList = regexp.MustCompile(`^list [a-z_]+ of [0-9-]{10}, [0-9]+ days old$`)

// untimely reports whether a rule was not evaluated for reasons that pass.
func untimely(r deal.RuleResult) bool {
	return r.State == deal.NotEvaluated &&
		(r.ID == "engine.effective" || r.ID == "engine.pack" || staleList.MatchString(r.Actual))
}

// unnamed is a copy with "this" where the digest of the pack stands.
func unnamed(v any, digest string) any {
	switch v := v.(type) {
	case string:
		if v == digest {
			return This
		}
	case object:
		o := make(object, len(v))
		for k, below := range v {
			o[k] = unnamed(below, digest)
		}
		return o
	case []any:
		l := make([]any, len(v))
		for i, below := range v {
			l[i] = unnamed(below, digest)
		}
		return l
	}
	return v
}
