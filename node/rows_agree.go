package node

import (
	"context"
	"fmt"
	"io"
	"slices"

	"cession/deal"
	"cession/node/vault"
)

// RowsProof is what the seller's node shows the bidder's of a proposal over the
// rows of a tape: what it takes to verify all its figures, and nothing of the
// rows that are out but their leaves.
type RowsProof struct {
	Notarized deal.Act          `json:"notarized"` // documents.notarize or supplements.notarize
	Documents []KeptDocument    `json:"documents"`
	Tapes     []TapePart        `json:"tapes"`
	Leaves    []deal.Commitment `json:"leaves"` // of all rows
	Salts     []deal.Commitment `json:"salts"`  // of those that are sold
}

// KeptDocument is a document of the title that is sold as it is.
type KeptDocument struct {
	Index uint64            `json:"index"`
	Leaf  deal.Commitment   `json:"leaf"`
	Proof []deal.Commitment `json:"proof,omitempty"` // that the title has it there
}

// TapePart is one tape of a proposal.
type TapePart struct {
	Document uint64          `json:"document"`      // index in the title
	Rows     uint64          `json:"rows"`          // as notarized
	Salt     deal.Commitment `json:"salt,omitzero"` // of the excerpt that stands for it
}

// verifyRows recomputes everything a proposal says of the rows of a tape, from
// what the seller's node shows of it: the change, both roots, the number of
// rows, face amount and price. Errors: refused (something differs).
func (n *Node) verifyRows(ctx context.Context, room *deal.Progress, proposal deal.Act) error {
	peer, err := n.peer(ctx, room.Opening.Seller.ID)
	if err != nil {
		return err
	}
	d, err := n.verifiedDelta(ctx, peer, room, proposal)
	if err != nil {
		return err
	}
	v := rowsCheck{Node: n, room: room, act: proposal, delta: d, peer: peer}
	if err := peer.get(ctx, v.path(""), maxListing, &v.proof); err != nil {
		return fmt.Errorf("ask the seller's node about the perimeter: %w", err)
	}
	if err := v.notarized(ctx); err != nil {
		return err
	}
	if err := v.leaves(); err != nil {
		return err
	}
	excerpts, face, err := v.contents(ctx)
	if err != nil {
		return err
	}
	kept, err := v.documents(excerpts)
	if err != nil {
		return err
	}
	if err := v.amounts(face); err != nil {
		return err
	}
	part := perimeterPart{Kept: kept, Tape: d.Tape, Out: d.Out, Excerpts: d.Excerpts, Sold: proposal.Field("rows_root").Commitment()}
	return n.state.savePerimeter(ctx, proposal.Deal, proposal.Field("root").Commitment(), kept, part, nil)
}

// rowsCheck is one proposal in verification.
type rowsCheck struct {
	*Node
	room  *deal.Progress
	act   deal.Act
	delta Delta
	peer  *peerClient
	proof RowsProof
}

func differs(words string, args ...any) error {
	return refuse(PerimeterDiffers, fmt.Sprintf(words, args...))
}

func (v *rowsCheck) path(rest string) string {
	return fmt.Sprintf("/peer/v1/deals/%s/perimeter/%s%s", v.act.Deal, v.act.ID, rest)
}

// notarized verifies that the seller signed for the tape's root and that its
// documents stand on the node's own view of the chain.
func (v *rowsCheck) notarized(ctx context.Context) error {
	a, seller := v.proof.Notarized, v.room.Opening.Seller
	if (a.Name() != "documents.notarize" && a.Name() != "supplements.notarize") || a.Deal != v.act.Deal || a.Party != seller.ID ||
		!slices.Contains(seller.Signers, a.Signer) {
		return refuse(ForgedAct, "what notarized the data tape is no act of the seller's")
	}
	if err := v.signed(ctx, a, v.room.Opening); err != nil {
		return err
	}
	if a.Field("tape_root").Commitment() != v.delta.Tape || a.Field("tape_rows").Count() != v.delta.Rows {
		return differs("the change is of another data tape than the one that was notarized")
	}
	return v.anchored(ctx, a.Field("root").Commitment())
}

