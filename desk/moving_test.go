package desk

import (
	"context"
	"errors"
	"testing"

	"go.temporal.io/sdk/converter"

	commonpb "go.temporal.io/api/common/v1"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"

	"cession/deal"
)

// describing is a client that knows what a workflow waits for.
type describing struct {
	temporalClient
	pending []*workflowpb.PendingActivityInfo
	err     error
}

func (d describing) DescribeWorkflowExecution(context.Context, string, string) (*workflowservice.DescribeWorkflowExecutionResponse, error) {
	return &workflowservice.DescribeWorkflowExecutionResponse{PendingActivities: d.pending}, d.err
}

func TestMoving(t *testing.T) {
	beat, err := converter.GetDefaultDataConverter().ToPayloads(map[string]uint64{"documents": 3, "bytes": 4096})
	if err != nil {
		t.Fatal(err)
	}
	spoiled, err := converter.GetDefaultDataConverter().ToPayloads("what")
	if err != nil {
		t.Fatal(err)
	}
	activity := func(name string, details *commonpb.Payloads) *workflowpb.PendingActivityInfo {
		return &workflowpb.PendingActivityInfo{ActivityType: &commonpb.ActivityType{Name: name}, HeartbeatDetails: details, Attempt: 2}
	}
	for name, c := range map[string]struct {
		client temporalClient
		want   *Moving
		kind   deal.Kind
	}{
		"a pull":               {describing{pending: []*workflowpb.PendingActivityInfo{activity("Submit", beat), activity(pullActivity, beat)}}, &Moving{3, 4096, 2}, ""},
		"not a word yet":       {describing{pending: []*workflowpb.PendingActivityInfo{activity(pullActivity, nil)}}, &Moving{Attempt: 2}, ""},
		"another's words":      {describing{pending: []*workflowpb.PendingActivityInfo{activity(pullActivity, spoiled)}}, &Moving{Attempt: 2}, ""},
		"nothing":              {describing{}, nil, ""},
		"a client that cannot": {nil, nil, ""},
	} {
		got, err := (&Temporal{c.client}).Moving(t.Context(), deal.NewID())
		if err != nil || (got == nil) != (c.want == nil) || got != nil && *got != *c.want {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, c.want)
		}
	}
	if _, err := (&Temporal{describing{err: errors.New("no answer")}}).Moving(t.Context(), deal.NewID()); err == nil {
		t.Error("a server that does not answer passes for no handover")
	}
}
