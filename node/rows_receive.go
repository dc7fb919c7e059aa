package node

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"cession/deal"
	"cession/node/vault"
)

// TapeListing is what the listing of a handover says of the rows of the title's
// data tapes: every leaf, and the salts of the rows that are handed over, so
// that the buyer can verify each of them against the root that was notarized,
// and prove it to others.
type TapeListing struct {
	Root   deal.Commitment   `json:"root"`
	Leaves []deal.Commitment `json:"leaves"`
	Out    []uint64          `json:"out,omitempty"` // rows that are not sold
	Tapes  []TapeParcel      `json:"tapes"`         // all of the title's, in its order
}

// TapeParcel is one tape of the title, and the document that brings its rows.
type TapeParcel struct {
	Document uint64            `json:"document"` // index in the title
	Rows     uint64            `json:"rows"`
	By       *uint64           `json:"by,omitempty"`    // index of the document that brings them; nil: none does
	Salts    []deal.Commitment `json:"salts,omitempty"` // of the rows it brings
}

// tapeListing returns what is said of the rows of a title's tapes; nil if they
// were notarized without leaves of their own, or there are none.
func (n *Node) tapeListing(ctx context.Context, id deal.ID, root deal.Commitment, docs []document) (*TapeListing, error) {
	over, part, err := n.state.perimeter(ctx, id, root)
	if err != nil {
		return nil, err
	}
	t, _, err := n.ownRows(ctx, id)
	if err == nil {
		_, err = n.notarizedAct(ctx, id, t.root)
	}
	if kind := deal.KindOf(err); !over && (kind == deal.NotFound || kind == deal.Conflict) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if over && part.Tape != t.root {
		return nil, deal.Errorf(deal.Conflict, "the data tape has changed since the perimeter was agreed on")
	}
	l := &TapeListing{Root: t.root, Leaves: t.leaves(), Out: part.Out}
	for _, tape := range t.tapes {
		parcel := TapeParcel{Document: tape.document, Rows: tape.rows, By: broughtBy(tape.document, docs, part)}
		if parcel.By != nil {
			for _, row := range t.numbers(tape, l.sold()) {
				if !t.here(row) {
					return nil, refuse(NotHeld, fmt.Sprintf("row %d of the data tape was erased", row))
				}
				parcel.Salts = append(parcel.Salts, t.rows[row].Salt)
			}
		}
		l.Tapes = append(l.Tapes, parcel)
	}
	return l, nil
}

// broughtBy returns the document that brings what is sold of a tape.
func broughtBy(tape uint64, docs []document, part perimeterPart) *uint64 {
	index := tape
	if k := slices.IndexFunc(part.Excerpts, func(e ExcerptNote) bool { return e.Document == tape }); k >= 0 {
		index = excerptIndex(k)
	}
	if !slices.ContainsFunc(docs, func(d document) bool { return d.Index == index }) {
		return nil
	}
	return &index
}

func (l *TapeListing) sold() func(uint64) bool { return Delta{Out: l.Out}.sold() }

// parcels calls do with each tape and the numbers of the rows sold of it.
func (l *TapeListing) parcels(do func(parcel TapeParcel, tape rowTape, sold []uint64) error) error {
	first := uint64(0)
	for _, parcel := range l.Tapes {
		if parcel.Rows > uint64(len(l.Leaves))-first {
			return alteredRows("more rows than leaves")
		}
		tape := rowTape{document: parcel.Document, first: first, rows: parcel.Rows}
		first += parcel.Rows
		if err := do(parcel, tape, tapeOf{}.numbers(tape, l.sold())); err != nil {
			return err
		}
	}
	if first != uint64(len(l.Leaves)) {
		return alteredRows("more leaves than rows")
	}
	return nil
}

func alteredRows(words string) error {
	return refuse(AlteredManifest, "the rows listed are not those of the data tape that was notarized: "+words)
}

