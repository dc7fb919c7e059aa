package main

import (
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"cession/chain/lane"
)

// remedy is what a reason means, what to do about it, and the command to type.
// Command is empty if there is nothing to type.
type remedy struct {
	Means   string `json:"means"`
	Do      string `json:"do"`
	Command string `json:"command,omitempty"`
}

// causes say which cause an operator most likely acts for, by what is wrong.
var causes = map[lane.Reason]lane.Cause{
	lane.FeeBelowBase: lane.NetworkFees, lane.TipBelowMin: lane.NetworkFees, lane.ReplacementUnderpriced: lane.NetworkFees,
	lane.FeeCeiling: lane.NetworkFees, lane.RPCFeeCap: lane.NetworkFees,
	lane.RPCDown: lane.NodeOutage, lane.NodeIndexing: lane.NodeOutage, lane.Dropped: lane.NodeOutage,
	lane.SignerDown: lane.SignerOutage, lane.ForeignNonce: lane.KeyMisuse, lane.Paused: lane.Maintenance,
}

func causeOf(r lane.Reason) lane.Cause {
	if c, ok := causes[r]; ok {
		return c
	}
	return lane.Incident
}

// ticketed are the verbs that policy wants a ticket for.
var ticketed = map[lane.Verb]bool{lane.GiveUp: true, lane.Adopt: true, lane.FillGap: true, lane.Resync: true}

// onLane are the verbs that act on a lane even if a transaction shows the reason.
var onLane = map[lane.Verb]bool{lane.FillGap: true, lane.Resync: true}

// holds say what to do about an intent that is held.
var holds = map[lane.Hold]lane.Advice{
	lane.HoldPaused: {Means: "An operator holds it.", Do: "Resume it when the cause is gone.", Verb: lane.Resume},
	lane.HoldCanceled: {Means: "An operator canceled it: nothing of it is out, and the deal waits.",
		Do: "Retry it to have it sent after all, or give it up: the deal is told that it failed.", Verb: lane.Retry},
	lane.HoldAside: {Means: "The lane took it out of the way of others, and no other lane is left to try it.",
		Do: "Find out why the chain does not take it, then retry it.", Verb: lane.Retry},
}

// remedyOf says what to do about a transaction of a lane. Of the lane, its id is
// needed; its fees and limits make for a better command.
func (a *app) remedyOf(l lane.Listing, it lane.Item) remedy {
	advice, held := holds[it.Hold]
	if !held {
		advice = lane.Advise(it.Reason)
	}
	target := it.Intent.Short()
	if onLane[advice.Verb] {
		target = laneName(l.Lane)
	}
	why := it.Reason
	if held && it.Hold != lane.HoldPaused {
		why = "" // what there was before does not matter
	}
	return a.remedy(advice, why, target, l)
}

// rowRemedy is the same for a row, which may only wait for another.
func (a *app) rowRemedy(r txRow) remedy {
	if r.behind == nil {
		return a.remedyOf(r.lane, r.Item)
	}
	return remedy{Means: r.wait(), Command: a.line("tx", "show", r.behind.Intent.Short())}
}

// laneRemedy says what to do about a reason of a lane as a whole.
func (a *app) laneRemedy(l lane.Listing, why lane.Reason) remedy {
	advice := lane.Advise(why)
	switch advice.Verb {
	case lane.FillGap, lane.Resync, lane.Resume, lane.Edit:
	default:
		advice.Verb = "" // it acts on a transaction, and there it stands
	}
	return a.remedy(advice, why, laneName(l.Lane), l)
}

func (a *app) remedy(advice lane.Advice, why lane.Reason, target string, l lane.Listing) remedy {
	r := remedy{Means: advice.Means, Do: advice.Do}
	if advice.Verb == "" {
		return r
	}
	words := []string{"tx", string(advice.Verb), target}
	if advice.Verb == lane.Edit {
		limits, daily := higher(l)
		if daily {
			words[2] = laneName(l.Lane)
		}
		words = append(words, limits...)
	}
	words = append(words, "--reason", string(causeOf(why)))
	if ticketed[advice.Verb] {
		words = append(words, "--ticket", "TICKET")
	}
	r.Command = a.line(words...)
	return r
}

// usualGas is a little more than any call of a deal is given.
const usualGas = 200_000

// higher are limits that would let a transaction go that one keeps back: for a
// unit of gas what the market takes, and for a transaction what that comes to;
// else twice what is. The limit of a day is the lane's.
func higher(l lane.Listing) (flags []string, daily bool) {
	_, market := lane.Price(l.Fees, lane.Normal, math.MaxUint64/usualGas)
	switch {
	case l.Limits.PerGas == 0:
		return []string{"--max-fee-per-gas", "AMOUNT"}, false
	case market > l.Limits.PerGas:
		flags = []string{"--max-fee-per-gas", typed(market)}
		if market*usualGas > l.Limits.PerIntent {
			flags = append(flags, "--max-fee-per-transaction", typed(market*usualGas))
		}
		return flags, false
	case slices.Contains(l.Reasons, lane.FeeCeiling) || l.Today > l.Limits.PerDay/10*9:
		return []string{"--max-fee-per-day", typed(2 * l.Limits.PerDay)}, true
	}
	return []string{"--max-fee-per-transaction", typed(2 * l.Limits.PerIntent)}, false
}

// typed writes an amount as it is typed, rounded up to what is easy to read.
func typed(amount uint64) string {
	switch {
	case amount > 1e17:
		return decimals(amount/1e16+min(amount%1e16, 1), 100, 2) + "ether"
	case amount > 1e9:
		return strconv.FormatUint((amount+1e9-1)/1e9, 10) + "gwei"
	}
	return strconv.FormatUint(amount, 10) + "wei"
}

// line writes a command of this program as it is to be typed here: with --home,
// unless the environment gives it.
func (a *app) line(words ...string) string {
	if a.home != "" && a.home != os.Getenv("CESSION_HOME") {
		words = append([]string{"--home", quoted(a.home)}, words...)
	}
	return "cession " + strings.Join(words, " ")
}

// laneName is what people call a lane: the beginning of its signer's address.
func laneName(id string) string {
	id = id[strings.LastIndex(id, "/")+1:]
	return id[:min(len(id), 10)]
}
