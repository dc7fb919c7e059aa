package node

import (
	"context"
	"slices"

	"cession/deal"
	"cession/node/vault"
)

// proposeRows turns a change of the rows that are sold into a perimeter: the
// documents that are kept, an excerpt in place of each tape of which rows are
// out, and the totals of what remains.
func (d *draft) proposeRows(ctx context.Context) error {
	if _, ok := d.action.Field("delta"); !ok {
		return deal.Errorf(deal.Conflict, "the plan of this deal is from before perimeters over rows")
	}
	t, docs, err := d.ownRows(ctx, d.act.Deal)
	if err != nil {
		return err
	}
	if d.scene.deal == nil {
		return deal.Errorf(deal.NotFound, "this party does not see the deal %s", d.act.Deal)
	}
	if root, _ := d.scene.deal.Tape(); root != t.root {
		return deal.Errorf(deal.Conflict, "the rows of the data tape were not notarized with the documents of the title: only the whole tape can be sold")
	}
	change, base, err := d.changeOfRows(ctx, t)
	if err != nil {
		return err
	}
	kept, err := d.keptDocuments(ctx, base, docs, t)
	if err != nil {
		return err
	}
	if change.Face, err = d.faceColumn(ctx, t, docs); err != nil {
		return err
	}
	currency := d.scene.deal.Value("mint", "mint", "face").Amount().Currency
	face, err := d.sumOf(ctx, t, docs, change, currency)
	if err != nil {
		return err
	}
	if err := d.set("face", deal.KindAmount, deal.Money(face, currency).String()); err != nil {
		return err // before anything is stored
	}
	root, part, err := d.shapePerimeter(ctx, t, docs, kept, change)
	if err != nil {
		return err
	}
	change.Excerpts = part.Excerpts
	return d.fillRows(ctx, root, part, change, currency)
}

// changeOfRows applies the change to the last proposal in the room.
func (d *draft) changeOfRows(ctx context.Context, t tapeOf) (change Delta, base *deal.Record, err error) {
	change = Delta{Rows: uint64(len(t.rows)), Tape: t.root}
	var earlier *Delta
	if base = d.p.Last("perimeter", "propose"); base != nil && !d.rows.Whole && base.Act.Field("delta").Kind() != "" {
		known, err := d.delta(ctx, base.Act)
		if err != nil {
			return change, nil, err
		}
		if known.Tape != t.root {
			return change, nil, deal.Errorf(deal.Conflict, "the data tape has changed since the last proposal: start from the whole tape")
		}
		change.Base, earlier = base.Act.ID, &known
	} else {
		base = nil
	}
	change, err = d.rows.change(earlier, change)
	return change, base, err
}

// delta returns the text of a proposal's change of rows, if it is at this node.
func (n *Node) delta(ctx context.Context, proposal deal.Act) (d Delta, err error) {
	var text string
	ok, err := n.state.row(ctx, []any{&text}, "SELECT text FROM texts WHERE act = ? AND field = 'delta'", proposal.ID.String())
	if err != nil {
		return d, err
	}
	if !ok {
		return d, deal.Errorf(deal.NotFound, "what the proposal %s changes is not at this node", proposal.ID.Short())
	}
	return ParseDelta(text)
}

// keptDocuments returns the documents that the customer keeps, or else those of
// the last proposal, or all; the tapes are among them.
func (d *draft) keptDocuments(ctx context.Context, base *deal.Record, docs []document, t tapeOf) (kept []uint64, err error) {
	kept = slices.Sorted(slices.Values(d.remain))
	if len(kept) == 0 {
		if kept, err = d.keptBefore(ctx, base); err != nil {
			return nil, err
		}
	}
	if len(kept) == 0 {
		for _, doc := range docs {
			kept = append(kept, doc.Index)
		}
	}
	if _, err := pick(docs, kept); err != nil {
		return nil, err
	}
	for _, tape := range t.tapes {
		if !slices.Contains(kept, tape.document) {
			return nil, deal.Errorf(deal.Invalid, "document %d is a data tape: take its rows out instead", tape.document)
		}
		if docs[tape.document].About.ViewOnly {
			return nil, deal.Errorf(deal.Invalid, "document %d is view-only: the bidder's node could not verify the rows that remain", tape.document)
		}
	}
	return kept, nil
}

// keptBefore returns the documents of the last proposal, unless the change
// starts from the whole tape. base is that proposal if it is over rows.
func (d *draft) keptBefore(ctx context.Context, base *deal.Record) (kept []uint64, err error) {
	last := d.p.Last("perimeter", "propose")
	switch {
	case base != nil:
		_, part, err := d.state.perimeter(ctx, d.act.Deal, base.Act.Field("root").Commitment())
		return part.Kept, err
	case last == nil || d.rows.Whole:
		return nil, nil
	}
	docs, err := d.part(ctx, d.act.Deal, last.Act.Field("root").Commitment())
	for _, doc := range docs {
		kept = append(kept, doc.Index)
	}
	return kept, err
}

