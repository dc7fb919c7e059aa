package node

import (
	"context"
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"cession/deal"
)

// FuzzVerifyEvidence checks that nothing but what was signed is ever proven.
func FuzzVerifyEvidence(f *testing.F) {
	signers := &fakeSigners{secrets: map[deal.Address][]byte{}}
	whole, checks := signedTalk(f, signers)
	raw, err := json.Marshal(whole)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	whole.Thread = nil
	if raw, err = json.Marshal(whole); err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte(`{"typ":"cession-reveal","v":1,"act":{"act":{"step":""},"action":{"fields":[{}]}}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		finding, err := VerifyEvidence(context.Background(), checks, body)
		if err != nil || finding.Type != revealType {
			return
		}
		var r Reveal
		if err := json.Unmarshal(body, &r); err != nil {
			t.Fatal(err)
		}
		if r.Text != whole.Text || r.Act.Act.ID != whole.Act.Act.ID || !reflect.DeepEqual(r.Act.Act.Fields, whole.Act.Act.Fields) {
			t.Fatalf("proven: %q", r.Text)
		}
	})
}

var testTime = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// signedTalk makes a question, its answer and the answer's reveal, without nodes.
func signedTalk(f *testing.F, signers *fakeSigners) (Reveal, Checks) {
	market := testMarket
	asker, answerer := signers.wallet("asker"), signers.wallet("answerer")
	plan := deal.Standard()
	bidder := deal.Party{ID: buyer, Wallet: asker.address}
	p := deal.Begin(deal.Opening{ID: "d-aaaaaaaaaaaaaaaaaaaa", Plan: plan, Seller: deal.Party{ID: seller, Wallet: answerer.address}, Market: market}, &bidder, testTime)
	n := &Node{Config: Config{Hashes: Hashes{Keccak: fakeKeccak, Digest: fakeDigest}}}
	put := func(by *fakeWallet, act deal.Act) ProvenAct {
		act.Deal, act.Room, act.Step, act.Deadline, act.Salt = p.Opening.ID, buyer, "questions", testTime, deal.Commitment{7}
		talk := n.talkOf(p)
		first, _ := talk.of(act)
		act.Fields["thread"] = deal.Digest(talk.root(talk.threads[first], newTurn(act)))
		a, err := provenAct(p, act)
		if err != nil {
			f.Fatal(err)
		}
		resign(&a, by)
		p.Records = append(p.Records, deal.Record{Act: a.Act})
		return a
	}
	value := func(kind deal.ValueKind, c deal.Commitment) deal.Value {
		v, err := deal.NewValue(kind, c.String())
		if err != nil {
			f.Fatal(err)
		}
		return v
	}
	question, text := deal.Reseal("Late?", deal.Commitment{1}), deal.Reseal("Only loan 2.", deal.Commitment{2})
	asked := put(asker, deal.Act{Action: "ask", Party: buyer, Sequence: 1, Fields: map[string]deal.Value{
		"question": value(deal.KindSealed, question.Commit(fakeKeccak))}})
	answer := put(answerer, deal.Act{Action: "answer", Party: seller, Sequence: 1, Fields: map[string]deal.Value{
		"asked": value(deal.KindAct, asked.Act.ID), "answer": value(deal.KindSealed, text.Commit(fakeKeccak))}})
	r := Reveal{Type: revealType, Version: 1, Market: market, Act: answer, Field: "answer"}
	r.Text, r.Salt = text.Open()
	var err error
	if r.Thread, err = n.proveThread(p, answer.Act, "answer"); err != nil {
		f.Fatal(err)
	}
	return r, Checks{Hashes: n.Hashes, Verifier: signers, Market: &market, Signer: answerer.address}
}
