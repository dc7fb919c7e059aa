package node

import (
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"strconv"
	"strings"

	"cession/deal"
	"cession/node/render"
)

// visit is one attempt to read in the data room. Each is judged and logged by
// itself.
type visit struct {
	peer  deal.PartyID
	deal  deal.ID
	what  string
	index uint64
	page  uint64 // from 1; 0: none
	read  string // short id: in the log and on the copy that goes out
}

// newVisit reads the deal and, where the path has them, document and page.
func newVisit(r *http.Request, peer deal.PartyID, what string) (v visit, err error) {
	v = visit{peer: peer, what: what, read: strings.ToLower(rand.Text()[:8])}
	if v.deal, err = pathDeal(r); err != nil {
		return v, err
	}
	if r.PathValue("index") == "" {
		return v, nil
	}
	if v.index, err = pathIndex(r); err != nil || r.PathValue("page") == "" {
		return v, err
	}
	if v.page, err = strconv.ParseUint(r.PathValue("page"), 10, 31); err != nil || v.page == 0 {
		return v, deal.Errorf(deal.Invalid, "page: want a whole number from 1")
	}
	return v, nil
}

// logged logs a visit and what became of it; one that cannot be logged fails.
func (n *Node) logged(ctx context.Context, v visit, failed error) error {
	err := n.logEntry(ctx, ViewEntry{Party: v.peer, Deal: v.deal, What: v.what, Index: v.index, Page: v.page, Note: v.read}, failed)
	if failed != nil {
		return failed
	}
	return err
}

// admit lets a visit to a document in.
func (n *Node) admit(ctx context.Context, v visit) (document, error) {
	docs, err := n.mayRead(ctx, v.deal, v.peer)
	if err != nil {
		return document{}, err
	}
	for _, d := range docs {
		if d.Index == v.index {
			return d, nil
		}
	}
	return document{}, refuse(NotInRoom, "the document is not in this party's data room")
}

func (n *Node) peerRoomList(w http.ResponseWriter, r *http.Request, peer deal.PartyID) error {
	v, err := newVisit(r, peer, "room.list")
	if err != nil {
		return err
	}
	docs, err := n.mayRead(r.Context(), v.deal, peer)
	var list []DocumentInfo
	if err == nil {
		list, err = n.roomListing(r.Context(), v.deal, docs)
	}
	if err := n.logged(r.Context(), v, err); err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, list)
	return nil
}

// peerRoomRead sends a whole document: a marked copy where it has pages, as it
// is where it has none, and nothing where it may only be looked at.
func (n *Node) peerRoomRead(w http.ResponseWriter, r *http.Request, peer deal.PartyID) error {
	v, err := newVisit(r, peer, "room.read")
	if err != nil {
		return err
	}
	d, err := n.admit(r.Context(), v)
	if err == nil && d.About.ViewOnly {
		err = refuse(ViewOnly, "the document may be looked at page by page only")
	}
	if err == nil && render.Marks(d.version.Manifest.MediaType) {
		return n.sendMarked(w, r, v, d)
	}
	var content io.ReadSeeker
	if err == nil {
		content, err = n.plaintext(r.Context(), d)
	}
	if err := n.logged(r.Context(), v, err); err != nil {
		return err
	}
	return n.guarded(w, r, v, func(w http.ResponseWriter) { serveContent(w, r, d, content) })
}