// faceColumn returns the column that the face amount is the sum of: the one
// that the pack says, the same in all tapes, else the one the customer names.
func (d *draft) faceColumn(ctx context.Context, t tapeOf, docs []document) (string, error) {
	pack, err := d.packOf(ctx, d.p)
	if err != nil {
		return "", err
	}
	column := d.rows.Face
	for _, tape := range t.tapes {
		content, err := d.plaintext(ctx, docs[tape.document])
		if err != nil {
			return "", err
		}
		r, err := vault.NewRowReader(content)
		if err != nil {
			return "", err
		}
		said := d.faceBy(pack, r.Header())
		if column == "" {
			column = said
		}
		if said != "" && said != column {
			return "", deal.Errorf(deal.Invalid, "the face amount is in column %.60q by the rules in effect", said)
		}
	}
	if column == "" {
		return "", deal.Errorf(deal.Invalid, "the rules in effect name no column of the data tape as its face amount: name one")
	}
	return column, nil
}

// sumOf adds up the face amounts of the rows that are sold, in minor units.
func (d *draft) sumOf(ctx context.Context, t tapeOf, docs []document, change Delta, currency string) (total int64, err error) {
	pack, err := d.packOf(ctx, d.p)
	if err != nil {
		return 0, err
	}
	sold := change.sold()
	for _, tape := range t.tapes {
		for _, row := range t.numbers(tape, sold) {
			if !t.here(row) {
				return 0, deal.Errorf(deal.Invalid, "row %d was erased: take it out", row)
			}
		}
		content, err := d.plaintext(ctx, docs[tape.document])
		if err != nil {
			return 0, err
		}
		addFace := d.faceAdder(pack, change.Face, currency, &total)
		err = eachRow(content, t.numbers(tape, t.here), func(number uint64, header, row []string) error {
			if !sold(number) {
				return nil
			}
			return addFace(number, header, row)
		})
		if err != nil {
			return 0, err
		}
	}
	return total, nil
}

// shapePerimeter returns the root of the documents that are sold, with excerpts
// for the tapes of which rows are out. The same rows and documents again are
// the same perimeter.
func (d *draft) shapePerimeter(ctx context.Context, t tapeOf, docs []document, kept []uint64, change Delta) (deal.Commitment, perimeterPart, error) {
	sold := change.sold()
	part := perimeterPart{Kept: kept, Tape: t.root, Out: change.Out, Sold: vault.RowsRoot(d.Hashes.Keccak, soldLeaves(t.leaves(), sold))}
	root, same, err := d.state.samePerimeter(ctx, d.act.Deal, part)
	if err != nil {
		return root, part, err
	}
	if !root.IsZero() {
		return root, same, d.storeExcerpts(ctx, root, t, docs, same, sold)
	}
	whole := slices.Clone(kept)
	var excerpts []document
	for _, tape := range t.tapes {
		switch remain := len(t.numbers(tape, sold)); {
		case uint64(remain) == tape.rows:
			continue
		case remain > 0:
			e, err := d.planExcerpt(ctx, t, tape, docs[tape.document], sold)
			if err != nil {
				return root, part, err
			}
			e.Index = excerptIndex(len(excerpts))
			excerpts = append(excerpts, e)
			part.Excerpts = append(part.Excerpts, ExcerptNote{About: e.About, Document: tape.document, Leaf: e.Leaf})
		}
		whole = slices.DeleteFunc(whole, func(i uint64) bool { return i == tape.document })
	}
	list, err := pick(docs, whole)
	if err != nil {
		return root, part, err
	}
	root = d.rootOf(append(list, excerpts...))
	if err := d.state.savePerimeter(ctx, d.act.Deal, root, whole, part, excerpts); err != nil {
		return root, part, err
	}
	return root, part, d.storeExcerpts(ctx, root, t, docs, part, sold)
}

func soldLeaves(leaves []deal.Commitment, sold func(uint64) bool) (list []deal.Commitment) {
	for i, leaf := range leaves {
		if sold(uint64(i)) {
			list = append(list, leaf)
		}
	}
	return list
}

// fillRows writes what remains into the act.
func (d *draft) fillRows(ctx context.Context, root deal.Commitment, part perimeterPart, change Delta, currency string) error {
	docs, err := d.part(ctx, d.act.Deal, root)
	if err != nil {
		return err
	}
	text := change.Canonical()
	if len(text) > maxDelta {
		return deal.Errorf(deal.Invalid, "the change of the perimeter has %d bytes: want at most %d", len(text), maxDelta)
	}
	d.texts["delta"] = deal.Seal(text)
	fields := map[string]deal.Value{
		"root": deal.Digest(root), "count": deal.Number(uint64(len(docs))),
		"rows_root": deal.Digest(part.Sold), "rows": deal.Number(change.Rows - uint64(len(change.Out))),
	}
	if price, ok := change.price(); ok {
		fields["price"] = deal.Money(price, currency)
	}
	for id, v := range fields {
		if err := d.set(id, v.Kind(), v.String()); err != nil {
			return err
		}
	}
	sealed := deal.Commitment(d.texts["delta"].Commit(d.Hashes.Keccak))
	return d.set("delta", deal.KindSealed, sealed.String())
}
