package node

import (
	"context"
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

// ticketOf passes the gate of a listing and logs the attempt, whatever comes of it.
func (n *Node) ticketOf(ctx context.Context, release deal.Commitment, id deal.ID, peer deal.PartyID) (ticket, error) {
	t, err := n.usable(ctx, release, id, peer)
	if err == nil {
		err = n.verifyAgain(ctx, t)
	}
	if logged := n.logView(ctx, peer, id, "handover.list", 0, err); err == nil {
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
	if _, err := n.ticketOf(r.Context(), release, id, peer); err != nil {
		return err
	}
	listing, err := n.state.listing(r.Context(), release)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_, err = io.WriteString(w, listing)
	return err
}

// parseRange reads "bytes=first-last", exactly one range of at most maxRange
// bytes inside the ciphertext.
func parseRange(header http.Header, size int64) (offset, length int64, err error) {
	spec, ok := strings.CutPrefix(header.Get("Range"), "bytes=")
	first, last, both := strings.Cut(spec, "-")
	from, err1 := strconv.ParseInt(first, 10, 64)
	to, err2 := strconv.ParseInt(last, 10, 64)
	if len(header["Range"]) != 1 || !ok || !both || err1 != nil || err2 != nil || from < 0 || to < from || to >= size || to-from >= maxRange {
		return 0, 0, deal.Errorf(deal.Invalid, "%w: want bytes=first-last, one range of at most %d bytes within the document", BadRange, maxRange)
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
	if reasonOf(err) == TicketUsed && m.Root == t.Root {
		return nil // what was delivered may be erased since
	}
	if err != nil {
		return err
	}
	released, err := n.consignedOf(ctx, t)
	if err != nil {
		return err
	}
	if m.Root != t.Root || m.Count != uint64(len(released)) {
		return refuse(RootDiffers, "what arrived is not what was released")
	}
	n.transfers.armed.Delete(t.Act) // nothing is asked for any more
	return n.state.exec(ctx, "UPDATE releases SET delivered = 1 WHERE act = ?", m.Release.String())
}

func (n *Node) handoverRoutes() []route {
	return []route{
		{pattern: "GET /v1/deals/{id}/handover", title: "How far the handover of a deal got", out: []Transfer{}, customer: n.getHandover},
		{pattern: "DELETE /v1/deals/{id}/handover", title: "Take back every release that is not delivered", customer: n.deleteHandover},
		{pattern: "GET /peer/v1/deals/{id}/handover", title: "What is handed over under a release", out: Listing{}, peer: n.peerListing},
		{pattern: "GET /peer/v1/deals/{id}/handover/{index}", title: "A range of a document's ciphertext", peer: n.peerRange},
		{pattern: "POST /peer/v1/deals/{id}/handover/done", title: "Say that everything arrived and matches", in: doneMessage{}, peer: n.peerDone},
	}
}
