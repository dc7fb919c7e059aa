package node

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"cession/deal"
)

// room brings a deal to where the buyer may ask.
func (w *world) room() deal.ID {
	w.t.Helper()
	id := w.listed()
	w.invited(id, buyer)
	return id
}

func (w *world) talkAt(party deal.PartyID, id deal.ID) Talk {
	w.t.Helper()
	talk, err := w.members[party].client.Questions(context.Background(), id, "")
	check(w.t, err)
	return talk
}

// A thread of two questions and their answers, beside another one: both nodes
// have every text at once, and every act carries the root over its own thread.
func TestThreads(t *testing.T) {
	w := newWorld(t)
	id := w.room()
	first := w.act(buyer, id, buyer, "questions.ask", "question=Which loans are late?", `place={"document":1,"topic":"arrears"}`, "due="+w.in(48*time.Hour)).Act
	w.act(buyer, id, buyer, "questions.ask", "question=Who is the servicer?", "due="+w.in(2*time.Hour))
	w.act(seller, id, buyer, "questions.answer", "asked="+first.String(), "answer=Only loan 2.")
	second := w.act(buyer, id, buyer, "questions.ask", "question=Since when?", "about="+first.String()).Act
	w.act(seller, id, buyer, "questions.answer", "asked="+second.String(), "answer=Since March.")
	w.clock.add(3 * time.Hour)

	for _, party := range []deal.PartyID{buyer, seller} {
		talk := w.talkAt(party, id)
		if len(talk.Questions) != 3 || len(talk.Unheard) > 0 {
			t.Fatalf("%s: %+v, want three questions", party, talk)
		}
		late, asked, follow := talk.Questions[0], talk.Questions[1], talk.Questions[2]
		if late.State != QuestionOverdue || late.Text != "Who is the servicer?" || late.Number != 2 {
			t.Errorf("%s lists %+v first, want what is overdue", party, late)
		}
		if p := asked.Place; p == nil || *p.Document != 1 || p.Version != 1 || p.Page != 0 || p.Topic != "arrears" || p.Leaf.IsZero() || p.Name != files()[1].name {
			t.Errorf("%s: place %+v, want the tape, version 1", party, p)
		}
		if asked.State != QuestionAnswered || len(asked.Answers) != 1 || asked.Answers[0].Text != "Only loan 2." {
			t.Errorf("%s: %+v, want it answered", party, asked)
		}
		if follow.About != first || follow.Thread != first || follow.Answers[0].Text != "Since March." {
			t.Errorf("%s: %+v, want a question that follows the first", party, follow)
		}
	}
	n := w.members[seller].node
	for _, turns := range n.talkOf(w.desk.rooms[id][buyer]).threads {
		for i, x := range turns {
			if x.thread != threadOK || x.known != i {
				t.Errorf("%s: root is %s and covers %d turns, want all %d before", x.act.Name(), x.thread, x.known, i)
			}
		}
	}
}

