package lane

import "math"

// Fees is the price of gas at a block, in wei per gas (EIP-1559).
type Fees struct {
	Base uint64 `json:"base"` // base fee of the block
	Tip  uint64 `json:"tip"`  // priority fee that gets in soon
}

// Price returns the tip and the fee cap of a first attempt: room for the base
// fee to double, within the ceiling.
func Price(f Fees, ceiling uint64) (tip, cap uint64) {
	cap = min(add(add(f.Base, f.Base), f.Tip), ceiling)
	return min(f.Tip, cap), cap
}

// Bump returns the tip and fee cap that replace an attempt: both higher by
// 12.5 %, rounded up, or the price of the moment if that is more. A pool wants
// 10 % on both; ok is false if the ceiling does not leave as much.
func Bump(last Attempt, f Fees, ceiling uint64) (tip, cap uint64, ok bool) {
	marketTip, marketCap := Price(f, ceiling)
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
