package deal

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// solidityForms are the forms a wallet accepts for the members of a message.
var solidityForms = map[string]*regexp.Regexp{
	"string": regexp.MustCompile(`(?s)^.*$`), "bytes": regexp.MustCompile(`^0x([0-9a-f]{2})*$`), "bytes3": regexp.MustCompile(`^0x[0-9a-f]{6}$`),
	"bytes32": regexp.MustCompile(`^0x[0-9a-f]{64}$`), "address": regexp.MustCompile(`^0x[0-9a-f]{40}$`),
	"uint32": regexp.MustCompile(`^[0-9]{1,10}$`), "uint64": regexp.MustCompile(`^[0-9]{1,20}$`),
	"uint128": regexp.MustCompile(`^[0-9]{1,39}$`), "uint256": regexp.MustCompile(`^[0-9]{1,78}$`),
}

// checkTyped reports what would keep a wallet from showing or signing the message.
func checkTyped(t *testing.T, d TypedData) {
	t.Helper()
	members := d.Types[d.PrimaryType]
	if len(d.Types) != 2 || len(members) != len(d.Message) || len(d.Types["EIP712Domain"]) != len(d.Domain) {
		t.Errorf("%s: %d types, %d members for %d values", d.PrimaryType, len(d.Types), len(members), len(d.Message))
	}
	named := map[string]bool{}
	for _, m := range members {
		text, ok := d.Message[m.Name].(string)
		form := solidityForms[m.Type]
		if !ok || form == nil || !form.MatchString(text) {
			t.Errorf("%s: member %s of type %q has value %v", d.PrimaryType, m.Name, m.Type, d.Message[m.Name])
		}
		if named[m.Name] {
			t.Errorf("%s: two members are called %s", d.PrimaryType, m.Name)
		}
		named[m.Name] = true
	}
	if _, err := json.Marshal(d); err != nil {
		t.Error(err)
	}
}

// eachAction calls f with every action of the standard plan and an act of it
// that has all its fields.
func eachAction(t *testing.T, f func(Action, Act)) {
	t.Helper()
	for _, step := range Standard().Steps {
		var bidder *Party
		if step.Scope == PerBidder {
			bidder = &fund
		}
		c := newCourse(t, Standard(), bidder)
		for _, action := range step.Actions {
			all := map[string]Value{}
			for _, field := range action.Fields {
				all[field.ID] = sample(field)
			}
			f(action, c.act(step.ID+"."+action.ID, all))
		}
	}
}

