package deal

import "time"

// Alarm is the next moment at which time itself does something.
type Alarm struct {
	Step   string // of work: the "step.action" it is for
	At     time.Time
	Remind bool       // a reminder; otherwise the deadline itself
	Work   Commitment // of work: which item
}

// NextAlarm returns the earliest reminder or deadline of the open steps and of
// work, or false if nothing is due. A reminder of a step comes when three
// quarters of its time have passed.
func (p *Progress) NextAlarm() (Alarm, bool) {
	var next Alarm
	if p.Ended != nil {
		return next, false
	}
	for _, s := range p.Steps {
		if !p.running(s) {
			continue
		}
		a := Alarm{Step: s.ID, At: *s.Due}
		if !s.Reminded {
			a.Remind = true
			a.At = s.Opened.Add(s.Due.Sub(*s.Opened) / 4 * 3)
		}
		if next.At.IsZero() || a.At.Before(next.At) {
			next = a
		}
	}
	for _, w := range p.Work {
		if a, ok := w.alarm(); ok && (next.At.IsZero() || a.At.Before(next.At)) {
			next = a
		}
	}
	return next, !next.At.IsZero()
}

// running reports whether the step's clock ticks.
func (p *Progress) running(s StepProgress) bool {
	if s.Opened == nil || s.Done != nil || s.Due == nil {
		return false
	}
	def, _ := p.Opening.Plan.Step(s.ID)
	for _, ref := range def.Until {
		if p.over(ref) {
			return false
		}
	}
	return true
}

// Remind notes that the reminder of a step went out.
func (p *Progress) Remind(step string) {
	p.step(step).Reminded = true
	p.Version++
}

// Due returns the nearest deadline of an open step, or the zero time.
func (p *Progress) Due() (due time.Time) {
	if p.Ended != nil {
		return due
	}
	for _, s := range p.Steps {
		if p.running(s) && (due.IsZero() || s.Due.Before(due)) {
			due = *s.Due
		}
	}
	return due
}

// Postpone moves the deadline of a step whose passing could not take effect.
func (p *Progress) Postpone(step string, to time.Time) {
	p.step(step).Due = &to
	p.Version++
}
