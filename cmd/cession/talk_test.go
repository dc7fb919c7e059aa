//go:build !slim

package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"cession/deal"
	"cession/node"
)

// checkTalk reads the questions of a deal that was played, tells all bidders of
// one answer, and proves that answer to somebody who has a chain and a market
// file, and neither node nor desk.
func checkTalk(t *testing.T, data, rpc string, id deal.ID) {
	t.Helper()
	seller := filepath.Join(data, "parties", "alpine-bank")
	command := func(args ...string) string {
		t.Helper()
		var out, errs bytes.Buffer
		if code := run(args, &out, &errs); code != exitOK {
			t.Fatalf("cession %s: exit %d: %s", strings.Join(args, " "), code, errs.String())
		}
		return out.String()
	}
	var talk node.Talk
	if err := json.Unmarshal([]byte(command("--home", seller, "--json", "node", "questions", string(id))), &talk); err != nil {
		t.Fatal(err)
	}
	if len(talk.Questions) != 2 || len(talk.Unheard) > 0 {
		t.Fatalf("the seller's node has %+v, want the question of each bidder", talk)
	}
	for _, q := range talk.Questions {
		if q.State != node.QuestionAnswered || q.Text == "" || len(q.Answers) != 1 || q.Trouble != "" {
			t.Errorf("%+v, want it asked and answered", q)
		}
	}
	if words := command("--home", seller, "node", "questions", string(id), "--bidder", "borealis-fund"); strings.Count(words, "ANSWERED") != 1 {
		t.Errorf("for people: %s", words)
	}
	answer := talk.Questions[0].Answers[0]
	file := filepath.Join(t.TempDir(), "answer.json")
	command("--home", seller, "node", "faq", "publish", string(id), answer.Act.String(), "--question", "Is any invoice disputed?")
	command("--home", seller, "node", "reveal", string(id), answer.Act.String(), "--faq", "1", "-o", file)
	proven := command("verify", file, "--rpc-url", rpc, "--market", filepath.Join(data, marketName), "--signer", walletOf(t, seller))
	t.Log(proven)
	if strings.Contains(proven, "NOT CHECKED") || strings.Count(proven, "PROVEN") != 4 || !strings.Contains(proven, "alpine-bank said") {
		t.Errorf("proven is %s", proven)
	}
	if raw := string(mustRead(t, file)); strings.Contains(raw, talk.Questions[0].Text) {
		t.Error("the reveal of the answer has the question in it")
	}
}
