package records_test

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"cession/deal"
	"cession/policies"
	"cession/policies/records"
)

// document is one on which exactly this rule of the standard pack fails, from
// the sample.
func document(t *testing.T, act, rule string) []byte {
	t.Helper()
	for _, r := range sample(t, decisions) {
		if reasons := r.Decision.Reasons(); r.Name == act && len(reasons) == 1 && reasons[0].ID == rule {
			return r.Document
		}
	}
	t.Fatalf("no %s was refused for %s alone", act, rule)
	return nil
}

// changed is a document with some members set, by paths with slashes.
func changed(t *testing.T, document []byte, set map[string]any) []byte {
	t.Helper()
	var tree map[string]any
	d := json.NewDecoder(strings.NewReader(string(document)))
	d.UseNumber()
	if err := d.Decode(&tree); err != nil {
		t.Fatal(err)
	}
	for path, v := range set {
		names := strings.Split(path, "/")
		at := tree
		for _, name := range names[:len(names)-1] {
			at = at[name].(map[string]any)
		}
		if v == nil {
			delete(at, names[len(names)-1])
		} else {
			at[names[len(names)-1]] = v
		}
	}
	b, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// passes asks the pack, and reports what a rule says, and the whole decision.
func passes(t *testing.T, p *policies.Pack, document []byte, rule string) (pass, allow bool) {
	t.Helper()
	d, err := p.Again(context.Background(), document)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(d.Rules, func(r deal.RuleResult) bool { return r.ID == rule })
	return i >= 0 && d.Rules[i].State == deal.Pass, d.Allow
}

func suggestions(t *testing.T, document []byte, rule string) []records.Suggestion {
	t.Helper()
	all, err := records.Counterfactual(context.Background(), pack(t), document, rule)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		if !s.Passes || s.Rule != rule || s.Text == "" {
			t.Errorf("suggestion %+v", s)
		}
	}
	return all
}

func find(t *testing.T, all []records.Suggestion, path string) records.Suggestion {
	t.Helper()
	i := slices.IndexFunc(all, func(s records.Suggestion) bool { return s.Path == path })
	if i < 0 {
		t.Fatalf("nothing is said of %s: %s", path, js(t, all))
	}
	return all[i]
}

func amount(minor int64) map[string]any {
	return map[string]any{"act/fields/price": map[string]any{
		"kind": "amount", "value": deal.Amount{Minor: minor, Currency: "EUR"}.String(), "minor": minor, "currency": "EUR",
	}}
}

// offer is an offer of so much that is fine in all else.
func offer(t *testing.T, minor int64) []byte {
	t.Helper()
	for _, r := range sample(t, decisions) {
		if r.Name == "offers.submit" && r.Decision.Allow && strings.Contains(string(r.Document), `"currency":"EUR"`) {
			return changed(t, r.Document, amount(minor))
		}
	}
	t.Fatal("no offer in euro in the sample")
	return nil
}

func TestAmountToTheCent(t *testing.T) {
	over := offer(t, 6_000_000_000)
	all := suggestions(t, over, "money.limit")
	s := find(t, all, "act.fields.price")
	if s.Text != "price: passes at 50,000,000.00 EUR or less" || s.Bound != records.AtMost || *s.Most != 5_000_000_000 || !s.Allows || s.Means != records.ByAct {
		t.Errorf("suggestion %+v", s)
	}
	if pass, allow := passes(t, pack(t), changed(t, over, amount(*s.Most)), "money.limit"); !pass || !allow {
		t.Error("the suggested price is refused")
	}
	if pass, _ := passes(t, pack(t), changed(t, over, amount(*s.Most+1)), "money.limit"); pass {
		t.Error("a cent more passes, too")
	}
	rule := find(t, all, "limits.amount.EUR")
	if rule.Text != "the rule would have to be: limits.amount.EUR at 60,000,000.00 EUR or more" || rule.Means != records.ByRule || !rule.Allows || all[len(all)-1].Means != records.ByRule {
		t.Errorf("suggestion %+v", rule)
	}
	for limit, want := range map[string]bool{"6000000000": true, "5999999999": false} {
		p := edited(t, limits, "EUR: 5000000000\n", "EUR: "+limit+"\n")
		doc := strings.ReplaceAll(string(over), pack(t).Digest().String(), p.Digest().String())
		if pass, _ := passes(t, p, []byte(doc), "money.limit"); pass != want {
			t.Errorf("with a limit of %s: %t, want %t", limit, pass, want)
		}
	}
}

