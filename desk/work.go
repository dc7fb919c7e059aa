package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"cession/deal"
)

// WorkItem is something to be done, or to be waited for, before an act that
// policy refused is allowed.
type WorkItem struct {
	Key       string          `json:"key"` // names the item in its deal or room; the same for as long as there is one
	Deal      deal.ID         `json:"deal"`
	Room      deal.PartyID    `json:"room,omitempty"`
	Act       deal.Commitment `json:"act"`          // that was refused, the last time
	For       string          `json:"for"`          // its "step.action"
	By        deal.PartyID    `json:"by"`           // who wants to take it
	Party     deal.PartyID    `json:"party"`        // in whose queue it is
	Kind      deal.NeedKind   `json:"kind"`         // approval or wait
	Rule      string          `json:"rule"`         // that asks for it
	Meet      string          `json:"meet"`         // approval: "step.action" of the act with which it is given
	Wanted    uint64          `json:"wanted"`       // approval: persons
	Given     uint64          `json:"given"`        // approval: persons who have, when something last happened in the deal
	Not       deal.Address    `json:"not,omitzero"` // signer who cannot give it: who asked
	State     deal.WorkState  `json:"state"`
	Opened    time.Time       `json:"opened"`
	Remind    *time.Time      `json:"remind,omitempty"`
	Due       time.Time       `json:"due"` // approval: it escalates; wait: it is over
	Reminded  *time.Time      `json:"reminded,omitempty"`
	Escalated *time.Time      `json:"escalated,omitempty"`
	Closed    *time.Time      `json:"closed,omitempty"`
}

// WorkChange is what happened to an item of work.
type WorkChange string

// The changes.
const (
	WorkOpened    WorkChange = "opened"
	WorkReminded  WorkChange = "reminded"
	WorkEscalated WorkChange = "escalated"
	WorkMet       WorkChange = "met"
	WorkLapsed    WorkChange = "lapsed"
)

// WorkEvent is what an entry of kind work tells.
type WorkEvent struct {
	Change WorkChange    `json:"change"`
	Key    string        `json:"key"` // of the item
	By     deal.PartyID  `json:"by"`  // who wants to take the act
	Kind   deal.NeedKind `json:"kind"`
	Rule   string        `json:"rule"`
	Meet   string        `json:"meet,omitempty"`
	Wanted uint64        `json:"wanted,omitempty"`
	Due    time.Time     `json:"due"`
}

// WorkFilter selects items of work. The zero filter selects those to be done.
type WorkFilter struct {
	Deal   deal.ID // "" for any
	State  string  // a [deal.WorkState]; "all"; "" for those to be done: open and escalated
	Limit  int     // 1 to 200; 0 is 50
	Cursor string  // WorkPage.Next of the page before
}

// WorkPage is a part of a queue, the nearest due first.
type WorkPage struct {
	Work []WorkItem `json:"work"`
	Next string     `json:"next,omitempty" doc:"cursor of the next page; absent on the last"`
}

// itemsOfWork returns the work in a deal or room.
func itemsOfWork(p *deal.Progress) (items []WorkItem) {
	for _, w := range p.Work {
		item := WorkItem{
			Key: workKey(w), Deal: p.Opening.ID, Room: p.Room(), Act: w.ID, For: w.For, By: w.Party, Party: queueOf(w),
			Kind: w.Need.Kind, Rule: w.Need.Rule, Meet: w.Need.Act, State: w.State, Opened: w.Opened.UTC(), Due: w.Due.UTC(),
			Reminded: w.Reminded, Escalated: w.Escalated, Closed: w.Closed,
		}
		if w.Need.Kind == deal.NeedApproval {
			item.Wanted, item.Given, item.Not = max(1, w.Need.Persons), givenTo(p, w), w.Signer
		}
		if !w.Remind.IsZero() {
			remind := w.Remind.UTC()
			item.Remind = &remind
		}
		items = append(items, item)
	}
	return items
}

// givenTo returns how many persons have approved, when the item was closed or
// something last happened.
func givenTo(p *deal.Progress, w deal.Work) uint64 {
	at := updated(p)
	for _, t := range []*time.Time{w.Reminded, w.Escalated, w.Closed} {
		if t != nil && t.After(at) {
			at = *t
		}
	}
	if w.Closed != nil {
		at = *w.Closed
	}
	return p.Approvals(w, at)
}

// queueOf returns in whose queue an item is.
func queueOf(w deal.Work) deal.PartyID {
	if w.Need.Party != "" {
		return w.Need.Party
	}
	return w.Party
}

// workKey names an item. Its act changes when that is refused again, and one
// act may want several things.
func workKey(w deal.Work) string {
	text := w.For + "\x00" + string(w.Party) + "\x00" + string(w.Need.Kind) + "\x00" + w.Need.Rule + "\x00" + strconv.FormatInt(w.Opened.UnixMicro(), 10)
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// concerns reports whether a party is shown an item: it is in its queue, or
// what the party itself was refused. Nobody else may learn of it but the
// operator: it says what a party lacks.
func concerns(w deal.Work, party deal.PartyID) bool {
	return party != "" && (queueOf(w) == party || w.Party == party)
}

// ownWork returns the items that concern a party.
func ownWork(work []deal.Work, party deal.PartyID) (own []deal.Work) {
	for _, w := range work {
		if concerns(w, party) {
			own = append(own, w)
		}
	}
	return own
}

// lacks reports whether a decision says that another party than this one lacks
// an approval.
func lacks(d deal.Decision, acting, party deal.PartyID) bool {
	return slices.ContainsFunc(d.Needs, func(n deal.Need) bool {
		return n.Kind == deal.NeedApproval && acting != party && n.Party != party
	})
}

// entriesOfWork returns what happened to the work in a deal or room.
func entriesOfWork(p *deal.Progress) (entries []named) {
	for _, w := range p.Work {
		add := func(change WorkChange, at *time.Time) {
			if at == nil {
				return
			}
			step, action, _ := strings.Cut(w.For, ".")
			event := &WorkEvent{change, workKey(w), w.Party, w.Need.Kind, w.Need.Rule, w.Need.Act, w.Need.Persons, w.Due.UTC()}
			entries = append(entries, named{Entry{
				Deal: p.Opening.ID, Room: p.Room(), Kind: EntryWork, Step: step, Action: action, Party: queueOf(w), At: at.UTC(), Work: event,
			}, "work:" + event.Key + ":" + string(change)})
		}
		add(WorkOpened, &w.Opened)
		add(WorkReminded, w.Reminded)
		add(WorkEscalated, w.Escalated)
		add(map[deal.WorkState]WorkChange{deal.WorkMet: WorkMet, deal.WorkLapsed: WorkLapsed}[w.State], w.Closed)
	}
	slices.SortStableFunc(entries, func(a, b named) int { return a.At.Compare(b.At) })
	return entries
}
