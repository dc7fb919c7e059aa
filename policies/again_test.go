package policies

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"cession/deal"
)

// Every decision is made again from its document, to the byte.
func TestAgainIsTheSameDecision(t *testing.T) {
	c := newCourse(t)
	inputs := c.run()
	same := func(e Evaluation, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if e.Decision.Input != sha256.Sum256(e.Document) {
			t.Errorf("%s: the input is not the digest of the document", e.Decision.Act)
		}
		again, err := c.pack.Again(context.Background(), e.Document)
		if err != nil {
			t.Fatal(err)
		}
		have, _ := json.Marshal(again)
		want, _ := json.Marshal(e.Decision)
		if !bytes.Equal(have, want) {
			t.Errorf("again it is\n%s\nbut it was\n%s", have, want)
		}
	}
	for _, in := range inputs {
		same(c.pack.Evaluate(context.Background(), in))
	}
	for _, r := range refusals() {
		in := clone(t, inputs[r.act])
		r.change(&in)
		same(c.pack.Evaluate(context.Background(), in))
	}
	for _, verb := range verbs {
		same(c.pack.EvaluateOperation(context.Background(), operation(verb)))
	}
	same(c.pack.Evaluate(context.Background(), Input{}))
	same(c.pack.EvaluateOperation(context.Background(), Operation{}))
}

func TestAgainReadsStrictly(t *testing.T) {
	c := newCourse(t)
	e, err := c.pack.Evaluate(context.Background(), c.run()["nda.sign"])
	if err != nil {
		t.Fatal(err)
	}
	document := string(e.Document)
	replace := func(old, replacement string) string {
		if !strings.Contains(document, old) {
			t.Fatalf("the document has no %s", old)
		}
		return strings.Replace(document, old, replacement, 1)
	}
	said := map[string]string{}
	for name, c2 := range map[string]struct{ document, says string }{
		"empty":              {"", "not JSON"},
		"cut off":            {document[:len(document)-2], "not JSON"},
		"something after it": {document + "{}", "follows"},
		"key twice":          {replace(`"role":`, `"now":1,"role":`), "twice"},
		"key twice below":    {replace(`"step":`, `"step":"nda","step":`), "twice"},
		"number beyond 64":   {replace(`"sequence":`, `"sequence":9223372036854775808,"x":`), "64 bits"},
		"number far below":   {replace(`"now":`, `"now":-99999999999999999999,"x":`), "64 bits"},
		"fraction":           {replace(`"sequence":`, `"sequence":1.5,"x":`), "not whole"},
		"exponent":           {replace(`"sequence":`, `"sequence":1e2,"x":`), "not whole"},
		"minus zero":         {replace(`"sequence":`, `"sequence":-0,"x":`), "not whole"},
		"invalid UTF-8":      {replace(`"bidder"`, "\"bid\xff\""), "UTF-8"},
		"half a surrogate":   {replace(`"role":"bidder"`, `"role":"\ud800"`), "UTF-8"},
		"unknown member":     {replace(`"role":`, `"rule":1,"role":`), "does not know"},
		"unknown below":      {replace(`"step":`, `"stop":"x","step":`), "does not know"},
		"too deep":           {strings.Repeat("[", 40) + strings.Repeat("]", 40), "levels"},
		"too long":           {`"` + strings.Repeat("x", maxDocument) + `"`, "bytes"},
	} {
		d, err := c.pack.Again(context.Background(), []byte(c2.document))
		if deal.KindOf(err) != deal.Invalid || !strings.Contains(err.Error(), c2.says) || d.Allow {
			t.Errorf("%s: allow %v, error %v: want one that says %s", name, d.Allow, err, c2.says)
		}
		said[c2.says] = name
	}
	if len(said) < 8 {
		t.Errorf("the refusals are told apart in %d ways only", len(said))
	}
	d, err := c.pack.Again(context.Background(), []byte(replace(`"role":"bidder"`, `"role":"king"`)))
	if err != nil || d.Allow || d.Rules[0].ID != ruleInput.ID || d.Rules[0].Actual != "/role" {
		t.Errorf("a value that is not of its form: %v, %v", d.Rules, err)
	}
}

func TestAgainEndsWithItsContext(t *testing.T) {
	c := newCourse(t)
	e, err := c.pack.Evaluate(context.Background(), c.run()["nda.sign"])
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if d, err := c.pack.Again(ctx, e.Document); !errors.Is(err, context.Canceled) || d.Allow {
		t.Errorf("allow %v, error %v: want no decision", d.Allow, err)
	}
}
