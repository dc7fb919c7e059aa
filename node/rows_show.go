package node

import (
	"context"
	"io"
	"net/http"

	"cession/deal"
	"cession/node/vault"
)

// shownRows is a proposal as the seller's node shows it.
type shownRows struct {
	act   deal.Act
	part  perimeterPart
	tape  tapeOf
	title []document
}

// shown looks up what a proposal is over. One over a tape that is no longer the
// title's is a conflict.
func (n *Node) shown(ctx context.Context, act deal.Act) (s shownRows, err error) {
	s.act = act
	ok, part, err := n.state.perimeter(ctx, act.Deal, act.Field("root").Commitment())
	if err != nil {
		return s, err
	}
	if s.part = part; !ok {
		return s, deal.Errorf(deal.NotFound, "the proposal is over no rows")
	}
	if s.tape, s.title, err = n.ownRows(ctx, act.Deal); err != nil {
		return s, err
	}
	if s.tape.root != part.Tape {
		err = deal.Errorf(deal.Conflict, "the data tape has changed since the proposal: propose again")
	}
	return s, err
}

func (s shownRows) sold() func(uint64) bool { return Delta{Out: s.part.Out}.sold() }

func (n *Node) rowsProof(ctx context.Context, s shownRows) (p RowsProof, err error) {
	if p.Notarized, err = n.notarizedAct(ctx, s.act.Deal, s.tape.root); err != nil {
		return p, err
	}
	root := s.act.Field("root").Commitment()
	docs, err := n.part(ctx, s.act.Deal, root)
	if err != nil {
		return p, err
	}
	proofs, err := n.proofs(ctx, s.act.Deal, deal.Commitment{})
	if err != nil {
		return p, err
	}
	for _, d := range docs {
		if d.Index < uint64(len(proofs)) {
			p.Documents = append(p.Documents, KeptDocument{d.Index, d.Leaf, proofs[d.Index]})
		}
	}
	excerpts, err := n.state.excerpts(ctx, s.act.Deal, root)
	if err != nil {
		return p, err
	}
	for _, t := range s.tape.tapes {
		part := TapePart{Document: t.document, Rows: t.rows}
		for k, e := range s.part.Excerpts {
			if e.Document == t.document && k < len(excerpts) {
				part.Salt = excerpts[k].Salt
			}
		}
		p.Tapes = append(p.Tapes, part)
	}
	sold := s.sold()
	for i, row := range s.tape.rows {
		p.Leaves = append(p.Leaves, row.Leaf)
		if sold(uint64(i)) {
			p.Salts = append(p.Salts, row.Salt)
		}
	}
	return p, nil
}

// notarizedAct returns the act that notarized the documents the title stands
// for, of which the tape has a root.
func (n *Node) notarizedAct(ctx context.Context, id deal.ID, tape deal.Commitment) (deal.Act, error) {
	_, root, err := n.title(ctx, id)
	if err != nil {
		return deal.Act{}, err
	}
	acts, err := n.state.acts(ctx, "deal = ? AND name IN ('documents.notarize', 'supplements.notarize')", id)
	if err != nil {
		return deal.Act{}, err
	}
	for _, a := range acts {
		if a.Outcome.Verdict == deal.Accepted && a.Act.Field("root").Commitment() == root && a.Act.Field("tape_root").Commitment() == tape {
			return a.Act, nil
		}
	}
	return deal.Act{}, deal.Errorf(deal.Conflict, "the rows of the data tape were not notarized with the documents of the title")
}

func (n *Node) peerPerimeter(w http.ResponseWriter, r *http.Request, peer deal.PartyID) error {
	act, err := n.peerProposal(r, peer, true)
	if err != nil {
		return err
	}
	s, err := n.shown(r.Context(), act)
	if err != nil {
		return err
	}
	proof, err := n.rowsProof(r.Context(), s)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, proof)
	return nil
}

func (n *Node) peerDelta(w http.ResponseWriter, r *http.Request, peer deal.PartyID) error {
	act, err := n.peerProposal(r, peer, false)
	if err != nil {
		return err
	}
	list, err := n.state.messages(r.Context(), "act = ? AND field = 'delta'", act.ID.String())
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return deal.Errorf(deal.NotFound, "what the proposal changes is not at this node")
	}
	writeJSON(w, http.StatusOK, list[0])
	return nil
}

// peerTape gives a bidder the rows of one tape that a proposal leaves.
func (n *Node) peerTape(w http.ResponseWriter, r *http.Request, peer deal.PartyID) error {
	act, err := n.peerProposal(r, peer, true)
	if err != nil {
		return err
	}
	k, err := pathIndex(r)
	if err != nil {
		return err
	}
	content, err := n.remainingRows(r.Context(), act, k)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", string(vault.CSV))
	w.Header().Set("Cache-Control", "no-store")
	return n.guarded(w, r, visit{peer: peer, deal: act.Deal, what: "perimeter.read", index: k}, func(w http.ResponseWriter) {
		_, _ = io.Copy(w, content) // the status is out; the peer counts the rows
	})
}

func (n *Node) remainingRows(ctx context.Context, act deal.Act, k uint64) (io.Reader, error) {
	s, err := n.shown(ctx, act)
	if err != nil {
		return nil, err
	}
	if k >= uint64(len(s.tape.tapes)) {
		return nil, deal.Errorf(deal.NotFound, "there is no data tape %d", k)
	}
	tape := s.tape.tapes[k]
	excerpts, err := n.state.excerpts(ctx, act.Deal, act.Field("root").Commitment())
	if err != nil {
		return nil, err
	}
	for i, e := range s.part.Excerpts {
		if e.Document == tape.document && i < len(excerpts) {
			return n.plaintext(ctx, excerpts[i])
		}
	}
	if uint64(len(s.tape.numbers(tape, s.sold()))) != tape.rows { // none remains
		return nil, deal.Errorf(deal.NotFound, "no row of this data tape is sold")
	}
	return n.plaintext(ctx, s.title[tape.document])
}

// peerProposal passes the gate of the data room for an accepted proposal in the
// peer's own room, or with newest for the last of them only: rows that were
// negotiated out are no longer shown.
func (n *Node) peerProposal(r *http.Request, peer deal.PartyID, newest bool) (act deal.Act, err error) {
	id, err := pathDeal(r)
	if err != nil {
		return act, err
	}
	named, err := deal.ParseCommitment(r.PathValue("act"))
	if err != nil {
		return act, err
	}
	ctx := r.Context()
	if _, err = n.mayRead(ctx, id, peer); err == nil {
		act, err = n.ownProposal(ctx, id, peer, named, newest)
	}
	if logged := n.logView(ctx, peer, id, "perimeter.read", 0, err); err == nil {
		err = logged
	}
	return act, err
}

func (n *Node) ownProposal(ctx context.Context, id deal.ID, room deal.PartyID, named deal.Commitment, newest bool) (found deal.Act, err error) {
	list, err := n.state.acts(ctx, "deal = ? AND room = ? AND name = 'perimeter.propose'", id, room)
	if err != nil {
		return found, err
	}
	last := uint64(0)
	for _, a := range list {
		if a.Outcome.Verdict != deal.Accepted {
			continue
		}
		last = max(last, a.Act.Sequence)
		if a.Act.ID == named {
			found = a.Act
		}
	}
	switch {
	case found.Field("delta").Kind() == "":
		return found, deal.Errorf(deal.NotFound, "there is no such proposal over rows in this room")
	case newest && found.Sequence < last:
		return found, deal.Errorf(deal.Conflict, "the seller has proposed anew since: look at the newest proposal")
	}
	return found, nil
}
