package node

import (
	"context"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"unicode/utf8"

	"cession/deal"
	"cession/node/vault"
)

// rowType is the member "typ" of a row's proof.
const rowType = "cession-row"

// RowProof shows one row of a data tape to a third party, with what proves that
// it was notarized: the signed act with the root over the rows, and the row's
// place under it. Of all other rows there are only salted leaves in it.
type RowProof struct {
	Type    string            `json:"typ"` // "cession-row"
	Version int               `json:"v"`   // 1
	Market  deal.Market       `json:"market"`
	Act     ProvenAct         `json:"act"` // documents.notarize or supplements.notarize
	Columns []Cell            `json:"columns"`
	Row     []Cell            `json:"row"`
	Salt    deal.Commitment   `json:"salt"`
	Index   uint64            `json:"index"` // from 0, through all tapes
	Size    uint64            `json:"size"`  // rows
	Path    []deal.Commitment `json:"path"`
}

// Cell is a field of a tape: text, or what is no UTF-8 in hexadecimal.
type Cell struct {
	Text string `json:"text"`
	Hex  string `json:"hex,omitempty"`
}

func cellsOf(fields []string) []Cell {
	cells := make([]Cell, len(fields))
	for i, f := range fields {
		if cells[i].Text = f; !utf8.ValidString(f) {
			cells[i] = Cell{Hex: hex.EncodeToString([]byte(f))}
		}
	}
	return cells
}

func fieldsOf(cells []Cell) ([]string, error) {
	fields := make([]string, len(cells))
	for i, c := range cells {
		if fields[i] = c.Text; c.Hex == "" {
			continue
		}
		raw, err := hex.DecodeString(c.Hex)
		if err != nil || c.Text != "" {
			return nil, deal.Errorf(deal.Invalid, "field %d is malformed: want text, or hexadecimal digits", i)
		}
		fields[i] = string(raw)
	}
	return fields, nil
}

// ProveRow makes the file that shows one row of a deal's data tape to a third
// party. Errors: notfound (no such row here), refused (it was erased).
func (n *Node) ProveRow(ctx context.Context, id deal.ID, row uint64) (r RowProof, err error) {
	t, err := n.tapesHere(ctx, id)
	if err != nil {
		return r, err
	}
	tape, ok := t.tape(row)
	if !ok {
		return r, deal.Errorf(deal.NotFound, "row %d: the tape has the rows 0 to %d", row, len(t.rows)-1)
	}
	if !t.here(row) {
		return r, refuse(Erased, fmt.Sprintf("the content of row %d is not at this node: it was erased, or never sold", row))
	}
	header, fields, err := n.readRow(ctx, id, t, tape, row)
	if err != nil {
		return r, err
	}
	r = RowProof{Type: rowType, Version: 1, Columns: cellsOf(header), Row: cellsOf(fields), Salt: t.rows[row].Salt, Index: row, Size: uint64(len(t.rows))}
	if r.Path, err = vault.RowPath(n.Hashes.Keccak, t.leaves(), row); err != nil {
		return r, err
	}
	s, err := n.look(ctx, id)
	if err != nil {
		return r, err
	}
	if s.deal == nil {
		return r, deal.Errorf(deal.NotFound, "this party does not see the deal %s", id)
	}
	for _, rec := range s.deal.Records {
		if name := rec.Act.Name(); (name == "documents.notarize" || name == "supplements.notarize") && rec.Act.Field("tape_root").Commitment() == t.root {
			r.Market = s.deal.Opening.Market
			if r.Act, err = provenAct(s.deal, rec.Act); err != nil {
				return r, err
			}
			return r, n.logView(ctx, n.Party, id, "row.prove", row, nil)
		}
	}
	return r, deal.Errorf(deal.Conflict, "the rows of the data tape were not notarized")
}

func (n *Node) readRow(ctx context.Context, id deal.ID, t tapeOf, tape rowTape, row uint64) (header, fields []string, err error) {
	docs, err := n.state.documentsOf(ctx, id, tape.sha256)
	if err != nil {
		return nil, nil, err
	}
	if len(docs) == 0 {
		return nil, nil, deal.Errorf(deal.NotFound, "the data tape is not at this node")
	}
	content, err := n.plaintext(ctx, docs[0])
	if err != nil {
		return nil, nil, err
	}
	err = eachRow(content, t.numbers(tape, t.here), func(number uint64, head, read []string) error {
		if number == row {
			header, fields = head, append([]string(nil), read...)
		}
		return nil
	})
	return header, fields, err
}

// VerifyRowProof verifies a [RowProof] without node and desk. What is proven,
// and what could not be checked, is in the finding.
func VerifyRowProof(ctx context.Context, c Checks, raw []byte) (Finding, error) {
	f := Finding{Type: rowType}
	var r RowProof
	if err := readEvidence(raw, &r); err != nil {
		return f, err
	}
	if r.Type != rowType || r.Version != 1 {
		return f, deal.Errorf(deal.Invalid, "proof of a row of version %d: this program reads version 1", r.Version)
	}
	if err := c.market(r.Market, &f); err != nil {
		return f, err
	}
	if err := r.place(c, &f); err != nil {
		return f, err
	}
	if _, err := r.Act.verify(ctx, c, r.Market, &f); err != nil {
		return f, err
	}
	return f, c.signer(r.Act.Act, &f)
}

// place checks that the row is where it says under the root of the act.
func (r RowProof) place(c Checks, f *Finding) error {
	act := r.Act.Act
	if name := act.Name(); name != "documents.notarize" && name != "supplements.notarize" {
		return refuse(ForgedAct, "the act does not notarize a data tape")
	}
	header, err := fieldsOf(r.Columns)
	if err != nil {
		return err
	}
	row, err := fieldsOf(r.Row)
	if err != nil {
		return err
	}
	if len(header) != len(row) || act.Field("tape_rows").Count() != r.Size {
		return refuse(WrongProof, "the row or the number of rows is not that of the data tape")
	}
	if err := vault.VerifyRow(c.Hashes.Keccak, act.Field("tape_root").Commitment(), r.Salt, header, row, r.Index, r.Size, r.Path); err != nil {
		return refuse(WrongProof, "the row, its salt or its place is not what was notarized")
	}
	f.prove("Row %d of the %d rows of the data tape of deal %s, as notarized by %s, is:", r.Index, r.Size, act.Deal, act.Party)
	for i := range header {
		if row[i] != "" {
			f.prove("  %q: %q", header[i], row[i])
		}
	}
	return nil
}

func (n *Node) getRow(w http.ResponseWriter, r *http.Request) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	row, err := strconv.ParseUint(r.PathValue("row"), 10, 31)
	if err != nil {
		return deal.Errorf(deal.Invalid, "row: want a whole number from 0")
	}
	proof, err := n.ProveRow(r.Context(), id, row)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, proof)
	return nil
}
