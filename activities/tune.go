package activities

import (
	"context"
	"errors"
	"fmt"

	"go.temporal.io/api/serviceerror"

	"cession/chain/lane"
)

// TuneLanes tells the running lanes their configuration; they would otherwise go
// on with the one they were started with. Lanes that were never started are left
// alone: the first intent brings them theirs.
func TuneLanes(ctx context.Context, c LaneClient, lanes []lane.Config) error {
	for _, cfg := range lanes {
		if err := signalLane(ctx, c, cfg, LaneTune, cfg); err != nil {
			return fmt.Errorf("tune %s: %w", cfg.ID(), err)
		}
	}
	return nil
}

// WakeLanes has the lanes look at the chain, which may have been rewound since
// they last did. Lanes that were never started are left alone.
func WakeLanes(ctx context.Context, c LaneClient, lanes []lane.Config) error {
	for _, cfg := range lanes {
		if err := signalLane(ctx, c, cfg, LaneWake, nil); err != nil {
			return fmt.Errorf("wake %s: %w", cfg.ID(), err)
		}
	}
	return nil
}

func signalLane(ctx context.Context, c LaneClient, cfg lane.Config, signal string, arg any) error {
	err := c.SignalWorkflow(ctx, cfg.ID(), "", signal, arg)
	var none *serviceerror.NotFound
	if errors.As(err, &none) {
		return nil
	}
	return err
}
