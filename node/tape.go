package node

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"io"
	"net/http"
	"path"
	"strings"

	"cession/deal"
	"cession/node/vault"
)

// A data tape is a CSV document with one row per receivable. How complete it is
// is counted from its content, at this node, before the documents are
// notarized; the count is kept under the content's hash, so that it can be said
// of no other document.

// TapeReport says what a document is as a data tape.
type TapeReport struct {
	SHA256 vault.Digest     `json:"sha256"`
	Tape   *vault.TapeCount `json:"tape,omitempty"` // nil: it is none
}

// CountTape counts a data tape of a deal by the pack in effect. Nothing of the
// document is kept. Errors: notfound (no such deal), invalid (no readable CSV).
func (n *Node) CountTape(ctx context.Context, id deal.ID, body io.Reader) (TapeReport, error) {
	pack, err := n.knownPack(ctx, id)
	if err != nil {
		return TapeReport{}, err
	}
	return n.countTape(ctx, id, pack, io.LimitReader(body, vault.MaxSize))
}

// countTape counts a tape and, if it is the seller's own, draws the salts of
// its rows.
func (n *Node) countTape(ctx context.Context, id deal.ID, pack deal.Commitment, body io.Reader) (r TapeReport, err error) {
	if n.Tape == nil {
		return r, deal.Errorf(deal.Invalid, "count data tape: this node has no list of the values a tape needs")
	}
	if n.Packs != nil {
		if _, _, ok := n.Packs(pack); !ok { // else every tape would be none
			return r, deal.Errorf(deal.Conflict, "count data tape: the rules in effect, pack %s, are not at this node yet: try again", pack.Short())
		}
	}
	o, err := n.knownOpening(ctx, id)
	if err != nil {
		return r, err
	}
	h, draw := sha256.New(), rowDrawer{hash: n.Hashes.Keccak}
	body = io.TeeReader(body, h)
	count, ok, err := vault.CountTape(body, func(header []string) (map[string]int, []string) { return n.Tape(pack, header) }, draw.add)
	if err != nil {
		return r, err
	}
	if _, err := io.Copy(io.Discard, body); err != nil {
		return r, err
	}
	r.SHA256 = vault.Digest(h.Sum(nil))
	if !ok {
		return r, nil
	}
	r.Tape = &count
	if o.Seller.ID == n.Party {
		if err := n.keepRows(ctx, id, r.SHA256, draw); err != nil {
			return r, err
		}
	}
	return r, n.state.exec(ctx, "INSERT INTO tapes (sha256, pack, count) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
		r.SHA256.String(), pack.String(), jsonColumn(count))
}

// noteTape counts a document that was just stored, if it may be a tape. A
// document that cannot be counted is none.
func (n *Node) noteTape(ctx context.Context, id deal.ID, d document) {
	if !strings.EqualFold(path.Ext(d.About.Name), ".csv") || n.Tape == nil {
		return
	}
	known, err := n.state.newestTape(ctx, d.Sum.SHA256)
	if known != nil || err != nil {
		return
	}
	err = n.countStored(ctx, id, d)
	if err != nil {
		n.Log.Info("document not counted as a data tape", "deal", id, "index", d.Index, "kind", deal.KindOf(err))
	}
}

func (n *Node) countStored(ctx context.Context, id deal.ID, d document) error {
	pack, err := n.knownPack(ctx, id)
	if err != nil {
		return err
	}
	_, content, err := n.content(ctx, docSet{id: d.set}, d.Index)
	if err != nil {
		return err
	}
	_, err = n.countTape(ctx, id, pack, content)
	return err
}

