package activities

import (
	"context"

	"cession/chain/lane"
	"cession/deal"
)

// ReadModel keeps what lists and boards show.
type ReadModel interface {
	// Publish stores a progress; one with a version it has already changes nothing.
	Publish(ctx context.Context, p deal.Progress) error
	// PublishLane keeps what ended in a lane, by intent, and what operators did
	// there, by lane and number. What it has already it keeps once.
	PublishLane(ctx context.Context, p lane.Publish) error
}

// Board tells the read model where deals, rooms and lanes stand.
type Board struct{ ReadModel ReadModel }

// Publish stores where a deal or room stands. It is idempotent by version.
func (b *Board) Publish(ctx context.Context, p deal.Progress) error {
	return failure("publish", b.ReadModel.Publish(ctx, p))
}

// PublishLane keeps what a lane will forget. It may be repeated.
func (b *Board) PublishLane(ctx context.Context, p lane.Publish) error {
	defer heartbeat(ctx)()
	return failure("publish lane", b.ReadModel.PublishLane(ctx, p))
}
