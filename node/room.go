package node

import (
	"context"
	"database/sql"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"cession/deal"
)

// Grant opens the data room of the deal to the bidder of a room, under the
// seller's act data_room.open, after every act was verified and the node's own
// policy said yes. The same grant again is no error; one that was revoked stays so.
func (n *Node) Grant(ctx context.Context, room *deal.Progress, open deal.Act) error {
	err := n.grant(ctx, room, open)
	e := ViewEntry{Party: room.Room(), Deal: open.Deal, What: "grant", Ref: open.ID}
	if logged := n.logOwn(ctx, e, err); err == nil {
		err = logged
	}
	return err
}

func (n *Node) grant(ctx context.Context, room *deal.Progress, open deal.Act) error {
	if room.Ended != nil {
		return refuse(GrantRevoked, "the room is over")
	}
	earlier := before(room, open.ID)
	p, until, err := n.readable(ctx, &earlier, open)
	if err != nil {
		return err
	}
	bidder := p.Room()
	if err := n.notEndedSince(ctx, open, bidder); err != nil {
		return err
	}
	var act string
	var revoked bool
	ok, err := n.state.row(ctx, []any{&act, &revoked}, "SELECT act, revoked FROM grants WHERE deal = ? AND bidder = ?", open.Deal, bidder)
	if err != nil {
		return err
	}
	if ok && act == open.ID.String() {
		if revoked {
			return refuse(GrantRevoked, "the bidder's reading rights were taken back")
		}
		return nil
	}
	return n.state.exec(ctx, `INSERT INTO grants VALUES (?, ?, ?, ?, ?, ?, 0) ON CONFLICT (deal, bidder) DO UPDATE
		SET act = excluded.act, until = excluded.until, room = excluded.room, opened = excluded.opened, revoked = 0`,
		open.Deal, bidder, open.ID.String(), stamp(until), jsonColumn(earlier), jsonColumn(open))
}

// readable verifies that a room's bidder may read now: every act, the NDA of
// both, the dates, the node's own policy. It returns the rebuilt room, and
// until when.
func (n *Node) readable(ctx context.Context, room *deal.Progress, open deal.Act) (*deal.Progress, time.Time, error) {
	if room.Scope != deal.PerBidder || open.Name() != "data_room.open" || room.Opening.Seller.ID != n.Party {
		return nil, time.Time{}, deal.Errorf(deal.Invalid, "grant access: want a room of this seller and its act data_room.open")
	}
	p, err := n.replay(ctx, room)
	if err != nil {
		return nil, time.Time{}, err
	}
	if err := n.inTurn(ctx, p, open, n.now()); err != nil {
		return nil, time.Time{}, err
	}
	if p.Last("nda", "sign") == nil || p.Last("nda", "countersign") == nil {
		return nil, time.Time{}, refuse(NoGrant, "there is no NDA signed by both")
	}
	until := open.Field("until").Time()
	for _, action := range []string{"sign", "countersign"} {
		if nda := p.Value("nda", action, "until").Time(); nda.Before(until) {
			until = nda
		}
	}
	if !n.now().Before(until) {
		return nil, until, refuse(GrantExpired, "reading rights or the NDA have run out")
	}
	return p, until, n.allowed(ctx, p, open, ToRead)
}

// notEndedSince refuses a grant that comes, late, after an act of this node's
// own party that ends it: the desk says when a grant comes, not the seller.
func (n *Node) notEndedSince(ctx context.Context, open deal.Act, bidder deal.PartyID) error {
	later, err := n.state.acts(ctx, `deal = ? AND rowid > coalesce((SELECT rowid FROM acts WHERE id = ?), 0) AND
		((room = ? AND name IN ('leave.dismiss', 'leave.revoke')) OR name IN ('selection.select', 'cancellation.cancel', 'refund.claim'))`,
		open.Deal, open.ID.String(), bidder)
	if err != nil {
		return err
	}
	for _, a := range later {
		taken := a.Status == statusSettled && a.Outcome.Verdict == deal.Accepted
		if a.Act.Name() == "leave.revoke" || (taken && a.Act.Field("bidder").Party() != bidder) {
			return refuse(GrantRevoked, "this party took the reading rights back before the grant came")
		}
	}
	return nil
}

// before returns a progress as it was before an act; one that does not hold the
// act is returned as it is.
func before(p *deal.Progress, act deal.Commitment) deal.Progress {
	cut := p.Clone()
	if i := slices.IndexFunc(cut.Records, func(r deal.Record) bool { return r.Act.ID == act }); i >= 0 {
		cut.Records = cut.Records[:i]
		cut.Ended = nil // what came after
	}
	return cut
}

