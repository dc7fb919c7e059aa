package desk

import (
	"encoding/json"
	"testing"

	"cession/deal"
)

func TestOpenDeal(t *testing.T) {
	h := newHarness(t, nil)
	first := h.send(seller, "POST", "/v1/deals", "{}", "Idempotency-Key: k1")
	if first.status != 201 {
		t.Fatalf("status %d: %s", first.status, first.body)
	}
	var o deal.Opening
	if err := json.Unmarshal([]byte(first.body), &o); err != nil {
		t.Fatal(err)
	}
	if o.ID.Check() != nil || o.Seller.ID != seller || o.PlanHash != deal.Standard().Hash() || o.Pack != counted("pack", 1) || o.Market.ChainID != 1337 {
		t.Errorf("opening: %+v", o)
	}
	if first.header.Get("Location") != "/v1/deals/"+string(o.ID) {
		t.Errorf("location %q", first.header.Get("Location"))
	}
	if again := h.send(seller, "POST", "/v1/deals", "{}", "Idempotency-Key: k1"); again.body != first.body || again.status != 201 || again.header.Get(headerReplayed) != "true" {
		t.Errorf("replay: status %d: %s", again.status, again.body)
	}
	if other := h.send(seller, "POST", "/v1/deals", `{"id":"d-bbbbbbbbbbbbbbbbbbbb"}`, "Idempotency-Key: k1"); other.status != 422 {
		t.Errorf("another request under the key: status %d", other.status)
	}
	if theirs := h.send(winner, "POST", "/v1/deals", "{}", "Idempotency-Key: k1"); theirs.status != 201 || theirs.body == first.body {
		t.Errorf("another caller's key: status %d", theirs.status)
	}
	if h.deals.opened != 2 {
		t.Errorf("%d deals opened, want 2", h.deals.opened)
	}
	if v, err := h.client(seller).Deal(t.Context(), o.ID); err != nil || v.Role != deal.Seller {
		t.Errorf("a deal so new that it was not published: %v, %v", v.Role, err)
	}
	if a := h.send("", "POST", "/v1/deals", "{}", "Idempotency-Key: k1"); a.status != 403 {
		t.Errorf("the operator opens a deal: status %d", a.status)
	}
	if taken := h.send(winner, "POST", "/v1/deals", `{"id":"`+string(o.ID)+`"}`, "Idempotency-Key: k2"); taken.status != 409 {
		t.Errorf("another seller's id: status %d", taken.status)
	}
}

// Whether the engine failed before or after it opened the deal: the client
// sends again and one deal is open.
func TestOpenDealAgainAfterItWasLost(t *testing.T) {
	for name, set := range map[string]func(*fakeDeals){
		"not opened":              func(f *fakeDeals) { f.before = once(errLost) },
		"opened, the answer lost": func(f *fakeDeals) { f.after = once(errLost) },
	} {
		h := newHarness(t, nil)
		set(h.deals)
		o, err := h.client(seller).OpenDeal(t.Context(), "")
		if err != nil || h.deals.opened != 1 || h.deals.scopes[scopeKey(o.ID, "")] == nil {
			t.Errorf("%s: %v, %d opened", name, err, h.deals.opened)
		}
	}
}
