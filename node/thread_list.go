package node

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"cession/deal"
)

// QuestionState says how a question stands.
type QuestionState string

// The states of a question, in the order in which they are listed.
const (
	QuestionOverdue  QuestionState = "overdue"  // there is no answer, and one was asked for by now
	QuestionOpen     QuestionState = "open"     // there is no answer yet
	QuestionAnswered QuestionState = "answered" // with a text that is here
)

var questionOrder = []QuestionState{QuestionOverdue, QuestionOpen, QuestionAnswered}

// Question is a question of a room with its answers.
type Question struct {
	Room   deal.PartyID    `json:"room"`   // the bidder who asks
	Number int             `json:"number"` // in the room, from 1, oldest first
	State  QuestionState   `json:"state"`
	Thread deal.Commitment `json:"thread"`          // the question that began the thread
	About  deal.Commitment `json:"about,omitzero"`  // the earlier question that it follows up
	Due    *time.Time      `json:"due,omitempty"`   // an answer is asked for by
	Place  *Placed         `json:"place,omitempty"` // what it is about
	Said
	Answers []Said `json:"answers,omitempty"` // oldest first
}

// Said is what a party said in an act, as far as the text is here.
type Said struct {
	Act      deal.Commitment `json:"act"`
	By       deal.PartyID    `json:"by"`
	At       time.Time       `json:"at"` // when it was put on record
	Text     string          `json:"text,omitempty"`
	Withheld []string        `json:"withheld,omitempty"` // fields on record whose text never came from the other node
	Trouble  Reason          `json:"trouble,omitempty"`  // why the act is not taken for what it says
}

// Placed is a place with what its document is called.
type Placed struct {
	Place
	Number string `json:"number,omitempty"` // index number
	Name   string `json:"name,omitempty"`
}

// Talk is what was asked and answered, what is overdue first.
type Talk struct {
	Questions []Question              `json:"questions"`
	Erased    bool                    `json:"erased,omitempty"`  // the texts were destroyed at this node
	Unheard   map[deal.PartyID]string `json:"unheard,omitempty"` // rooms whose other node was not heard now, and why
}

// Questions returns the questions of a deal: of one bidder's room, or with
// bidder "" of every room this party is in. What is outstanding is asked for
// once more before.
func (n *Node) Questions(ctx context.Context, id deal.ID, bidder deal.PartyID) (Talk, error) {
	talk := Talk{Questions: []Question{}, Unheard: map[deal.PartyID]string{}}
	s, err := n.look(ctx, id)
	if err != nil {
		return talk, err
	}
	if talk.Erased, err = n.state.erasedDeal(ctx, id); err != nil {
		return talk, err
	}
	rooms := s.rooms
	if bidder != "" {
		room, err := s.at(bidder)
		if err != nil {
			return talk, err
		}
		rooms = map[deal.PartyID]*deal.Progress{bidder: room}
	}
	n.exchangeAll(ctx, rooms, talk.Unheard)
	for _, room := range rooms {
		list, err := n.questionsOf(ctx, room)
		if err != nil {
			return talk, err
		}
		talk.Questions = append(talk.Questions, list...)
	}
	slices.SortStableFunc(talk.Questions, urgency)
	return talk, nil
}

// exchangeAll exchanges texts in several rooms, and notes whose node was not heard.
func (n *Node) exchangeAll(ctx context.Context, rooms map[deal.PartyID]*deal.Progress, unheard map[deal.PartyID]string) {
	var mu sync.Mutex
	atOnce(slices.Collect(maps.Keys(rooms)), func(name deal.PartyID) {
		if err := n.exchangeSoon(ctx, rooms[name]); err != nil {
			mu.Lock()
			defer mu.Unlock()
			unheard[name] = cmp.Or(string(reasonOf(err)), string(deal.KindOf(err)), "no_answer")
		}
	})
}

// exchangeSoon exchanges texts while somebody waits for what is here.
func (n *Node) exchangeSoon(ctx context.Context, room *deal.Progress) error {
	limited, cancel := context.WithTimeout(ctx, tellTimeout)
	defer cancel()
	return n.exchangeIn(limited, room)
}

