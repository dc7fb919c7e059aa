package node

import (
	"slices"

	"cession/deal"
	"cession/node/vault"
)

// A thread is a question that follows up no other, and everything after it that
// does or that answers. Each of its acts carries the RFC 6962 root over the
// sealed commitments of the thread so far, its own last: who signs one signs
// the whole thread, and one text can be shown later without the others.

// threadFields are what a thread holds of an act, in this order.
var threadFields = []string{"question", "answer", "place"}

// turn is an act of a thread.
type turn struct {
	act    deal.Act
	record *deal.Record
	fields []string          // of threadFields, those it has
	leaves []deal.Commitment // their commitments
	known  int               // turns before it that its root covers
	thread threadState
}

// threadState says what the root of a thread in an act is worth.
type threadState string

const (
	threadNone  threadState = "none"  // the plan is from before there were roots of threads
	threadOK    threadState = "ok"    //
	threadWrong threadState = "wrong" // it covers something else than what is on record, or is left out
)

// talk is what is on record of the questions of a room, by threads.
type talk struct {
	hash    deal.Hash256
	first   map[deal.Commitment]deal.Commitment // act -> the question that began its thread
	threads map[deal.Commitment][]turn          // by that question
	order   []deal.Commitment                   // of the threads, oldest first
}

// talkOf reads the threads off the record of a room.
func (n *Node) talkOf(p *deal.Progress) *talk {
	t := &talk{hash: n.Hashes.Keccak, first: map[deal.Commitment]deal.Commitment{}, threads: map[deal.Commitment][]turn{}}
	for i := range p.Records {
		if r := &p.Records[i]; r.Act.Step == "questions" {
			t.add(p.Opening.Plan, r)
		}
	}
	return t
}

func (t *talk) add(plan deal.Plan, r *deal.Record) {
	_, action, err := plan.Action(r.Act.Step, r.Act.Action)
	if err != nil {
		return
	}
	first, ok := t.of(r.Act)
	if !ok {
		first = r.Act.ID // it refers to nothing in this room: a thread of its own, and wrong
	}
	if _, known := t.threads[first]; !known {
		t.order = append(t.order, first)
	}
	own := newTurn(r.Act)
	own.record = r
	own.known, own.thread = t.judge(action, t.threads[first], own)
	if !ok {
		own.thread = threadWrong
	}
	t.first[r.Act.ID] = first
	t.threads[first] = append(t.threads[first], own)
}

func newTurn(act deal.Act) turn {
	own := turn{act: act}
	for _, id := range threadFields {
		if v := act.Field(id); v.Kind() == deal.KindSealed {
			own.fields, own.leaves = append(own.fields, id), append(own.leaves, v.Commitment())
		}
	}
	return own
}

// text names the field with what the act says.
func (x turn) text() string {
	if x.act.Action == "answer" {
		return "answer"
	}
	return "question"
}

// refersTo returns the question that the act answers or follows up, or zero.
func (x turn) refersTo() deal.Commitment {
	if x.act.Action == "answer" {
		return x.act.Field("asked").Commitment()
	}
	return x.act.Field("about").Commitment()
}

// of returns the question that began the thread an act belongs to, or false if
// it refers to no question on record.
func (t *talk) of(act deal.Act) (deal.Commitment, bool) {
	about := turn{act: act}.refersTo()
	if about.IsZero() {
		return act.ID, act.Action == "ask"
	}
	asked, ok := t.find(about)
	if !ok || asked.act.Action != "ask" {
		return deal.Commitment{}, false
	}
	return t.first[asked.act.ID], true
}

// find returns the turn of an act.
func (t *talk) find(act deal.Commitment) (turn, bool) {
	list := t.threads[t.first[act]]
	if i := slices.IndexFunc(list, func(x turn) bool { return x.act.ID == act }); i >= 0 {
		return list[i], true
	}
	return turn{}, false
}

// judge checks the root in an act. Both parties may write at the same moment,
// and then an act does not know yet what came before it on the record: its root
// has to cover all up to its own party's last turn and to the question it refers
// to, and of what the other party wrote after that the first ones, up to any.
func (t *talk) judge(action deal.Action, before []turn, own turn) (known int, s threadState) {
	field, planned := action.Field("thread")
	if !planned {
		return len(before), threadNone
	}
	root := own.act.Field(field.ID)
	for k := len(before); k >= 0; k-- {
		if root.Kind() == deal.KindCommitment && root.Commitment() == t.root(before[:k], own) {
			return k, threadOK
		}
		if k > 0 && (before[k-1].act.Party == own.act.Party || before[k-1].act.ID == own.refersTo()) {
			break
		}
	}
	return len(before), threadWrong
}

// root is what an act carries that is taken after these turns.
func (t *talk) root(before []turn, own turn) deal.Commitment { return t.tree(before, own).Root() }

func (t *talk) tree(before []turn, own turn) *vault.Tree {
	tree := vault.NewTree(t.hash)
	for _, x := range before {
		for _, leaf := range x.leaves {
			tree.Add(leaf[:])
		}
	}
	for _, leaf := range own.leaves {
		tree.Add(leaf[:])
	}
	return tree
}

// holds refuses an act of a room whose root is not that of its thread. Its
// texts are not taken, and it is not answered; the rest of the room stands, for
// a bidder's act must not be able to stop a seller's deal.
func (t *talk) holds(act deal.Act) error {
	if act.Step != "questions" {
		return nil
	}
	if own, ok := t.find(act.ID); !ok || own.thread == threadWrong {
		return refuse(WrongThread, act.Name()+" does not carry the root of the thread that it belongs to")
	}
	return nil
}
