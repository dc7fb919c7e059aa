package deal

import (
	"fmt"
	"testing"
	"time"
)

const good = 48 * time.Hour // how long an approval counts

// refused has the terms proposed by a signer and refused for want of approvals.
func (c *course) refused(signer Address, persons uint64, more ...Need) Act {
	c.Helper()
	a := c.act("terms.propose", nil)
	a.ID, a.Signer = Commitment{0xaa, byte(c.Version >> 8), byte(c.Version)}, signer
	needs := append([]Need{{Kind: NeedApproval, Rule: "terms.four_eyes", Act: "terms.approve", Persons: persons, Until: c.now.Add(good)}}, more...)
	if persons == 0 {
		needs = more
	}
	if err := c.Check(a, c.now); err != nil {
		c.Fatal(err)
	}
	c.Refuse(a, Decision{Act: a.ID, Needs: needs}, c.now)
	return a
}

// approves has a person of a party approve the terms.
func (c *course) approves(who Party, signer Address) {
	c.Helper()
	a := c.act("terms.approve", nil)
	a.Party, a.Signer, a.Sequence = who.ID, signer, c.NextSequence(who.ID)
	c.Apply(a, Decision{Act: a.ID, Allow: true}, nil, c.now)
	c.now = c.now.Add(time.Minute)
}

// atTerms is a deal whose seller has three signers.
func atTerms(t *testing.T) *course {
	c := newCourse(t, Standard(), nil)
	c.Opening.Seller.Signers = []Address{{1}, {11}, {12}}
	c.toTerms()
	return c
}

// work returns the only item.
func (c *course) work() Work {
	c.Helper()
	if len(c.Work) != 1 {
		c.Fatalf("%d items of work, want one: %+v", len(c.Work), c.Work)
	}
	return c.Work[0]
}

func TestARefusalOpensWork(t *testing.T) {
	c := atTerms(t)
	act := c.refused(Address{1}, 2)
	w := c.work()
	if w.ID != act.ID || w.For != "terms.propose" || w.Party != vendor.ID || w.Need.Party != vendor.ID || w.State != WorkOpen || !w.Wanted() ||
		!w.Opened.Equal(c.now) || !w.Remind.Equal(c.now.Add(good/2)) || !w.Due.Equal(c.now.Add(good)) {
		t.Errorf("opened %+v", w)
	}
	b := atTerms(t)
	b.Refuse(b.act("terms.propose", nil), Decision{}, b.now)
	if len(b.Work) != 0 {
		t.Errorf("a refusal that nothing lifts opens %+v", b.Work)
	}
}

func TestWorkIsMetByDistinctPersons(t *testing.T) {
	type given struct {
		who    Party
		signer Address
		after  time.Duration
	}
	first, second, third := Address{1}, Address{11}, Address{12}
	for _, tt := range []struct {
		name    string
		persons uint64
		before  []given // the refusal
		after   []given
		met     bool
	}{
		{"nobody", 1, nil, nil, false},
		{"who asked", 1, nil, []given{{vendor, first, 0}}, false},
		{"another", 1, nil, []given{{vendor, second, 0}}, true},
		{"one of two", 2, nil, []given{{vendor, second, 0}}, false},
		{"the same one twice", 2, nil, []given{{vendor, second, 0}, {vendor, second, time.Hour}}, false},
		{"who asked and another", 2, nil, []given{{vendor, first, 0}, {vendor, second, time.Hour}}, false},
		{"two others", 2, nil, []given{{vendor, second, 0}, {vendor, third, time.Hour}}, true},
		{"the other side", 1, nil, []given{{fund, Address{2}, 0}}, false},
		{"one before, one after", 2, []given{{vendor, second, 0}}, []given{{vendor, third, time.Hour}}, true},
		{"one before has lapsed", 2, []given{{vendor, second, 0}}, []given{{vendor, third, good}}, false},
		{"the first lapsed before the second came", 2, nil, []given{{vendor, second, 0}, {vendor, third, good + time.Hour}}, false},
		{"late is not too late", 1, nil, []given{{vendor, second, 5 * good}}, true},
		{"no number of persons means one", 0, nil, nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := atTerms(t)
			for _, g := range tt.before {
				c.now = c.now.Add(g.after)
				c.approves(g.who, g.signer)
			}
			if tt.persons > 0 {
				c.refused(first, tt.persons)
			} else {
				c.refused(first, 0, Need{Kind: NeedApproval, Rule: "r", Act: "terms.approve", Until: c.now.Add(good)})
			}
			for _, g := range tt.after {
				c.now = c.now.Add(g.after)
				c.approves(g.who, g.signer)
			}
			c.Ring(c.now)
			if w := c.work(); (w.State == WorkMet) != tt.met || (w.Closed != nil) != tt.met {
				t.Errorf("the item is %s, met: want %t", w.State, tt.met)
			}
		})
	}
}

