package node

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"time"

	"cession/deal"
)

// getRoomDocuments and getRoomDocument read in the seller's data room through
// this node, which proves to the seller's node who reads.
func (n *Node) getRoomDocuments(w http.ResponseWriter, r *http.Request) error {
	return n.relay(w, r, "documents")
}

func (n *Node) getRoomDocument(w http.ResponseWriter, r *http.Request) error {
	if _, err := pathIndex(r); err != nil {
		return err
	}
	return n.relay(w, r, path.Join("documents", r.PathValue("index")))
}

func (n *Node) getRoomPages(w http.ResponseWriter, r *http.Request) error {
	if _, err := pathIndex(r); err != nil {
		return err
	}
	return n.relay(w, r, path.Join("documents", r.PathValue("index"), "pages"))
}

func (n *Node) getRoomPage(w http.ResponseWriter, r *http.Request) error {
	v, err := newVisit(r, n.Party, "")
	if err != nil {
		return err
	}
	what := fmt.Sprintf("documents/%d/pages/%d", v.index, v.page)
	if dpi := r.URL.Query().Get("dpi"); dpi != "" {
		what += "?dpi=" + url.QueryEscape(dpi)
	}
	return n.relay(w, r, what)
}

func (n *Node) relay(w http.ResponseWriter, r *http.Request, what string) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	seller, err := n.sellerOf(r.Context(), id)
	if err != nil {
		return err
	}
	peer, err := n.peer(r.Context(), seller)
	if err != nil {
		return err
	}
	ask := http.Header{}
	if wanted := r.Header.Get("Range"); wanted != "" {
		ask.Set("Range", wanted)
	}
	ctx, cancel := context.WithCancelCause(r.Context())
	defer cancel(nil)
	resp, err := peer.stream(ctx, "/peer/v1/deals/"+string(id)+"/room/"+what, ask)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	for _, name := range []string{"Content-Type", "Content-Length", "Content-Range", "Content-Disposition", "Cache-Control"} {
		if v := resp.Header.Get(name); v != "" {
			w.Header().Set(name, v)
		}
	}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Security-Policy", "sandbox") // what it is, the other side says
	w.WriteHeader(resp.StatusCode)
	idle := time.AfterFunc(n.transfers.stall, func() { cancel(errStalled) })
	defer idle.Stop()
	_, err = io.Copy(w, &watched{resp.Body, idle, n.transfers.stall})
	if err != nil {
		panic(http.ErrAbortHandler) // the status is out: only a broken connection tells the client
	}
	return nil
}

// sellerOf returns the seller of a deal, asking the desk about one not met yet.
func (n *Node) sellerOf(ctx context.Context, id deal.ID) (deal.PartyID, error) {
	o, err := n.knownOpening(ctx, id)
	if deal.KindOf(err) == deal.NotFound {
		if _, err = n.look(ctx, id); err == nil {
			o, err = n.knownOpening(ctx, id)
		}
	}
	return o.Seller.ID, err
}