// Both parties may write at the same moment: the root covers what its signer
// could know. What a desk puts in another order is found out.
func TestThreadOrder(t *testing.T) {
	w := newWorld(t)
	id := w.room()
	asked := w.act(buyer, id, buyer, "questions.ask", "question=One?").Act
	w.act(seller, id, buyer, "questions.answer", "asked="+asked.String(), "answer=Uno.")
	w.act(buyer, id, buyer, "questions.ask", "question=Two?", "about="+asked.String())
	n, room := w.members[seller].node, w.desk.rooms[id][buyer].Clone()
	states := func(p deal.Progress) (list []threadState) {
		t := n.talkOf(&p)
		for _, x := range t.threads[asked] {
			list = append(list, x.thread)
		}
		return list
	}
	if have := states(room); !slices.Equal(have, []threadState{threadOK, threadOK, threadOK}) {
		t.Errorf("as signed: %s", have)
	}
	last := len(room.Records) - 1
	swapped := room.Clone()
	swapped.Records[last], swapped.Records[last-1] = swapped.Records[last-1], swapped.Records[last]
	if have := states(swapped); have[1] != threadWrong {
		t.Errorf("follow-up before the answer that it covers: %s, want it wrong", have)
	}
	hidden := room.Clone()
	hidden.Records = append(hidden.Records[:last-1], hidden.Records[last])
	if have := states(hidden); have[1] != threadWrong {
		t.Errorf("answer left out: %s, want what follows wrong", have)
	}
	// at the same moment: the buyer's second follow-up does not know of the answer to the first
	blind := w.sign(w.members[buyer].wallet, room.Records[last].Act, func(a *deal.Act) {
		a.Sequence++
		a.Fields["question"] = sealedValue(t, deal.Seal("Three?"))
		own := newTurn(*a)
		talk := n.talkOf(&room)
		a.Fields["thread"] = deal.Digest(talk.root(talk.threads[asked], own))
	})
	w.act(seller, id, buyer, "questions.answer", "asked="+asked.String(), "answer=Due.")
	_, err := deskOf{w.desk, buyer}.Act(context.Background(), blind)
	check(t, err)
	now := w.desk.rooms[id][buyer].Clone()
	if have := states(now); have[len(have)-1] != threadOK {
		t.Errorf("written at the same moment: %s, want it ok", have)
	}
}

func sealedValue(t testing.TB, s deal.Sealed) deal.Value {
	t.Helper()
	v, err := deal.NewValue(deal.KindSealed, deal.Commitment(s.Commit(fakeKeccak)).String())
	check(t, err)
	return v
}

// Under a plan from before there were threads everything goes on as it did.
func TestThreadsOfOldPlans(t *testing.T) {
	w := newWorld(t)
	w.desk.plan = withoutThreads
	id := w.room()
	asked := w.act(buyer, id, buyer, "questions.ask", "question=Late?").Act
	w.act(seller, id, buyer, "questions.answer", "asked="+asked.String(), "answer=No.")
	for _, party := range []deal.PartyID{buyer, seller} {
		if q := w.talkAt(party, id).Questions[0]; q.State != QuestionAnswered || q.Answers[0].Text != "No." {
			t.Errorf("%s: %+v, want it answered", party, q)
		}
	}
	r, err := w.members[buyer].client.Reveal(context.Background(), id, RevealRequest{Act: asked})
	if err != nil || r.Thread != nil || r.Text != "Late?" {
		t.Errorf("reveal %+v, %v; want one without a thread", r, err)
	}
}

// withoutThreads is the plan as it was in version 2, as far as questions go.
func withoutThreads() deal.Plan {
	p := deal.Standard()
	p.Version = 2
	for i, s := range p.Steps {
		for j, a := range s.Actions {
			if s.ID == "questions" {
				p.Steps[i].Actions[j].Fields = slices.DeleteFunc(slices.Clone(a.Fields), func(f deal.Field) bool { return f.Optional })
			}
		}
	}
	return p
}

