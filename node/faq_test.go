package node

import (
	"context"
	"database/sql"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"cession/deal"
)

// answered brings a deal with two bidders to an answer in the buyer's room.
func (w *world) answered() (deal.ID, deal.Commitment) {
	w.t.Helper()
	w.start(loser)
	id := w.room()
	w.invited(id, loser)
	asked := w.act(buyer, id, buyer, "questions.ask", "question=We at Alpine wonder: late?").Act
	return id, w.act(seller, id, buyer, "questions.answer", "asked="+asked.String(), "answer=Only loan 2.").Act
}

// What one bidder was answered, all are told, without who asked; a correction
// follows, it does not replace what was signed.
func TestFAQ(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	id, answer := w.answered()
	c := w.members[seller].client
	first, err := c.PublishFAQ(ctx, id, FAQRequest{Act: answer, Question: "Which loans are late?"})
	check(t, err)
	again, err := c.PublishFAQ(ctx, id, FAQRequest{Act: answer, Question: "Which loans are late?"})
	if err != nil || again.Origin != first.Origin || again.Number != 1 {
		t.Errorf("the same again: %+v, %v; want the first entry", again, err)
	}
	if first.Answer != "Only loan 2." {
		t.Errorf("%+v, want the answer as it was given", first)
	}
	for _, party := range []deal.PartyID{buyer, loser} {
		f, err := w.members[party].client.FAQ(ctx, id)
		if err != nil || f.Unheard != "" || len(f.Entries) != 1 || f.Entries[0].Question != first.Question {
			t.Errorf("%s: %+v, %v; want one entry", party, f, err)
		}
	}
	_, err = c.PublishFAQ(ctx, id, FAQRequest{Act: answer, Question: "Which loans are late?", Answer: "Loans 2 and 3.", Replaces: 1})
	check(t, err)
	check(t, w.members[seller].node.Revoke(ctx, id, buyer))
	f, err := w.members[buyer].client.FAQ(ctx, id)
	if err != nil || f.Unheard != string(GrantRevoked) || len(f.Entries) != 1 {
		t.Errorf("with the data room closed: %+v, %v; want what was there before", f, err)
	}
	f, err = w.members[loser].client.FAQ(ctx, id)
	if err != nil || len(f.Entries) != 2 || f.Entries[1].Replaces != 1 || f.Entries[1].Previous.IsZero() {
		t.Errorf("correction: %+v, %v", f, err)
	}
	raw, err := json.Marshal(f)
	check(t, err)
	for _, hidden := range []string{string(buyer), "Alpine", answer.String()} {
		if strings.Contains(string(raw), hidden) {
			t.Errorf("the FAQ tells %q", hidden)
		}
	}
	if !w.found(seller, "faq.publish", "ok") || !w.logged(seller, "faq.list", "ok") || !w.logged(seller, "faq.list", string(GrantRevoked)) {
		t.Error("the log lacks entries about the FAQ")
	}
}

func TestFAQRefuses(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	id, answer := w.answered()
	asked := w.desk.rooms[id][buyer].Last("questions", "ask").Act.ID
	for name, c := range map[string]struct {
		by   deal.PartyID
		req  FAQRequest
		want deal.Kind
	}{
		"by a bidder":              {buyer, FAQRequest{Act: answer, Question: "?"}, deal.Refused},
		"of a question":            {seller, FAQRequest{Act: asked}, deal.NotFound},
		"that names a bidder":      {seller, FAQRequest{Act: answer, Question: "Asked by Alpine-Bank: late?"}, deal.Invalid},
		"that replaces nothing":    {seller, FAQRequest{Act: answer, Question: "Late?", Replaces: 4}, deal.Invalid},
		"larger than a text":       {seller, FAQRequest{Act: answer, Question: strings.Repeat("x", maxText+1)}, deal.Invalid},
		"of a deal without answer": {seller, FAQRequest{Act: deal.NewSalt()}, deal.NotFound},
	} {
		_, err := w.members[c.by].client.PublishFAQ(ctx, id, c.req)
		if deal.KindOf(err) != c.want {
			t.Errorf("%s: %v, want kind %s", name, err, c.want)
		}
	}
}