func signed(t *testing.T, a Act) TypedData {
	t.Helper()
	d, err := a.TypedData(Standard(), opening(Standard()).Market)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestEveryActionHasASignableMessage(t *testing.T) {
	primary := map[string]string{}
	eachAction(t, func(def Action, a Act) {
		d := signed(t, a)
		checkTyped(t, d)
		if other, taken := primary[d.PrimaryType]; taken || d.PrimaryType == "EIP712Domain" {
			t.Errorf("%s and %s have the same primary type %s", a.Name(), other, d.PrimaryType)
		}
		primary[d.PrimaryType] = a.Name()
		if first := d.Types[d.PrimaryType][0]; first != (Member{"statement", "string"}) || d.Message["statement"] != def.Title {
			t.Errorf("%s: the wallet shows %v %v first, want the statement %q", a.Name(), first, d.Message[first.Name], def.Title)
		}
		for _, name := range signedAnyway {
			if _, ok := d.Message[name]; !ok {
				t.Errorf("%s: %s is not signed", a.Name(), name)
			}
		}
	})
	if primary["OffersSubmit"] != "offers.submit" || primary["DataRoomOpen"] != "data_room.open" {
		t.Errorf("primary types: %v", slices.Sorted(maps.Keys(primary)))
	}
}

func TestNothingOfAnActCanBeSwapped(t *testing.T) {
	other := map[ValueKind]string{
		KindAmount: "12500000 USD", KindTime: "2027-01-01T00:00:00Z", KindCount: "43", KindParty: "green-fund", KindCommitment: Commitment{13}.String(),
		KindSealed: Commitment{14}.String(), KindAct: Commitment{15}.String(), KindKey: "age1" + strings.Repeat("z", 58), KindSignature: "0xcd",
	}
	eachAction(t, func(def Action, a Act) {
		before, _ := json.Marshal(signed(t, a))
		differs := func(what string, b Act) {
			if after, _ := json.Marshal(signed(t, b)); string(after) == string(before) {
				t.Errorf("%s: %s can be swapped under the signature", a.Name(), what)
			}
		}
		for _, f := range def.Fields {
			text := other[f.Kind]
			if f.Kind == KindChoice {
				text = f.Choices[1]
			}
			v, err := NewValue(f.Kind, text)
			if err != nil {
				t.Fatal(err)
			}
			b := a
			b.Fields = maps.Clone(a.Fields)
			b.Fields[f.ID] = v
			differs("field "+f.ID, b)
		}
		for what, edit := range map[string]func(*Act){
			"deal": func(a *Act) { a.Deal = "d-aaaaaaaaaaaaaaaaaaaa" }, "room": func(a *Act) { a.Room = "green-fund" },
			"party": func(a *Act) { a.Party = "green-fund" }, "sequence": func(a *Act) { a.Sequence++ },
			"salt": func(a *Act) { a.Salt[0]++ }, "deadline": func(a *Act) { a.Deadline = a.Deadline.Add(time.Second) },
		} {
			b := a
			edit(&b)
			differs(what, b)
		}
	})
}

func TestMessageIsBoundToTheMarket(t *testing.T) {
	c := newCourse(t, Standard(), nil)
	a, m := c.act("draft.open", nil), c.Opening.Market
	d, err := a.TypedData(Standard(), m)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"name": "Cession", "version": "1", "chainId": "1337", "verifyingContract": m.Escrow.String()}
	if !maps.Equal(d.Domain, want) {
		t.Errorf("domain %v, want %v", d.Domain, want)
	}
	a.Action = "close"
	if _, err := a.TypedData(Standard(), m); KindOf(err) != NotFound {
		t.Errorf("message of an unknown action: %v, want kind notfound", err)
	}
}

func TestAbsentOptionalFieldsAreSignedAsEmpty(t *testing.T) {
	empty := map[ValueKind]string{
		KindAmount: "0", KindTime: "0", KindCount: "0", KindParty: "", KindChoice: "", KindKey: "", KindSignature: "0x",
		KindCommitment: Commitment{}.String(), KindSealed: Commitment{}.String(), KindAct: Commitment{}.String(), KindAddress: Address{}.String(),
	}
	step := Step{ID: "all", Title: "All", Doc: "Every kind.", Scope: PerDeal, Actions: []Action{{ID: "give", Title: "Give", By: []Role{Seller}}}}
	for _, kind := range valueKinds {
		f := Field{ID: "the_" + string(kind), Title: "t", Kind: kind, Optional: true}
		if kind == KindChoice {
			f.Choices = []string{"yes"}
		}
		step.Actions[0].Fields = append(step.Actions[0].Fields, f)
	}
	plan := Plan{Name: "all", Steps: []Step{step}}
	if err := plan.Check(); err != nil {
		t.Fatal(err)
	}
	c := newCourse(t, plan, nil)
	bare := c.act("all.give", nil)
	d, err := bare.TypedData(plan, c.Opening.Market)
	if err != nil {
		t.Fatal(err)
	}
	checkTyped(t, d)
	for _, kind := range valueKinds {
		name := "the" + strings.ToUpper(string(kind[:1])) + string(kind[1:])
		if have := d.Message[name]; have != empty[kind] {
			t.Errorf("absent %s is signed as %v, want %q", kind, have, empty[kind])
		}
	}
	if d.Message["theAmountCurrency"] != "" {
		t.Errorf("absent amount has currency %v", d.Message["theAmountCurrency"])
	}
	if err := c.Check(bare, c.now); err != nil {
		t.Errorf("an act without its optional fields: %v", err)
	}
	full := map[string]Value{}
	for _, f := range step.Actions[0].Fields {
		full[f.ID] = sample(f)
	}
	if d, err = c.act("all.give", full).TypedData(plan, c.Opening.Market); err != nil {
		t.Fatal(err)
	}
	checkTyped(t, d)
}