func TestApprovalsThatAreMissing(t *testing.T) {
	for _, r := range sample(t, decisions) {
		if r.Name != "terms.propose" || len(r.Decision.Needs) == 0 || len(r.Decision.Reasons()) > 1 {
			continue
		}
		s := find(t, suggestions(t, r.Document, "terms.four_eyes"), "approvals")
		if s.Means != records.ByApproval || s.Least == nil || *s.Least < 1 || !s.Allows || !strings.Contains(s.Text, "more person") {
			t.Errorf("suggestion %+v", s)
		}
		return
	}
	t.Fatal("no proposal lacked approvals")
}

func TestTimesToTheSecond(t *testing.T) {
	late := document(t, "nda.sign", "act.deadline")
	s := find(t, suggestions(t, late, "act.deadline"), "act.deadline")
	if s.Bound != records.Between || !s.Allows || s.Unit != records.Seconds {
		t.Fatalf("suggestion %+v", s)
	}
	for second, want := range map[int64]bool{*s.Least: true, *s.Least - 1: false, *s.Most: true, *s.Most + 1: false} {
		if pass, _ := passes(t, pack(t), changed(t, late, map[string]any{"act/deadline": second * 1000}), "act.deadline"); pass != want {
			t.Errorf("%s: %t, want %t (%s)", time.Unix(second, 0).UTC(), pass, want, s.Text)
		}
	}
}

func TestWaiting(t *testing.T) {
	standstill := edited(t, limits, "standstill:\n  hours: 0", "standstill:\n  hours: 48")
	for _, r := range sample(t, decisions) {
		if r.Name != "selection.select" || !r.Decision.Allow {
			continue
		}
		doc := []byte(strings.ReplaceAll(string(r.Document), pack(t).Digest().String(), standstill.Digest().String()))
		all, err := records.Counterfactual(context.Background(), standstill, doc, "selection.standstill")
		if err != nil {
			t.Fatal(err)
		}
		s := find(t, all, "now")
		if s.Means != records.ByWaiting || !strings.HasPrefix(s.Text, "passes from 2026-1") {
			t.Fatalf("suggestion %+v", s)
		}
		for second, want := range map[int64]bool{*s.Least: true, *s.Least - 1: false} {
			if pass, _ := passes(t, standstill, changed(t, doc, map[string]any{"now": second * 1000}), "selection.standstill"); pass != want {
				t.Errorf("%s: %t, want %t", time.Unix(second, 0).UTC(), pass, want)
			}
		}
		if s := find(t, all, "limits.standstill.hours"); s.Bound != records.AtMost && s.Bound != records.Between || s.Means != records.ByRule {
			t.Errorf("suggestion %+v", s)
		}
		return
	}
	t.Fatal("no selection in the sample")
}

func TestCountsChoicesAndWhatIsOnFile(t *testing.T) {
	for _, tt := range []struct{ act, rule, path, says string }{
		{"documents.notarize", "documents.count", "act.fields.count", "count: passes at 10,000 or less"},
		{"clearance.declare", "clearance.capacity", "act.fields.capacity", "capacity: passes with "},
		{"clearance.clear", "parties.bidder_kyc", "parties.bidder.kycClass", "class of identification of the bidder: passes with enhanced, "},
		{"invitations.invite", "parties.bidder_jurisdiction", "jurisdictions.ir.status", "the rule would have to be: jurisdictions.ir.status allowed"},
		{"mint.mint", "parties.kyc", "kyc.pending.accepted", "the rule would have to be: kyc.pending.accepted yes"},
	} {
		s := find(t, suggestions(t, document(t, tt.act, tt.rule), tt.rule), tt.path)
		if !strings.HasPrefix(s.Text, tt.says) || !s.Allows {
			t.Errorf("%s: %+v, want %q", tt.rule, s, tt.says)
		}
	}
}

func TestActsThatAreNotOnRecord(t *testing.T) {
	for _, r := range sample(t, decisions) {
		if r.Name != "data_room.open" || !r.Decision.Allow {
			continue
		}
		early := changed(t, r.Document, map[string]any{"done": []any{"clearance.clear", "invitation.accept"}})
		s := find(t, suggestions(t, early, "act.order"), "done")
		if !slices.Equal(s.Values, []string{"nda.countersign", "nda.sign"}) || s.Text != "passes once nda.countersign and nda.sign is on record" || !s.Allows {
			t.Errorf("suggestion %+v", s)
		}
		return
	}
	t.Fatal("no data room in the sample")
}