// What the own node does not sign.
func TestAskRefuses(t *testing.T) {
	w := newWorld(t)
	id := w.room()
	asked := w.act(buyer, id, buyer, "questions.ask", "question=Late?").Act
	answered := w.act(seller, id, buyer, "questions.answer", "asked="+asked.String(), "answer=No.").Act
	for name, c := range map[string]struct {
		by     deal.PartyID
		act    string
		fields []string
		want   error
	}{
		"a document that is not there":  {buyer, "questions.ask", []string{`place={"document":7}`}, WrongPlace},
		"another document's leaf":       {buyer, "questions.ask", []string{`place={"document":1,"leaf":"` + answered.String() + `"}`}, WrongPlace},
		"a version that is not there":   {buyer, "questions.ask", []string{`place={"document":1,"version":2}`}, WrongPlace},
		"a page of what has none":       {buyer, "questions.ask", []string{`place={"document":1,"page":1}`}, WrongPlace},
		"a page of nothing":             {buyer, "questions.ask", []string{`place={"page":3,"topic":"x"}`}, deal.Errorf(deal.Invalid, "")},
		"a place in words":              {buyer, "questions.ask", []string{"place=page three"}, deal.Errorf(deal.Invalid, "")},
		"a place with a member of ours": {buyer, "questions.ask", []string{`place={"document":1,"name":"x"}`}, deal.Errorf(deal.Invalid, "")},
		"a topic of two lines":          {buyer, "questions.ask", []string{`place={"topic":"x\ny"}`}, deal.Errorf(deal.Invalid, "")},
		"a follow-up to an answer":      {buyer, "questions.ask", []string{"about=" + answered.String()}, deal.Errorf(deal.NotFound, "")},
		"another root":                  {buyer, "questions.ask", []string{"thread=" + answered.String()}, deal.Errorf(deal.Conflict, "")},
		"an answer to an answer":        {seller, "questions.answer", []string{"asked=" + answered.String()}, deal.Errorf(deal.NotFound, "")},
		"an answer to nothing":          {seller, "questions.answer", []string{"asked=" + deal.NewSalt().String()}, deal.Errorf(deal.NotFound, "")},
		"an answer under another root":  {seller, "questions.answer", []string{"asked=" + asked.String(), "thread=" + answered.String()}, deal.Errorf(deal.Conflict, "")},
	} {
		field := map[string]string{"questions.ask": "question=What?", "questions.answer": "answer=That."}[c.act]
		_, err := w.try(c.by, id, buyer, c.act, append(c.fields, field)...)
		var reason Reason
		if errors.As(c.want, &reason) {
			if reasonOf(err) != reason {
				t.Errorf("%s: %v, want %s", name, err, reason)
			}
		} else if deal.KindOf(err) != deal.KindOf(c.want) {
			t.Errorf("%s: %v, want kind %s", name, err, deal.KindOf(c.want))
		}
	}
}

// A text that never comes is said to be withheld, is not answered unread, and is
// asked for again until it comes.
func TestWithheldMessage(t *testing.T) {
	w := newWorld(t)
	id := w.room()
	down := true
	cut := func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			if down && strings.HasSuffix(r.URL.Path, "/messages") {
				return nil, errHook
			}
			return next.RoundTrip(r)
		})
	}
	w.network(buyer, cut)
	c, err := w.members[seller].node.peer(context.Background(), buyer)
	check(t, err)
	c.http.Transport = cut(c.http.Transport)

	asked := w.act(buyer, id, buyer, "questions.ask", "question=Late?").Act
	talk := w.talkAt(seller, id)
	if q := talk.Questions[0]; q.Text != "" || !slices.Equal(q.Withheld, []string{"question"}) || q.Trouble != TextWithheld || q.State != QuestionOpen {
		t.Errorf("%+v, want its text withheld", q)
	}
	if talk.Unheard[buyer] != "no_answer" {
		t.Errorf("unheard %v, want the buyer's node without an answer", talk.Unheard)
	}
	_, err = w.try(seller, id, buyer, "questions.answer", "asked="+asked.String(), "answer=No.")
	wantReason(t, err, TextWithheld)

	down = false
	w.members[buyer].node.tendTalk(context.Background())
	if q := w.heldAt(seller, asked); q != "" {
		t.Errorf("it came before it was due again: %q", q)
	}
	w.clock.add(2 * talkPause)
	w.members[buyer].node.tendTalk(context.Background())
	if q := w.heldAt(seller, asked); q != "Late?" {
		t.Errorf("after the pause the seller's node has %q", q)
	}
	var rows int
	_, err = w.members[buyer].node.state.row(context.Background(), []any{&rows}, "SELECT count(*) FROM talks")
	if err != nil || rows != 0 {
		t.Errorf("%d rooms are still to be tended, %v; want none", rows, err)
	}
}

