package desk

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"cession/chain/lane"
	"cession/deal"
)

// retryOf is a command on the intent that itemOf made of n.
func retryOf(n uint64) OperationRequest {
	return OperationRequest{Verb: lane.Retry, Intent: counted("intent", n), Version: 3, Reason: lane.Exercise, Ticket: "OPS-1"}
}

func stuckHarness(t *testing.T) *laneHarness {
	h := newLaneHarness(t)
	h.lanes.put(laneB, stuckItem(1))
	return h
}

func (h *laneHarness) operationList(f OperationFilter) []OperationEntry {
	h.t.Helper()
	page, err := h.client("").Operations(h.t.Context(), f)
	if err != nil {
		h.t.Fatal(err)
	}
	return page.Operations
}

func TestOperate(t *testing.T) {
	h := stuckHarness(t)
	r := retryOf(1)
	r.Verb = lane.Raise
	out, err := h.client("second").Operate(t.Context(), r)
	if err != nil || out.Lane != laneB || !out.Decision.Allow || out.Answer.Version != 4 {
		t.Fatalf("%+v, %v", out, err)
	}
	c := h.lanes.done[0]
	written, _ := json.Marshal(out.Decision)
	if c.Actor != "second" || c.Check() != nil || c.Decision != sha256.Sum256(written) || c.Cause != lane.Exercise || c.FourEyes {
		t.Errorf("the lane was told %+v", c)
	}
	q := h.questions()[0]
	if q.Target != "intent" || q.Status != "sent" || len(q.Reasons) != 1 || q.Deal != dealA || q.Lane != laneB || q.Actor != "second" ||
		q.Cap != 42e9 || q.Tip != 2e9 || q.Cost != 100_000*q.Cap || q.Age <= 0 || q.Current.PerGas != 300e9 {
		t.Errorf("policy was asked %+v", q)
	}
	if list := h.operationList(OperationFilter{Intent: r.Intent}); len(list) != 1 || list[0].State != OperationDone || list[0].Seq != 0 || list[0].Deal != dealA ||
		list[0].Answer == nil || !slices.Equal(list[0].Answer.Effects, out.Answer.Effects) {
		t.Errorf("before it is published: %+v", list)
	}
	entry := lane.Entry{Seq: 1, At: noted, Command: c, Answer: out.Answer}
	if err := h.store.PublishLane(t.Context(), lane.Publish{Lane: laneB, Entries: []lane.Entry{entry, entry}}); err != nil {
		t.Fatal(err)
	}
	list := h.operationList(OperationFilter{Deal: dealA})
	if len(list) != 1 || list[0].Seq != 1 || list[0].Decision == nil || !list[0].Decision.Allow || list[0].Answer == nil {
		t.Errorf("published: %+v", list)
	}
}

// Whatever is lost, the command is carried out once and its first answer arrives.
func TestOperateAgainAfterItWasLost(t *testing.T) {
	for name, set := range map[string]func(*fakeLanes){
		"not done":              func(f *fakeLanes) { f.before = once(errLost) },
		"done, the answer lost": func(f *fakeLanes) { f.after = once(errLost) },
		"timed out":             func(f *fakeLanes) { f.after = once(context.DeadlineExceeded) },
	} {
		h := stuckHarness(t)
		set(h.lanes)
		out, err := h.client("").Operate(t.Context(), retryOf(1))
		if err != nil || out.Answer.Version != 4 || len(h.lanes.done) != 1 || len(h.questions()) != 1 {
			t.Errorf("%s: %+v, %v; done %d times, judged %d times", name, out, err, len(h.lanes.done), len(h.questions()))
		}
		if list := h.operationList(OperationFilter{}); len(list) != 1 || list[0].State != OperationDone {
			t.Errorf("%s: recorded as %+v", name, list)
		}
	}
}

func TestOperateLostForGood(t *testing.T) {
	h := stuckHarness(t)
	h.lanes.before = func() error { return errLost }
	body, _ := json.Marshal(retryOf(1))
	a := h.send("", "POST", "/v1/operations", string(body), "Idempotency-Key: k")
	if p := a.problem(t); a.status != 503 || p.Kind != deal.Lost {
		t.Errorf("status %d, %+v", a.status, p)
	}
	if list := h.operationList(OperationFilter{State: OperationUnknown}); len(list) != 1 || list[0].Decision == nil {
		t.Errorf("recorded as %+v", list)
	}
	h.lanes.down[laneB] = true
	a = h.send("", "POST", "/v1/operations", string(body), "Idempotency-Key: another")
	if p := a.problem(t); a.status != 503 || p.Kind != deal.Lost || len(h.lanes.done) != 0 {
		t.Errorf("a lane that does not answer: status %d, %+v", a.status, p)
	}
}

