package node

import (
	"context"
	"encoding/json"
	"slices"

	"cession/deal"
	"cession/node/vault"
)

// A perimeter is the part of the title's documents that is sold: some of the
// title's leaves, in their order, under a Merkle root of their own. Of a data
// tape some rows may be out: then an excerpt stands for it, a document of its
// own behind the others. The acts carry root and number only; which documents
// they are the seller's node remembers, and the buyer's learns from the listing
// of the handover.

// proposePerimeter turns the documents that remain into the root and the number
// that the act carries. The face amount is the customer's to say.
func (d *draft) proposePerimeter(ctx context.Context) error {
	if d.rows != nil {
		return d.proposeRows(ctx)
	}
	root := d.act.Field("root").Commitment()
	if len(d.remain) == 0 && root.IsZero() {
		return deal.Errorf(deal.Invalid, "propose a perimeter: name the documents that remain, by their index")
	}
	if len(d.remain) > 0 {
		var err error
		if root, err = d.rememberPerimeter(ctx, d.act.Deal, d.remain); err != nil {
			return err
		}
	}
	docs, err := d.part(ctx, d.act.Deal, root)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(docs, func(doc document) bool { return doc.Index >= maxDocuments }) {
		return deal.Errorf(deal.Invalid, "propose a perimeter: under that root rows of a data tape are out: say which")
	}
	if err := d.set("root", deal.KindCommitment, root.String()); err != nil {
		return err
	}
	return d.set("count", deal.KindCount, deal.Number(uint64(len(docs))).String())
}

// agreePerimeter signs the seller's last proposal, not another one; what it says
// of the rows of a data tape is recomputed first.
func (d *draft) agreePerimeter(ctx context.Context) error {
	proposal := d.p.Last("perimeter", "propose")
	if proposal == nil {
		return deal.Errorf(deal.Conflict, "agree to a perimeter: the seller has not proposed one yet")
	}
	for id, v := range proposal.Act.Fields {
		if err := d.set(id, v.Kind(), v.String()); err != nil {
			return err
		}
	}
	for _, id := range []string{"delta", "rows_root", "rows", "price"} {
		if proposal.Act.Field(id).Kind() != "" {
			return d.verifyRows(ctx, d.p, proposal.Act)
		}
	}
	return nil
}

// offer says for which perimeter the price is: the newest that was proposed. A
// binding one is only for what both have agreed on.
func (d *draft) offer(context.Context) error {
	_, known := d.action.Field("perimeter") // not in plans from before there were rows
	if proposal := d.p.Last("perimeter", "propose"); known && proposal != nil {
		named, err := deal.NewValue(deal.KindAct, proposal.Act.ID.String())
		if err != nil {
			return err
		}
		d.setDefault("perimeter", named)
	}
	if d.act.Name() == "offers.confirm" {
		return pricesAgreed(d.p, d.act)
	}
	return nil
}

// standing returns the last agreement on a perimeter in a room, and the proposal
// that stood when it was made; nil: there is none.
func standing(room *deal.Progress) (proposed, agreed *deal.Act) {
	var last *deal.Act
	for i := range room.Records {
		switch a := &room.Records[i].Act; a.Name() {
		case "perimeter.propose":
			last = a
		case "perimeter.agree":
			agreed, proposed = a, last
		}
	}
	return proposed, agreed
}

// pricesAgreed refuses a binding offer whose price is for another perimeter than
// was agreed on: that one would be sold at this one's price. An offer that names
// none, as in plans from before there were rows, is for what was agreed.
func pricesAgreed(room *deal.Progress, offer deal.Act) error {
	named := offer.Field("perimeter")
	if named.Kind() == "" {
		return nil
	}
	if proposed, _ := standing(room); proposed == nil || proposed.ID != named.Commitment() {
		return refuse(PerimeterDiffers, "the offer is for a perimeter that bidder and seller have not agreed on: the bidder agrees to it first")
	}
	return nil
}

// rememberPerimeter stores which documents of the deal remain and returns
// their root.
func (n *Node) rememberPerimeter(ctx context.Context, id deal.ID, remain []uint64) (deal.Commitment, error) {
	all, _, err := n.title(ctx, id)
	if err != nil {
		return deal.Commitment{}, err
	}
	remain = slices.Clone(remain)
	slices.Sort(remain)
	docs, err := pick(all, remain)
	if err != nil {
		return deal.Commitment{}, err
	}
	root := n.rootOf(docs)
	return root, n.state.exec(ctx, "INSERT INTO perimeters (deal, root, documents) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", id, root.String(), jsonColumn(remain))
}

