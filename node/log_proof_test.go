package node

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"cession/deal"
)

// An entry of a log is proven to somebody who has no node, and nothing else is.
func TestLogProof(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	w.invited(id, buyer)
	check(t, w.readAll(id))
	own := testMarket
	checks := Checks{Hashes: Hashes{Keccak: fakeKeccak, Digest: fakeDigest, StructHash: fakeStruct}, Verifier: w.signers, Market: &own, Signer: w.members[seller].wallet.address}
	entries := w.wholeLog(seller)
	position := uint64(len(entries) - 1)
	p, err := w.members[seller].client.LogProof(context.Background(), position)
	check(t, err)
	raw, err := json.MarshalIndent(p, "", "  ") // however it is laid out
	check(t, err)
	f, err := VerifyEvidence(context.Background(), checks, raw)
	check(t, err)
	if len(f.Proven) != 2 || !strings.Contains(f.Proven[1], "room.read") || !strings.Contains(f.Proven[1], string(buyer)) {
		t.Errorf("proven is %q", f.Proven)
	}
	for name, c := range map[string]struct {
		change func([]byte) []byte
		checks func(*Checks)
		want   Reason
	}{
		"another result": {change: func(b []byte) []byte { return bytes.Replace(b, []byte(`"room.read"`), []byte(`"room.list"`), 1) }, want: WrongProof},
		"another place":  {change: func(b []byte) []byte { return bytes.Replace(b, []byte(`"position": `), []byte(`"position": 1`), 1) }, want: WrongProof},
		"another size":   {change: func(b []byte) []byte { return bytes.Replace(b, []byte(`"size": `), []byte(`"size": 1`), 1) }, want: ForgedHead},
		"another wallet": {change: func(b []byte) []byte {
			return bytes.Replace(b, []byte(w.members[seller].wallet.address.String()), []byte(w.members[loser].wallet.address.String()), 1)
		}, want: ForgedHead},
		"another signer": {checks: func(c *Checks) { c.Signer = deal.Address{9} }, want: WrongSigner},
		"another market": {checks: func(c *Checks) { other := testMarket; other.ChainID++; c.Market = &other }, want: WrongMarket},
	} {
		altered, with := raw, checks
		if c.change != nil {
			altered = c.change(raw)
		}
		if c.checks != nil {
			c.checks(&with)
		}
		t.Run(name, func(t *testing.T) {
			_, err := VerifyEvidence(context.Background(), with, altered)
			wantReason(t, err, c.want)
		})
	}
	_, err = w.members[seller].client.LogProof(context.Background(), position+100)
	wantKind(t, err, deal.NotFound)
}
