package packs

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"cession/deal"
	"cession/policies"
	"cession/policies/cases"
)

// moreCases follow on a base case that is captured.
const moreCases = `
- name: more than the limit
  like: an offer
  set: { act.fields.price: 10.01 EUR }
  expect: { rules: { price.limit: fail } }
- name: a listed bidder
  like: an offer
  set: { parties.acting.screening.score: 100, parties.acting.screening.match: exact, parties.acting.screening.entry: 306 }
  expect: { rules: { price.sanctions: fail } }
- name: a command
  document:
    operation:
      command: c-1
      verb: retry
      proposed: ""
      target: intent
      actor: operator.one
      proposer: ""
      cause: network_fees
      ticket: ""
      status: sent
      reasons: [FEE_BELOW_BASE]
      age: 90
      step: escrow
      call: escrow.open
      escrow: yes
      cost: "0"
      wanted: { perGas: "0", perIntent: "0", perDay: "0" }
      current: { perGas: "3", perIntent: "2", perDay: "2" }
      at: "2026-11-23T09:00:00Z"
  expect: { allow: yes }
- name: a command of a stranger
  like: a command
  set: { operation.actor: stranger }
  expect: { rules: { price.operator: fail } }
`

// withCases returns a pack with the cases that prove it.
func withCases(t *testing.T, folder fstest.MapFS) fstest.MapFS {
	t.Helper()
	p, err := policies.Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	e, err := p.Evaluate(t.Context(), offer(t, 1, "Honest Fund", today))
	if err != nil {
		t.Fatal(err)
	}
	base, err := cases.Capture("an offer", "", e.Document, e.Decision)
	if err != nil {
		t.Fatal(err)
	}
	folder["cases/all.yaml"] = &fstest.MapFile{Data: append(base, moreCases...)}
	return folder
}

// The way rules are usually written, in which nothing is wrong unless it is
// said to be, does not come in, signed as it may be: with a field missing it
// would allow what it refuses.
func TestPackThatFailsOpen(t *testing.T) {
	c := &clock{now: today}
	l, err := Open(t.Context(), Config{Trust: trust(t), Now: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	good := signed(t, withCases(t, limited("1", "1000")), "anna")
	a := about(t, good, 1, l.base.Digest())
	submitted(t, l, good, activated(t, a, "bert", "carl"))
	stillDecides(t, l, a.Pack, 1000)
	const old = `answer["limit"] := verdict(maximum - input.act.fields.price.minor >= 0, input.act.fields.price.minor, maximum)`
	const deny = `default denied := false

denied if input.act.fields.price.minor > maximum

answer["limit"] := verdict(denied == false, "", maximum)`
	open := signed(t, withCases(t, versioned("2", "price.rego", old, deny)), "anna")
	_, err = l.Submit(t.Context(), open, activated(t, about(t, open, 2, a.Pack), "bert", "carl"))
	if !errors.Is(err, ErrProof) || deal.KindOf(err) != deal.Refused {
		t.Fatalf("%v, want refused for its proof", err)
	}
	for _, words := range []string{"more than the limit", "price.limit", "act.fields.price"} {
		if !strings.Contains(err.Error(), words) {
			t.Errorf("the refusal does not name %q: %v", words, err)
		}
	}
	stillDecides(t, l, a.Pack, 1000)
	without := signed(t, versioned("3"), "anna")
	if _, err := l.Submit(t.Context(), without, activated(t, about(t, without, 2, a.Pack), "bert", "carl")); !errors.Is(err, ErrProof) {
		t.Errorf("a pack without cases: %v, want refused", err)
	}
}