// part returns the deal's documents under a root: all of the title's, or those
// of a perimeter that this node has proposed. Any other root is refused.
func (n *Node) part(ctx context.Context, id deal.ID, root deal.Commitment) ([]document, error) {
	all, title, err := n.title(ctx, id)
	if err != nil || root == title {
		return all, err
	}
	var text string
	ok, err := n.state.row(ctx, []any{&text}, "SELECT documents FROM perimeters WHERE deal = ? AND root = ?", id, root.String())
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, refuse(PerimeterDiffers, "this node has proposed no perimeter with that root: propose it by the documents that remain")
	}
	var remain []uint64
	if err := json.Unmarshal([]byte(text), &remain); err != nil {
		return nil, err
	}
	docs, err := pick(all, remain)
	if err != nil {
		return nil, err
	}
	excerpts, err := n.state.excerpts(ctx, id, root)
	docs = append(docs, excerpts...)
	if err == nil && n.rootOf(docs) != root { // noted before the list of documents was changed
		err = refuse(PerimeterDiffers, "the documents are no longer those that were proposed")
	}
	return docs, err
}

// title returns the seller's documents of a deal, and their root.
func (n *Node) title(ctx context.Context, id deal.ID) ([]document, deal.Commitment, error) {
	set, err := n.titleSet(ctx, id)
	if err != nil {
		return nil, deal.Commitment{}, err
	}
	docs, err := n.state.documents(ctx, set.id)
	return docs, set.Root, err
}

// pick returns the documents with these ascending indexes.
func pick(all []document, indexes []uint64) ([]document, error) {
	docs := make([]document, len(indexes))
	for i, index := range indexes {
		if index >= uint64(len(all)) {
			return nil, deal.Errorf(deal.Invalid, "document %d: the deal has the documents 0 to %d", index, len(all)-1)
		}
		if i > 0 && index <= indexes[i-1] {
			return nil, deal.Errorf(deal.Invalid, "document %d is named twice", index)
		}
		docs[i] = all[index]
	}
	return docs, nil
}

func (n *Node) rootOf(docs []document) deal.Commitment {
	leaves := make([]deal.Commitment, len(docs))
	for i, d := range docs {
		leaves[i] = d.Leaf
	}
	return vault.Root(n.Hashes.Keccak, leaves)
}

// proofs returns, by index, the audit paths of the title's leaves, which show
// that a part of them is in the title. The whole title needs none.
func (n *Node) proofs(ctx context.Context, id deal.ID, root deal.Commitment) ([][]deal.Commitment, error) {
	all, title, err := n.title(ctx, id)
	if err != nil {
		return nil, err
	}
	proofs := make([][]deal.Commitment, len(all)) // an excerpt has none: it is not in the title
	if root == title {
		return proofs, nil
	}
	tree := vault.NewTree(n.Hashes.Keccak)
	for _, d := range all {
		tree.Add(d.Leaf[:])
	}
	for i, path := range tree.Proofs() {
		for _, sibling := range path {
			proofs[i] = append(proofs[i], sibling)
		}
	}
	return proofs, nil
}

// checkOrder refuses documents that are not different ones of the title, in its
// order, with excerpts of its tapes behind them.
func checkOrder(list []Consignment, size uint64) error {
	for i, c := range list {
		if (c.Index >= size && c.Index < maxDocuments) || (i > 0 && c.Index <= list[i-1].Index) {
			return refuse(AlteredManifest, "the documents listed are not in the title's order, each once")
		}
	}
	return nil
}

// inTitle refuses a document that is not where it says among the title's. The
// root of the whole title tells for all its leaves, a part needs the proof. An
// excerpt is not in the title: it is what this node agreed to, row by row.
func (n *Node) inTitle(p *deal.Progress, root deal.Commitment, c Consignment, leaf deal.Commitment) error {
	title, size := p.Documents()
	if root == title || c.Index >= maxDocuments {
		return nil
	}
	path := make([][32]byte, len(c.Proof))
	for i, sibling := range c.Proof {
		path[i] = sibling
	}
	return vault.VerifyProof(n.Hashes.Keccak, title, leaf[:], c.Index, size, path)
}
