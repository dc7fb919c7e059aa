package node

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"cession/deal"
)

// maxRange is the most ciphertext one request may ask for, in bytes: the gate
// is passed anew for every range, so a revocation bites within this much.
const maxRange = 16 << 20

// doneMessage is how the buyer's node says that all documents arrived and match.
type doneMessage struct {
	Release deal.Commitment `json:"release"`
	Root    deal.Commitment `json:"root"`
	Count   uint64          `json:"count"`
}

// ticketOf passes the gate and logs the attempt, whatever comes of it.
func (n *Node) ticketOf(ctx context.Context, release deal.Commitment, id deal.ID, peer deal.PartyID, what string, index uint64) (ticket, error) {
	t, err := n.usable(ctx, release, id, peer)
	if err == nil && what == "handover.list" {
		err = n.verifyAgain(ctx, t)
	}
	if err == nil && what == "handover.range" && !t.lists(index) {
		err = refuse(NotReleased, "the document is not among those released")
	}
	if logged := n.logView(ctx, peer, id, what, index, err); err == nil {
		err = logged
	}
	return t, err
}

func queryTicket(r *http.Request) (deal.ID, deal.Commitment, error) {
	id, err := pathDeal(r)
	if err != nil {
		return id, deal.Commitment{}, err
	}
	release, err := deal.ParseCommitment(r.URL.Query().Get("ticket"))
	return id, release, err
}

func (n *Node) peerListing(w http.ResponseWriter, r *http.Request, peer deal.PartyID) error {
	id, release, err := queryTicket(r)
	if err != nil {
		return err
	}
	t, err := n.ticketOf(r.Context(), release, id, peer, "handover.list", 0)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, t.Listing)
	return nil
}

// peerRange serves one range of a document's ciphertext.
func (n *Node) peerRange(w http.ResponseWriter, r *http.Request, peer deal.PartyID) error {
	id, release, err := queryTicket(r)
	if err != nil {
		return err
	}
	index, err := pathIndex(r)
	if err != nil {
		return err
	}
	if _, err := n.ticketOf(r.Context(), release, id, peer, "handover.range", index); err != nil {
		return err
	}
	set, err := n.ownSet(r.Context(), id)
	if err != nil {
		return err
	}
	d, err := n.state.document(r.Context(), set.id, index)
	if err != nil {
		return err
	}
	offset, length, err := parseRange(r.Header.Get("Range"), d.version.Manifest.CipherSize)
	if err != nil {
		w.Header().Set("Content-Range", fmt.Sprintf("bytes */%d", d.version.Manifest.CipherSize))
		return err
	}
	body, err := n.Blobs.ReadRange(r.Context(), d.blob, offset, length)
	if err != nil {
		return err
	}
	defer body.Close()
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.FormatInt(length, 10))
	w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", offset, offset+length-1, d.version.Manifest.CipherSize))
	w.WriteHeader(http.StatusPartialContent)
	if _, err := io.CopyN(w, body, length); err != nil {
		n.Log.Info("range cut short", "deal", id, "index", index) // the status is out; the peer sees a short body
		return nil
	}
	if offset+length == d.version.Manifest.CipherSize {
		if err := n.state.sentWhole(r.Context(), release, index); err != nil {
			n.Log.Warn("delivery not noted", "deal", id, "index", index)
		}
	}
	return nil
}

// parseRange reads "bytes=first-last", exactly one range of at most maxRange
// bytes inside the ciphertext.
func parseRange(header string, size int64) (offset, length int64, err error) {
	spec, ok := strings.CutPrefix(header, "bytes=")
	first, last, both := strings.Cut(spec, "-")
	from, err1 := strconv.ParseInt(first, 10, 64)
	to, err2 := strconv.ParseInt(last, 10, 64)
	if !ok || !both || err1 != nil || err2 != nil || from < 0 || to < from || to >= size || to-from >= maxRange {
		return 0, 0, deal.Errorf(deal.Invalid, "range: want bytes=first-last, one range of at most %d bytes within the document", maxRange)
	}
	return from, to - from + 1, nil
}

// peerDone closes the ticket. The same message again is no error: its answer
// may have been lost.
func (n *Node) peerDone(w http.ResponseWriter, r *http.Request, peer deal.PartyID) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	var m doneMessage
	if err := readJSON(w, r, maxBody, &m); err != nil {
		return err
	}
	err = n.deliver(r.Context(), id, peer, m)
	if logged := n.logView(r.Context(), peer, id, "handover.done", 0, err); err == nil {
		err = logged
	}
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (n *Node) deliver(ctx context.Context, id deal.ID, peer deal.PartyID, m doneMessage) error {
	t, err := n.usable(ctx, m.Release, id, peer)
	if err != nil && reasonOf(err) != TicketUsed {
		return err
	}
	if m.Root != t.Root || m.Count != uint64(len(t.Listing.Documents)) {
		return refuse(RootDiffers, "what arrived is not what was released")
	}
	return n.state.exec(ctx, "UPDATE releases SET delivered = 1 WHERE act = ?", m.Release.String())
}