func TestWorkIsRemindedOfThenEscalates(t *testing.T) {
	c := atTerms(t)
	asked := c.now
	act := c.refused(Address{1}, 1)
	ring := func(want Alarm) {
		t.Helper()
		wantAlarm(t, c.Progress, want)
		if a, _ := c.NextAlarm(); a.Work != act.ID {
			t.Fatalf("alarm %+v is of other work", a)
		}
		c.now = want.At
		version := c.Version
		c.Ring(c.now)
		if c.Version == version {
			t.Error("an alarm did not grow the version")
		}
	}
	ring(Alarm{Step: "terms.propose", At: asked.Add(good / 2), Remind: true})
	if w := c.work(); w.Reminded == nil || w.State != WorkOpen {
		t.Errorf("reminded: %+v", w)
	}
	ring(Alarm{Step: "terms.propose", At: asked.Add(good)})
	if w := c.work(); w.State != WorkEscalated || !w.Escalated.Equal(asked.Add(good)) || w.Closed != nil || !w.Wanted() {
		t.Errorf("escalated: %+v", w)
	}
	if a, ok := c.NextAlarm(); !ok || !a.Work.IsZero() {
		t.Errorf("an escalated item still has the alarm %+v", a)
	}
	c.approves(vendor, Address{11})
	if w := c.work(); w.State != WorkMet || w.Escalated == nil {
		t.Errorf("approved at last: %+v", w)
	}
}

// A machine that was off for days does at once what was due.
func TestWorkRungLate(t *testing.T) {
	c := atTerms(t)
	c.refused(Address{1}, 1, Need{Kind: NeedWait, Rule: "terms.cooling_off", Until: c.now.Add(time.Hour)})
	c.Ring(c.now.Add(9 * day))
	if w := c.Work[0]; w.State != WorkEscalated || w.Reminded == nil {
		t.Errorf("the approval: %+v", w)
	}
	if w := c.Work[1]; w.State != WorkMet {
		t.Errorf("the wait: %+v", w)
	}
	if a, ok := c.NextAlarm(); ok && !a.Work.IsZero() {
		t.Errorf("alarm %+v though all has rung", a)
	}
}

func TestAWaitIsOverByItself(t *testing.T) {
	c := atTerms(t)
	until := c.now.Add(3 * time.Hour)
	c.refused(Address{1}, 0, Need{Kind: NeedWait, Rule: "terms.cooling_off", Until: until})
	wantAlarm(t, c.Progress, Alarm{Step: "terms.propose", At: until})
	c.Ring(until.Add(-1))
	if w := c.work(); w.State != WorkOpen {
		t.Errorf("over before its time: %+v", w)
	}
	c.Ring(until)
	if w := c.work(); w.State != WorkMet || !w.Closed.Equal(until) {
		t.Errorf("not over: %+v", w)
	}
}