func TestOperateSameKeyTwice(t *testing.T) {
	h := stuckHarness(t)
	r := retryOf(1)
	r.Key = "drawn-once"
	first, err := h.client("").Operate(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	// The desk has forgotten the answer; the lane has not.
	if _, err := h.store.db.Exec("DELETE FROM idempotency"); err != nil {
		t.Fatal(err)
	}
	again, err := h.client("").Operate(t.Context(), r)
	if err != nil || jsonOf(t, first) != jsonOf(t, again) || len(h.lanes.done) != 1 {
		t.Errorf("again: %+v, %v; done %d times", again, err, len(h.lanes.done))
	}
	other := r
	other.Verb = lane.Cancel
	for range 2 {
		if _, err := h.client("").Operate(t.Context(), other); deal.KindOf(err) != deal.Invalid {
			t.Errorf("the key for another command: %v, want kind invalid", err)
		}
		h.store.db.Exec("DELETE FROM idempotency")
	}
	h.desk.now = func() time.Time { return time.Now().Add(25 * time.Hour) }
	if _, err := h.client("").Operate(t.Context(), r); deal.KindOf(err) != deal.Conflict {
		t.Errorf("a day later: %v, want kind conflict", err)
	}
	h.desk.now = time.Now
	// Another operator's key of the same text is another key.
	if _, err := h.client("second").Operate(t.Context(), r); deal.KindOf(err) != deal.Conflict {
		t.Errorf("another operator: %v, want kind conflict of the version", err)
	}
}

// A double click: of two requests about the same version one wins.
func TestOperateDoubleClick(t *testing.T) {
	h := stuckHarness(t)
	var wg sync.WaitGroup
	errs := make([]error, 2)
	for i, id := range []deal.PartyID{"", "second"} {
		wg.Go(func() { _, errs[i] = h.client(id).Operate(context.Background(), retryOf(1)) })
	}
	wg.Wait()
	lost := errors.Join(errs...)
	if (errs[0] == nil) == (errs[1] == nil) || deal.KindOf(errs[0])+deal.KindOf(errs[1]) != deal.Conflict || len(h.lanes.done) != 1 {
		t.Errorf("both at once: %v; done %d times", lost, len(h.lanes.done))
	}
	stale := retryOf(1)
	stale.Version = 99
	if _, err := h.client("").Operate(t.Context(), stale); deal.KindOf(err) != deal.Conflict {
		t.Errorf("a version that never was: %v", err)
	}
}

// What the lane says no to is recorded as such.
func TestOperateConflictInTheLane(t *testing.T) {
	h := stuckHarness(t)
	h.lanes.before = once(deal.Errorf(deal.Conflict, "it moved on"))
	if _, err := h.client("").Operate(t.Context(), retryOf(1)); deal.KindOf(err) != deal.Conflict {
		t.Errorf("%v, want kind conflict", err)
	}
	if list := h.operationList(OperationFilter{}); len(list) != 1 || list[0].State != OperationFailed || list[0].Failure != "it moved on" || list[0].Answer != nil {
		t.Errorf("recorded as %+v", list)
	}
}

func TestDryRun(t *testing.T) {
	h := stuckHarness(t)
	r := retryOf(1)
	r.DryRun = true
	out, err := h.client("").Operate(t.Context(), r)
	if err != nil || !out.Decision.Allow || !out.Answer.DryRun || len(out.Answer.Effects) != 1 {
		t.Errorf("%+v, %v", out, err)
	}
	r.Verb = lane.GiveUp
	if out, err = h.client("").Operate(t.Context(), r); err != nil || out.Decision.Allow || len(out.Answer.Effects) != 0 {
		t.Errorf("refused: %+v, %v", out, err)
	}
	r.Verb, r.Limits = lane.Edit, lane.Limits{PerGas: 1}
	if out, err = h.client("").Operate(t.Context(), r); err != nil || !out.Answer.Proposed {
		t.Errorf("four eyes: %+v, %v", out, err)
	}
	if len(h.lanes.done) != 0 || len(h.operationList(OperationFilter{})) != 0 {
		t.Error("it left a trace")
	}
}

func TestBadOperations(t *testing.T) {
	h := stuckHarness(t)
	for name, c := range map[string]struct {
		change func(*OperationRequest)
		want   deal.Kind
	}{
		"no verb":          {func(r *OperationRequest) { r.Verb = "" }, deal.Invalid},
		"no such verb":     {func(r *OperationRequest) { r.Verb = "burn" }, deal.Invalid},
		"no reason":        {func(r *OperationRequest) { r.Reason = "" }, deal.Invalid},
		"free text":        {func(r *OperationRequest) { r.Ticket = "a sentence" }, deal.Invalid},
		"nothing to do":    {func(r *OperationRequest) { r.Verb, r.Intent = lane.Pause, deal.Commitment{} }, deal.Invalid},
		"a lane's verb":    {func(r *OperationRequest) { r.Verb = lane.Resync }, deal.Invalid},
		"no such lane":     {func(r *OperationRequest) { r.Lane = "deal/x" }, deal.NotFound},
		"no such intent":   {func(r *OperationRequest) { r.Intent = counted("intent", 99) }, deal.NotFound},
		"not in that lane": {func(r *OperationRequest) { r.Lane = laneA }, deal.NotFound},
		"an older version": {func(r *OperationRequest) { r.Version = 2 }, deal.Conflict},
		"a lane's old state": {func(r *OperationRequest) {
			r.Verb, r.Lane, r.Intent, r.Version = lane.Resync, laneA, deal.Commitment{}, 0
		}, deal.Conflict},
	} {
		r := retryOf(1)
		c.change(&r)
		if _, err := h.client("").Operate(t.Context(), r); deal.KindOf(err) != c.want {
			t.Errorf("%s: %v, want kind %s", name, err, c.want)
		}
	}
	body, _ := json.Marshal(retryOf(1))
	if a := h.send("", "POST", "/v1/operations", string(body)); a.status != 422 {
		t.Errorf("without a key: status %d", a.status)
	}
	if len(h.lanes.done) != 0 {
		t.Errorf("%d were done", len(h.lanes.done))
	}
}