// fillTape says in the act how complete the tapes of the set are.
func (d *draft) fillTape(ctx context.Context, set docSet) error {
	if _, ok := d.action.Field("tape_rows"); !ok { // a plan from before there were tapes
		return nil
	}
	pack, err := d.packOf(ctx, d.p)
	if err != nil {
		return err
	}
	docs, err := d.state.documents(ctx, set.id)
	if err != nil {
		return err
	}
	var rows, missing uint64
	tapes, versions := map[vault.Digest]uint64{}, versionsOf(docs)
	for i, doc := range docs {
		count, err := d.state.tape(ctx, doc.Sum.SHA256, pack)
		if err != nil {
			return err
		}
		if count == nil || !versions[i].latest {
			continue
		}
		if earlier, twice := tapes[doc.Sum.SHA256]; twice {
			return deal.Errorf(deal.Conflict, "documents %d and %d are the same data tape, its rows would be counted twice: leave one out", earlier, doc.Index)
		}
		tapes[doc.Sum.SHA256] = doc.Index
		rows += count.Rows
		missing += count.Missing
	}
	if len(tapes) == 0 {
		return nil
	}
	if err := d.set("tape_rows", deal.KindCount, deal.Number(rows).String()); err != nil {
		return err
	}
	if err := d.set("tape_missing", deal.KindCount, deal.Number(missing).String()); err != nil {
		return err
	}
	return d.fillTapeRoot(ctx, docs)
}

// fillTapeRoot commits to every row of the tapes, if all of them have leaves.
func (d *draft) fillTapeRoot(ctx context.Context, docs []document) error {
	if _, ok := d.action.Field("tape_root"); !ok { // a plan from before rows had leaves
		return nil
	}
	tapes, ok, err := d.rowTapes(ctx, d.act.Deal, docs)
	if err != nil || !ok {
		return err
	}
	t, err := d.loadRows(ctx, tapes)
	if err != nil {
		return err
	}
	return d.set("tape_root", deal.KindCommitment, t.root.String())
}

// tape returns the count of a tape by a pack; nil if the document is no tape
// that was counted. One that was counted by another pack only is a conflict.
func (s *state) tape(ctx context.Context, sum vault.Digest, pack deal.Commitment) (*vault.TapeCount, error) {
	count, err := s.countOf(ctx, "sha256 = ? AND pack = ?", sum.String(), pack.String())
	if count != nil || err != nil {
		return count, err
	}
	if other, err := s.newestTape(ctx, sum); other != nil || err != nil {
		if err == nil {
			err = deal.Errorf(deal.Conflict, "a data tape was counted under other rules than are in effect: count it again")
		}
		return nil, err
	}
	return nil, nil
}

func (s *state) newestTape(ctx context.Context, sum vault.Digest) (*vault.TapeCount, error) {
	return s.countOf(ctx, "sha256 = ?", sum.String())
}

func (s *state) countOf(ctx context.Context, where string, args ...any) (*vault.TapeCount, error) {
	var text string
	ok, err := s.row(ctx, []any{&text}, "SELECT count FROM tapes WHERE "+where+" ORDER BY id DESC LIMIT 1", args...)
	if !ok || err != nil {
		return nil, err
	}
	count := new(vault.TapeCount)
	return count, json.Unmarshal([]byte(text), count)
}

func (n *Node) postTape(w http.ResponseWriter, r *http.Request) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	report, err := n.CountTape(r.Context(), id, &upload{r.Body, http.NewResponseController(w)})
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, report)
	return nil
}

func (n *Node) tapeRoutes() []route {
	return []route{
		{pattern: "POST /v1/deals/{id}/tape", title: "Count a data tape", out: TapeReport{}, customer: n.postTape},
		{pattern: "GET /v1/deals/{id}/tape", title: "The profiles of a deal's data tapes", out: []TapeView{}, customer: n.getTapes},
		{pattern: "GET /v1/deals/{id}/tape/rows/{row}", title: "The proof of one row of a data tape", out: RowProof{}, customer: n.getRow},
		{pattern: "GET /v1/deals/{id}/rooms/{bidder}/perimeter", title: "The newest proposal of a perimeter in a room", out: PerimeterView{}, customer: n.getPerimeter},
		{pattern: "GET /peer/v1/deals/{id}/perimeter/{act}", title: "What a proposal over rows is made of", out: RowsProof{}, peer: n.peerPerimeter},
		{pattern: "GET /peer/v1/deals/{id}/perimeter/{act}/delta", title: "The text of a proposal over rows", out: Message{}, peer: n.peerDelta},
		{pattern: "GET /peer/v1/deals/{id}/perimeter/{act}/tapes/{index}", title: "The rows that a proposal leaves of a data tape", peer: n.peerTape},
	}
}
