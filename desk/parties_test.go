package desk

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"cession/deal"
)

func TestPartiesAndNodes(t *testing.T) {
	h := newHarness(t, nil)
	desk, ctx := h.client(""), t.Context()
	m := memberOf("delta-fund", 7)
	m.Profile.KYCSince, m.Profile.License, m.Profile.Group = &start, "credit_servicer", "delta"
	if err := desk.PutParty(ctx, m); err != nil {
		t.Fatal(err)
	}
	if have, err := h.client(winner).Party(ctx, "delta-fund"); err != nil || have.Profile.Name != m.Profile.Name || have.Party.Wallet != m.Party.Wallet ||
		!have.Profile.KYCSince.Equal(start) || have.Profile.License != "credit_servicer" || have.Profile.LicenseUntil != nil || have.Profile.Group != "delta" {
		t.Errorf("party: %+v, %v", have, err)
	}
	if list, err := h.client(winner).Parties(ctx); err != nil || len(list) != 5 {
		t.Errorf("%d parties, %v", len(list), err)
	}
	for name, change := range map[string]func(*Member){
		"no name": func(m *Member) { m.Profile.Name = "" }, "country": func(m *Member) { m.Profile.Jurisdiction = "AT" },
		"kind": func(m *Member) { m.Profile.Kind = "a bank" }, "other id": func(m *Member) { m.Profile.ID = seller },
		"wallet": func(m *Member) { m.Party.Wallet = address(77) }, "kyc": func(m *Member) { m.Profile.KYCUntil = time.Time{} },
		"kyc made too late": func(m *Member) { m.Profile.KYCSince = &m.Profile.KYCUntil }, "kyc made never": func(m *Member) { m.Profile.KYCSince = &time.Time{} },
		"license of two words": func(m *Member) { m.Profile.License = "credit servicer" }, "until without license": func(m *Member) { m.Profile.LicenseUntil = &start },
		"license until never": func(m *Member) { m.Profile.License, m.Profile.LicenseUntil = "bank", &time.Time{} },
		"group's name":        func(m *Member) { m.Profile.Group = "Alpine Group AG" }, "long group": func(m *Member) { m.Profile.Group = strings.Repeat("g", 65) },
		"signers": func(m *Member) { m.Party.Signers = make([]deal.Address, 17); m.Party.Signers[0] = m.Party.Wallet },
	} {
		bad := memberOf("delta-fund", 7)
		change(&bad)
		if err := desk.PutParty(ctx, bad); deal.KindOf(err) != deal.Invalid {
			t.Errorf("%s: %v, want kind invalid", name, err)
		}
	}
	record := json.RawMessage(`{"good":true,"sequence":1,"expires":"2100-01-01T00:00:00Z"}`)
	if err := h.client(seller).PutNodeRecord(ctx, seller, record); err != nil {
		t.Fatal(err)
	}
	if have, err := h.client(winner).NodeRecord(ctx, seller); err != nil || string(have) != string(record) {
		t.Errorf("node record %s, %v", have, err)
	}
	if err := h.client(winner).PutNodeRecord(ctx, seller, record); deal.KindOf(err) != deal.Refused {
		t.Errorf("another's node record: %v", err)
	}
	if err := h.client(seller).PutNodeRecord(ctx, seller, json.RawMessage(`{"good":false}`)); deal.KindOf(err) != deal.Refused {
		t.Errorf("a forged node record: %v", err)
	}
}

func TestMarketPlanPolicyTransactions(t *testing.T) {
	h := newHarness(t, nil)
	ctx, c := t.Context(), h.client(winner)
	if p, err := c.Plan(ctx); err != nil || p.Hash != p.Plan.Hash() || p.Acts["oneOf"] == nil {
		t.Errorf("plan: %v", err)
	}
	if m, err := c.Market(ctx); err != nil || m.ChainID != 1337 {
		t.Errorf("market: %+v, %v", m, err)
	}
	if p, err := c.Policy(ctx); err != nil || p.Pack != counted("pack", 1) {
		t.Errorf("policy: %v, %v", p, err)
	}
	if list, err := h.client("").Transactions(ctx, TransactionFilter{Limit: 5}); err != nil || list.Transactions == nil {
		t.Errorf("transactions: %v, %v", list, err)
	}
	if _, err := c.Transactions(ctx, TransactionFilter{}); deal.KindOf(err) != deal.Refused {
		t.Errorf("transactions of a party: %v", err)
	}
}
