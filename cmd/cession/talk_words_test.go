package main

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"cession/deal"
	"cession/node"
)

// What people read: what is overdue comes first, with document, version and
// page; texts are quoted; what was withheld is said plainly.
func TestTalkForPeople(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	due, index := at.Add(24*time.Hour), uint64(4)
	talk := node.Talk{
		Questions: []node.Question{
			{Room: "borealis-fund", Number: 2, State: node.QuestionOverdue, Due: &due,
				Place: &node.Placed{Place: node.Place{Document: &index, Version: 2, Page: 12, Topic: "arrears"}, Number: "2.1.3\x1b[2J", Name: "loans\x1b[2J.pdf"},
				Said:  node.Said{Act: deal.Commitment{1}, By: "borealis-fund", At: at, Text: "Which\x1b[2J are late?"}},
			{Room: "cirrus-capital", Number: 1, State: node.QuestionOpen,
				Said: node.Said{Act: deal.Commitment{2}, By: "cirrus-capital", At: at, Withheld: []string{"question", "place"}, Trouble: node.TextWithheld}},
			{Room: "borealis-fund", Number: 1, State: node.QuestionAnswered,
				Said:    node.Said{Act: deal.Commitment{3}, By: "borealis-fund", At: at, Text: "Who services?"},
				Answers: []node.Said{{Act: deal.Commitment{4}, By: "alpine-bank", At: at, Text: "We do.", Trouble: node.WrongThread}}},
		},
		Unheard: map[deal.PartyID]string{"cirrus-capital": "no_answer"},
	}
	const want = `OVERDUE  2 of borealis-fund, due 2026-03-03 09:00:00, 3h0m0s ago
  about    document 2.1.3�[2J "loans\x1b[2J.pdf", version 2, page 12, "arrears"
  asked    2026-03-02 09:00:00  borealis-fund  act 0x0100000000000000000000000000000000000000000000000000000000000000
           "Which\x1b[2J are late?"
OPEN  1 of cirrus-capital
  asked    2026-03-02 09:00:00  cirrus-capital  act 0x0200000000000000000000000000000000000000000000000000000000000000
           TEXT WITHHELD: the act is on record, but its question and place never came from cirrus-capital's node; it is asked for again
ANSWERED  1 of borealis-fund
  asked    2026-03-02 09:00:00  borealis-fund  act 0x0300000000000000000000000000000000000000000000000000000000000000
           "Who services?"
  answered 2026-03-02 09:00:00  alpine-bank  act 0x0400000000000000000000000000000000000000000000000000000000000000
           "We do."
           WRONG THREAD: the act was signed over another course of the talk than is on record
The other node of the room of cirrus-capital was not heard now (no_answer).
`
	var out bytes.Buffer
	writeTalk(&out, talk, due.Add(3*time.Hour))
	if out.String() != want {
		t.Errorf("have\n%s\nwant\n%s", out.String(), want)
	}
}

// A page is one of a document: without it the question is not asked.
func TestAskAboutAPageOfNothing(t *testing.T) {
	a := &app{}
	for name, f := range map[string]askFlags{"alone": {page: 3}, "with a topic": {page: 3, topic: "arrears"}} {
		if _, err := a.askFields(a.nodeAsk(), nil, "d-aaaaaaaaaaaaaaaaaaaa", "Paid?", f); !errors.As(err, new(usageError)) {
			t.Errorf("%s: %v, want a usage error", name, err)
		}
	}
}
