package node

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"cession/deal"
)

// draft is an act in the making.
type draft struct {
	*Node
	scene
	p      *deal.Progress // where it is taken
	act    deal.Act
	action deal.Action
	texts  map[string]deal.Sealed
	signer Wallet
	remain []uint64 // documents of a perimeter, by index
	rows   *RowChange
	wanted []authorization
}

// authorization is a message for a contract that the wallet is to sign into a
// field, once policy has been asked.
type authorization struct {
	field   string
	message deal.TypedData
}

// draft completes and signs an act: the fields given, those the node knows
// itself, and what only the customer's wallet can add.
func (n *Node) draft(ctx context.Context, req ActRequest) (*draft, error) {
	d := &draft{Node: n, texts: map[string]deal.Sealed{}, remain: req.Documents, rows: req.Rows}
	var err error
	if d.signer, err = n.signer(req.Signer); err != nil {
		return nil, err
	}
	if d.scene, err = n.look(ctx, req.Deal); err != nil {
		return nil, fmt.Errorf("look at deal %s: %w", req.Deal, err)
	}
	if d.p, err = d.at(req.Room); err != nil {
		return nil, err
	}
	if _, d.action, err = d.p.Opening.Plan.Action(req.Step, req.Action); err != nil {
		return nil, err
	}
	d.act = deal.Act{
		Deal: req.Deal, Room: req.Room, Step: req.Step, Action: req.Action, Party: n.Party,
		Fields: map[string]deal.Value{}, Sequence: d.p.NextSequence(n.Party), Salt: deal.NewSalt(),
		Deadline: n.now().Add(n.ActLifetime).Truncate(time.Second), Signer: d.signer.Address(),
	}
	if (len(d.remain) > 0 || d.rows != nil) && d.act.Name() != "perimeter.propose" {
		return nil, deal.Errorf(deal.Invalid, "act %s names no documents or rows", d.act.Name())
	}
	if err := d.read(req.Fields); err != nil {
		return nil, err
	}
	if complete, ok := completions[d.act.Name()]; ok {
		if err := complete(d, ctx); err != nil {
			return nil, err
		}
	}
	if err := d.p.Check(d.act, n.now()); err != nil {
		return nil, err
	}
	if err := d.authorizeAll(ctx); err != nil {
		return nil, err
	}
	return d, d.sign(ctx)
}

func (n *Node) signer(name string) (Wallet, error) {
	switch {
	case name == "" || name == "wallet":
		return n.Wallet, nil
	case name == "second" && n.Second != nil:
		return n.Second, nil
	}
	return nil, deal.Errorf(deal.Invalid, "signer %.40q: want wallet, or second where the node has one", name)
}

// read takes the fields the customer gave. The text of a sealed field stays
// here; only its commitment goes into the act.
func (d *draft) read(fields map[string]string) error {
	for id, text := range fields {
		f, ok := d.action.Field(id)
		if !ok {
			return deal.Errorf(deal.Invalid, "act %s has no field %.40q", d.act.Name(), id)
		}
		switch f.Kind {
		case deal.KindSignature:
			return deal.Errorf(deal.Invalid, "field %s: the node signs this itself", id)
		case deal.KindSealed:
			if text == "" || len(text) > maxText {
				return deal.Errorf(deal.Invalid, "field %s: want a text of 1 to %d bytes", id, maxText)
			}
			d.texts[id] = deal.Seal(text)
			text = deal.Commitment(d.texts[id].Commit(d.Hashes.Keccak)).String()
		}
		if err := d.set(id, f.Kind, text); err != nil {
			return err
		}
	}
	return nil
}

// maxText bounds a question, an answer or another text of an act, in bytes.
const maxText = 32 << 10

// set gives a field its value; one the customer gave must be the same.
func (d *draft) set(id string, kind deal.ValueKind, text string) error {
	v, err := deal.NewValue(kind, text)
	if err != nil {
		return fmt.Errorf("field %s: %w", id, err)
	}
	if given, ok := d.act.Fields[id]; ok && given != v {
		return deal.Errorf(deal.Conflict, "field %s of %s is %s: leave it out or give that value", id, d.act.Name(), v)
	}
	d.act.Fields[id] = v
	return nil
}

// setDefault gives a field its value unless the customer gave one.
func (d *draft) setDefault(id string, v deal.Value) {
	if _, ok := d.act.Fields[id]; !ok {
		d.act.Fields[id] = v
	}
}

// authorize has the customer's wallet sign a message for a contract into a
// field, when policy has been asked about the act. Until then the field holds
// what signs nothing.
func (d *draft) authorize(field string, message deal.TypedData) error {
	d.wanted = append(d.wanted, authorization{field, message})
	return d.set(field, deal.KindSignature, unsigned.String())
}

var unsigned = deal.Bytes(bytes.Repeat([]byte{0xff}, 65))

// authorizeAll asks policy about the act as far as it is known, and only then
// lets the wallet sign what the act carries.
func (d *draft) authorizeAll(ctx context.Context) error {
	if len(d.wanted) == 0 {
		return nil
	}
	if err := d.identify(); err != nil {
		return err
	}
	if err := d.mayTake(ctx, ToAuthorize); err != nil {
		return err
	}
	for _, a := range d.wanted {
		sig, err := d.Wallet.SignTypedData(a.message)
		if err != nil {
			return fmt.Errorf("sign field %s: %w", a.field, err)
		}
		v, err := deal.NewValue(deal.KindSignature, sig.String())
		if err != nil {
			return fmt.Errorf("field %s: %w", a.field, err)
		}
		d.act.Fields[a.field] = v
	}
	return nil
}

// identify gives the act the id it has by its fields.
func (d *draft) identify() error {
	typed, err := d.act.TypedData(d.p.Opening.Plan, d.p.Opening.Market)
	if err != nil {
		return err
	}
	if d.act.ID, err = d.Hashes.Digest(typed); err != nil {
		return fmt.Errorf("hash act %s: %w", d.act.Name(), err)
	}
	return nil
}

// sign asks policy about the act, and signs it.
func (d *draft) sign(ctx context.Context) error {
	if err := d.identify(); err != nil {
		return err
	}
	if err := d.mayTake(ctx, ToSign); err != nil {
		return err
	}
	typed, err := d.act.TypedData(d.p.Opening.Plan, d.p.Opening.Market)
	if err != nil {
		return err
	}
	if d.act.Signature, err = d.signer.SignTypedData(typed); err != nil {
		return fmt.Errorf("sign act %s: %w", d.act.Name(), err)
	}
	return nil
}
