package main

import (
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	"cession/deal"
)

// wei is an amount of ether on a command line: a number and its unit. It is a
// [pflag.Value].
type wei uint64

// units are the units of ether, in wei. The first is the one for prices of gas.
var units = []struct {
	name string
	wei  int64
}{{"gwei", 1e9}, {"ether", 1e18}, {"eth", 1e18}, {"wei", 1}}

// Set reads an amount: "40gwei", "0.05ether", "7 wei".
func (w *wei) Set(text string) error {
	bad := deal.Errorf(deal.Invalid, "%.30q: want a number and its unit, such as 40gwei, 0.05ether or 7wei", text)
	for _, u := range units {
		number, found := strings.CutSuffix(strings.TrimSpace(text), u.name)
		if !found {
			continue
		}
		number = strings.TrimSpace(number)
		if number == "" || len(number) > 30 || strings.Trim(number, "0123456789.") != "" {
			return bad
		}
		amount, ok := new(big.Rat).SetString(number)
		if !ok {
			return bad
		}
		amount.Mul(amount, new(big.Rat).SetInt64(u.wei))
		if !amount.IsInt() || !amount.Num().IsUint64() || amount.Sign() == 0 {
			return deal.Errorf(deal.Invalid, "%.30q: want more than nothing, whole wei, and at most 18 ether", text)
		}
		*w = wei(amount.Num().Uint64())
		return nil
	}
	return bad
}

// Type is what help calls the value.
func (*wei) Type() string { return "amount" }

// String is what help shows as the default: nothing for none.
func (w *wei) String() string {
	if *w == 0 {
		return ""
	}
	return strings.ReplaceAll(inEther(uint64(*w)), " ", "")
}

// perGas writes a price of gas for people: "12.5 gwei", or wei where a gwei is
// far too much, as on a chain of one's own.
func perGas(amount uint64) string {
	if amount < 1e6 {
		return decimals(amount, 1, 0) + " wei"
	}
	return decimals(amount, 1e9, 3) + " gwei"
}

// shortGas is [perGas] with a digit less to read.
func shortGas(amount uint64) string {
	if amount < 1e8 {
		return perGas(amount)
	}
	return decimals(amount, 1e9, 1) + " gwei"
}

// inEther writes an amount for people, in the unit that shows its first digits.
func inEther(amount uint64) string {
	if amount != 0 && amount < 1e14 {
		return perGas(amount)
	}
	return decimals(amount, 1e18, 4) + " ether"
}

// inWei are amounts in the lanes' and the rules' own words, which count in wei.
var inWei = regexp.MustCompile(`(tip of |which is |want )?\b(\d+)( wei)?( per gas)?`)

// readableWei writes the amounts in a text as people do.
func readableWei(text string) string {
	return inWei.ReplaceAllStringFunc(text, func(match string) string {
		part := inWei.FindStringSubmatch(match)
		amount, err := strconv.ParseUint(part[2], 10, 64)
		switch {
		case err != nil || part[1] == "" && part[3] == "":
			return match
		case part[1] != "" || part[4] != "":
			return part[1] + perGas(amount) + part[4]
		}
		return inEther(amount)
	})
}

// decimals writes amount/unit, rounded to so many decimals, without zeros at the end.
func decimals(amount, unit uint64, places int) string {
	text := new(big.Rat).SetFrac(new(big.Int).SetUint64(amount), new(big.Int).SetUint64(unit)).FloatString(places)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}

// age writes how long something lasts, in one or two units: "42s", "4m", "3h05m", "2d04h".
func age(d time.Duration) string {
	switch d = max(d, 0); {
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%dm", int(d.Minutes()))
	case d < 24*time.Hour:
		return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%dd%02dh", int(d.Hours())/24, int(d.Hours())%24)
}

// since writes the age of a time, or a dash for none.
func since(t, now time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return age(now.Sub(t))
}
