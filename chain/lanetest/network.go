package lanetest

import (
	"encoding/json"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"

	"cession/chain/chaintest"
	"cession/deal"
)

// signedOnly has calls signed, while no broadcast reaches the node.
func (r *rig) signedOnly(calls ...deal.Call) []deal.Intent {
	r.Helper()
	r.net.FailMethod("eth_sendRawTransaction", r.net.Down())
	intents := r.submit(calls...)
	r.until("signed", func() bool {
		for _, in := range intents {
			if len(r.record(in).Attempts) == 0 {
				return false
			}
		}
		return true
	})
	return intents
}

// swallow has the node say that it took a transaction that it never sees: the
// first one, always; later ones if others is set.
func (r *rig) swallow(others bool) {
	var first string
	r.net.Fail(func(method string, params []json.RawMessage) chaintest.Fault {
		if method != "eth_sendRawTransaction" {
			return nil
		}
		var raw hexutil.Bytes
		if err := json.Unmarshal(params[0], &raw); err != nil {
			return nil
		}
		hash := hexutil.Encode(crypto.Keccak256(raw))
		if first == "" {
			first = hash
		}
		if first == hash || others {
			return r.net.Result(hash)
		}
		return nil
	})
}

// refuseFirst has the node refuse the first transaction it gets, however often.
func (r *rig) refuseFirst(message string) {
	var first string
	r.net.Fail(func(method string, params []json.RawMessage) chaintest.Fault {
		if method != "eth_sendRawTransaction" {
			return nil
		}
		if first == "" {
			first = string(params[0])
		}
		if first == string(params[0]) {
			return r.net.Error(-32000, message)
		}
		return nil
	})
}
