package lane

import "math"

// Urgency is how soon a transaction should be in.
type Urgency string

// The urgencies. "" is normal.
const (
	Low    Urgency = "low"
	Normal Urgency = "normal"
	High   Urgency = "high"
)

// Fees is the price of gas, in wei per gas (EIP-1559): the base fee of the next
// block, and what the last blocks' transactions paid on top (eth_feeHistory).
type Fees struct {
	Base uint64 `json:"base"` // of the next block
	Low  uint64 `json:"low"`  // tip at the 10th percentile
	Tip  uint64 `json:"tip"`  // tip at the 50th percentile: normal
	High uint64 `json:"high"` // tip at the 90th percentile
}

// tip returns what to pay on top of the base fee.
func (f Fees) tip(u Urgency) uint64 {
	switch u {
	case Low:
		return f.Low
	case High:
		return max(f.High, f.Tip)
	}
	return f.Tip
}

// Price returns the tip and the fee cap of a first attempt, within the ceiling:
// room for the base fee to double, and for an urgent one to grow fourfold.
func Price(f Fees, u Urgency, ceiling uint64) (tip, cap uint64) {
	base := add(f.Base, f.Base)
	if u == High {
		base = add(base, base)
	}
	tip = f.tip(u)
	cap = min(add(base, tip), ceiling)
	return min(tip, cap), cap
}

// Bump returns the tip and fee cap that replace an attempt: both higher by
// 12.5 %, rounded up, or the price of the moment if that is more. A pool wants
// 10 % on both; ok is false if the ceiling does not leave as much.
func Bump(last Attempt, f Fees, u Urgency, ceiling uint64) (tip, cap uint64, ok bool) {
	marketTip, marketCap := Price(f, u, ceiling)
	cap = min(max(raise(last.Cap, 8), marketCap), ceiling)
	tip = min(max(raise(last.Tip, 8), marketTip), cap)
	return tip, cap, cap >= raise(last.Cap, 10) && tip >= raise(last.Tip, 10)
}

// raise adds one part of n, rounded up, and at least 1.
func raise(x, n uint64) uint64 {
	part := x / n
	if x%n != 0 {
		part++
	}
	return add(x, max(part, 1))
}

func add(a, b uint64) uint64 {
	if a > math.MaxUint64-b {
		return math.MaxUint64
	}
	return a + b
}

// mul returns a product, at most 2^64-1.
func mul(a, b uint64) uint64 {
	if a != 0 && b > math.MaxUint64/a {
		return math.MaxUint64
	}
	return a * b
}
