package deal

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

func TestRegressionSealedUnderBadVerbs(t *testing.T) {
	s := Seal(secret)
	for _, verb := range []string{"%p", "%w"} {
		if out := fmt.Sprintf(verb, s); leaks(s, out) {
			t.Errorf("%s shows it", verb)
		}
	}
}

func TestRegressionSealedInUnexportedField(t *testing.T) {
	s := Seal(secret)
	for _, held := range []any{struct{ q Sealed }{s}, struct{ m map[string]Sealed }{map[string]Sealed{"q": s}}} {
		if out := fmt.Sprintf("%+v", held); leaks(s, out) {
			t.Errorf("%T shows it", held)
		}
	}
}

func TestRegressionYear10000(t *testing.T) {
	v, err := NewValue(KindTime, "9999-12-31T23:59:59-00:01")
	if err != nil {
		return
	}
	b, _ := json.Marshal(v)
	if err := json.Unmarshal(b, &v); err != nil {
		t.Error(err)
	}
}

func TestRegressionReminderOfAFarDeadline(t *testing.T) {
	c := newCourse(t, race(), nil)
	c.take("fast.go", map[string]Value{"by": At(start.AddDate(150, 0, 0))})
	if a, _ := c.NextAlarm(); a.At.Before(start) {
		t.Errorf("reminder at %v", a.At)
	}
}

func TestRegressionPlanCheck(t *testing.T) {
	for name, spoil := range map[string]func(*Plan){
		"due by unknown":    func(p *Plan) { p.Steps[2].DueBy = "fast.go.buy" },
		"due by two words":  func(p *Plan) { p.Steps[2].DueBy = "fast.by" },
		"due by a count":    func(p *Plan) { p.Steps[1].Actions[0].Fields[0].Kind = KindCount },
		"both deadlines":    func(p *Plan) { p.Steps[2].Deadline = day },
		"negative deadline": func(p *Plan) { p.Steps[0].Deadline = -day },
		"unknown kind": func(p *Plan) {
			p.Steps[1].Actions[0].Fields[0].Kind = "text"
			p.Steps[2].DueBy, p.Steps[2].Expires = "", Exit{}
		},
		"unknown role": func(p *Plan) { p.Steps[0].Actions[0].By = []Role{"pope"} },
		"nobody":       func(p *Plan) { p.Steps[0].Actions[0].By = []Role{Nobody} },
		"bad choice": func(p *Plan) {
			f := &p.Steps[1].Actions[0].Fields
			*f = append(*f, Field{ID: "c", Title: "t", Kind: KindChoice, Choices: []string{"two words"}})
		},
		"price currency": func(p *Plan) {
			f := &p.Steps[1].Actions[0].Fields
			*f = append(*f, Field{ID: "price", Title: "t", Kind: KindAmount}, Field{ID: "price_currency", Title: "t", Kind: KindCount})
		},
		"camel collision": func(p *Plan) {
			f := &p.Steps[1].Actions[0].Fields
			*f = append(*f, Field{ID: "a1b", Title: "t", Kind: KindCount}, Field{ID: "a_1b", Title: "t", Kind: KindCount})
		},
	} {
		p := race()
		spoil(&p)
		if err := p.Check(); KindOf(err) != Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRegressionApplyAfterTheEnd(t *testing.T) {
	c := newCourse(t, Standard(), nil)
	a := c.act("draft.open", nil)
	c.End(Expired, start)
	c.Apply(a, Decision{}, nil, start)
	if c.State != Expired {
		t.Error(c.State)
	}
}

func TestRegressionSelectGrowsVersion(t *testing.T) {
	c := newCourse(t, Standard(), nil)
	c.Hear(Report{Bidder: fund})
	v := c.Version
	c.Select(fund.ID)
	if c.Version == v {
		t.Error("version stayed")
	}
}

func TestRegressionTroubleSince(t *testing.T) {
	c := newCourse(t, Standard(), nil)
	c.Trouble(NodeOffline, fund.ID, start)
	c.Trouble(NodeOffline, fund.ID, start.Add(time.Hour))
	if !c.Troubles[0].Since.Equal(start) {
		t.Error(c.Troubles[0].Since)
	}
}

func TestRegressionZeroDeadline(t *testing.T) {
	d, _ := Act{Step: "draft", Action: "open"}.TypedData(Standard(), Market{})
	checkTyped(t, d)
}
