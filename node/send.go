package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"cession/deal"
)

// consigned is where a released document's ciphertext is.
type consigned struct {
	blob string
	size int64
}

// consignedOf returns what is released under a ticket, by index.
func (n *Node) consignedOf(ctx context.Context, t ticket) (map[uint64]consigned, error) {
	if known, ok := n.transfers.armed.Load(t.Act); ok {
		return known.(map[uint64]consigned), nil
	}
	docs, err := n.part(ctx, t.Deal, t.Root)
	if err != nil {
		return nil, err
	}
	list := make(map[uint64]consigned, len(docs))
	for _, d := range docs {
		list[d.Index] = consigned{d.blob, d.version.Manifest.CipherSize}
	}
	if !t.Delivered && !t.Revoked {
		n.transfers.armed.Store(t.Act, list)
	}
	return list, nil
}

// mayFetch is the gate of every range; what comes of it is logged.
func (n *Node) mayFetch(ctx context.Context, release deal.Commitment, id deal.ID, peer deal.PartyID, index uint64) (c consigned, err error) {
	t, err := n.usable(ctx, release, id, peer)
	if err == nil {
		var list map[uint64]consigned
		if list, err = n.consignedOf(ctx, t); err == nil {
			var ok bool
			if c, ok = list[index]; !ok {
				err = refuse(NotReleased, "the document is not among those released")
			}
		}
	}
	if logged := n.logView(ctx, peer, id, "handover.range", index, err); err == nil {
		err = logged
	}
	return c, err
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
	free, ok := n.transfers.sending.take(peer)
	if !ok {
		return tooMany(time.Second)
	}
	defer free()
	c, err := n.mayFetch(r.Context(), release, id, peer, index)
	if err != nil {
		return err
	}
	offset, length, err := parseRange(r.Header, c.size)
	if err != nil {
		w.Header().Set("Content-Range", fmt.Sprintf("bytes */%d", c.size))
		return errors.Join(err, n.logView(r.Context(), peer, id, "handover.range", index, err))
	}
	body, err := n.Blobs.ReadRange(r.Context(), c.blob, offset, length)
	if err != nil {
		return err
	}
	defer body.Close()
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.FormatInt(length, 10))
	w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", offset, offset+length-1, c.size))
	w.WriteHeader(http.StatusPartialContent)
	sent, err := n.pass(r.Context(), w, body, length)
	n.noteSent(r.Context(), release, index, c.size, offset, sent)
	if err == nil {
		return nil
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = deal.Errorf(deal.Lost, "%w: the peer does not take what it asked for", SlowPeer)
		if logged := n.logView(r.Context(), peer, id, "handover.range", index, err); logged != nil {
			n.Log.Warn("slow peer not logged", "deal", id, "index", index)
		}
	}
	n.Log.Info("range cut short", "deal", id, "index", index, "code", reasonOf(err))
	panic(http.ErrAbortHandler) // the status is out: only a broken connection tells the peer
}

var sendBuffers = sync.Pool{New: func() any { return new([256 << 10]byte) }}

// pass copies a body to a peer, who has the stall time to take each piece.
func (n *Node) pass(ctx context.Context, w http.ResponseWriter, body io.Reader, length int64) (sent int64, err error) {
	control := http.NewResponseController(w)
	if s, ok := w.(*stream); ok {
		w = s.ResponseWriter // the deadline is set here
	}
	buffer := sendBuffers.Get().(*[256 << 10]byte)
	defer sendBuffers.Put(buffer)
	body = throttled{ctx, body, n.transfers.out}
	for sent < length {
		k, err := body.Read(buffer[:min(int64(len(buffer)), length-sent)])
		if k > 0 {
			_ = control.SetWriteDeadline(time.Now().Add(n.transfers.stall))
			written, failed := w.Write(buffer[:k])
			if sent += int64(written); failed != nil {
				return sent, failed
			}
		}
		if err != nil && sent < length {
			return sent, fmt.Errorf("read ciphertext: %w", err)
		}
	}
	_ = control.SetWriteDeadline(time.Now().Add(n.transfers.stall))
	return sent, control.Flush() // what is still buffered: nothing counts as sent before
}
