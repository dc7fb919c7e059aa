package deal

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

func TestIntentIDs(t *testing.T) {
	const id, step = ID("d-abcdefghij234567abcd"), "mint"
	calls := []Call{
		{Anchor: &Anchor{}}, {Mint: &Mint{}}, {Append: &Append{}}, {Open: &EscrowOpen{}}, {Fund: &EscrowFund{}},
		{Settle: &EscrowEnd{}}, {Refund: &EscrowEnd{}}, {Payout: &Payout{}},
	}
	if n := reflect.TypeFor[Call]().NumField(); n != len(calls) {
		t.Fatalf("%d calls of %d are tested", len(calls), n)
	}
	seen := map[Commitment]string{}
	fresh := func(what string, in Intent) {
		if other, taken := seen[in.ID]; taken {
			t.Errorf("%s and %s have the same intent id", what, other)
		}
		seen[in.ID] = what
	}
	for _, call := range calls {
		if call.Name() == "" {
			t.Errorf("a call without a name: %+v", call)
		}
		fresh(call.Name(), NewIntent(id, step, Commitment{1}, call, "w"))
		fresh(call.Name()+" of another cause", NewIntent(id, step, Commitment{2}, call, "w"))
	}
	fresh("another deal", NewIntent("d-aaaaaaaaaaaaaaaaaaaa", step, Commitment{1}, calls[0], "w"))
	fresh("another step", NewIntent(id, "draft", Commitment{1}, calls[0], "w"))
	again := NewIntent(id, step, Commitment{1}, calls[0], "elsewhere")
	if seen[again.ID] != "notary.anchor" || again.Reply != "elsewhere" || again.Deal != id || again.Step != step {
		t.Errorf("the same effect has another id: %+v", again)
	}
	if (Call{}).Name() != "" {
		t.Error("no call has a name")
	}
}

func TestUnits(t *testing.T) {
	tests := []struct {
		decimals uint8
		amount   Amount
		want     string // "" for kind invalid
	}{
		{18, Amount{12500000, "EUR"}, "125000000000000000000000"},
		{6, Amount{12500000, "EUR"}, "125000000000"},
		{2, Amount{12500000, "EUR"}, "12500000"},
		{18, Amount{9223372036854775807, "EUR"}, "92233720368547758070000000000000000"},
		{18, Amount{0, "EUR"}, "0"},
		{18, Amount{12500000, "USD"}, ""},
		{18, Amount{}, ""},
		{1, Amount{12500000, "EUR"}, ""},
	}
	for _, tt := range tests {
		units, err := Market{Symbol: "EUR", Decimals: tt.decimals}.Units(tt.amount)
		if tt.want == "" && (KindOf(err) != Invalid || units != nil) {
			t.Errorf("%s at %d decimals: %v, %v; want kind invalid", tt.amount, tt.decimals, units, err)
		}
		if tt.want != "" && (err != nil || units.String() != tt.want) {
			t.Errorf("%s at %d decimals: %v, %v; want %s", tt.amount, tt.decimals, units, err, tt.want)
		}
	}
}

func TestEscrowTermsInTheirOrder(t *testing.T) {
	conflict := func(c *course, when string) {
		t.Helper()
		if terms, err := c.EscrowTerms(nil); KindOf(err) != Conflict || terms != (EscrowTerms{}) {
			t.Errorf("%s: %+v, %v; want kind conflict", when, terms, err)
		}
	}
	c := newCourse(t, Standard(), nil)
	conflict(c, "before the mint")
	c.takeAll("draft.open", "documents.notarize")
	c.take("mint.mint", nil, mintReceipt)
	conflict(c, "before the selection")
	unminted := newCourse(t, Standard(), nil)
	unminted.takeAll("draft.open", "documents.notarize", "mint.mint", "listing.publish", "selection.select")
	conflict(unminted, "without the receipt of the mint")

	c.takeAll("listing.publish", "selection.select")
	if _, err := c.SignedTerms(); KindOf(err) != Conflict {
		t.Errorf("signed terms before the proposal: %v, want kind conflict", err)
	}
	c.Opening.Market.Symbol = "CHF"
	if _, err := c.EscrowTerms(nil); KindOf(err) != Invalid {
		t.Errorf("a price in another currency: %v, want kind invalid", err)
	}
}

