package node

import (
	"context"
	"net/http"

	"cession/deal"
)

// ViewFilter says which reads are wanted; what is empty does not count.
type ViewFilter struct {
	Bidder deal.PartyID
	Read   string // id of a read, as it is on the copy that went out
}

// RoomViews returns who read what in the data room of a deal of this party's,
// and who its description; newest first, refused attempts too. The filter comes
// before the limit: nobody reads so much that an earlier read is not found.
func (n *Node) RoomViews(ctx context.Context, id deal.ID, f ViewFilter) ([]ViewEntry, error) {
	return n.state.views(ctx, `deal = ? AND own = 0 AND (? IN ('', party)) AND (? IN ('', entry ->> 'note')) AND
		(entry ->> 'what' LIKE 'room.%' OR entry ->> 'what' = 'teaser') ORDER BY position DESC LIMIT ?`, id, f.Bidder, f.Read, maxRoomViews)
}

// maxRoomViews is how many entries [Node.RoomViews] returns.
const maxRoomViews = 10_000

func (n *Node) getRoomViews(w http.ResponseWriter, r *http.Request) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	list, err := n.RoomViews(r.Context(), id, ViewFilter{deal.PartyID(r.URL.Query().Get("bidder")), r.URL.Query().Get("read")})
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, list)
	return nil
}
