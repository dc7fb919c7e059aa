package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"cession/deal"
)

// byteSize is a number of bytes as people write it: "512", "20MiB", "1GB".
type byteSize int64

var byteUnits = []struct {
	name  string
	bytes int64
}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40}, {"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"B", 1}, {"", 1}}

// UnmarshalText reads a whole number and a unit.
func (b *byteSize) UnmarshalText(text []byte) error {
	for _, u := range byteUnits {
		number, found := strings.CutSuffix(string(text), u.name)
		if !found {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
		if err != nil || n < 0 || n > math.MaxInt64/u.bytes {
			break
		}
		*b = byteSize(n * u.bytes)
		return nil
	}
	return deal.Errorf(deal.Invalid, "want bytes, such as 512KiB, 20MiB or 1GiB")
}

// String writes the size in the largest binary unit that needs no fraction.
func (b byteSize) String() string {
	for _, i := range []int{3, 2, 1, 0} {
		if u := byteUnits[i]; b != 0 && int64(b)%u.bytes == 0 {
			return fmt.Sprintf("%d%s", int64(b)/u.bytes, u.name)
		}
	}
	return strconv.FormatInt(int64(b), 10)
}
