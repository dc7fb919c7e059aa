package lane

import (
	"math/rand/v2"
	"testing"
	"time"

	"cession/deal"
)

// FuzzVerbs: no sequence of commands loses an intent or has it done twice. Each
// byte is a command on one of four intents, or on the lane, or time, or a block;
// whatever they leave is then wanted again, and must come to an end.
func FuzzVerbs(f *testing.F) {
	f.Add([]byte{0x20, 0xc0, 0x00, 0xc0})
	f.Add([]byte{0x21, 0x31, 0xc0, 0xc1, 0x01, 0x11, 0xc0})
	f.Add([]byte{0x52, 0xd0, 0xd1, 0x62, 0x22, 0xc0, 0x02, 0xd1, 0xe0, 0xc1})
	f.Add([]byte{0x20, 0x00, 0x20, 0x00, 0x30, 0xc0, 0xe0, 0xc1, 0x93, 0xa3, 0xb3})
	f.Fuzz(func(t *testing.T, script []byte) { playAll(t, script[:min(len(script), 60)]) })
}

// TestVerbSequences plays scripts drawn at random.
func TestVerbSequences(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	for range 300 {
		script := make([]byte, 10+r.IntN(50))
		for i := range script {
			script[i] = byte(r.IntN(256))
		}
		if playAll(t, script); t.Failed() {
			t.Fatalf("script %#v", script)
		}
	}
}

func playAll(t *testing.T, script []byte) {
	t.Helper()
	b := newBench(t, func(c *Config) { c.Finality = "1" })
	b.chain.room = 1
	for n := range 4 {
		b.state.Submit(Submission{Intent: testIntent(n)}, b.now)
	}
	for _, x := range script {
		b.play(x>>4, int(x&15))
	}
	b.finish()
	effects := b.chain.effects()
	for n := range 4 {
		in := testIntent(n)
		r, _ := b.state.Record(in.ID)
		want := map[Status]int{Final: 1, Failed: 0}[r.Status]
		if !r.terminal() || effects[in.ID] != want || r.Status == Failed && r.Receipt.Reason != GivenUp {
			t.Errorf("intent %d is %s for %q, with %d effects, told %+v", n, r.Status, r.Reason, effects[in.ID], r.Receipt)
		}
	}
	if len(b.told) != 4 || b.state.reserved() != 0 || len(b.chain.pool) != 0 || b.state.Nonce != b.chain.mined() {
		t.Errorf("told %d, %d wei reserved, pool %v, next nonce %d of %d", len(b.told), b.state.reserved(), b.chain.pool, b.state.Nonce, b.chain.mined())
	}
}

// play does one thing to the lane. What the state does not permit is a conflict.
func (b *bench) play(what byte, arg int) {
	in := testIntent(arg % 4)
	intents := []Verb{Retry, Raise, Cancel, GiveUp, Pause, Resume}
	lanes := []Verb{Pause, Resume, FillGap, Resync, Edit, Edit}
	switch {
	case int(what) < len(intents):
		b.try(intents[what], &in)
	case int(what) < 2*len(intents):
		b.try(lanes[int(what)-len(intents)], nil)
	case what == 12:
		b.chain.seal()
		b.run()
	case what == 13:
		b.step(arg)
	case what == 14:
		b.wait(time.Duration(arg) * time.Minute)
	default:
		b.restart()
	}
}

// step has the lane do one thing of those it wants, and forget the others.
func (b *bench) step(arg int) {
	if next := b.state.Next(b.now); len(next) > 0 {
		b.do(next[arg%len(next)])
	}
	b.restart()
}

func (b *bench) try(v Verb, in *deal.Intent) {
	_, err := b.state.Operate(b.command(v, in, arguments), b.now)
	if kind := deal.KindOf(err); err != nil && kind != deal.Conflict {
		b.t.Fatalf("%s: %v", v, err)
	}
}

// finish wants again whatever is not wanted, until nothing is left.
func (b *bench) finish() {
	for range 40 {
		b.try(Resume, nil)
		for n := range 4 {
			in := testIntent(n)
			if r, _ := b.state.Record(in.ID); r.Hold != "" && !r.Ending {
				b.try(Retry, &in)
			}
		}
		b.wait(Wait)
		b.chain.seal()
		b.run()
	}
}
