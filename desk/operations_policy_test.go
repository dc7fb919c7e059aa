package desk

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"cession/chain/lane"
	"cession/deal"
)

func TestOperateRefused(t *testing.T) {
	h := stuckHarness(t)
	r := retryOf(1)
	r.Verb, r.Key = lane.GiveUp, "k"
	for range 2 {
		out, err := h.client("").Operate(t.Context(), r)
		var refusal *OperationRefusal
		if deal.KindOf(err) != deal.Refused || !errors.As(err, &refusal) || out.Decision.Allow || len(out.Decision.Reasons()) != 1 {
			t.Errorf("%+v, %v", out, err)
		}
		h.store.db.Exec("DELETE FROM idempotency")
	}
	body, _ := json.Marshal(r)
	a := h.send("", "POST", "/v1/operations", string(body), "Idempotency-Key: k")
	if p := a.problem(t); a.status != 403 || len(p.Failed) != 1 || p.Decision == nil || len(h.lanes.done) != 0 {
		t.Errorf("status %d, %+v", a.status, p)
	}
	list := h.operationList(OperationFilter{State: OperationRefused})
	if len(list) != 1 || list[0].Command.Actor != "operator" || list[0].Decision == nil || list[0].Decision.Allow || len(h.questions()) != 1 {
		t.Errorf("recorded as %+v, judged %d times", list, len(h.questions()))
	}
}

// Without a gate, or with one that fails or wants what the desk cannot do,
// nothing is done.
func TestOperateFailsClosed(t *testing.T) {
	h := stuckHarness(t)
	for name, c := range map[string]struct {
		gate func(context.Context, Operation) (Judgment, error)
		want deal.Kind
	}{
		"no gate": {nil, deal.Refused},
		"no answer": {func(context.Context, Operation) (Judgment, error) {
			return Judgment{Decision: deal.Decision{Allow: true}}, errLost
		}, deal.Lost},
		"no decision": {func(context.Context, Operation) (Judgment, error) { return Judgment{}, nil }, deal.Refused},
		"an obligation": {func(context.Context, Operation) (Judgment, error) {
			return Judgment{Decision: deal.Decision{Allow: true, Obligations: []string{"wait"}}}, nil
		}, deal.Refused},
	} {
		h.desk.gate = c.gate
		body, _ := json.Marshal(retryOf(1))
		a := h.send("", "POST", "/v1/operations", string(body), "Idempotency-Key: "+name)
		p := a.problem(t)
		if p.Kind != c.want || len(h.lanes.done) != 0 {
			t.Errorf("%s: status %d, %+v, want kind %s", name, a.status, p, c.want)
		}
		explained(t, p.Failed)
	}
}

// explained checks that the desk's own rules say what they found, wanted, and where that is written.
func explained(t *testing.T, rules []deal.RuleResult) {
	t.Helper()
	for _, r := range rules {
		if strings.HasPrefix(r.ID, "desk.") && (r.Actual == "" || r.Threshold == "" || r.Citation == "") {
			t.Errorf("a rule without reasons: %+v", r)
		}
	}
}

func TestOperateIsTheOperators(t *testing.T) {
	h := stuckHarness(t)
	body, _ := json.Marshal(retryOf(1))
	for _, route := range []string{"GET /v1/lanes", "GET /v1/transactions", "GET /v1/transactions/" + counted("intent", 1).String(),
		"GET /v1/operations", "GET /v1/spending", "POST /v1/operations"} {
		method, path, _ := strings.Cut(route, " ")
		for _, who := range []deal.PartyID{seller, "stranger"} {
			text := ""
			if method == "POST" {
				text = string(body)
			}
			a := h.send(who, method, path, text, "Idempotency-Key: k")
			if a.status != 403 || strings.Contains(a.body, "FEE_CEILING") || strings.Contains(a.body, laneB) {
				t.Errorf("%s as %s: status %d: %s", route, who, a.status, a.body)
			}
		}
	}
	if len(h.questions())+len(h.lanes.done) != 0 {
		t.Error("it went further than that")
	}
}

func TestFourEyes(t *testing.T) {
	h := newLaneHarness(t)
	edit := OperationRequest{Verb: lane.Edit, Lane: laneA, Version: 1, Reason: lane.NetworkFees, Limits: lane.Limits{PerGas: 900e9}}
	out, err := h.client("").Operate(t.Context(), edit)
	if err != nil || !out.Answer.Proposed || len(h.lanes.done) != 0 {
		t.Fatalf("proposed: %+v, %v", out, err)
	}
	approve := OperationRequest{Verb: lane.Approve, Proposal: out.Answer.ID, Version: 2, Reason: lane.NetworkFees}
	refused, err := h.client("").Operate(t.Context(), approve)
	explained(t, refused.Decision.Rules)
	if deal.KindOf(err) != deal.Refused || len(h.lanes.done) != 0 || len(h.questions()) != 1 {
		t.Errorf("approved by the same: %v", err)
	}
	list := h.operationList(OperationFilter{State: OperationRefused})
	if len(list) != 1 || list[0].Command.Verb != lane.Approve {
		t.Fatalf("recorded as %+v", list)
	}
	if r := list[0].Decision.Rules[0]; r.ID != "desk.four_eyes" || r.State != deal.Fail {
		t.Errorf("refused by %+v", r)
	}
	h.tokens["same"] = h.token(Caller{Operator: true, Subject: "Operator"})
	if _, err = h.client("same").Operate(t.Context(), approve); deal.KindOf(err) != deal.Refused || len(h.lanes.done) != 0 {
		t.Errorf("approved by the same in capitals: %v", err)
	}
	if _, err := h.store.NewToken(t.Context(), Caller{Operator: true, Subject: "two words"}, time.Hour); deal.KindOf(err) != deal.Invalid {
		t.Errorf("a token for who can be in no record: %v", err)
	}
	if _, err = h.client("second").Operate(t.Context(), approve); err != nil || len(h.lanes.done) != 1 {
		t.Fatalf("approved by another: %v", err)
	}
	q := h.questions()[1]
	if q.Actor != "second" || q.Proposer != "operator" || q.Proposed != lane.Edit || q.Limits.PerGas != 900e9 || q.Target != "lane" || q.Status != "running" {
		t.Errorf("policy was asked %+v", q)
	}
	approve.Proposal = "op-unknown"
	if _, err = h.client("second").Operate(t.Context(), approve); deal.KindOf(err) != deal.NotFound {
		t.Errorf("no proposal: %v", err)
	}
}
