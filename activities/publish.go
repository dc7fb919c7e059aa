package activities

import (
	"context"

	"cession/deal"
)

// ReadModel keeps what lists and boards show.
type ReadModel interface {
	// Publish stores a progress; one with a version it has already changes nothing.
	Publish(ctx context.Context, p deal.Progress) error
}

// Board tells the read model where deals and rooms stand.
type Board struct{ ReadModel ReadModel }

// Publish stores where a deal or room stands. It is idempotent by version.
func (b *Board) Publish(ctx context.Context, p deal.Progress) error {
	return failure("publish", b.ReadModel.Publish(ctx, p))
}
