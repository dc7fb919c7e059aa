package chaintest

import (
	"encoding/json"
	"io"
	"net/http"

	"github.com/ethereum/go-ethereum/common/hexutil"
)

// Frozen is a choice of faults for [Proxy.Fail]: the proxy answers as a node
// does that has the chain up to a height only. It has the later transactions in
// its pool.
func (p *Proxy) Frozen(node string, height uint64) func(method string, params []json.RawMessage) Fault {
	at := hexutil.EncodeUint64(height)
	return func(method string, params []json.RawMessage) Fault {
		switch method {
		case "eth_getBlockByNumber":
			if later(params[0], height) {
				return p.Result(nil)
			}
			return p.rewrite(node, 0, at)
		case "eth_getTransactionCount":
			return p.rewrite(node, 1, at)
		case "eth_call", "eth_estimateGas":
			return p.rewrite(node, 1, at)
		case "eth_getTransactionReceipt":
			return p.unlessLater(node, height)
		}
		return nil
	}
}

// later reports whether a parameter is the number of a block above the height.
func later(param json.RawMessage, height uint64) bool {
	var n hexutil.Uint64
	return json.Unmarshal(param, &n) == nil && uint64(n) > height
}

// rewrite asks the node for the block at a height where the parameter says latest.
func (p *Proxy) rewrite(node string, index int, at string) Fault {
	return func(w http.ResponseWriter, r *http.Request, _ func() []byte) {
		var request map[string]any
		body, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(body, &request)
		if params, ok := request["params"].([]any); ok && index < len(params) && params[index] == "latest" {
			params[index] = at
		}
		body, _ = json.Marshal(request)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(forward(node, body))
	}
}

// unlessLater passes a receipt on unless its block is above the height.
func (p *Proxy) unlessLater(node string, height uint64) Fault {
	return func(w http.ResponseWriter, r *http.Request, pass func() []byte) {
		answer := pass()
		var receipt struct {
			Result *struct {
				BlockNumber json.RawMessage `json:"blockNumber"`
			} `json:"result"`
		}
		if json.Unmarshal(answer, &receipt) == nil && receipt.Result != nil && later(receipt.Result.BlockNumber, height) {
			p.Result(nil)(w, r, pass)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer)
	}
}
