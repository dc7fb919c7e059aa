package activities

import (
	"context"
	"errors"
	"testing"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"cession/chain/lane"
	"cession/deal"
)

// deadChain fails every action with the same error.
type deadChain struct{ err error }

func (c deadChain) Prepare(context.Context, lane.Prepare) (lane.Prepared, error) {
	return lane.Prepared{}, c.err
}

func (c deadChain) Replace(context.Context, lane.Replace) (lane.Replaced, error) {
	return lane.Replaced{}, c.err
}

func (c deadChain) Broadcast(context.Context, lane.Broadcast) (lane.Broadcasted, error) {
	return lane.Broadcasted{}, c.err
}

func (c deadChain) Observe(context.Context, lane.Observe) (lane.Observation, error) {
	return lane.Observation{}, c.err
}

// TestLaneFaults: the workflow learns the reason from the error's type.
func TestLaneFaults(t *testing.T) {
	tests := map[string]struct {
		err   error
		kind  string
		retry bool
	}{
		"signer":      {&lane.Fault{Reason: lane.SignerDown, Err: errors.New("locked")}, string(lane.SignerDown), true},
		"no answer":   {errors.New("connection refused"), "wrapError", true},
		"lost":        {deal.Errorf(deal.Lost, "no answer"), "wrapError", true},
		"wrong chain": {deal.Errorf(deal.Conflict, "node is on chain 5"), string(deal.Conflict), false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			l := &Lane{Chain: deadChain{test.err}}
			var suite testsuite.WorkflowTestSuite
			env := suite.NewTestActivityEnvironment()
			env.RegisterActivity(l)
			for _, run := range []func() error{
				func() error { _, err := env.ExecuteActivity(l.PrepareTransactions, lane.Prepare{}); return err },
				func() error { _, err := env.ExecuteActivity(l.ReplaceTransaction, lane.Replace{}); return err },
				func() error { _, err := env.ExecuteActivity(l.BroadcastTransactions, lane.Broadcast{}); return err },
				func() error { _, err := env.ExecuteActivity(l.ObserveChain, lane.Observe{}); return err },
			} {
				var f *temporal.ApplicationError
				if err := run(); !errors.As(err, &f) || f.Type() != test.kind || f.NonRetryable() == test.retry {
					t.Errorf("error %v, want type %s, retryable %t", err, test.kind, test.retry)
				}
			}
		})
	}
}
