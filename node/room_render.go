package node

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"cession/deal"
	"cession/node/render"
)

func (n *Node) sendMarked(w http.ResponseWriter, r *http.Request, v visit, d document) error {
	media := d.version.Manifest.MediaType
	return n.sendRendered(w, r, v, d, documentHeader(d), func(ctx context.Context, src io.ReadSeeker) ([]byte, error) {
		var out bytes.Buffer
		err := n.renderer.Watermark(ctx, &out, src, media, n.mark(v))
		return out.Bytes(), err
	})
}

// RoomPages says how many pages a document has.
type RoomPages struct {
	Pages int `json:"pages"`
}

func (n *Node) peerRoomPages(w http.ResponseWriter, r *http.Request, peer deal.PartyID) error {
	v, err := newVisit(r, peer, "room.pages")
	if err != nil {
		return err
	}
	d, err := n.admit(r.Context(), v)
	var answer RoomPages
	if err == nil {
		err = n.renderingFor(r.Context(), v, d, func(src io.ReadSeeker) error {
			answer.Pages, err = n.renderer.Pages(r.Context(), src, d.version.Manifest.MediaType)
			return err
		})
	}
	if err := n.logged(r.Context(), v, err); err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, answer)
	return nil
}

// peerRoomPage sends the image of one page.
func (n *Node) peerRoomPage(w http.ResponseWriter, r *http.Request, peer deal.PartyID) error {
	v, err := newVisit(r, peer, "room.page")
	if err != nil {
		return err
	}
	dpi := render.DefaultDPI
	if asked := r.URL.Query().Get("dpi"); asked != "" {
		if dpi, err = strconv.Atoi(asked); err != nil {
			return deal.Errorf(deal.Invalid, "dpi: want a whole number")
		}
	}
	d, err := n.admit(r.Context(), v)
	if err != nil {
		return n.logged(r.Context(), v, err)
	}
	media := d.version.Manifest.MediaType
	header := http.Header{"Content-Type": {"image/png"}}
	return n.sendRendered(w, r, v, d, header, func(ctx context.Context, src io.ReadSeeker) ([]byte, error) {
		return n.renderer.Page(ctx, src, media, int(v.page), dpi, n.mark(v))
	})
}

func (n *Node) mark(v visit) render.Mark {
	return render.Mark{Party: v.peer, At: n.now(), Deal: v.deal, Read: v.read}
}

// sendRendered makes a copy for one visit, logs it, and sends it. Rendering
// takes its time: whether the visitor may still read is looked at again.
func (n *Node) sendRendered(w http.ResponseWriter, r *http.Request, v visit, d document, header http.Header, copy func(context.Context, io.ReadSeeker) ([]byte, error)) error {
	ctx := r.Context()
	var copied []byte
	done, err := n.limits.of(v.peer, n.ReadRate).sent.take(ctx)
	if err == nil {
		defer done()
		err = n.renderingFor(ctx, v, d, func(src io.ReadSeeker) (err error) {
			copied, err = copy(ctx, src)
			return err
		})
	}
	if err == nil {
		err = n.stillOpen(ctx, v)
	}
	if err := n.logged(ctx, v, err); err != nil {
		return err
	}
	for k, values := range header {
		w.Header()[k] = values
	}
	h := w.Header()
	h.Set("Content-Length", strconv.Itoa(len(copied)))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	return n.guarded(w, r, v, func(w http.ResponseWriter) { _, _ = w.Write(copied) })
}

// How many documents are rendered at once, and how long others wait.
const (
	rendersAtOnce = 2
	renderWait    = 3 * time.Second
	renderAgain   = 5 * time.Second
)

// What one peer may have at once, so that it can take neither all turns of the
// others nor, by reading slowly, all memory: a copy is whole before it goes out.
const (
	drawnEach = 1 // copies that are being made
	sentEach  = 3 // copies that are being made or sent
)

// turns are places that are waited for.
type turns chan struct{}

// take waits for a place until others are told to come back. Call done to leave it.
func (t turns) take(ctx context.Context) (done func(), err error) {
	patience := time.NewTimer(renderWait)
	defer patience.Stop()
	select {
	case t <- struct{}{}:
		return func() { <-t }, nil
	case <-patience.C:
		return nil, tooMany(renderAgain)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// renderingFor is rendering when it is the visitor's turn.
func (n *Node) renderingFor(ctx context.Context, v visit, d document, work func(io.ReadSeeker) error) error {
	done, err := n.limits.of(v.peer, n.ReadRate).drawn.take(ctx)
	if err != nil {
		return err
	}
	defer done()
	return n.rendering(ctx, d, work)
}

// rendering opens a document for work that renders it.
func (n *Node) rendering(ctx context.Context, d document, work func(io.ReadSeeker) error) error {
	content, err := n.plaintext(ctx, d)
	if err != nil {
		return err
	}
	err = work(content)
	switch {
	case errors.Is(err, render.ErrBusy):
		return tooMany(renderAgain)
	case errors.Is(err, render.ErrNoTool):
		return refuse(NoRenderer, "install poppler-utils where the seller's node runs")
	}
	return err
}
