package desk

import (
	"strings"

	"cession/deal"
)

// parties are the seller and the buyer of a deal; the buyer is "" until selected.
type parties struct{ seller, buyer deal.PartyID }

// viewEntry returns an entry of the log as the caller may see it, or false. It
// is to the log what [View] is to the deal.
func viewEntry(e Entry, of parties, c Caller) (Entry, bool) {
	switch {
	case c.Operator:
		return e, true
	case c.Party == "", e.Kind == EntryWork && e.Party != c.Party && (e.Work == nil || e.Work.By != c.Party):
		return Entry{}, false
	case c.Party == of.seller:
		if e.Kind == EntryRefusal && lacks(*e.Decision, e.Party, c.Party) {
			return Entry{}, false
		}
		return e, true
	case e.Kind == EntryRefusal && e.Party != c.Party:
		return Entry{}, false
	case e.Room != "":
		return e, e.Room == c.Party
	case of.buyer != c.Party:
		return Entry{}, false
	case e.Kind == EntryState:
		return e, e.sold
	case e.Kind == EntryWork:
		return e, true
	case !buyerMaySee(e.Step, e.sold):
		return Entry{}, false
	}
	if e.Decision != nil && !settledByBuyer(e.Step, e.sold) && e.Party != c.Party {
		d := verdictOnly(*e.Decision)
		e.Decision = &d
	}
	return e, true
}

// viewDecision returns a decision as the caller may see it, or false: what
// [viewEntry] shows of the act, and what was judged to who acted.
func viewDecision(e DecisionEntry, sold bool, of parties, c Caller) (DecisionEntry, bool) {
	if c.Operator {
		return e, true
	}
	e.Record = nil
	if c.Party != of.seller {
		e.Seq = 0
	}
	if c.Party == "" || e.Party != c.Party {
		e.Document = nil
	}
	step, action, _ := strings.Cut(e.Name, ".")
	shown := Entry{Room: e.Room, Kind: EntryAct, Step: step, Action: action, Party: e.Party, Decision: &e.Decision, sold: sold}
	if !e.Decision.Allow {
		shown.Kind = EntryRefusal
	}
	shown, ok := viewEntry(shown, of, c)
	if !ok {
		return DecisionEntry{}, false
	}
	e.Decision, e.Hash = *shown.Decision, shown.Decision.Record
	return e, true
}
