package lane

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// TestStuckFirst: what is stuck comes first, oldest first, and says what it blocks.
func TestStuckFirst(t *testing.T) {
	b := newBench(t, func(c *Config) { c.MaxInFlight = 2 })
	b.submit(testIntent(0))
	b.seal()
	b.chain.refuse = func(tx fakeTx) Reason {
		if tx.Intent == testIntent(1).ID {
			return GasTooLow
		}
		return ""
	}
	for n := 1; n < 5; n++ {
		b.submit(testIntent(n))
		b.now = b.now.Add(time.Millisecond)
	}
	in := testIntent(4)
	b.act(Pause, &in)
	var got []string
	for _, it := range b.state.List().Items {
		got = append(got, fmt.Sprintf("%s %s %d %t", it.Status, it.Reason, it.Blocks, it.Stuck))
	}
	want := []string{"signed GAS_TOO_LOW 3 true", "queued PAUSED 0 true", "sent  2 false", "queued  0 false", "final  0 false"}
	if !slices.Equal(got, want) {
		t.Errorf("items %q, want %q", got, want)
	}
	l := b.state.List()
	if l.InFlight != 2 || l.Queued != 2 || l.Balance != 7 || !l.Oldest.Equal(start) || l.Totals.Final != 1 || l.Mined != 1 {
		t.Errorf("listing %+v", l)
	}
}

// TestVersions: commands, statuses and attempts raise a version. Reasons that come
// and go do not: an operator's command would never be fresh.
func TestVersions(t *testing.T) {
	b := newBench(t)
	b.chain.minTip = 1000
	in := testIntent(0)
	b.submit(in)
	r, _ := b.state.Record(in.ID)
	if len(r.Trail) != 3 || r.Version != 3 { // queued, signed, sent
		t.Fatalf("version %d, trail %+v", r.Version, r.Trail)
	}
	b.seal()
	if now, _ := b.state.Record(in.ID); now.Version != r.Version {
		t.Error("a look that found nothing new raised the version")
	}
	b.wait(time.Minute)
	if now, _ := b.state.Record(in.ID); now.Version != r.Version+1 || now.Acted != r.Acted {
		t.Errorf("version %d after a bump", now.Version)
	}
	v := b.state.List().Version
	b.chain.down = true
	b.wait(time.Minute)
	if l := b.state.List(); l.Version != v || !slices.Contains(l.Reasons, RPCDown) || l.Since.IsZero() {
		t.Errorf("listing %+v", l)
	}
}

// TestTrailIsBounded: the first event and the newest are kept.
func TestTrailIsBounded(t *testing.T) {
	b := newBench(t)
	b.chain.minTip = 1000
	in := testIntent(0)
	b.submit(in)
	for range MaxTrail {
		b.act(Edit, &in, arguments)
	}
	r, _ := b.state.Record(in.ID)
	if n := len(r.Trail); n != MaxTrail || r.Trail[0].Status != Queued || r.Trail[n-1].Verb != Edit {
		t.Errorf("%d marks, %+v", n, r.Trail)
	}
}

// TestAdviceForAll: every reason says what it means and what to do.
func TestAdviceForAll(t *testing.T) {
	for _, why := range Reasons() {
		if a := Advise(why); a.Means == "" || a.Do == "" || a.Verb != "" && !slices.Contains(Verbs(), a.Verb) {
			t.Errorf("%s: %+v", why, a)
		}
	}
}

// TestConfigure: another configuration counts at once, but not for another account.
func TestConfigure(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Limits.PerGas = 90 })
	in := testIntent(0)
	b.submit(in)
	b.want(in, Queued, FeeCeiling)
	c := b.state.Config()
	c.Limits.PerGas = 1000
	other := c
	other.ChainID = 2
	b.state.Configure(other)
	if b.state.Config().ChainID != 1 {
		t.Fatal("the lane is on another chain")
	}
	b.state.Configure(c)
	b.run()
	b.want(in, Sent, "")
}
