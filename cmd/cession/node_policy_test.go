package main

import (
	"bytes"
	"testing"
	"time"

	"cession/deal"
	"cession/node"
	"cession/policies"
	"cession/policies/records"
)

// What a node records of its decisions, permitted, refused or not evaluated, is
// a chain that verifies, and breaks where it is altered.
func TestNodeRecordsVerify(t *testing.T) {
	var lines bytes.Buffer
	head := node.Head{Chain: deal.NewID()}
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.FixedZone("east", 3600))
	for i, document := range []string{"", `{"now": 1, "a": {"z": 1, "b": 2}}`, `{}`} {
		act := deal.Act{ID: deal.Commitment{byte(i + 1)}, Deal: head.Chain, Room: "alpine-bank", Step: "offers", Action: "submit"}
		d := policies.Unknown(deal.Question{Act: act, Now: now, Pack: deal.Commitment{7}})
		d.Allow = i == 1
		hash, line, err := record(head, node.Decided{Side: "alpine-bank", Act: act, Judgment: node.Judgment{Decision: d, Document: []byte(document)}})
		if err != nil {
			t.Fatal(err)
		}
		head = node.Head{Chain: head.Chain, Seq: head.Seq + 1, Hash: hash}
		lines.Write(append(line, '\n'))
	}
	known := records.Head{Chain: string(head.Chain), Seq: head.Seq, Hash: head.Hash}
	if err := records.Verify(records.Read(bytes.NewReader(lines.Bytes())), known); err != nil {
		t.Errorf("the chain does not verify: %v", err)
	}
	altered := bytes.Replace(lines.Bytes(), []byte(`"allow":true`), []byte(`"allow":false`), 1)
	if err := records.Verify(records.Read(bytes.NewReader(altered)), known); err == nil {
		t.Error("a permission that was made a refusal verifies")
	}
	if _, _, err := record(node.Head{Chain: head.Chain}, node.Decided{}); deal.KindOf(err) != deal.Invalid {
		t.Errorf("a decision on nothing is recorded: %v", err)
	}
}
