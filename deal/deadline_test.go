package deal

import (
	"testing"
	"time"
)

// race is a plan of two steps side by side; the first is over once the second
// went, and the third is due when the second said.
func race() Plan {
	action := func(id string, fields ...Field) []Action {
		return []Action{{ID: id, Title: "t", By: []Role{Seller}, Closes: true, Fields: fields}}
	}
	expired := Exit{State: Expired}
	return Plan{Name: "race", Steps: []Step{
		{ID: "slow", Title: "t", Doc: "d", Scope: PerDeal, Deadline: 8 * day, Expires: expired, Until: []string{"fast.go"}, Actions: action("go")},
		{ID: "fast", Title: "t", Doc: "d", Scope: PerDeal, Deadline: 4 * day, Expires: expired, Actions: action("go", Field{ID: "by", Title: "t", Kind: KindTime})},
		{ID: "last", Title: "t", Doc: "d", Scope: PerDeal, After: []string{"fast"}, DueBy: "fast.go.by", Expires: expired, Actions: action("go")},
	}}
}

func wantAlarm(t *testing.T, p *Progress, want Alarm) {
	t.Helper()
	have, ok := p.NextAlarm()
	if !ok || have.Step != want.Step || have.Remind != want.Remind || !have.At.Equal(want.At) {
		t.Fatalf("next alarm %+v, %t; want %+v", have, ok, want)
	}
}

func TestReminderThenDeadline(t *testing.T) {
	c := newCourse(t, Standard(), nil)
	due := start.Add(14 * day)
	wantAlarm(t, c.Progress, Alarm{Step: "draft", At: start.Add(14 * day * 3 / 4), Remind: true})
	if !c.Due().Equal(due) {
		t.Errorf("due %v, want %v", c.Due(), due)
	}
	version := c.Version
	c.Remind("draft")
	if c.Version <= version {
		t.Error("a reminder did not grow the version")
	}
	wantAlarm(t, c.Progress, Alarm{Step: "draft", At: due})

	version = c.Version
	later := due.Add(time.Hour)
	c.Postpone("draft", later)
	if c.Version <= version || !c.Due().Equal(later) {
		t.Errorf("postponed: due %v, want %v; version %d after %d", c.Due(), later, c.Version, version)
	}
	wantAlarm(t, c.Progress, Alarm{Step: "draft", At: later})

	c.take("draft.open", nil)
	wantAlarm(t, c.Progress, Alarm{Step: "documents", At: start.Add(60 * day * 3 / 4), Remind: true})
}

func TestNoAlarmAfterTheEnd(t *testing.T) {
	c := newCourse(t, Standard(), nil)
	c.End(Cancelled, start)
	if a, ok := c.NextAlarm(); ok || !c.Due().IsZero() {
		t.Errorf("alarm %+v, due %v after the end", a, c.Due())
	}
}

func TestEarliestAlarmFirst(t *testing.T) {
	c := newCourse(t, race(), nil)
	wantAlarm(t, c.Progress, Alarm{Step: "fast", At: start.Add(3 * day), Remind: true})
	c.Remind("fast")
	wantAlarm(t, c.Progress, Alarm{Step: "fast", At: start.Add(4 * day)})
	c.Postpone("fast", start.Add(7*day))
	wantAlarm(t, c.Progress, Alarm{Step: "slow", At: start.Add(6 * day), Remind: true})
	c.Remind("slow")
	wantAlarm(t, c.Progress, Alarm{Step: "fast", At: start.Add(7 * day)})
	if !c.Due().Equal(start.Add(7 * day)) {
		t.Errorf("due %v, want the nearest", c.Due())
	}
}

func TestUntilStopsTheClock(t *testing.T) {
	c := newCourse(t, race(), nil)
	by := start.Add(40 * day)
	c.take("fast.go", map[string]Value{"by": At(by)})
	wantAlarm(t, c.Progress, Alarm{Step: "last", At: start.Add(30 * day), Remind: true})
	c.Remind("last")
	wantAlarm(t, c.Progress, Alarm{Step: "last", At: by})
	if !c.Due().Equal(by) {
		t.Errorf("due %v, want %v: the step that is over still runs", c.Due(), by)
	}
	if err := c.Check(c.act("slow.go", nil), c.now); KindOf(err) != Conflict {
		t.Errorf("act of a step that is over: %v, want kind conflict", err)
	}
	c.take("last.go", nil)
	if a, ok := c.NextAlarm(); ok {
		t.Errorf("alarm %+v though nothing runs", a)
	}
}

func TestDueByIsWhatThePartiesSigned(t *testing.T) {
	c := newCourse(t, Standard(), nil)
	c.toTerms()
	fundBy, settleBy := start.Add(10*day), start.Add(20*day)
	c.take("terms.propose", map[string]Value{"fund_by": At(fundBy), "settle_by": At(settleBy)})
	if due := c.step("escrow").Due; due != nil {
		t.Errorf("escrow is due %v before the terms are signed", due)
	}
	c.take("terms.accept", nil)
	if !c.Due().Equal(fundBy) {
		t.Errorf("after the terms: due %v, want %v", c.Due(), fundBy)
	}
	c.takeAll("escrow.deposit", "escrow.fund")
	if !c.Due().Equal(settleBy) {
		t.Errorf("after the escrow: due %v, want %v", c.Due(), settleBy)
	}
	c.takeAll("handover.request", "handover.release", "handover.receipt")
	if a, ok := c.NextAlarm(); !ok || a.Step != "settlement" || !c.Due().Equal(settleBy) {
		t.Errorf("settlement: alarm %+v, due %v, want %v", a, c.Due(), settleBy)
	}
	c.take("settlement.settle", nil)
	if a, ok := c.NextAlarm(); ok {
		t.Errorf("a settled deal has alarm %+v", a)
	}
}

func TestDeadlineAlreadyPast(t *testing.T) {
	c := newCourse(t, race(), nil)
	c.take("fast.go", map[string]Value{"by": At(start.Add(-day))})
	if a, ok := c.NextAlarm(); !ok || a.At.After(start) {
		t.Fatalf("alarm %+v, %t; want it at once", a, ok)
	}
	c.Remind("last")
	wantAlarm(t, c.Progress, Alarm{Step: "last", At: start.Add(-day)})
}
