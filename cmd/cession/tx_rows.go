package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"cession/chain/lane"
	"cession/deal"
)

// txRow is a transaction in a list of several lanes'.
type txRow struct {
	lane lane.Listing // its id at least
	lane.Item
	behind *lane.Item // the one with the lowest nonce, if that is stuck and lower
}

// rowsOf puts the transactions of all lanes into one list: the stuck ones first,
// the oldest of them on top, then the others, newest first. What was handed on
// stands where it is now.
func rowsOf(lanes []lane.Listing) (rows []txRow) {
	here := map[deal.Commitment]bool{}
	for _, l := range lanes {
		for _, it := range l.Items {
			here[it.Intent] = here[it.Intent] || it.Status != lane.Moved
		}
	}
	for _, l := range lanes {
		for _, it := range l.Items {
			if it.Status != lane.Moved || !here[it.Intent] {
				rows = append(rows, txRow{lane: l, Item: it})
			}
		}
	}
	queue(rows)
	slices.SortStableFunc(rows, func(a, b txRow) int {
		switch {
		case a.Stuck != b.Stuck && a.Stuck:
			return -1
		case a.Stuck != b.Stuck:
			return 1
		case a.Stuck:
			return a.Submitted.Compare(b.Submitted)
		}
		return b.Changed.Compare(a.Changed)
	})
	return rows
}

// queue notes which stuck transactions only wait for one with a lower nonce.
func queue(rows []txRow) {
	lowest := map[string]*lane.Item{}
	holds := func(r txRow) bool { return r.Nonce != nil && (r.Status == lane.Signed || r.Status == lane.Sent) }
	for i, r := range rows {
		if first := lowest[r.lane.Lane]; holds(r) && (first == nil || *r.Nonce < *first.Nonce) {
			lowest[r.lane.Lane] = &rows[i].Item
		}
	}
	for i, r := range rows {
		if first := lowest[r.lane.Lane]; holds(r) && first != nil && first.Stuck && *first.Nonce < *r.Nonce {
			copied := *first
			rows[i].behind = &copied
		}
	}
}

// wait says what is to be put right first, if it only waits for that.
func (r txRow) wait() string {
	if r.behind == nil {
		return ""
	}
	return fmt.Sprintf("It waits behind %s (nonce %d). Put that right first; this one follows.", r.behind.Intent.Short(), *r.behind.Nonce)
}

// stuckIn counts the stuck rows, which come first.
func stuckIn(rows []txRow) (n int) {
	for _, r := range rows {
		if r.Stuck {
			n++
		}
	}
	return n
}

// txColumns are the columns of a list of transactions. What an operator needs
// first is never left out.
var txColumns = []column{
	{head: "AGE", right: true}, {head: "STATUS"}, {head: "REASON"}, {head: "BLOCKS", right: true, spare: 1}, {head: "CALL"},
	{head: "STEP", spare: 6}, {head: "DEAL", spare: 5}, {head: "NONCE", right: true, spare: 4}, {head: "TRIES", right: true, spare: 3},
	{head: "INTENT"}, {head: "DO", spare: 2},
}

// cells are the columns of a transaction.
func (r txRow) cells(now time.Time) []string {
	nonce := "-"
	if r.Nonce != nil {
		nonce = strconv.FormatUint(*r.Nonce, 10)
	}
	return []string{
		r.age(now), r.state(), orDash(r.why()), dashZero(r.Blocks), orDash(r.Call), orDash(r.Step), orDash(string(r.Deal)),
		nonce, dashZero(r.Attempts), r.Intent.Short(), orDash(string(r.verb())),
	}
}

// age of an open transaction is since it was submitted; of one that ended, since then.
func (r txRow) age(now time.Time) string {
	if ended(r.Status) {
		return since(r.Changed, now)
	}
	return since(r.Submitted, now)
}

func ended(s lane.Status) bool { return s == lane.Final || s == lane.Failed || s == lane.Moved }