func TestEscrowTermsAreOfTheDeal(t *testing.T) {
	c := newCourse(t, Standard(), nil)
	c.toTerms()
	fundBy, settleBy, arbiterBy := start.Add(day), start.Add(2*day), start.Add(3*day)
	c.take("terms.propose", map[string]Value{"fund_by": At(fundBy), "settle_by": At(settleBy), "arbiter_by": At(arbiterBy)})
	o, offer := c.Opening, c.Value("selection", "select", "offer").Commitment()
	want := EscrowTerms{
		Deal: o.ID.Key(), Seller: vendor.Wallet, Buyer: fund.Wallet, Receivable: o.Market.Receivable, Token: mintReceipt.Result,
		Currency: o.Market.Currency, Price: "125000000000000000000000", FundBy: fundBy, SettleBy: settleBy,
		Digest: TermsDigest(o.PlanHash, o.Pack, offer, c.Value("documents", "notarize", "root").Commitment(), time.Time{}),
	}
	have, err := c.SignedTerms()
	if err != nil || have != want {
		t.Errorf("have %+v, %v\nwant %+v", have, err, want)
	}
	checkTyped(t, have.TypedData(o.Market))

	c.Opening.Market.Arbiter = Address{35}
	if have, err = c.SignedTerms(); err != nil || have.Arbiter != (Address{35}) || !have.ArbiterBy.Equal(arbiterBy) {
		t.Errorf("with an arbiter: %+v, %v", have, err)
	}
	c.Hear(Report{Bidder: fund, Perimeter: Commitment{77}})
	if have, err = c.SignedTerms(); err != nil || have.Digest != TermsDigest(o.PlanHash, o.Pack, offer, Commitment{77}, time.Time{}) {
		t.Errorf("the agreed perimeter is not in the digest: %v", err)
	}
}

func TestEscrowTermsNameThePackInEffect(t *testing.T) {
	c := newCourse(t, Standard(), nil)
	c.toTerms()
	before, err := c.EscrowTerms(nil)
	if err != nil {
		t.Fatal(err)
	}
	c.adopts(vendor, Commitment{8})
	c.adopts(fund, Commitment{8})
	after, err := c.EscrowTerms(nil)
	if err != nil || after.Digest == before.Digest {
		t.Errorf("the terms do not tell which pack is in effect: %v", err)
	}
	if after.Digest != TermsDigest(c.Opening.PlanHash, Commitment{8}, c.Value("selection", "select", "offer").Commitment(), c.Perimeter(), time.Time{}) {
		t.Error("the terms name another pack than the adopted one")
	}
}

func TestTermsDigestTellsItsPartsApart(t *testing.T) {
	a, b, c, d := Commitment{1}, Commitment{2}, Commitment{3}, Commitment{4}
	digests := map[Commitment]bool{}
	for _, parts := range [][4]Commitment{{a, b, c, d}, {b, a, c, d}, {a, b, d, c}, {a, b, c, {}}, {{}, b, c, d}} {
		for _, retain := range []time.Time{{}, start, start.Add(time.Second)} {
			digests[TermsDigest(parts[0], parts[1], parts[2], parts[3], retain)] = true
		}
	}
	if len(digests) != 15 {
		t.Errorf("%d digests of fifteen agreements", len(digests))
	}
}

// Terms signed before retention could be agreed keep their digest.
func TestTermsDigestWithoutRetentionIsAsItWas(t *testing.T) {
	h := sha256.New()
	for i := byte(1); i <= 4; i++ {
		h.Write(append([]byte{i}, make([]byte, 31)...))
	}
	if have := TermsDigest(Commitment{1}, Commitment{2}, Commitment{3}, Commitment{4}, time.Time{}); have != Commitment(h.Sum(nil)) {
		t.Errorf("the digest without retention is %s", have)
	}
}