func TestWhatIsNotKnown(t *testing.T) {
	unknown := changed(t, document(t, "clearance.clear", "parties.bidder_kyc"), map[string]any{"parties/bidder/kycClass": "standard", "parties/bidder/kycUntil": nil})
	s := find(t, suggestions(t, unknown, "parties.bidder_kyc"), "parties.bidder.kycUntil")
	if s.Bound != records.AtLeast || s.Means != records.ByFile || !s.Allows {
		t.Errorf("suggestion %+v", s)
	}
	unscreened := changed(t, offer(t, 100_000_00), map[string]any{"parties/bidder/screening": nil})
	if s := find(t, suggestions(t, unscreened, "parties.bidder_sanctions"), "parties.bidder.screening"); !s.Allows {
		t.Errorf("suggestion %+v", s)
	}
}

func TestListThatIsTooOld(t *testing.T) {
	list, err := fs.ReadFile(policies.StandardFS(), "data/ofac_sdn.csv")
	if err != nil {
		t.Fatal(err)
	}
	late := changed(t, offer(t, 100_000_00), map[string]any{"now": start.AddDate(0, 0, 40).UnixMilli()})
	s := find(t, suggestions(t, late, "parties.bidder_sanctions"), "sanctions")
	if s.Means != records.ByList || !strings.HasPrefix(s.Text, "passes with an edition of list sanctions as of 2026-11-30 09:00:00 UTC or later") {
		t.Fatalf("suggestion %+v", s)
	}
	for second, want := range map[int64]bool{*s.Least: true, *s.Least - 1: false} {
		p, err := pack(t).WithList("sanctions", list, time.Unix(second, 0))
		if err != nil {
			t.Fatal(err)
		}
		if pass, _ := passes(t, p, late, "parties.bidder_sanctions"); pass != want {
			t.Errorf("with an edition of %s: %t, want %t", time.Unix(second, 0).UTC(), pass, want)
		}
	}
}

func TestEqualAmountsChangeTogether(t *testing.T) {
	for _, r := range sample(t, decisions) {
		if r.Name != "selection.select" || !r.Decision.Allow || !strings.Contains(string(r.Document), `"currency":"EUR"`) {
			continue
		}
		set := amount(5_500_000_000)
		sum := map[string]any{"minor": int64(5_500_000_000), "currency": "EUR"}
		set["room/price"] = sum
		set["face"] = map[string]any{"minor": int64(6_000_000_000), "currency": "EUR"}
		set["room/perimeterFace"] = set["face"]
		set["exposure"] = map[string]any{"counterparty": 0, "day": 0}
		s := find(t, suggestions(t, changed(t, r.Document, set), "money.limit"), "act.fields.price")
		if !s.Allows || !slices.Equal(s.Also, []string{"room.price"}) || *s.Most != 5_000_000_000 {
			t.Errorf("suggestion %+v", s)
		}
		return
	}
	t.Fatal("no selection in euro in the sample")
}

func TestCounterfactualRefuses(t *testing.T) {
	good := offer(t, 100_000_00)
	if all, err := records.Counterfactual(context.Background(), pack(t), good, "money.limit"); err != nil || all != nil {
		t.Errorf("a rule that passes: %v, %v", all, err)
	}
	for name, try := range map[string]struct {
		document []byte
		rule     string
	}{"a rule that was not asked": {good, "terms.price"}, "no document": {[]byte("null"), "money.limit"}, "a member twice": {[]byte(`{"act":1,"act":1}`), "money.limit"}} {
		if _, err := records.Counterfactual(context.Background(), pack(t), try.document, try.rule); deal.KindOf(err) != deal.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := records.Counterfactual(ctx, pack(t), offer(t, 6_000_000_000), "money.limit"); !errors.Is(err, context.Canceled) {
		t.Errorf("ended: %v", err)
	}
}

func TestExplain(t *testing.T) {
	for _, r := range sample(t, decisions) {
		if reasons := r.Decision.Reasons(); r.Name != "documents.notarize" || len(reasons) != 1 || reasons[0].ID != "documents.count" {
			continue
		}
		all, err := records.Suggest(context.Background(), pack(t), r.Document)
		if err != nil {
			t.Fatal(err)
		}
		have := records.Explain(r, pack(t).Rules(), all)
		for _, words := range []string{
			"documents.notarize was refused: 1 of ", "  failed: The number of documents is plausible.\n    found ", ", wanted 1 to 10000\n    rule documents.count (House rule O-2), owner operations\n",
			"    count: passes at 10,000 or less; the act is then allowed\n", "    the rule would have to be: limits.documents.maximum at ", "List sanctions as of 2026-11-20 (0x", " record 2 (" + r.Hash.Short() + ")",
		} {
			if !strings.Contains(have, words) {
				t.Errorf("no %q in\n%s", words, have)
			}
		}
		return
	}
	t.Fatal("no refusal for the number of documents")
}
