package lane

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"cession/deal"
)

// command is an operator's, for an intent or for the lane, with the version there is.
func (b *bench) command(v Verb, in *deal.Intent, change ...func(*Command)) Command {
	b.drawn++
	c := Command{ID: fmt.Sprintf("c%d", b.drawn), Verb: v, Version: b.state.Version, Actor: "alice", Cause: Exercise}
	if in != nil {
		r, _ := b.state.Record(in.ID)
		c.Intent, c.Version = in.ID, r.Version
	}
	for _, f := range change {
		f(&c)
	}
	return c
}

// act has a command carried out.
func (b *bench) act(v Verb, in *deal.Intent, change ...func(*Command)) Answer {
	b.t.Helper()
	a, err := b.state.Operate(b.command(v, in, change...), b.now)
	if err != nil {
		b.t.Fatal(err)
	}
	b.run()
	return a
}

// cannot wants a command refused, and nothing changed by it.
func (b *bench) cannot(kind deal.Kind, v Verb, in *deal.Intent, change ...func(*Command)) {
	b.t.Helper()
	before := b.json()
	a, err := b.state.Operate(b.command(v, in, change...), b.now)
	if deal.KindOf(err) != kind {
		b.t.Errorf("%s: %v %v, want kind %q", v, a.Effects, err, kind)
	}
	if before != b.json() {
		b.t.Errorf("%s was refused and changed the lane", v)
	}
}

func (b *bench) json() string {
	data, err := json.Marshal(b.state)
	if err != nil {
		b.t.Fatal(err)
	}
	return string(data)
}

// The states in which a command may find an intent.
var scenes = map[string]func(*bench) deal.Intent{
	"queued": func(b *bench) deal.Intent {
		b.chain.unsigned = true
		b.submit(testIntent(0))
		return testIntent(0)
	},
	"signed": func(b *bench) deal.Intent {
		b.chain.refuse = func(fakeTx) Reason { return InsufficientFunds }
		b.submit(testIntent(0))
		return testIntent(0)
	},
	"unsent": func(b *bench) deal.Intent { // signed, and nothing was sent yet
		b.state.Submit(Submission{Intent: testIntent(0)}, b.now)
		b.do(b.state.Next(b.now)[0])
		return testIntent(0)
	},
	"sent": func(b *bench) deal.Intent {
		b.submit(testIntent(0))
		return testIntent(0)
	},
	"mined": func(b *bench) deal.Intent {
		b.submit(testIntent(0))
		b.seal()
		return testIntent(0)
	},
	"final": func(b *bench) deal.Intent {
		b.submit(testIntent(0))
		for range 4 {
			b.seal()
		}
		return testIntent(0)
	},
	"paused": func(b *bench) deal.Intent {
		in := testIntent(0)
		b.submit(in)
		b.act(Pause, &in)
		return in
	},
	"canceled": func(b *bench) deal.Intent { // held, without a nonce
		b.chain.unsigned = true
		in := testIntent(0)
		b.submit(in)
		b.act(Cancel, &in)
		return in
	},
	"canceling": func(b *bench) deal.Intent { // its cancel is in the pool
		b.chain.minTip = 1000
		in := testIntent(0)
		b.submit(in)
		b.act(Cancel, &in)
		return in
	},
	"ending": func(b *bench) deal.Intent {
		b.chain.minTip = 1000
		in := testIntent(0)
		b.submit(in)
		b.act(GiveUp, &in)
		return in
	},
}

// TestVerbs: what each verb may be done to.
func TestVerbs(t *testing.T) {
	const yes, no = "", string(deal.Conflict)
	tests := []struct {
		scene                                                string
		retry, bump, cancel, giveUp, adopt, pause, resume, e string
	}{
		{"queued", yes, no, yes, yes, yes, yes, no, yes},
		{"unsent", yes, yes, yes, yes, no, yes, no, yes},
		{"signed", yes, yes, yes, yes, no, yes, no, yes},
		{"sent", yes, yes, yes, yes, no, yes, no, yes},
		{"mined", no, no, no, no, no, no, no, yes},
		{"final", no, no, no, no, no, no, no, no},
		{"paused", yes, no, yes, yes, no, no, yes, yes},
		{"canceled", yes, no, no, yes, yes, no, yes, yes},
		{"canceling", yes, yes, no, yes, no, no, no, yes},
		{"ending", no, yes, no, no, no, no, no, yes},
	}
	for _, test := range tests {
		for v, want := range map[Verb]string{Retry: test.retry, Raise: test.bump, Cancel: test.cancel, GiveUp: test.giveUp,
			Adopt: test.adopt, Pause: test.pause, Resume: test.resume, Edit: test.e} {
			t.Run(test.scene+"/"+string(v), func(t *testing.T) {
				b := newBench(t, func(c *Config) { c.Finality = "2" })
				in := scenes[test.scene](b)
				b.tryVerb(b.command(v, &in, arguments), deal.Kind(want))
			})
		}
	}
}

