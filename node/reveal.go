package node

import (
	"context"
	"net/http"
	"strconv"

	"cession/deal"
)

// revealType is the member "typ" of a reveal.
const revealType = "cession-reveal"

// Reveal shows one sealed text to a third party, with what proves it: the signed
// act that commits to it and, for a question or an answer, its place in a
// thread whose root another act carries. Of everything else there are only
// salted commitments in it.
type Reveal struct {
	Type    string          `json:"typ"` // "cession-reveal"
	Version int             `json:"v"`   // 1
	Market  deal.Market     `json:"market"`
	Act     ProvenAct       `json:"act"`
	Field   string          `json:"field"`
	Text    string          `json:"text"`
	Salt    deal.Commitment `json:"salt"`
	Thread  *ThreadProof    `json:"thread,omitempty"`
	FAQ     *FAQOrigin      `json:"faq,omitempty"`
}

// ThreadProof leads from a revealed text to the root in an act of its thread
// (RFC 6962, section 2.1.1): who signed that act had the text before him, or its
// commitment at least.
type ThreadProof struct {
	Act   ProvenAct         `json:"act"`
	Index uint64            `json:"index"` // of the text among those of the thread, from 0
	Size  uint64            `json:"size"`  // texts that the root covers
	Path  []deal.Commitment `json:"path"`
}

// FAQOrigin shows that an entry of the FAQ was made from the revealed answer.
type FAQOrigin struct {
	Entry FAQEntry        `json:"entry"`
	Salt  deal.Commitment `json:"salt"`
}

// RevealRequest says what to show to a third party.
type RevealRequest struct {
	Act   deal.Commitment // whose text
	Field string          // which one; "": the question or the answer, or the act's only one
	FAQ   uint64          // at the seller's node: the entry whose origin is shown with it; 0: none
}

// Reveal makes the file that shows one text to a third party.
func (n *Node) Reveal(ctx context.Context, id deal.ID, req RevealRequest) (r Reveal, err error) {
	s, err := n.look(ctx, id)
	if err != nil {
		return r, err
	}
	p, act, err := s.act(req.Act)
	if err != nil {
		return r, err
	}
	texts, err := n.state.textsOf(ctx, act.ID)
	if err != nil {
		return r, err
	}
	m, err := chosen(texts, req.Field)
	if err != nil {
		return r, err
	}
	r = Reveal{Type: revealType, Version: 1, Market: p.Opening.Market, Field: m.Field, Text: m.Text, Salt: m.Salt}
	if r.Act, err = provenAct(p, act); err != nil {
		return r, err
	}
	if r.Thread, err = n.proveThread(p, act, m.Field); err != nil {
		return r, err
	}
	if req.FAQ > 0 {
		if r.FAQ, err = n.originOf(ctx, id, req); err != nil {
			return r, err
		}
	}
	return r, n.logOwn(ctx, ViewEntry{Party: n.Party, Deal: id, What: "reveal", Ref: act.ID, Note: m.Field}, nil)
}

// act finds an act in the deal or in one of its rooms.
func (s scene) act(id deal.Commitment) (*deal.Progress, deal.Act, error) {
	places := []*deal.Progress{s.deal}
	for _, room := range s.rooms {
		places = append(places, room)
	}
	for _, p := range places {
		if p == nil {
			continue
		}
		for _, r := range p.Records {
			if r.Act.ID == id {
				return p, r.Act, nil
			}
		}
	}
	return nil, deal.Act{}, deal.Errorf(deal.NotFound, "deal %s has no act %s on record, for this party", s.id, id)
}

// chosen picks the text to show.
func chosen(texts map[string]Message, field string) (Message, error) {
	if field == "" {
		for _, id := range threadFields[:2] {
			if m, ok := texts[id]; ok {
				return m, nil
			}
		}
		for _, m := range texts {
			if len(texts) == 1 {
				return m, nil
			}
		}
	}
	if m, ok := texts[field]; ok {
		return m, nil
	}
	return Message{}, deal.Errorf(deal.NotFound, "the act has no text %.40q at this node, or several: name the field", field)
}

// proveThread leads to the newest act of the thread whose root covers the text,
// of the other party if there is one. It is nil if there are no roots.
func (n *Node) proveThread(p *deal.Progress, act deal.Act, field string) (*ThreadProof, error) {
	t := n.talkOf(p)
	turns := t.threads[t.first[act.ID]]
	at, best := covering(turns, act)
	if best == nil {
		return nil, nil
	}
	tree, index := t.tree(turns[:best.known], *best), 0
	for _, x := range turns[:at] {
		index += len(x.leaves)
	}
	if best.act.ID == act.ID { // its own root comes after what it knew, not after what is on record
		index = tree.Len() - len(best.leaves)
	}
	for i, id := range turns[at].fields {
		if id == field {
			index += i
		}
	}
	path, err := tree.Proof(index)
	if err != nil {
		return nil, err
	}
	proof := &ThreadProof{Index: uint64(index), Size: uint64(tree.Len()), Path: []deal.Commitment{}}
	for _, sibling := range path {
		proof.Path = append(proof.Path, sibling)
	}
	proof.Act, err = provenAct(p, best.act)
	return proof, err
}

// covering finds an act among the turns of its thread, and the newest turn whose
// root covers it, of the other party if there is one, or nil.
func covering(turns []turn, act deal.Act) (at int, best *turn) {
	at = -1
	for i := range turns {
		x := &turns[i]
		if x.act.ID == act.ID {
			at = i
		}
		if at < 0 || x.thread != threadOK || (i != at && x.known <= at) {
			continue
		}
		if best == nil || x.act.Party != act.Party || best.act.Party == act.Party {
			best = x
		}
	}
	return at, best
}

// originOf finds the entry of the FAQ that was made from an answer.
func (n *Node) originOf(ctx context.Context, id deal.ID, req RevealRequest) (*FAQOrigin, error) {
	rows, err := n.state.faq(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if r.entry.Number == req.FAQ && r.act == req.Act {
			return &FAQOrigin{r.entry, r.salt}, nil
		}
	}
	return nil, deal.Errorf(deal.NotFound, "the FAQ has no entry %d that this node made from act %s", req.FAQ, req.Act)
}

func (n *Node) getReveal(w http.ResponseWriter, r *http.Request) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	act, err := deal.ParseCommitment(r.PathValue("act"))
	if err != nil {
		return err
	}
	req := RevealRequest{Act: act, Field: r.URL.Query().Get("field")}
	if entry := r.URL.Query().Get("faq"); entry != "" {
		if req.FAQ, err = strconv.ParseUint(entry, 10, 31); err != nil {
			return deal.Errorf(deal.Invalid, "faq: want the number of an entry, from 1")
		}
	}
	file, err := n.Reveal(r.Context(), id, req)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, file)
	return nil
}