// The node that lacks a text fetches it: the other one need not bring it.
func TestWithheldMessageFetched(t *testing.T) {
	w := newWorld(t)
	id := w.room()
	down := true
	w.network(buyer, func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			if down && strings.HasSuffix(r.URL.Path, "/messages") {
				return nil, errHook
			}
			return next.RoundTrip(r)
		})
	})
	asked := w.act(buyer, id, buyer, "questions.ask", "question=Late?").Act
	if q := w.heldAt(seller, asked); q != "" {
		t.Fatalf("the seller's node has %q, want nothing yet", q)
	}
	w.act(seller, id, buyer, "questions.answer", "asked="+asked.String(), "answer=No.")
	if q := w.heldAt(seller, asked); q != "Late?" {
		t.Errorf("the seller's node has %q", q)
	}
}

// heldAt returns an act's text as it is in a node's own state.
func (w *world) heldAt(party deal.PartyID, act deal.Commitment) string {
	w.t.Helper()
	texts, err := w.members[party].node.state.textsOf(context.Background(), act)
	check(w.t, err)
	for _, m := range texts {
		return m.Text
	}
	return ""
}

// A page is one that the document has: the asker's node asks the seller's, and
// the seller's counts again.
func TestPlaceOnPage(t *testing.T) {
	w := newWorld(t)
	id := w.openRoom()
	place := func(text string) error {
		_, err := w.try(buyer, id, buyer, "questions.ask", "question=What is this?", "place="+text)
		return err
	}
	check(t, place(`{"document":0,"page":1}`))
	wantReason(t, place(`{"document":0,"page":900}`), WrongPlace)
	wantReason(t, place(`{"document":3,"page":1}`), WrongPlace)
	if p := w.talkAt(seller, id).Questions[0].Place; p == nil || p.Page != 1 || p.Number != "2.10" || p.Name != "invoice.pdf" {
		t.Errorf("place %+v, want page 1 of the invoice", p)
	}
	n := w.members[seller].node
	list, err := n.roomOf(context.Background(), id, buyer)
	check(t, err)
	for page, want := range map[uint64]Reason{1: "", 900: WrongPlace} {
		zero := uint64(0)
		full, err := Place{Document: &zero, Page: page}.among(list)
		check(t, err)
		if err := n.checkPlace(context.Background(), id, buyer, full.String()); reasonOf(err) != want {
			t.Errorf("page %d at the seller's node: %v, want %q", page, err, want)
		}
	}
}

// What a party destroyed is not fetched back from the other one, nor taken in
// when it is brought again.
func TestErasedTalk(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	id := w.room()
	asked := w.act(buyer, id, buyer, "questions.ask", "question=Late?").Act
	answer := w.act(seller, id, buyer, "questions.answer", "asked="+asked.String(), "answer=No.").Act
	_, err := w.members[seller].client.PublishFAQ(ctx, id, FAQRequest{Act: answer})
	check(t, err)
	n := w.members[buyer].node
	check(t, n.state.tx(ctx, func(tx *sql.Tx) error {
		if err := noteErasure(ctx, tx, Erasure{Deal: id, Scope: "deal", Reason: "law", At: n.now()}, buyer, nil); err != nil {
			return err
		}
		return scrubTexts(ctx, tx, id)
	}))
	talk := w.talkAt(buyer, id)
	if q := talk.Questions[0]; !talk.Erased || q.Text != "" || len(q.Withheld) > 0 || len(q.Answers) != 1 || q.Answers[0].Text != "" {
		t.Errorf("%+v, want the acts without their texts", talk)
	}
	if f, err := w.members[buyer].client.FAQ(ctx, id); err != nil || len(f.Entries) != 0 {
		t.Errorf("FAQ %+v, %v; want none", f, err)
	}
	list, err := w.members[seller].client.Messages(ctx, id, buyer)
	check(t, err)
	at, err := w.members[seller].node.peer(ctx, buyer)
	check(t, err)
	_, err = at.do(ctx, http.MethodPost, "/peer/v1/deals/"+string(id)+"/messages", nil, list[len(list)-1])
	wantKind(t, err, deal.Conflict)
	if text := w.heldAt(buyer, answer); text != "" {
		t.Errorf("it came back: %q", text)
	}
}
