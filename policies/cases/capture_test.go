package cases

import (
	"context"
	"strings"
	"testing"

	"cession/deal"
	"cession/policies"
)

// captureCase captures a decision and runs what was written.
func captureCase(t *testing.T, p *policies.Pack, in policies.Input) (Case, Report, string) {
	t.Helper()
	e, err := p.Evaluate(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	text, err := Capture("captured", "from a deal", e.Document, e.Decision)
	if err != nil {
		t.Fatal(err)
	}
	all, err := Read(folder("captured.yaml", string(text)))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	r, err := Run(context.Background(), p, all)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := all[0].Bytes(p.Digest()); err != nil || string(again) != string(e.Document) {
		t.Errorf("the case has another document, error %v:\n%s\n%s", err, again, e.Document)
	}
	return all[0], r, string(text)
}

func TestCapturedDecisionPassesWhenItIsRun(t *testing.T) {
	p := standard(t)
	for _, b := range newCourse(t, p).run() {
		c, r, _ := captureCase(t, p, b.input)
		if len(r.Failures) > 0 || !c.Expect.Allow || len(c.Expect.Rules) != len(p.Gate(b.act)) {
			t.Errorf("%s: %v, %d rules", b.act, r.Failures, len(c.Expect.Rules))
		}
	}
}

func TestCapturedRefusal(t *testing.T) {
	p := standard(t)
	for _, b := range newCourse(t, p).run() {
		if b.act != "terms.propose" {
			continue
		}
		in := b.input
		in.Question.Taken = nil
		c, r, _ := captureCase(t, p, in)
		if len(r.Failures) > 0 || c.Expect.Allow || c.Expect.Rules["terms.four_eyes"] != deal.Fail || len(c.Expect.Obligations) != 1 {
			t.Errorf("%v, expects %+v", r.Failures, c.Expect)
		}
	}
}

// A decision that was refused before its rules were asked expects them not evaluated.
func TestCapturedRefusalOfTheSchema(t *testing.T) {
	p := standard(t)
	in := newCourse(t, p).run()[0].input
	in.Question.Currency = "euro"
	c, r, _ := captureCase(t, p, in)
	if len(r.Failures) > 0 || c.Expect.Allow || c.Expect.Rules["act.role"] != deal.NotEvaluated {
		t.Errorf("%v, expects %+v", r.Failures, c.Expect)
	}
}

func TestCaptureHoldsNoName(t *testing.T) {
	p := standard(t)
	for _, b := range newCourse(t, p).run() {
		_, _, text := captureCase(t, p, b.input)
		for _, profile := range profiles() {
			for word := range strings.FieldsSeq(profile.Name) {
				if len(word) > 4 && strings.Contains(strings.ToLower(text), strings.ToLower(word)) && !strings.Contains(string(profile.ID), strings.ToLower(word)) {
					t.Errorf("%s: the case holds %q", b.act, word)
				}
			}
		}
		if strings.Contains(text, p.Digest().String()) {
			t.Errorf("%s: the case holds the digest of its pack", b.act)
		}
	}
}

func TestCaptureOfNoDocument(t *testing.T) {
	if _, err := Capture("a", "", []byte("{"), deal.Decision{}); deal.KindOf(err) != deal.Invalid {
		t.Errorf("error is %v: want one of kind invalid", err)
	}
}

// What is a matter of time is refused, or the case would not pass when it is run.
func TestCaptureOfAStaleList(t *testing.T) {
	p, err := policies.Sample(start.AddDate(-1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	e, err := p.Evaluate(context.Background(), newCourse(t, standard(t)).run()[0].input)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Capture("a", "", e.Document, e.Decision); e.Decision.Allow || deal.KindOf(err) != deal.Invalid {
		t.Errorf("allow %v, error is %v: want one of kind invalid", e.Decision.Allow, err)
	}
}
