package workflows

import (
	"context"
	"time"

	"github.com/stretchr/testify/mock"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"

	"cession/activities"
	"cession/deal"
)

// patient takes a slow machine for what it is: by default, a second without
// progress is a deadlock.
var patient = worker.Options{DeadlockDetectionTimeout: time.Minute}

func startOptions(id string) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{ID: id, TaskQueue: TaskQueue}
}

// mockNodes answers for the lane and for the parties' nodes.
func (m *market) mockNodes() {
	m.env.OnActivity("SubmitIntent", mock.Anything, mock.Anything).Return(func(_ context.Context, i deal.Intent) (activities.Submitted, error) {
		receipt := m.outcome(i)
		m.env.RegisterDelayedCallback(func() {
			if err := m.env.SignalWorkflowByID(i.Reply, SignalReceipt, receipt); err != nil {
				m.t.Errorf("receipt of %s: %v", i.Call.Name(), err)
			}
		}, time.Second)
		return activities.Submitted{}, nil
	})
	m.env.OnActivity("HoldDocuments", mock.Anything, mock.Anything).Return(func(_ context.Context, r activities.HoldRequest) (activities.HoldReport, error) {
		return activities.HoldReport{Root: r.Root, Held: r.Count - m.missing, Count: r.Count}, m.away("HoldDocuments")
	})
	m.env.OnActivity("GrantAccess", mock.Anything, mock.Anything).Return(func(context.Context, activities.GrantRequest) error { return m.away("GrantAccess") })
	m.env.OnActivity("RevokeAccess", mock.Anything, mock.Anything).Return(func(_ context.Context, r activities.RevokeRequest) error {
		m.revoked = append(m.revoked, r.Bidder)
		return m.away("RevokeAccess")
	})
	m.env.OnActivity("ArmRelease", mock.Anything, mock.Anything).Return(func(context.Context, activities.ReleaseRequest) error { return m.away("ArmRelease") })
	m.pull = m.env.OnActivity("PullDocuments", mock.Anything, mock.Anything).Return(func(_ context.Context, r activities.PullRequest) (activities.PullReport, error) {
		root, _ := r.Sale.Documents()
		return activities.PullReport{Root: root, Count: 8, Verified: 8}, m.away("PullDocuments")
	})
}

// outcome is what the chain did with an intent, now or when it came first.
func (m *market) outcome(i deal.Intent) deal.Receipt {
	if known, ok := m.done[i.ID]; ok {
		return known
	}
	m.calls, m.intents = append(m.calls, i.Call.Name()), append(m.intents, i)
	receipt := deal.Receipt{Intent: i.ID, Call: i.Call.Name(), OK: true, Result: hashOf(i.ID), Block: uint64(len(m.calls))}
	if why := m.revert[i.Call.Name()]; why != "" {
		receipt.OK, receipt.Reason = false, why
	}
	m.done[i.ID] = receipt
	return receipt
}

// away fails as Temporal does when nobody polls the node's queue.
func (m *market) away(activity string) error {
	if m.offline[activity] {
		return temporal.NewTimeoutError(2, nil) // schedule to start
	}
	return nil
}

type fields = map[string]deal.Value

func eur(minor int64) deal.Value { return deal.Money(minor, "EUR") }

func sig() deal.Value {
	v, err := deal.NewValue(deal.KindSignature, "0x01")
	if err != nil {
		panic(err)
	}
	return v
}

func value(kind deal.ValueKind, text string) deal.Value {
	v, err := deal.NewValue(kind, text)
	if err != nil {
		panic(err)
	}
	return v
}
