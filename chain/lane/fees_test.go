package lane

import (
	"slices"
	"testing"
	"time"
)

func TestBump(t *testing.T) {
	b := newBench(t, func(c *Config) { c.BumpAfter = 30 * time.Second })
	b.chain.minTip = 12
	low, high := testIntent(0), testIntent(1)
	b.submit(low)
	b.submit(high)
	b.seal()
	b.wait(29 * time.Second)
	if n := len(b.want(low, Sent, "").Attempts); n != 1 {
		t.Fatalf("%d attempts before it is time", n)
	}
	b.wait(time.Second)
	r := b.want(low, Sent, "")
	if len(r.Attempts) != 2 || r.Attempts[1].Tip != 12 || r.Attempts[1].Cap != 237 {
		t.Fatalf("attempts %+v, want tip 10 -> 12 and cap 210 -> 237", r.Attempts)
	}
	if r.Attempts[1].Nonce != r.Attempts[0].Nonce || len(b.want(high, Sent, "").Attempts) != 1 {
		t.Error("only the lowest unresolved nonce is bumped, and keeps its number")
	}
	b.seal()
	b.want(low, Final, "")
}

// TestEarlierAttemptMined: the hash replaced by a bump is still followed.
func TestEarlierAttemptMined(t *testing.T) {
	b := newBench(t)
	b.chain.minTip = 12
	in := testIntent(0)
	b.submit(in)
	first := b.chain.pool[0]
	b.wait(time.Minute)
	b.chain.minTip, b.chain.pool[0] = 0, first
	b.seal()
	r := b.want(in, Final, "")
	if r.Receipt.Tx != first.hash() || len(r.Attempts) != 2 {
		t.Errorf("receipt %+v, want of the first attempt", r.Receipt)
	}
	if len(r.Attempts[0].Raw) == 0 || len(r.Attempts[1].Raw) != 0 {
		t.Error("of a final intent only the mined bytes are kept")
	}
}

func TestFeeCeiling(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Limits.PerGas = 220 })
	b.chain.minTip = 1000
	in := testIntent(0)
	b.submit(in)
	b.wait(time.Hour)
	if n := len(b.want(in, Sent, FeeCeiling).Attempts); n != 1 {
		t.Errorf("%d attempts above the ceiling", n)
	}
	b.chain.minTip = 0
	b.seal()
	b.want(in, Final, "")
}

func TestRefusals(t *testing.T) {
	for _, why := range []Reason{FeeBelowBase, TipBelowMin, RPCFeeCap, InsufficientFunds} {
		t.Run(string(why), func(t *testing.T) {
			b := newBench(t)
			b.chain.refuse = func(fakeTx) Reason { return why }
			in := testIntent(0)
			b.submit(in)
			r := b.want(in, Signed, why)
			raw := slices.Clone(r.Attempts[0].Raw)
			b.wait(2 * time.Second)
			b.chain.refuse = nil
			b.wait(10 * time.Second)
			b.seal()
			r = b.want(in, Final, "")
			if bumped := len(r.Attempts) > 1; bumped != why.priced() {
				t.Errorf("%d attempts", len(r.Attempts))
			}
			if !why.priced() && !slices.Equal(raw, r.Attempts[0].Raw) {
				t.Error("other bytes were sent than those stored")
			}
		})
	}
}

func TestPrices(t *testing.T) {
	tests := []struct {
		last     Attempt
		fees     Fees
		ceiling  uint64
		tip, cap uint64
		ok       bool
	}{
		{Attempt{Tip: 100, Cap: 1000}, Fees{}, 1 << 40, 113, 1125, true},
		{Attempt{Tip: 1, Cap: 8}, Fees{}, 1 << 40, 2, 9, true},
		{Attempt{Tip: 0, Cap: 0}, Fees{}, 1 << 40, 1, 1, true},
		{Attempt{Tip: 100, Cap: 1000}, Fees{Base: 2000, Tip: 500}, 1 << 40, 500, 4500, true},
		{Attempt{Tip: 100, Cap: 1000}, Fees{}, 1100, 113, 1100, true},
		{Attempt{Tip: 100, Cap: 1000}, Fees{}, 1099, 113, 1099, false},
		{Attempt{Tip: 100, Cap: 1000}, Fees{}, 500, 113, 500, false},
		{Attempt{Tip: 1 << 63, Cap: 1<<64 - 2}, Fees{}, 1<<64 - 1, 1<<63 + 1<<60, 1<<64 - 1, true},
	}
	for _, test := range tests {
		tip, cap, ok := Bump(test.last, test.fees, Normal, test.ceiling)
		if tip != test.tip || cap != test.cap || ok != test.ok {
			t.Errorf("Bump(%d/%d, %+v, %d) = %d, %d, %t; want %d, %d, %t", test.last.Tip, test.last.Cap, test.fees,
				test.ceiling, tip, cap, ok, test.tip, test.cap, test.ok)
		}
	}
	if tip, cap := Price(Fees{Base: 100, Tip: 10}, Normal, 50); tip != 10 || cap != 50 {
		t.Errorf("price %d, %d above the ceiling", tip, cap)
	}
}