// leaves verifies the tape's root, and the root over the rows that are sold.
func (v *rowsCheck) leaves() error {
	list := v.proof.Leaves
	if uint64(len(list)) != v.delta.Rows || vault.RowsRoot(v.Hashes.Keccak, list) != v.delta.Tape {
		return differs("the rows shown are not those of the data tape that was notarized")
	}
	sold := soldLeaves(list, v.delta.sold())
	if v.act.Field("rows").Count() != uint64(len(sold)) || v.act.Field("rows_root").Commitment() != vault.RowsRoot(v.Hashes.Keccak, sold) {
		return differs("the rows that remain are not those that the proposal commits to")
	}
	if len(v.proof.Salts) != len(sold) {
		return differs("there is not one salt for each row that remains")
	}
	return nil
}

// contents reads what remains of each tape, verifies every row of it, and
// returns the leaves of the excerpts and the sum of the face amounts.
func (v *rowsCheck) contents(ctx context.Context) (excerpts []deal.Commitment, face int64, err error) {
	sold, next, salts := v.delta.sold(), uint64(0), v.proof.Salts
	for k, tape := range v.proof.Tapes {
		if tape.Rows > v.delta.Rows-next || (k > 0 && tape.Document <= v.proof.Tapes[k-1].Document) {
			return nil, 0, differs("the data tapes shown do not have the rows that were notarized")
		}
		numbers := tapeOf{}.numbers(rowTape{first: next, rows: tape.Rows}, sold)
		next += tape.Rows
		if len(numbers) == 0 {
			continue
		}
		sum, err := v.content(ctx, k, numbers, salts[:len(numbers)], &face)
		if err != nil {
			return nil, 0, err
		}
		salts = salts[len(numbers):]
		if uint64(len(numbers)) == tape.Rows {
			continue
		}
		leaf, err := v.excerpt(len(excerpts), tape, sum)
		if err != nil {
			return nil, 0, err
		}
		excerpts = append(excerpts, leaf)
	}
	if next != v.delta.Rows || len(excerpts) != len(v.delta.Excerpts) {
		return nil, 0, differs("the data tapes shown do not have the rows that were notarized")
	}
	return excerpts, face, nil
}

// excerpt verifies that a text that was read is the excerpt proposed.
func (v *rowsCheck) excerpt(k int, tape TapePart, sum vault.Sum) (deal.Commitment, error) {
	if k >= len(v.delta.Excerpts) || v.delta.Excerpts[k].Document != tape.Document {
		return deal.Commitment{}, differs("a data tape with rows out has no excerpt")
	}
	note := v.delta.Excerpts[k]
	leaf := v.leaf(v.room.Opening.Plan, document{About: note.About, Salt: tape.Salt, Sum: sum})
	if leaf != note.Leaf || note.About.Check() != nil {
		return leaf, differs("the excerpt of document %d is another one than was proposed", tape.Document)
	}
	return leaf, nil
}

// content reads one tape, row by row. Nothing of it is kept.
func (v *rowsCheck) content(ctx context.Context, k int, numbers []uint64, salts []deal.Commitment, face *int64) (vault.Sum, error) {
	resp, err := v.peer.stream(ctx, v.path(fmt.Sprintf("/tapes/%d", k)), nil)
	if err != nil {
		return vault.Sum{}, fmt.Errorf("read the rows that remain: %w", err)
	}
	defer resp.Body.Close()
	h := vault.NewHasher()
	body := io.TeeReader(io.LimitReader(resp.Body, vault.MaxSize), h)
	pack, err := v.packOf(ctx, v.room)
	if err != nil {
		return vault.Sum{}, err
	}
	at, addFace := 0, v.faceAdder(pack, v.delta.Face, v.act.Field("face").Amount().Currency, face)
	err = eachRow(body, numbers, func(number uint64, header, row []string) error {
		if vault.RowLeaf(v.Hashes.Keccak, salts[at], header, row) != v.proof.Leaves[number] {
			return differs("row %d is not what was notarized", number)
		}
		at++
		return addFace(number, header, row)
	})
	if deal.KindOf(err) == deal.Invalid {
		err = deal.Errorf(deal.Refused, "%w: %w", PerimeterDiffers, err)
	}
	if err == nil {
		_, err = io.Copy(io.Discard, io.LimitReader(body, maxRest))
	}
	return h.Sum(), err
}

