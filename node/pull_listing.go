package node

import (
	"bytes"
	"encoding/json"

	"cession/deal"
)

// soldListing reads a listing of no more documents, and tapes, than the deal
// has: an empty one takes a hundred times the memory of its text, and a seller's
// node could send twenty million.
type soldListing struct {
	Listing
	documents, tapes uint64 // at most
}

// UnmarshalJSON implements [json.Unmarshaler].
func (l *soldListing) UnmarshalJSON(b []byte) error {
	var text struct {
		Listing
		Documents json.RawMessage `json:"documents"`
		Tape      json.RawMessage `json:"tape"`
	}
	err := json.Unmarshal(b, &text)
	if err != nil {
		return err
	}
	l.Listing = text.Listing
	if l.Documents, err = atMost[Consignment](text.Documents, l.documents); err != nil || empty(text.Tape) {
		return err
	}
	var tape struct {
		TapeListing
		Tapes json.RawMessage `json:"tapes"`
	}
	if err := json.Unmarshal(text.Tape, &tape); err != nil {
		return err
	}
	l.Tape = &tape.TapeListing
	l.Tape.Tapes, err = atMost[TapeParcel](tape.Tapes, l.tapes)
	return err
}

func empty(text json.RawMessage) bool { return len(text) == 0 || string(text) == "null" }

// atMost reads a list of at most so many values.
func atMost[T any](text json.RawMessage, most uint64) (list []T, err error) {
	if empty(text) {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(text))
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return nil, deal.Errorf(deal.Invalid, "want a list")
	}
	for d.More() {
		if uint64(len(list)) == most {
			return nil, deal.Errorf(deal.Invalid, "want at most %d in the list", most)
		}
		var v T
		if err := d.Decode(&v); err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}