// checkTapeListing verifies what a listing says of rows before anything is
// fetched: the root is the one that was notarized, what is out is what was
// agreed on, and the excerpts are those that this node agreed to.
func (n *Node) checkTapeListing(ctx context.Context, p *deal.Progress, job pull, docs []document) error {
	over, part, err := n.state.perimeter(ctx, job.Deal, job.Root)
	if err != nil {
		return err
	}
	if err := checkExcerpts(part, docs); err != nil {
		return err
	}
	root, rows := p.Tape()
	l := job.Listing.Tape
	if l == nil {
		if over || !root.IsZero() {
			return alteredRows("there are none")
		}
		return nil
	}
	if l.Root != root || uint64(len(l.Leaves)) != rows || vault.RowsRoot(n.Hashes.Keccak, l.Leaves) != root {
		return alteredRows("another root")
	}
	if !slices.Equal(l.Out, part.Out) || !slices.IsSorted(l.Out) ||
		(over && (part.Tape != root || vault.RowsRoot(n.Hashes.Keccak, soldLeaves(l.Leaves, l.sold())) != part.Sold)) {
		return alteredRows("others than were agreed on are out")
	}
	title, _ := p.Documents()
	return l.checkParcels(docs, part, over || job.Root == title)
}

// checkParcels verifies which documents bring the rows of which tapes; all says
// that every tape of the title is sold, if only some of its rows.
func (l *TapeListing) checkParcels(docs []document, part perimeterPart, all bool) error {
	next := uint64(0)
	return l.parcels(func(parcel TapeParcel, _ rowTape, sold []uint64) error {
		by := broughtBy(parcel.Document, docs, part)
		first := parcel.Document >= next
		next = parcel.Document + 1
		switch {
		case !first || parcel.Document >= maxDocuments:
			return alteredRows("not in the title's order")
		case by == nil && all && len(sold) > 0:
			return alteredRows("no document brings them")
		case (by == nil) != (parcel.By == nil), by != nil && *by != *parcel.By:
			return alteredRows("another document brings them")
		case by == nil && len(parcel.Salts) > 0, by != nil && len(parcel.Salts) != len(sold):
			return alteredRows("there is not one salt for each row that is sold")
		}
		return nil
	})
}

// checkExcerpts refuses excerpts that are not those agreed on, each once, in
// order, behind the documents of the title.
func checkExcerpts(part perimeterPart, docs []document) error {
	k := 0
	for _, d := range docs {
		if d.Index < maxDocuments {
			continue
		}
		if k >= len(part.Excerpts) || d.Index != excerptIndex(k) || d.Leaf != part.Excerpts[k].Leaf || !d.About.Equal(part.Excerpts[k].About) {
			return refuse(AlteredManifest, "an excerpt listed is not the one that was agreed on")
		}
		k++
	}
	if k != len(part.Excerpts) {
		return refuse(AlteredManifest, "an excerpt that was agreed on is not listed")
	}
	return nil
}

// checkTapes verifies every row of the tapes and excerpts that arrived against
// the root that was notarized, and keeps leaves and salts. Only then the
// handover is verified. What was checked once is not checked again.
func (n *Node) checkTapes(ctx context.Context, job pull) error {
	l := job.Listing.Tape
	if l == nil {
		return nil
	}
	set, _, err := n.state.set(ctx, job.Deal, "received = 1 AND root = ?", job.Root.String())
	if err != nil {
		return err
	}
	return l.parcels(func(parcel TapeParcel, tape rowTape, sold []uint64) error {
		rows := make([]tapeRow, tape.rows)
		for i := range rows {
			rows[i].Leaf = l.Leaves[tape.first+uint64(i)]
		}
		sum := fmt.Sprint("none/", parcel.Document)
		if parcel.By != nil {
			d, err := n.state.document(ctx, set.id, *parcel.By)
			if err != nil {
				return err
			}
			if err := n.checkTape(ctx, d, l, sold, parcel.Salts); err != nil {
				return deal.Errorf(deal.Refused, "%w: document %d: %w", WrongDocument, d.Index, err)
			}
			for i, row := range sold {
				rows[row-tape.first].Salt = parcel.Salts[i]
			}
			sum = d.Sum.SHA256.String()
		}
		return n.state.tx(ctx, func(tx *sql.Tx) error {
			return n.state.saveTape(ctx, tx, job.Deal, sum, int64(parcel.Document), rows)
		})
	})
}

func (n *Node) checkTape(ctx context.Context, d document, l *TapeListing, sold []uint64, salts []deal.Commitment) error {
	content, err := n.plaintext(ctx, d)
	if err != nil {
		return err
	}
	at := 0
	return eachRow(content, sold, func(number uint64, header, row []string) error {
		if vault.RowLeaf(n.Hashes.Keccak, salts[at], header, row) != l.Leaves[number] {
			return deal.Errorf(deal.Invalid, "row %d is not the one that was notarized", number)
		}
		at++
		return nil
	})
}
