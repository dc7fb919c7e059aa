package demo

import (
	"time"

	"cession/deal"
)

// EventKind says what an event is about.
type EventKind string

// The kinds of event.
const (
	Taken   EventKind = "act"     // an act is on record
	Refused EventKind = "refusal" // policy or a node said no
	Moved   EventKind = "moved"   // something off the record: documents, texts
	Waiting EventKind = "waiting" // a step makes no headway and is tried again
)

// Event is something that happened.
type Event struct {
	Kind     EventKind      `json:"kind"`
	Name     string         `json:"name"` // of the script's step
	At       time.Time      `json:"at"`
	Party    deal.PartyID   `json:"party"`
	Role     deal.Role      `json:"role,omitempty"`
	Room     deal.PartyID   `json:"room,omitempty"`
	To       deal.PartyID   `json:"to,omitempty"` // the party it concerns: of the room, or named by the act
	Step     string         `json:"step,omitempty"`
	Action   string         `json:"action,omitempty"`
	Text     string         `json:"text"`               // what happened, in words
	Amount   deal.Amount    `json:"amount,omitzero"`    // the price or face amount an act carries
	Receipts []deal.Receipt `json:"receipts,omitempty"` // what the chain did
	Decision *deal.Decision `json:"decision,omitempty"` // what policy said
	Done     int            `json:"done"`               // steps of the script that are done
	Total    int            `json:"total"`              // steps of the script
}

func taken(name string, r *deal.Record, title string) Event {
	e := Event{
		Kind: Taken, Name: name, At: r.At, Party: r.Act.Party, Role: r.Role, Room: r.Act.Room,
		Step: r.Act.Step, Action: r.Act.Action, Text: title, Receipts: r.Receipts, Decision: &r.Decision,
	}
	if e.To = r.Act.Field("bidder").Party(); e.To == "" {
		e.To = e.Room
	}
	for _, field := range []string{"price", "face", "guidance"} {
		if v := r.Act.Field(field); v.Kind() == deal.KindAmount {
			e.Amount = v.Amount()
			break
		}
	}
	return e
}
