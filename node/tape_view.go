package node

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"cession/deal"
	"cession/node/vault"
)

// TapeView is a data tape as its holder may look at it.
type TapeView struct {
	Document uint64            `json:"document"` // index
	About    vault.Description `json:"about"`
	First    uint64            `json:"first"`              // number of its first row
	Rows     uint64            `json:"rows"`               // as notarized
	Absent   []uint64          `json:"absent,omitempty"`   // rows that were erased here, or not sold
	TapeRoot deal.Commitment   `json:"tapeRoot,omitzero"`  // over the rows of all tapes; zero: they have no leaves
	Face     string            `json:"face,omitempty"`     // column of the face amount, by the rules in effect
	Repeated uint64            `json:"repeated,omitempty"` // rows with the loan identifier of an earlier one: its face amount counts again
	Profile  vault.TapeProfile `json:"profile"`            // of what is here
	Count    *vault.TapeCount  `json:"required,omitempty"` // how complete it is by the rules in effect
}

// Tapes profiles the data tapes of a deal that this node holds.
func (n *Node) Tapes(ctx context.Context, id deal.ID) ([]TapeView, error) {
	set, err := n.heldSet(ctx, id)
	if err != nil {
		return nil, err
	}
	docs, err := n.state.documents(ctx, set.id)
	if err != nil {
		return nil, err
	}
	t, err := n.tapesHere(ctx, id)
	if kind := deal.KindOf(err); err != nil && kind != deal.NotFound && kind != deal.Conflict {
		return nil, err
	}
	list := []TapeView{}
	for _, d := range docs {
		count, err := n.state.newestTape(ctx, d.Sum.SHA256)
		if err != nil {
			return nil, err
		}
		if !d.Held || (count == nil && t.of(d) < 0) { // a node that died while it erased a row has not counted again
			continue
		}
		v, err := n.tapeView(ctx, id, d, t)
		if err != nil {
			return nil, err
		}
		v.Count = count
		list = append(list, v)
	}
	return list, nil
}

// of returns which of the tapes a document is; -1: none.
func (t tapeOf) of(d document) int {
	return slices.IndexFunc(t.tapes, func(tape rowTape) bool { return tape.sha256 == d.Sum.SHA256.String() })
}

func (n *Node) tapeView(ctx context.Context, id deal.ID, d document, t tapeOf) (v TapeView, err error) {
	v = TapeView{Document: d.Index, About: d.About}
	content, err := n.plaintext(ctx, d)
	if err != nil {
		return v, err
	}
	if v.Profile, err = vault.ProfileTape(content); err != nil {
		return v, err
	}
	v.Rows = v.Profile.Rows
	if i := t.of(d); i >= 0 {
		tape := t.tapes[i]
		v.First, v.Rows, v.TapeRoot = tape.first, tape.rows, t.root
		v.Absent = t.numbers(tape, func(row uint64) bool { return !t.here(row) })
	}
	pack, err := n.knownPack(ctx, id)
	if err != nil || n.Tape == nil {
		return v, err
	}
	header := make([]string, len(v.Profile.Columns))
	for i, c := range v.Profile.Columns {
		header[i] = c.Name
	}
	v.Face = n.faceBy(pack, header)
	if content, err = n.plaintext(ctx, d); err != nil {
		return v, err
	}
	if v.Repeated, err = vault.Repeated(content, n.columnOf(pack, header, loanField)); err != nil {
		return v, err
	}
	columns, _ := n.Tape(pack, header)
	for field, i := range columns {
		if i >= 0 && i < len(header) {
			if c := &v.Profile.Columns[i]; c.Field == "" || field < c.Field {
				c.Field = field
			}
		}
	}
	return v, nil
}

// PerimeterView is the newest proposal of a perimeter in a room.
type PerimeterView struct {
	Proposal deal.Commitment       `json:"proposal"`
	Agreed   bool                  `json:"agreed"` // the bidder agreed to it
	Fields   map[string]deal.Value `json:"fields"`
	Delta    *Delta                `json:"delta,omitempty"` // what changes row by row; nil: documents only
	Before   *Delta                `json:"before,omitempty"`
}

// PerimeterOf returns the newest proposal in a bidder's room, with what it
// changes row by row, which the bidder's node fetches from the seller's.
func (n *Node) PerimeterOf(ctx context.Context, id deal.ID, bidder deal.PartyID) (v PerimeterView, err error) {
	s, err := n.look(ctx, id)
	if err != nil {
		return v, err
	}
	room, err := s.at(bidder)
	if err != nil {
		return v, err
	}
	last := room.Last("perimeter", "propose")
	if last == nil {
		return v, deal.Errorf(deal.NotFound, "no perimeter has been proposed to %s", bidder)
	}
	v.Proposal, v.Fields = last.Act.ID, last.Act.Fields
	for _, r := range room.Records {
		switch r.Act.Name() {
		case "perimeter.propose":
			v.Agreed = false
		case "perimeter.agree":
			v.Agreed = maps.Equal(r.Act.Fields, last.Act.Fields)
		}
	}
	if last.Act.Field("delta").Kind() == "" {
		return v, nil
	}
	d, err := n.deltaIn(ctx, room, last.Act)
	if err != nil {
		return v, err
	}
	v.Delta = &d
	if i := slices.IndexFunc(room.Records, func(r deal.Record) bool { return r.Act.ID == d.Base }); i >= 0 {
		base, err := n.deltaIn(ctx, room, room.Records[i].Act)
		if err != nil {
			return v, err
		}
		v.Before = &base
	}
	return v, nil
}

func (n *Node) deltaIn(ctx context.Context, room *deal.Progress, proposal deal.Act) (Delta, error) {
	if room.Opening.Seller.ID == n.Party {
		return n.delta(ctx, proposal)
	}
	peer, err := n.peer(ctx, room.Opening.Seller.ID)
	if err != nil {
		return Delta{}, err
	}
	return n.fetchDelta(ctx, peer, proposal)
}

func (n *Node) getTapes(w http.ResponseWriter, r *http.Request) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	list, err := n.Tapes(r.Context(), id)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, list)
	return nil
}

func (n *Node) getPerimeter(w http.ResponseWriter, r *http.Request) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	v, err := n.PerimeterOf(r.Context(), id, deal.PartyID(r.PathValue("bidder")))
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, v)
	return nil
}
