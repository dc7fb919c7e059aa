package lane

import (
	"testing"
	"time"

	"cession/deal"
)

// TestUrgency: a step's, raised when the time is near after which it is of no use.
func TestUrgency(t *testing.T) {
	b := newBench(t, func(c *Config) {
		c.BumpAfter = 30 * time.Second
		c.Steps = map[string]Rule{"slow": {Urgency: Low}}
	})
	b.chain.minTip = 1000
	slow, soon := testIntent(0), testIntent(1)
	slow.Step = "slow"
	soon.By = b.now.Add(5 * time.Minute)
	b.submit(slow)
	b.submit(soon)
	if a := b.want(slow, Sent, "").Attempts[0]; a.Tip != 5 || a.Cap != 205 {
		t.Errorf("slow: %d/%d, want 5/205", a.Tip, a.Cap)
	}
	if a := b.want(soon, Sent, "").Attempts[0]; a.Tip != 20 || a.Cap != 420 {
		t.Errorf("soon: %d/%d, want 20/420", a.Tip, a.Cap)
	}
}

// TestUrgencyGrows: it is bumped three times as often, and the lane wakes for that.
func TestUrgencyGrows(t *testing.T) {
	b := newBench(t, func(c *Config) { c.BumpAfter, c.HandAfter = 90*time.Second, time.Hour })
	b.chain.minTip = 1000
	in := testIntent(0)
	in.By = b.now.Add(16 * time.Minute)
	b.submit(in)
	due, ok := b.state.Due(b.now)
	for n := 0; ok && due.Before(in.By.Add(-10*b.state.cfg.BumpAfter)); n++ {
		b.wait(due.Sub(b.now))
		if due, ok = b.state.Due(b.now); n > 30 {
			t.Fatal("it never wakes")
		}
	}
	b.wait(due.Sub(b.now))
	n := len(b.want(in, Sent, "").Attempts)
	if n != 2 {
		t.Fatalf("%d attempts when it becomes urgent, want 2", n)
	}
	b.wait(30 * time.Second)
	if r := b.want(in, Sent, ""); len(r.Attempts) != 3 || r.Attempts[2].Tip < 20 {
		t.Errorf("attempts %+v", r.Attempts)
	}
}

func TestLimits(t *testing.T) {
	tests := map[string]struct {
		limits Limits
		base   uint64
		edit   Limits
		lane   bool // the lane's limits are edited, not the intent's
	}{
		"per gas":              {Limits{PerGas: 90}, 100, Limits{PerGas: 1000}, false},
		"per gas of the lane":  {Limits{PerGas: 90}, 100, Limits{PerGas: 1000}, true},
		"per intent":           {Limits{PerIntent: callGas * 90}, 100, Limits{PerIntent: callGas * 500}, false},
		"per day":              {Limits{PerDay: callGas * 90, PerIntent: callGas * 500}, 100, Limits{PerDay: callGas * 500}, true},
		"per gas, after spike": {Limits{PerGas: 900}, 1000, Limits{PerGas: 5000}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, func(c *Config) { c.Limits = test.limits })
			b.chain.base = test.base
			in := testIntent(0)
			b.submit(in)
			b.want(in, Queued, FeeCeiling)
			if it := b.state.List().Items[0]; !it.Stuck || it.Since != start || Advise(it.Reason).Verb != Edit {
				t.Errorf("item %+v", it)
			}
			target := &in
			if test.lane {
				target = nil
			}
			b.act(Edit, target, func(c *Command) { c.Limits = test.edit })
			b.seal()
			b.want(in, Final, "")
		})
	}
}

// TestBumpLimits: each attempt is within the limits, and what is edited later counts.
func TestBumpLimits(t *testing.T) {
	for name, limits := range map[string]Limits{
		"per intent": {PerIntent: callGas * 220},
		"per day":    {PerDay: callGas * 220},
	} {
		b := newBench(t, func(c *Config) { c.Limits = limits })
		b.chain.minTip = 1000
		in := testIntent(0)
		b.submit(in)
		b.wait(time.Hour)
		if n := len(b.want(in, Sent, FeeCeiling).Attempts); n != 1 {
			t.Errorf("%s: %d attempts above the limit", name, n)
		}
		b.cannot(deal.Conflict, Raise, &in)
		b.act(Edit, nil, func(c *Command) { c.Limits = Limits{PerIntent: callGas * 1000, PerDay: callGas * 1000} })
		if n := len(b.want(in, Sent, "").Attempts); n != 2 {
			t.Errorf("%s: %d attempts, want a bump at once", name, n)
		}
	}
}