// maxRest bounds what may follow the last row of a tape: blank lines.
const maxRest = 1 << 20

// documents verifies that what is sold is documents of the title as they are and
// the excerpts, under the proposal's root, and returns the indexes of the first.
func (v *rowsCheck) documents(excerpts []deal.Commitment) (kept []uint64, err error) {
	title, size := v.proof.Notarized.Field("root").Commitment(), v.proof.Notarized.Field("count").Count()
	var leaves []deal.Commitment
	for i, k := range v.proof.Documents {
		if i > 0 && k.Index <= kept[i-1] {
			return nil, differs("the documents shown are not in the title's order, each once")
		}
		path := make([][32]byte, len(k.Proof))
		for j, p := range k.Proof {
			path[j] = p
		}
		if err := vault.VerifyProof(v.Hashes.Keccak, title, k.Leaf[:], k.Index, size, path); err != nil {
			return nil, differs("document %d is not in the title", k.Index)
		}
		kept, leaves = append(kept, k.Index), append(leaves, k.Leaf)
	}
	sold, next := v.delta.sold(), uint64(0)
	for _, tape := range v.proof.Tapes {
		t := rowTape{first: next, rows: tape.Rows}
		whole := uint64(len(tapeOf{}.numbers(t, sold))) == tape.Rows
		next += tape.Rows
		if slices.Contains(kept, tape.Document) != whole {
			return nil, differs("data tape %d is handed over whole, if and only if no row of it is out", tape.Document)
		}
	}
	leaves = append(leaves, excerpts...)
	if vault.Root(v.Hashes.Keccak, leaves) != v.act.Field("root").Commitment() || uint64(len(leaves)) != v.act.Field("count").Count() {
		return nil, differs("the documents shown are not those that the proposal commits to")
	}
	return kept, nil
}

// amounts verifies face amount and price.
func (v *rowsCheck) amounts(face int64) error {
	said := v.act.Field("face").Amount()
	if pays := v.room.Opening.Market.Symbol; said.Currency != pays {
		return differs("the face amount is in %.10q, the market pays in %s", said.Currency, pays)
	}
	if said.Minor != face {
		return differs("the rows that remain add up to %s, the proposal says %s", deal.Amount{Minor: face, Currency: said.Currency}, said)
	}
	price, all := v.delta.price()
	given := v.act.Field("price")
	if all != (given.Kind() != "") || (all && given.Amount() != deal.Amount{Minor: price, Currency: said.Currency}) {
		return differs("the price is not the sum of the prices of the rows")
	}
	return nil
}

// agreedRows refuses an agreement over rows of another data tape than the
// title's now, or, at the buyer's node, one that it has not verified itself.
func (d *draft) agreedRows(ctx context.Context, agreed deal.Act) error {
	if agreed.Field("rows_root").Kind() == "" {
		return nil
	}
	ok, part, err := d.state.perimeter(ctx, agreed.Deal, agreed.Field("root").Commitment())
	if err != nil {
		return err
	}
	if !ok || part.Sold != agreed.Field("rows_root").Commitment() {
		return differs("this node has not verified the rows of the perimeter that was agreed on")
	}
	if tape, _ := d.p.Tape(); part.Tape != tape {
		return differs("the data tape has changed since the perimeter was agreed on: agree anew")
	}
	return nil
}