// urgency orders questions: overdue, open, answered; the one due first before.
func urgency(a, b Question) int {
	never := time.Unix(1<<40, 0)
	due := func(q Question) time.Time {
		if q.Due == nil || q.State == QuestionAnswered {
			return never
		}
		return *q.Due
	}
	return cmp.Or(slices.Index(questionOrder, a.State)-slices.Index(questionOrder, b.State),
		due(a).Compare(due(b)), cmp.Compare(a.Room, b.Room), a.Number-b.Number)
}

// questionsOf reads the questions off the record of a room, with the texts that
// are here.
func (n *Node) questionsOf(ctx context.Context, room *deal.Progress) (list []Question, err error) {
	t := n.talkOf(room)
	at := map[deal.Commitment]int{} // act -> question
	placed := false
	for _, r := range room.Records {
		x, ok := t.find(r.Act.ID)
		if !ok {
			continue
		}
		said, texts, err := n.said(ctx, x)
		if err != nil {
			return nil, err
		}
		if r.Act.Action == "answer" {
			if i, ok := at[r.Act.Field("asked").Commitment()]; ok {
				list[i].Answers = append(list[i].Answers, said)
			}
			continue
		}
		q := Question{Room: room.Room(), Number: len(list) + 1, Thread: t.first[r.Act.ID], About: r.Act.Field("about").Commitment(), Said: said}
		if due := r.Act.Field("due").Time(); !due.IsZero() {
			q.Due = &due
		}
		if p, err := readPlace(texts["place"].Text); err == nil {
			q.Place, placed = &Placed{Place: p}, placed || p.Document != nil
		}
		at[r.Act.ID], list = len(list), append(list, q)
	}
	for i := range list {
		list[i].State = n.stateOf(list[i])
	}
	if placed {
		n.nameDocuments(ctx, room, list)
	}
	return list, nil
}

func (n *Node) said(ctx context.Context, x turn) (Said, map[string]Message, error) {
	texts, err := n.state.textsOf(ctx, x.act.ID)
	gone, failed := n.state.erasedDeal(ctx, x.act.Deal)
	said := Said{Act: x.act.ID, By: x.act.Party, At: x.record.At, Text: texts[x.text()].Text}
	for _, field := range x.fields {
		if _, here := texts[field]; !here && !gone {
			said.Withheld, said.Trouble = append(said.Withheld, field), TextWithheld
		}
	}
	if x.thread == threadWrong {
		said.Trouble = WrongThread
	}
	return said, texts, errors.Join(err, failed)
}

// stateOf says how a question stands now. An answer that nobody here can read
// is none.
func (n *Node) stateOf(q Question) QuestionState {
	if slices.ContainsFunc(q.Answers, func(a Said) bool { return a.Trouble == "" }) {
		return QuestionAnswered
	}
	if q.Due != nil && !n.now().Before(*q.Due) {
		return QuestionOverdue
	}
	return QuestionOpen
}

// nameDocuments adds the number and the name of the documents that questions
// are about, if they can be had now.
func (n *Node) nameDocuments(ctx context.Context, room *deal.Progress, list []Question) {
	ctx, cancel := context.WithTimeout(ctx, tellTimeout)
	defer cancel()
	var docs []DocumentInfo
	var err error
	if seller := room.Opening.Seller.ID; seller == n.Party {
		docs, err = n.roomOf(ctx, room.Opening.ID, room.Room())
	} else if docs, err = n.Documents(ctx, room.Opening.ID); err != nil {
		docs, err = n.theirRoom(ctx, room.Opening.ID, seller)
	}
	if err != nil {
		n.Log.Info("documents of questions not named", "deal", room.Opening.ID, "kind", deal.KindOf(err))
	}
	known := make(map[deal.Commitment]*DocumentInfo, len(docs))
	for i := range docs {
		known[docs[i].Leaf] = &docs[i]
	}
	for _, q := range list {
		if q.Place == nil || q.Place.Document == nil {
			continue
		}
		if d, ok := known[q.Place.Leaf]; ok {
			q.Place.Number, q.Place.Name = d.Number, d.Name
		}
	}
}

func (n *Node) getQuestions(w http.ResponseWriter, r *http.Request) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	talk, err := n.Questions(r.Context(), id, deal.PartyID(r.URL.Query().Get("bidder")))
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, talk)
	return nil
}