// TestDay: paid and reserved, to the limit; the rest waits for midnight UTC.
func TestDay(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Limits = Limits{PerIntent: callGas * 210, PerDay: callGas * 420} })
	for n := range 4 {
		b.state.Submit(Submission{Intent: testIntent(n)}, b.now)
	}
	b.run()
	if got := b.state.List().Today; got != 2*callGas*210 {
		t.Errorf("%d wei reserved, want two first attempts", got)
	}
	b.want(testIntent(2), Queued, FeeCeiling)
	b.seal() // each paid 110 of 210 per gas: 200 are left, enough for one
	b.wait(2 * time.Second)
	if got := b.state.List(); got.Totals.Fees != 2*callGas*110 || got.Today != callGas*(220+200) {
		t.Errorf("paid %d, today %d", got.Totals.Fees, got.Today)
	}
	b.seal()
	b.wait(time.Minute)
	b.want(testIntent(3), Queued, FeeCeiling)
	for {
		due, ok := b.state.Due(b.now)
		if !ok {
			t.Fatal("it does not wake at midnight")
		}
		if b.wait(due.Sub(b.now)); day(b.now) != day(start) {
			break
		}
	}
	if want := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC); b.now.After(want.Add(time.Minute)) {
		t.Errorf("went on at %s", b.now)
	}
	b.seal()
	b.want(testIntent(3), Final, "")
}

func TestBumpVerb(t *testing.T) {
	set := func(tip, cap uint64) func(*Command) {
		return func(c *Command) { c.Tip, c.Cap = tip, cap }
	}
	tests := map[string]struct {
		change   func(*Command)
		tip, cap uint64
		want     deal.Kind
	}{
		"market":     {set(0, 0), 20, 420, ""},
		"given":      {set(50, 600), 50, 600, ""},
		"only a cap": {set(0, 600), 20, 600, ""},
		"only a tip": {set(700, 0), 700, 900, ""},
		"least":      {set(12, 237), 12, 237, ""},
		"too low":    {set(11, 237), 0, 0, deal.Conflict},
		"over limit": {set(20, 1001), 0, 0, deal.Conflict},
		"tip > cap":  {set(600, 500), 0, 0, deal.Conflict},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, func(c *Config) { c.Limits.PerGas = 1000 })
			b.chain.minTip = 10_000
			b.submit(testIntent(0))
			high := testIntent(1) // not the lowest: an operator may bump any
			b.submit(high)
			if test.want != "" {
				b.cannot(test.want, Raise, &high, test.change)
				return
			}
			b.act(Raise, &high, test.change)
			r := b.want(high, Sent, "")
			if a := r.Attempts[len(r.Attempts)-1]; a.Tip != test.tip || a.Cap != test.cap || a.Nonce != 1 || len(r.Attempts) != 2 {
				t.Errorf("attempts %+v, want %d/%d", r.Attempts, test.tip, test.cap)
			}
		})
	}
}

// TestFinality: each step has its own.
func TestFinality(t *testing.T) {
	b := newBench(t, func(c *Config) {
		c.Finality = "1"
		c.Steps = map[string]Rule{"safe": {Finality: Safe}, "finalized": {Finality: Finalized}, "now": {Finality: "0"}}
	})
	steps := []string{"now", "other", "safe", "finalized"}
	for i, step := range steps {
		in := testIntent(i)
		in.Step = step
		b.submit(in)
	}
	for block := range 6 {
		b.seal()
		for i, after := range []int{0, 1, 2, 4} {
			want := Mined
			if block >= after {
				want = Final
			}
			b.want(testIntent(i), want, "")
		}
	}
}

// TestPausedIntent is neither bumped nor sent again, and still looked for.
func TestPausedIntent(t *testing.T) {
	b := newBench(t)
	in := scenes["paused"](b)
	b.chain.pool = map[uint64]fakeTx{}
	b.wait(time.Hour)
	if r := b.want(in, Sent, Paused); len(r.Attempts) != 1 || len(b.chain.pool) != 0 {
		t.Errorf("attempts %d, pool %v", len(r.Attempts), b.chain.pool)
	}
	b.act(Resume, &in)
	b.wait(time.Minute)
	b.seal()
	b.want(in, Final, "")
}

// TestPausedLane: nothing is signed or sent; outcomes are still found and told.
func TestPausedLane(t *testing.T) {
	b := newBench(t)
	out, waits := testIntent(0), testIntent(1)
	b.submit(out)
	b.act(Pause, nil)
	b.submit(waits)
	b.wait(time.Hour)
	b.seal()
	b.want(out, Final, "")
	b.want(waits, Queued, "")
	if l := b.state.List(); !l.Paused || l.Reasons[0] != Paused || l.Items[0].Reason != Paused || b.chain.signed != 1 || len(b.told) != 1 {
		t.Errorf("listing %+v", l)
	}
	b.act(Resume, nil)
	b.seal()
	b.want(waits, Final, "")
}
