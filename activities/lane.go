package activities

import (
	"context"
	"errors"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"

	"cession/chain/lane"
)

// LaneChain is a signer and the chain it sends to. Each method may be called
// again with the same argument after its answer was lost.
type LaneChain interface {
	Prepare(context.Context, lane.Prepare) (lane.Prepared, error)
	Replace(context.Context, lane.Replace) (lane.Replaced, error)
	Broadcast(context.Context, lane.Broadcast) (lane.Broadcasted, error)
	Observe(context.Context, lane.Observe) (lane.Observation, error)
}

// Lane carries out what the workflow of a lane decides. The result of each
// activity is in the workflow's history before the next one starts: what is
// broadcast has been persisted. All of them beat while they run, so a worker
// that died is missed within seconds.
type Lane struct{ Chain LaneChain }

// PrepareTransactions simulates calls and signs those that do not revert.
func (l *Lane) PrepareTransactions(ctx context.Context, p lane.Prepare) (lane.Prepared, error) {
	defer heartbeat(ctx)()
	out, err := l.Chain.Prepare(ctx, p)
	return out, fault("prepare transactions", err)
}

// ReplaceTransaction signs a transaction again, at the same nonce, for a higher fee.
func (l *Lane) ReplaceTransaction(ctx context.Context, r lane.Replace) (lane.Replaced, error) {
	defer heartbeat(ctx)()
	out, err := l.Chain.Replace(ctx, r)
	return out, fault("replace transaction", err)
}

// BroadcastTransactions sends stored bytes.
func (l *Lane) BroadcastTransactions(ctx context.Context, b lane.Broadcast) (lane.Broadcasted, error) {
	defer heartbeat(ctx)()
	out, err := l.Chain.Broadcast(ctx, b)
	return out, fault("broadcast transactions", err)
}

// ObserveChain waits for the next block and looks up everything in flight.
func (l *Lane) ObserveChain(ctx context.Context, o lane.Observe) (lane.Observation, error) {
	defer heartbeat(ctx)()
	out, err := l.Chain.Observe(ctx, o)
	return out, fault("observe chain", err)
}

// heartbeat beats every second until it is stopped.
func heartbeat(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				activity.RecordHeartbeat(ctx)
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() { cancel(); <-stopped }
}

// fault tells the lane the reason by the error's type. All are retried by the
// lane itself, on its own schedule, so none is by Temporal beyond a moment.
func fault(action string, err error) error {
	var f *lane.Fault
	if errors.As(err, &f) {
		return temporal.NewApplicationErrorWithCause(action+": "+f.Error(), string(f.Reason), nil)
	}
	return failure(action, err)
}
