package node

import (
	"context"

	"cession/deal"
)

// ask completes a question: the document it is about, as it is in the seller's
// data room, and the root of its thread.
func (d *draft) ask(ctx context.Context) error {
	if about := d.act.Field("about"); about.Kind() != "" {
		if asked, ok := d.talkOf(d.p).find(about.Commitment()); !ok || asked.act.Action != "ask" {
			return deal.Errorf(deal.NotFound, "there is no question %s in this room to follow up", about)
		}
	}
	if err := d.sealPlace(ctx); err != nil {
		return err
	}
	return d.fillThread()
}

// sealPlace replaces the place that the customer gave by its full form.
func (d *draft) sealPlace(ctx context.Context) error {
	sealed, ok := d.texts["place"]
	if !ok {
		return nil
	}
	text, _ := sealed.Open()
	p, err := readPlace(text)
	if err != nil {
		return err
	}
	if p, err = d.completePlace(ctx, d.act.Deal, d.p.Opening.Seller.ID, p); err != nil {
		return err
	}
	d.texts["place"] = deal.Seal(p.String())
	sum := deal.Commitment(d.texts["place"].Commit(d.Hashes.Keccak))
	v, err := deal.NewValue(deal.KindSealed, sum.String())
	d.act.Fields["place"] = v
	return err
}

// answer completes an answer: to a question that this node has read, in the
// thread as it is on record.
func (d *draft) answer(ctx context.Context) error {
	asked := d.act.Field("asked").Commitment()
	t := d.talkOf(d.p)
	question, ok := t.find(asked)
	if !ok || question.act.Action != "ask" {
		return deal.Errorf(deal.NotFound, "there is no question %s in this room to answer", asked)
	}
	if err := t.holds(question.act); err != nil {
		return err
	}
	if err := d.hasTexts(ctx, question); err != nil {
		return err
	}
	return d.fillThread()
}

// hasTexts refuses to answer a question whose text is not here, after asking
// the bidder's node for it once more.
func (d *draft) hasTexts(ctx context.Context, question turn) error {
	for try := 0; ; try++ {
		texts, err := d.state.textsOf(ctx, question.act.ID)
		if err != nil {
			return err
		}
		missing := ""
		for _, id := range question.fields {
			if _, ok := texts[id]; !ok {
				missing = id
			}
		}
		switch {
		case missing == "":
			return nil
		case try > 0:
			return refuse(TextWithheld, "the "+missing+" of "+question.act.ID.Short()+" never came from "+string(question.act.Party)+"'s node: it is not answered unread")
		}
		if err := d.exchangeSoon(ctx, d.p); err != nil {
			d.Log.Warn("messages not exchanged", "deal", d.act.Deal, "kind", deal.KindOf(err), "code", reasonOf(err))
		}
	}
}

// fillThread gives the act the root over its thread, where the plan has one.
func (d *draft) fillThread() error {
	if _, planned := d.action.Field("thread"); !planned {
		return nil
	}
	t := d.talkOf(d.p)
	first, _ := t.of(d.act)
	root := deal.Commitment(t.root(t.threads[first], newTurn(d.act)))
	return d.set("thread", deal.KindCommitment, root.String())
}