// state is the status, and what an operator made of it.
func (r txRow) state() string {
	switch {
	case r.To != "" && r.Status == lane.Moved:
		return "moved to " + laneName(r.To)
	case r.To != "":
		return string(r.Status) + ", going to " + laneName(r.To)
	case r.Filler:
		return string(r.Status) + ", filler"
	case r.Canceled && !ended(r.Status):
		return string(r.Status) + ", canceling"
	}
	return string(r.Status)
}

// why is what holds the transaction up, or why it failed.
func (r txRow) why() string {
	switch {
	case r.Hold != "":
		return string(r.Hold)
	case r.Reason != "":
		return string(r.Reason)
	case r.Receipt != nil && !r.Receipt.OK:
		return r.Receipt.Reason
	}
	return ""
}

// verb is what is recommended, for a stuck one.
func (r txRow) verb() lane.Verb {
	if !r.Stuck || r.behind != nil {
		return ""
	}
	if h, held := holds[r.Hold]; held {
		return h.Verb
	}
	return lane.Advise(r.Reason).Verb
}

// fine says that there is nothing to do about one that is not stuck.
func (r txRow) fine() string {
	switch {
	case r.Status == lane.Failed:
		return fmt.Sprintf("%s failed, and its deal was told why. Nothing to do here.", r.Intent.Short())
	case ended(r.Status):
		return fmt.Sprintf("%s is %s. Nothing to do.", r.Intent.Short(), r.state())
	}
	return fmt.Sprintf("%s goes on as it should. Nothing to do.", r.Intent.Short())
}

func dashZero(n int) string {
	if n == 0 {
		return "-"
	}
	return strconv.Itoa(n)
}

// laneColumns are the columns of a list of lanes. Balance and spending are ether.
var laneColumns = []column{
	{head: "LANE"}, {head: "HEAD", right: true, spare: 2}, {head: "NONCE", right: true}, {head: "FLIGHT", right: true}, {head: "QUEUE", right: true},
	{head: "GAP", right: true, spare: 1}, {head: "BASE FEE", right: true, spare: 3}, {head: "ETHER", right: true}, {head: "SPENT TODAY", right: true},
}

func laneCells(l lane.Listing) []string {
	if !begun(l) {
		return []string{laneName(l.Lane), "-", "-", "-", "-", "-", "-", "-", "-"}
	}
	return []string{
		laneName(l.Lane), strconv.FormatUint(l.Head.Number, 10), strconv.FormatUint(l.Nonce, 10), strconv.Itoa(l.InFlight), strconv.Itoa(l.Queued),
		dashZero(l.Gap), shortGas(l.Fees.Base), funds(l.Balance), spent(l),
	}
}

// begun reports whether the lane's workflow runs: it does from the first
// transaction on.
func begun(l lane.Listing) bool {
	return l.Head != (lane.Block{}) || len(l.Items) > 0 || l.Version > 0
}

// funds writes a balance, which lanes count in gwei, in ether.
func funds(gwei uint64) string {
	if gwei < 1e14 {
		return decimals(gwei, 1e9, 3)
	}
	return decimals(gwei, 1e15, 2) + "M" // test money
}

// blockedWords say what a blocked lane does, where nothing else is wrong with it.
const blockedWords = "blocked: its lowest transaction does not get through, so what it has not sent goes to other lanes"

// spent writes what a lane paid today and what it may.
func spent(l lane.Listing) string {
	if l.Limits.PerDay == 0 {
		return "-"
	}
	return fmt.Sprintf("%s of %s", decimals(l.Today, 1e18, 3), decimals(l.Limits.PerDay, 1e18, 3))
}

// laneState says what is wrong with the lane as a whole.
func laneState(l lane.Listing) string {
	if !begun(l) {
		return "not started: it had no transaction yet"
	}
	var words []string
	if l.Blocked {
		words = append(words, "blocked")
	}
	if l.Paused {
		words = append(words, string(lane.Paused))
	}
	for _, why := range l.Reasons {
		if !slices.Contains(words, string(why)) {
			words = append(words, string(why))
		}
	}
	return strings.Join(words, ", ")
}
