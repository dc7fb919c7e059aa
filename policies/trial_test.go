package policies

import (
	"context"
	"errors"
	"testing"

	"cession/deal"
)

// decideOn is a decision of a pack on an input.
func decideOn(t *testing.T, p *Pack, in Input) deal.Decision {
	t.Helper()
	d, err := p.Decide(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Damage in a transaction is the same as other data, and leaves nothing behind.
func TestDamagedIsAsWithOtherData(t *testing.T) {
	c := newCourse(t)
	in := c.run()["offers.submit"]
	for name, d := range map[string]struct {
		damage Damage
		change func(tree map[string]any)
	}{
		"limit dropped":   {Damage{[]string{"limits", "amount", "EUR"}, nil, true}, func(tree map[string]any) { delete(tree["limits"].(object)["amount"].(object), "EUR") }},
		"limit emptied":   {Damage{[]string{"limits", "amount", "EUR"}, nil, false}, func(tree map[string]any) { tree["limits"].(object)["amount"].(object)["EUR"] = nil }},
		"country retyped": {Damage{[]string{"jurisdictions", "at"}, []any{}, false}, func(tree map[string]any) { tree["jurisdictions"].(object)["at"] = []any{} }},
		"list dropped":    {Damage{[]string{"kyc"}, nil, true}, func(tree map[string]any) { delete(tree, "kyc") }},
		"element dropped": {Damage{[]string{"pack", "gates", "offers.submit", "by"}, []any{}, false}, func(tree map[string]any) {
			tree["pack"].(object)["gates"].(object)["offers.submit"].(object)["by"] = []any{}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			other, err := c.pack.WithData(d.change)
			if err != nil {
				t.Fatal(err)
			}
			want := decideOn(t, other, in)
			err = c.pack.Damaged(context.Background(), d.damage, func(p *Pack) error {
				if have := decideOn(t, p, in); have.Allow || Explain(have) != Explain(want) {
					t.Errorf("damaged:\n%swith other data:\n%s", Explain(have), Explain(want))
				}
				return nil
			})
			if err != nil || !decideOn(t, c.pack, in).Allow {
				t.Errorf("error %v, or the damage stays", err)
			}
		})
	}
}

func TestDamageThatCannotBe(t *testing.T) {
	c := newCourse(t)
	err := c.pack.Damaged(context.Background(), Damage{[]string{"limits", "amounts", "EUR"}, nil, true}, func(*Pack) error { return nil })
	if deal.KindOf(err) != deal.Invalid {
		t.Errorf("error is %v: want one of kind invalid", err)
	}
	wrong := errors.New("wrong")
	err = c.pack.Damaged(context.Background(), Damage{[]string{"kyc"}, nil, true}, func(*Pack) error { return wrong })
	if !errors.Is(err, wrong) {
		t.Errorf("error is %v: want what was returned", err)
	}
}

func TestOnlySomeRules(t *testing.T) {
	c := newCourse(t)
	in := clone(t, c.run()["offers.submit"])
	in.Question.Pack = deal.Commitment{1}
	if decideOn(t, c.pack, in).Allow {
		t.Fatal("the whole gate allows another pack")
	}
	for rule, allow := range map[string]bool{"offers.until": true, "act.pack": false} {
		part, err := c.pack.Only("offers.submit", []string{rule})
		if err != nil {
			t.Fatal(err)
		}
		if d := decideOn(t, part, in); d.Allow != allow || len(d.Rules) != 1 || d.Rules[0].ID != rule {
			t.Errorf("only %s: allow %v, rules %v", rule, d.Allow, d.Rules)
		}
	}
	for gate, rule := range map[string]string{"offers.submit": "refund.deadline", "offers.withdraw": "act.pack"} {
		if _, err := c.pack.Only(gate, []string{rule}); deal.KindOf(err) != deal.NotFound {
			t.Errorf("%s only %s: error is %v", gate, rule, err)
		}
	}
}

func TestAtAnyTime(t *testing.T) {
	files := smallPack(t)
	edit(t, files, manifestFile, "effective: { from: 2026-01-01 }", "effective: { from: 2030-01-01 }")
	p, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	in := clone(t, newCourse(t).run()["offers.submit"])
	in.Question.Pack = p.Digest()
	if d := decideOn(t, p, in); d.Allow {
		t.Error("a pack decides before it is in effect")
	}
	if d := decideOn(t, p.AtAnyTime(), in); !d.Allow {
		t.Errorf("refused:\n%s", Explain(d))
	}
	old, err := Sample(start.AddDate(-1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	in.Question.Pack = old.Digest()
	if d := decideOn(t, old, in); d.Allow {
		t.Error("a list a year old is relied on")
	}
	if d := decideOn(t, old.AtAnyTime(), in); !d.Allow {
		t.Errorf("refused:\n%s", Explain(d))
	}
}