// What a hostile seller's node or network gives for the FAQ is not kept.
func TestHostileFAQ(t *testing.T) {
	reshape := func(change func([]FAQEntry) []FAQEntry) func(http.RoundTripper) http.RoundTripper {
		return tamper("/faq", func(b []byte) []byte {
			var list []FAQEntry
			if json.Unmarshal(b, &list) != nil {
				return b
			}
			out, err := json.Marshal(change(list))
			if err != nil {
				return b
			}
			return out
		})
	}
	resigned := func(by *fakeWallet, change func(*FAQEntry)) func([]FAQEntry) []FAQEntry {
		return func(list []FAQEntry) []FAQEntry {
			for i := range list {
				change(&list[i])
				list[i].Signature, _ = by.SignTypedData(list[i].TypedData(testMarket.ChainID))
			}
			return list
		}
	}
	for name, c := range map[string]struct {
		change func(*world) func([]FAQEntry) []FAQEntry
		want   Reason
	}{
		"words altered on the way": {func(*world) func([]FAQEntry) []FAQEntry {
			return func(l []FAQEntry) []FAQEntry { l[0].Answer = "None."; return l }
		}, ForgedFAQ},
		"entry of another seller": {func(w *world) func([]FAQEntry) []FAQEntry {
			other := w.members[loser].wallet
			return resigned(other, func(e *FAQEntry) { e.Wallet = other.address })
		}, ForgedFAQ},
		"signed by somebody else": {func(w *world) func([]FAQEntry) []FAQEntry {
			return resigned(w.members[loser].wallet, func(*FAQEntry) {})
		}, ForgedFAQ},
		"entry of another deal": {func(w *world) func([]FAQEntry) []FAQEntry {
			return resigned(w.members[seller].wallet, func(e *FAQEntry) { e.Deal = deal.NewID() })
		}, ForgedFAQ},
		"entry left out": {func(w *world) func([]FAQEntry) []FAQEntry {
			return func(l []FAQEntry) []FAQEntry { return l[1:] }
		}, ForgedFAQ},
		"entry twice": {func(*world) func([]FAQEntry) []FAQEntry {
			return func(l []FAQEntry) []FAQEntry { return append(l[:1], l[0]) }
		}, StaleFAQ},
		"another chain of entries": {func(w *world) func([]FAQEntry) []FAQEntry {
			return resigned(w.members[seller].wallet, func(e *FAQEntry) { e.Previous = deal.NewSalt() })
		}, ForgedFAQ},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			ctx := context.Background()
			id, answer := w.answered()
			for _, text := range []string{"Which are late?", "Which are not?"} {
				_, err := w.members[seller].client.PublishFAQ(ctx, id, FAQRequest{Act: answer, Question: text})
				check(t, err)
			}
			w.network(buyer, reshape(c.change(w)))
			f, err := w.members[buyer].client.FAQ(ctx, id)
			if err != nil || f.Unheard != string(c.want) || len(f.Entries) > 1 {
				t.Errorf("%+v, %v; want it refused for %s", f, err, c.want)
			}
			if !w.found(buyer, "faq.fetch", string(c.want)) {
				t.Error("the refusal is not in the log")
			}
		})
	}
}

// An old FAQ given again in the place of the new one is found out, also where
// the seller's node has lost what it signed.
func TestReplayedFAQ(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	id, answer := w.answered()
	_, err := w.members[seller].client.PublishFAQ(ctx, id, FAQRequest{Act: answer, Question: "Which are late?"})
	check(t, err)
	f, err := w.members[buyer].client.FAQ(ctx, id)
	check(t, err)
	old, err := json.Marshal(f.Entries)
	check(t, err)
	w.network(buyer, tamper("/faq", func([]byte) []byte { return old }))
	if f, err := w.members[buyer].client.FAQ(ctx, id); err != nil || f.Unheard != string(StaleFAQ) || len(f.Entries) != 1 {
		t.Errorf("replayed: %+v, %v; want it refused", f, err)
	}
	check(t, w.members[seller].node.state.exec(ctx, "DELETE FROM faq"))
	w.clock.add(time.Second)
	_, err = w.members[seller].client.PublishFAQ(ctx, id, FAQRequest{Act: answer, Question: "Which are late, again?"})
	check(t, err)
	w.members[buyer].node.peers.close()
	if f, err := w.members[buyer].client.FAQ(ctx, id); err != nil || f.Unheard != string(StaleFAQ) || len(f.Entries) != 1 {
		t.Errorf("another first entry: %+v, %v; want it refused", f, err)
	}
}

// What was destroyed is not begun again: numbers would be signed twice.
func TestFAQAfterErasure(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	id, answer := w.answered()
	req := FAQRequest{Act: answer, Question: "Which are late?", Answer: "Loan 2."}
	_, err := w.members[seller].client.PublishFAQ(ctx, id, req)
	check(t, err)
	n := w.members[seller].node
	check(t, n.state.tx(ctx, func(tx *sql.Tx) error {
		if err := noteErasure(ctx, tx, Erasure{Deal: id, Scope: "deal", Reason: "law", At: n.now()}, seller, nil); err != nil {
			return err
		}
		return scrubTexts(ctx, tx, id)
	}))
	_, err = w.members[seller].client.PublishFAQ(ctx, id, req)
	wantKind(t, err, deal.Conflict)
}