func TestContractMessages(t *testing.T) {
	c := newCourse(t, Standard(), nil)
	c.takeAll("draft.open", "documents.notarize")
	m, by := c.Opening.Market, start.Add(day)
	mint := c.MintTerms(c.act("mint.mint", nil).Fields)
	if mint.Deal != c.Opening.ID.Key() || mint.Creditor != vendor.Wallet || mint.Count != 42 || mint.Root != (Commitment{3}) || mint.Face != (Amount{12500000, "EUR"}) || mint.Salt.IsZero() {
		t.Errorf("mint terms %+v", mint)
	}
	messages := []struct {
		data     TypedData
		contract Address
	}{
		{mint.TypedData(m), m.Receivable},
		{ReceiptTypedData(m, Commitment{1}, Commitment{2}), m.Escrow},
		{Append{Token: Commitment{0xff}, Old: Commitment{1}, New: Commitment{2}, Count: 9}.TypedData(m, 7), m.Receivable},
		{TokenPermitTypedData(m, Commitment{0xff}, 7, by), m.Receivable},
		{PaymentPermitTypedData(m, "Test Euro", fund.Wallet, "125", 7, by), m.Currency},
	}
	for _, msg := range messages {
		checkTyped(t, msg.data)
		if msg.data.Domain["verifyingContract"] != msg.contract.String() {
			t.Errorf("%s is for contract %v, want %s", msg.data.PrimaryType, msg.data.Domain["verifyingContract"], msg.contract)
		}
	}
	if have := messages[0].data.Message["currency"]; have != "0x455552" {
		t.Errorf("currency EUR is signed as %v", have)
	}
	for _, permit := range messages[3:] {
		if permit.data.Message["spender"] != m.Escrow.String() || permit.data.Message["nonce"] != "7" {
			t.Errorf("permit %v", permit.data.Message)
		}
	}
	if zero := (MintTerms{Due: time.Time{}}).TypedData(m).Message["dueDate"]; zero != "0" {
		t.Errorf("no due date is signed as %v", zero)
	}
}

// full is a deal in which everything that can be remembered is.
func full(t testing.TB) *course {
	c := newCourse(t, Standard(), nil)
	c.toTerms()
	c.adopts(vendor, Commitment{8})
	c.adopts(fund, Commitment{8})
	c.takeAll("terms.propose", "terms.accept", "escrow.deposit")
	d := Decision{Rules: []RuleResult{{ID: "r", State: Fail}}, Obligations: []string{"four_eyes"}, Needs: []Need{{Kind: NeedWait, Rule: "r", Until: c.now.Add(day)}}}
	c.Refuse(c.act("escrow.fund", nil), d, c.now)
	c.Records[0].Decision, c.Records[0].Act.Signature = d, Bytes{1, 2}
	until := c.now
	c.Hear(Report{Bidder: Party{ID: "green-fund", Signers: []Address{{5}}}, Until: &until})
	c.Learn(Portfolio{Face: Amount{1, "EUR"}, Count: 42})
	c.Receive(Transfer{Count: 42, At: c.now})
	c.Trouble(NodeOffline, fund.ID, c.now)
	c.Exits = []Receipt{{Call: "escrow.refund", OK: true, Time: c.now}}
	c.End(Refunded, c.now)
	return c
}

func TestCloneSharesNothing(t *testing.T) {
	p := full(t).Progress
	for v, i := reflect.ValueOf(*p), 0; i < v.NumField(); i++ {
		if v.Field(i).IsZero() {
			t.Fatalf("%s is empty: a clone that shares it would not be noticed", v.Type().Field(i).Name)
		}
	}
	before, _ := json.Marshal(p)
	clone := p.Clone()
	if copied, _ := json.Marshal(clone); !bytes.Equal(copied, before) {
		t.Fatalf("the clone differs:\n%s\n%s", copied, before)
	}
	overwrite(reflect.ValueOf(&clone).Elem())
	if spoiled, _ := json.Marshal(clone); bytes.Equal(spoiled, before) {
		t.Fatal("the clone was not overwritten")
	}
	if after, _ := json.Marshal(p); !bytes.Equal(after, before) {
		t.Errorf("a change of the clone changed the original:\n%s\n%s", after, before)
	}
}

// overwrite zeroes everything that can be reached from v.
func overwrite(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			overwrite(v.Elem())
		}
		return
	case reflect.Slice:
		for i := range v.Len() {
			overwrite(v.Index(i))
		}
		return
	case reflect.Map:
		for _, key := range v.MapKeys() {
			elem := reflect.New(v.Type().Elem()).Elem()
			elem.Set(v.MapIndex(key))
			overwrite(elem)
			v.SetMapIndex(key, elem)
		}
		return
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				overwrite(v.Field(i))
			}
		}
		if v.NumField() > 0 && v.Field(0).CanSet() {
			return
		}
	}
	v.SetZero()
}