func TestWorkLapses(t *testing.T) {
	for name, end := range map[string]func(*course){
		"the act is taken":         func(c *course) { c.take("terms.propose", nil) },
		"the deal is cancelled":    func(c *course) { c.take("cancellation.cancel", nil) },
		"the deal expires":         func(c *course) { c.End(Expired, c.now) },
		"a rule asks for it later": func(c *course) { c.refused(Address{1}, 0) },
	} {
		c := atTerms(t)
		c.refused(Address{1}, 1)
		c.now = c.now.Add(time.Hour)
		end(c)
		if w := c.work(); w.State != WorkLapsed || w.Closed == nil || w.Wanted() {
			t.Errorf("%s: %+v", name, w)
		}
		if a, _ := c.NextAlarm(); !a.Work.IsZero() {
			t.Errorf("%s: the item still has the alarm %+v", name, a)
		}
	}
	c := atTerms(t)
	c.refused(Address{1}, 1)
	c.adopts(vendor, Commitment{8})
	if w := c.work(); w.State != WorkOpen {
		t.Errorf("an act that has nothing to do with it closes %+v", w)
	}
}

// Asking again neither piles up work nor puts its escalation off, and counts
// whoever asked last as the one who cannot approve.
func TestAskingAgain(t *testing.T) {
	c := atTerms(t)
	asked := c.now
	c.refused(Address{1}, 1)
	for range 47 {
		c.now = c.now.Add(time.Hour)
		c.refused(Address{11}, 1)
	}
	w := c.work()
	if !w.Due.Equal(asked.Add(good)) || !w.Opened.Equal(asked) || w.Signer != (Address{11}) || !w.Asked.Equal(c.now) {
		t.Errorf("asked again: %+v", w)
	}
	c.approves(vendor, Address{11})
	if w = c.work(); w.State != WorkOpen {
		t.Errorf("approved by who asked: %+v", w)
	}
	c.approves(vendor, Address{1})
	if w = c.work(); w.State != WorkMet {
		t.Errorf("approved: %+v", w)
	}
	c.refused(Address{1}, 2)
	if len(c.Work) != 2 || c.Work[1].State != WorkOpen {
		t.Errorf("what is asked after it was met is new work: %+v", c.Work)
	}
}

func TestWorkIsBounded(t *testing.T) {
	c := atTerms(t)
	other := c.act("terms.approve", nil)
	other.Party = fund.ID
	c.Refuse(other, Decision{Needs: []Need{{Kind: NeedWait, Rule: "r", Until: c.now.Add(day)}}}, c.now)
	a := c.act("terms.propose", nil)
	for i := range 10 * maxWork {
		d := Decision{Needs: []Need{{Kind: NeedWait, Rule: fmt.Sprint("rule ", i), Until: c.now.Add(day)}}}
		c.Refuse(a, d, c.now)
	}
	if len(c.Work) != maxWork+1 || c.Work[0].Party != fund.ID {
		t.Errorf("%d items are kept, want %d and that of the other party", len(c.Work), maxWork)
	}
	if last := c.Work[len(c.Work)-1]; last.State != WorkOpen || last.Need.Rule != fmt.Sprint("rule ", 10*maxWork-1) {
		t.Errorf("the newest is %+v", last)
	}
	var many []Need
	for i := range 10 * maxWork {
		many = append(many, Need{Kind: NeedWait, Rule: fmt.Sprint("rule ", i), Until: c.now.Add(day)})
	}
	c.Refuse(a, Decision{Needs: many}, c.now)
	if len(c.Work) != maxWork+1 {
		t.Errorf("one refusal opens %d items", len(c.Work)-1)
	}
}

// Time that makes no sense does no harm: a reminder and an escalation at once,
// or never in a century.
func TestWorkWithOddTimes(t *testing.T) {
	for _, until := range []time.Time{{}, start.Add(-day), start.AddDate(400, 0, 0)} {
		c := atTerms(t)
		act := c.act("terms.propose", nil)
		c.Refuse(act, Decision{Needs: []Need{{Kind: NeedApproval, Rule: "r", Act: "terms.approve", Persons: 1, Until: until}}}, c.now)
		for range 3 {
			if a, ok := c.NextAlarm(); ok && !a.Work.IsZero() && !a.At.After(c.now) {
				c.Ring(c.now)
			}
		}
		if a, ok := c.NextAlarm(); ok && !a.Work.IsZero() && !a.At.After(c.now) {
			t.Errorf("until %v: the alarm %+v rings for ever", until, a)
		}
		if past := until.Before(c.now); past != (c.work().State == WorkEscalated) {
			t.Errorf("until %v: %s", until, c.work().State)
		}
	}
}
