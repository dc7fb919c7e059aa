package policies

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"cession/deal"
)

// Input is what a pack decides on: the workflow's question, and what the desk
// knows of the parties it concerns.
type Input struct {
	Question deal.Question            `json:"question"`
	Parties  map[deal.PartyID]Profile `json:"parties"` // the acting party and the bidder, if there is one
}

// Profile is what the desk knows of a party. It never leaves the desk: a
// [deal.Decision] holds no name.
type Profile struct {
	ID           deal.PartyID `json:"id"`
	Name         string       `json:"name"`         // legal name in Latin letters; without one, screening is not evaluated
	Jurisdiction string       `json:"jurisdiction"` // ISO 3166-1 alpha-2, lower case
	Kind         string       `json:"kind"`         // bank, credit_purchaser, fund or corporate
	KYCClass     string       `json:"kycClass"`     // of the pack's list kyc
	KYCUntil     *time.Time   `json:"kycUntil,omitempty"`
}

// document is the input as the rules see it; schemas/input.schema.json
// describes it.
type document struct {
	Question deal.Question            `json:"question"`
	Parties  map[deal.PartyID]subject `json:"parties"`
}

// subject is a profile with its name in the two forms that are screened.
type subject struct {
	ID           deal.PartyID `json:"id"`
	Exact        string       `json:"exact"`
	Loose        string       `json:"loose"`
	Jurisdiction string       `json:"jurisdiction"`
	Kind         string       `json:"kind"`
	KYCClass     string       `json:"kycClass"`
	KYCUntil     *time.Time   `json:"kycUntil,omitempty"`
}

func (in Input) document() document {
	doc := document{Question: in.Question, Parties: make(map[deal.PartyID]subject, len(in.Parties))}
	for id, p := range in.Parties {
		doc.Parties[id] = p.subject()
	}
	return doc
}

func (p Profile) subject() subject {
	name := normalize(p.Name)
	return subject{
		ID: p.ID, Exact: name.exact, Loose: name.loose,
		Jurisdiction: strings.ToLower(p.Jurisdiction), Kind: p.Kind, KYCClass: p.KYCClass, KYCUntil: p.KYCUntil,
	}
}

// encode returns the canonical JSON of a document (keys sorted, no space) and
// the same as a tree with exact numbers.
func encode(document any) (canonical []byte, tree any, err error) {
	b, err := json.Marshal(document)
	if err != nil {
		return nil, nil, fmt.Errorf("encode policy input: %w", err)
	}
	if tree, err = decode(b); err != nil {
		return nil, nil, err
	}
	canonical, err = json.Marshal(tree)
	return canonical, tree, err
}

// decode keeps numbers as they are written.
func decode(b []byte) (tree any, err error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&tree); err != nil {
		return nil, fmt.Errorf("decode policy input: %w", err)
	}
	return tree, nil
}

// inUTC puts the times of an input into UTC, in which rules compare and show
// them. It copies what it changes.
func (in Input) inUTC() Input {
	q := &in.Question
	q.Now, q.Opened, q.Act.Deadline = q.Now.UTC(), q.Opened.UTC(), q.Act.Deadline.UTC()
	q.Steps, q.Taken = slices.Clone(q.Steps), slices.Clone(q.Taken)
	for i := range q.Steps {
		q.Steps[i].Due = utc(q.Steps[i].Due)
	}
	for i := range q.Taken {
		q.Taken[i].At = q.Taken[i].At.UTC()
	}
	if q.Room != nil {
		room := *q.Room
		room.Until = utc(room.Until)
		q.Room = &room
	}
	parties := make(map[deal.PartyID]Profile, len(in.Parties))
	for id, p := range in.Parties {
		p.KYCUntil = utc(p.KYCUntil)
		parties[id] = p
	}
	in.Parties = parties
	return in
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC()
	return &u
}
