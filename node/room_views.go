package node

import (
	"context"
	"net/http"

	"cession/deal"
)

// RoomViews returns who read what in the data room of a deal of this party's,
// and who its description; newest first, refused attempts too.
func (n *Node) RoomViews(ctx context.Context, id deal.ID) ([]ViewEntry, error) {
	return n.state.views(ctx, "deal = ? AND own = 0 AND (entry ->> 'what' LIKE 'room.%' OR entry ->> 'what' = 'teaser') ORDER BY position DESC LIMIT ?", id, maxRoomViews)
}

// maxRoomViews is how many entries [Node.RoomViews] returns.
const maxRoomViews = 10_000

func (n *Node) getRoomViews(w http.ResponseWriter, r *http.Request) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	list, err := n.RoomViews(r.Context(), id)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, list)
	return nil
}
