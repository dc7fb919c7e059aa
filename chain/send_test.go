package chain

import (
	"testing"
	"time"

	"cession/chain/chaintest"
	"cession/chain/lane"
	"cession/deal"
)

// TestBroadcastToAll: one endpoint that takes it is enough; of refusals the one
// that says most counts; silence may have been heard.
func TestBroadcastToAll(t *testing.T) {
	f := newFleet(t, 2)
	refuse := func(i int, words string) chaintest.Fault { return f.proxies[i].Error(-32000, words) }
	for name, tt := range map[string]struct {
		a, b chaintest.Fault
		want lane.Reason
		kind deal.Kind
	}{
		"both take it":           {nil, nil, "", ""},
		"one is down":            {f.proxies[0].Down(), nil, "", ""},
		"one hangs":              {f.proxies[0].Hang(), nil, "", ""},
		"one loses the answer":   {f.proxies[0].LoseAnswer(), refuse(1, "already known"), "", ""},
		"one refuses":            {refuse(0, "insufficient funds for gas"), nil, "", ""},
		"the other refuses":      {nil, refuse(1, "something new"), "", ""},
		"down and a refusal":     {f.proxies[0].Down(), refuse(1, "insufficient funds for gas"), lane.InsufficientFunds, ""},
		"known beats unknown":    {refuse(0, "something new"), refuse(1, "transaction underpriced"), lane.TipBelowMin, ""},
		"one knows of the block": {refuse(0, "nonce too high"), refuse(1, "nonce too low"), lane.ForeignNonce, ""},
		"all down":               {f.proxies[0].Down(), f.proxies[1].Down(), "", deal.Lost},
		"all lose the answer":    {f.proxies[0].LoseAnswer(), f.proxies[1].LoseAnswer(), "", deal.Lost},
	} {
		t.Run(name, func(t *testing.T) {
			f.proxies[0].Fail(nil)
			f.proxies[1].Fail(nil)
			f.clock.pass(time.Minute)
			raw := f.signed()
			f.proxies[0].FailMethod("eth_sendRawTransaction", tt.a)
			f.proxies[1].FailMethod("eth_sendRawTransaction", tt.b)
			began := time.Now()
			out, err := f.sender.Broadcast(t.Context(), lane.Broadcast{From: f.relayer.Address(), Raw: []deal.Bytes{raw}})
			if deal.KindOf(err) != tt.kind || (err == nil) != (tt.kind == "") {
				t.Fatalf("%+v, %v; want kind %q", out, err, tt.kind)
			}
			if err == nil && (len(out.Deliveries) != 1 || out.Deliveries[0].Reason != tt.want) {
				t.Errorf("deliveries %+v, want %q", out.Deliveries, tt.want)
			}
			if took := time.Since(began); tt.want == "" && tt.kind == "" && took > f.fleet.timeout {
				t.Errorf("it took %s: one endpoint held up the other", took)
			}
		})
	}
}