// Revoke takes a bidder's reading rights back.
func (n *Node) Revoke(ctx context.Context, id deal.ID, bidder deal.PartyID) error {
	return n.revokeWhere(ctx, "deal = ? AND bidder = ?", id, bidder)
}

func (n *Node) revokeWhere(ctx context.Context, where string, args ...any) error {
	var ended []ViewEntry
	err := n.state.rows(ctx, func(r *sql.Rows) error {
		e := ViewEntry{What: "grant.revoke"}
		err := r.Scan(&e.Deal, &e.Party)
		ended = append(ended, e)
		return err
	}, "SELECT deal, bidder FROM grants WHERE revoked = 0 AND "+where, args...)
	if err == nil {
		err = n.state.exec(ctx, "UPDATE grants SET revoked = 1 WHERE "+where, args...)
	}
	for _, e := range ended {
		if err == nil {
			err = n.logOwn(ctx, e, nil)
		}
	}
	return err
}

// mayRead is the gate of every read in the data room; it returns the documents
// that are in it. It verifies all of the grant again: a policy, a date or a
// revocation bites at the next read.
func (n *Node) mayRead(ctx context.Context, id deal.ID, peer deal.PartyID) ([]document, error) {
	var room, open string
	var revoked bool
	ok, err := n.state.row(ctx, []any{&room, &open, &revoked}, "SELECT room, opened, revoked FROM grants WHERE deal = ? AND bidder = ?", id, peer)
	switch {
	case err != nil:
		return nil, err
	case !ok:
		return nil, refuse(NoGrant, "no data room is open to this party")
	case revoked:
		return nil, refuse(GrantRevoked, "reading rights were taken back")
	}
	var p deal.Progress
	var act deal.Act
	if err := json.Unmarshal([]byte(room), &p); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(open), &act); err != nil {
		return nil, err
	}
	if _, _, err := n.readable(ctx, &p, act); err != nil {
		return nil, err
	}
	return n.roomPart(ctx, id, peer)
}

// deleteGrant takes reading rights back where the desk cannot or will not take
// the act leave.revoke.
func (n *Node) deleteGrant(w http.ResponseWriter, r *http.Request) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	bidder := deal.PartyID(r.PathValue("bidder"))
	ok, err := n.state.row(r.Context(), []any{new(string)}, "SELECT act FROM grants WHERE deal = ? AND bidder = ?", id, bidder)
	if err == nil && !ok {
		err = deal.Errorf(deal.NotFound, "no data room of %s is open to %.64q at this node", id, string(bidder))
	}
	if err == nil {
		err = n.Revoke(r.Context(), id, bidder)
	}
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (n *Node) roomRoutes() []route {
	const own, peer = "GET /v1/deals/{id}/", "GET /peer/v1/deals/{id}/"
	return []route{
		{pattern: own + "room/documents", title: "The documents in the seller's data room", out: []DocumentInfo{}, customer: n.getRoomDocuments},
		{pattern: own + "room/documents/{index}", title: "A document in the seller's data room", customer: n.getRoomDocument},
		{pattern: own + "room/documents/{index}/pages", title: "How many pages a document in the seller's data room has", out: RoomPages{}, customer: n.getRoomPages},
		{pattern: own + "room/documents/{index}/pages/{page}", title: "The image of a page in the seller's data room", customer: n.getRoomPage},
		{pattern: own + "room/views", title: "Who read what in this party's data room", out: []ViewEntry{}, customer: n.getRoomViews},
		{pattern: "DELETE /v1/deals/{id}/room/grants/{bidder}", title: "Take a bidder's reading rights back at once, without asking anybody", customer: n.deleteGrant},
		{pattern: own + "teaser", title: "The seller's description of what is for sale", out: Teaser{}, customer: n.getTeaser},
		{pattern: peer + "room/documents", title: "The documents of the data room", out: []DocumentInfo{}, peer: n.peerRoomList},
		{pattern: peer + "room/documents/{index}", title: "A document of the data room", peer: n.peerRoomRead},
		{pattern: peer + "room/documents/{index}/pages", title: "How many pages a document of the data room has", out: RoomPages{}, peer: n.peerRoomPages},
		{pattern: peer + "room/documents/{index}/pages/{page}", title: "The image of a page of the data room", peer: n.peerRoomPage},
		{pattern: peer + "teaser", title: "The description for invited bidders", out: Teaser{}, peer: n.peerTeaser},
	}
}