func arguments(c *Command) {
	switch c.Verb {
	case Adopt:
		c.Tx = deal.Commitment{7}
	case Edit:
		c.Limits.PerGas = 1e12
	case Approve:
		c.Proposal = "c0"
	}
}

// tryVerb checks what is true of every command: planned it changes nothing and
// says what is done then; done it raises the version, so that the same click
// again is a conflict; sent again it has the same answer.
func (b *bench) tryVerb(c Command, want deal.Kind) {
	b.t.Helper()
	before := b.json()
	plan, planErr := b.state.Plan(c, b.now)
	if b.json() != before {
		b.t.Error("a dry run changed the lane")
	}
	a, err := b.state.Operate(c, b.now)
	if deal.KindOf(err) != want || deal.KindOf(planErr) != want {
		b.t.Fatalf("%v, planned %v; want kind %q", err, planErr, want)
	}
	if want != "" {
		if b.json() != before {
			b.t.Error("a refused command changed the lane")
		}
		return
	}
	if !plan.DryRun || !slices.Equal(plan.Effects, a.Effects) || len(a.Effects) == 0 || a.Version <= c.Version {
		b.t.Errorf("planned %+v, did %+v", plan, a)
	}
	done := b.json()
	again, err := b.state.Operate(c, b.now)
	if err != nil || !reflect.DeepEqual(again, a) || b.json() != done {
		b.t.Errorf("the same command again: %+v, %v", again, err)
	}
	double := c
	double.ID = "other"
	if _, err := b.state.Operate(double, b.now); deal.KindOf(err) != deal.Conflict || b.json() != done {
		b.t.Errorf("a second click with the same version: %v, want a conflict", err)
	}
	c.Actor = "mallory"
	if _, err := b.state.Operate(c, b.now); deal.KindOf(err) != deal.Conflict {
		b.t.Errorf("the same id for another command: %v, want a conflict", err)
	}
	e := b.state.Entries()
	if n := len(e); e[n-1].Seq != uint64(n) || !reflect.DeepEqual(e[n-1].Answer, a) {
		b.t.Errorf("entries %+v", e)
	}
}

func TestLaneVerbs(t *testing.T) {
	gap := func(b *bench) {
		b.submit(testIntent(0))
		b.submit(testIntent(1))
		b.act(Pause, nil)
		b.state.find(testIntent(0).ID).Status = Failed // as if its bytes were lost
		b.chain.pool = map[uint64]fakeTx{}
		b.wait(Wait)
	}
	tests := map[string]struct {
		verb  Verb
		scene func(*bench)
		want  deal.Kind
	}{
		"pause":              {Pause, func(*bench) {}, ""},
		"pause paused":       {Pause, func(b *bench) { b.act(Pause, nil) }, deal.Conflict},
		"resume":             {Resume, func(b *bench) { b.act(Pause, nil) }, ""},
		"resume running":     {Resume, func(*bench) {}, deal.Conflict},
		"fees":               {Edit, func(*bench) {}, ""},
		"fill gap":           {FillGap, gap, ""},
		"fill none":          {FillGap, func(b *bench) { b.submit(testIntent(0)) }, deal.Conflict},
		"resync":             {Resync, func(*bench) {}, ""},
		"approve no command": {Approve, func(*bench) {}, deal.NotFound},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			test.scene(b)
			b.tryVerb(b.command(test.verb, nil, arguments), test.want)
		})
	}
}

func TestMalformedCommands(t *testing.T) {
	in := testIntent(0)
	tests := map[string]func(*Command){
		"no id":            func(c *Command) { c.ID = "" },
		"no actor":         func(c *Command) { c.Actor = "" },
		"text for a cause": func(c *Command) { c.Cause = "because it was slow" },
		"text in a ticket": func(c *Command) { c.Ticket = "ask Bob" },
		"no verb":          func(c *Command) { c.Verb = "explode" },
		"no intent":        func(c *Command) { c.Intent = deal.Commitment{} },
		"resync an intent": func(c *Command) { c.Verb = Resync },
		"adopt nothing":    func(c *Command) { c.Verb = Adopt },
		"edit nothing":     func(c *Command) { c.Verb = Edit },
		"intent per day":   func(c *Command) { c.Verb, c.Limits = Edit, Limits{PerDay: 1} },
		"approve nothing":  func(c *Command) { c.Verb, c.Intent = Approve, deal.Commitment{} },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.submit(in)
			b.cannot(deal.Invalid, Retry, &in, change)
		})
	}
	b := newBench(t)
	b.cannot(deal.NotFound, Retry, &in)
}
