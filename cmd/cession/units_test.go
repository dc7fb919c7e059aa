package main

import (
	"testing"
	"time"

	"cession/deal"
)

func TestWei(t *testing.T) {
	for text, want := range map[string]uint64{
		"40gwei": 40e9, "0.05ether": 5e16, "0.05 eth": 5e16, "7wei": 7, " 1.5gwei ": 15e8, "18ether": 18e18, "0.000000001gwei": 1,
	} {
		var w wei
		if err := w.Set(text); err != nil || uint64(w) != want {
			t.Errorf("%q is %d, %v; want %d", text, w, err, want)
		}
	}
	for _, text := range []string{"", "40", "gwei", "-1gwei", "1e3gwei", "0gwei", "1.5wei", "19ether", "1/2ether", "0x10wei", "1..5gwei", "40 GWEI", "999999999999999999999999999999999999wei"} {
		var w wei
		if err := w.Set(text); deal.KindOf(err) != deal.Invalid || w != 0 {
			t.Errorf("%q is %d, %v; want an error of kind invalid", text, w, err)
		}
	}
}

// TestAmountsAreReadBack: what is shown for an amount is what it is, to the
// digits shown, and the amount of a command that is recommended can be typed.
func TestAmountsAreReadBack(t *testing.T) {
	for amount, want := range map[uint64]string{
		0: "0 wei", 7: "7 wei", 999_999: "999999 wei", 1_500_000: "0.002 gwei", 40e9: "40 gwei", 12_345_678_901: "12.346 gwei",
	} {
		if got := perGas(amount); got != want {
			t.Errorf("%d is shown as %q, want %q", amount, got, want)
		}
	}
	for amount, want := range map[uint64]string{0: "0 ether", 21_000: "21000 wei", 5e13: "50000 gwei", 5e16: "0.05 ether", 2e18: "2 ether"} {
		if got := inEther(amount); got != want {
			t.Errorf("%d is shown as %q, want %q", amount, got, want)
		}
	}
	for _, amount := range []uint64{1, 999, 1e9 + 1, 1_801e9, 370_000_000_000_000_001, 4e18, 18e18} {
		var w wei
		if err := w.Set(typed(amount)); err != nil || uint64(w) < amount || float64(w) > 1.2*float64(amount)+1e9 {
			t.Errorf("for %d %q is recommended, which is %d, %v", amount, typed(amount), w, err)
		}
	}
}

func TestReadableWei(t *testing.T) {
	for text, want := range map[string]string{
		"replace nonce 1041 with a tip of 3000000000 and a cap of 80000000000 wei per gas, at most 9600000000000000 wei": "replace nonce 1041 with a tip of 3 gwei and a cap of 80 gwei per gas, at most 0.0096 ether",
		"in block 23456789": "in block 23456789",
		"more than the limit per gas leaves, which is 300000000000; raise it": "more than the limit per gas leaves, which is 300 gwei; raise it",
		"99999999999999999999999 wei":                                         "99999999999999999999999 wei",
	} {
		if got := readableWei(text); got != want {
			t.Errorf("%q\n is %q\nwant %q", text, got, want)
		}
	}
}

func TestAge(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second: "0s", 42 * time.Second: "42s", 4*time.Minute + 59*time.Second: "4m", 3*time.Hour + 5*time.Minute: "3h05m", 52 * time.Hour: "2d04h",
	} {
		if got := age(d); got != want {
			t.Errorf("%s is %q, want %q", d, got, want)
		}
	}
}
