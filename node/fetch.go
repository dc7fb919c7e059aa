package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"cession/deal"
	"cession/node/vault"
)

// perRequest is how many chunks one request asks for at most.
const perRequest = maxRange / vault.ChunkSize

// chunkStalls is how many times the stall time a chunk may take in all, however
// steadily it trickles.
const chunkStalls = 10

// errStalled ends a range that does not come.
var errStalled = errors.New("the peer's node sends nothing, or too slowly")

// fetch is one attempt to bring documents home.
type fetch struct {
	*Node
	job   pull
	peer  *peerClient
	until time.Time     // when the release runs out
	slots chan struct{} // one for each range at once
	moved atomic.Bool   // a chunk came
}

// documents fetches all that are not here, several at once.
func (f *fetch) documents(ctx context.Context) error {
	f.slots = make(chan struct{}, f.TransferParallel)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(f.TransferParallel)
	for _, c := range f.job.Listing.Documents {
		if ctx.Err() != nil {
			break
		}
		g.Go(func() error {
			if err := f.document(ctx, c); err != nil {
				return fmt.Errorf("pull document %d: %w", c.Index, err)
			}
			return nil
		})
	}
	return g.Wait()
}

// document brings one document home, from whatever is there of it already.
func (f *fetch) document(ctx context.Context, c Consignment) error {
	durable, done, err := f.state.chunks(ctx, f.job.Release, c.Index)
	if err != nil {
		return err
	}
	path := filepath.Join(f.Dir, incomingDir, fmt.Sprintf("%x-%d", f.job.Release[:], c.Index))
	if !done {
		d, err := f.received(ctx, c.Index)
		if err != nil {
			return err
		}
		if d.Held { // and the node was killed
			err = f.done(ctx, c, d)
		} else {
			err = f.bring(ctx, c, d, path, durable)
		}
		if err != nil {
			return err
		}
		f.noteTape(ctx, f.job.Deal, d)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove partial document: %w", pathless(err))
	}
	return nil
}

// bring fetches what is missing of a document, verifies the whole and stores it.
func (f *fetch) bring(ctx context.Context, c Consignment, d document, path string, durable bitmap) error {
	key, err := f.identity.Unwrap(c.Key, c.Manifest)
	if err != nil {
		return err
	}
	part, err := openPartial(path, c, durable, func(b bitmap, bytes int64) error {
		return f.state.saveChunks(context.WithoutCancel(ctx), f.job.Release, c.Index, b, bytes)
	})
	if err != nil {
		return err
	}
	defer part.file.Close()
	if err = f.fill(ctx, c, part, key); err == nil {
		err = f.shelve(ctx, c, d, part, path)
	}
	return f.blame(err, part)
}

// blame finds out whether a document that is wrong as a whole came so, or was
// damaged here.
func (f *fetch) blame(err error, part *partial) error {
	if reasonOf(err) != WrongDocument {
		return err
	}
	lost, failed := part.repair()
	if failed != nil {
		return failed
	}
	if lost > 0 {
		return fmt.Errorf("%d chunks were damaged on this node's disk: they are fetched again", lost)
	}
	return err
}

// fill fetches the chunks that are missing and opens the document behind them.
func (f *fetch) fill(ctx context.Context, c Consignment, part *partial, key vault.FileKey) error {
	g, ctx := errgroup.WithContext(ctx)
	here := make(chan struct{})
	g.Go(func() error { return part.flushing(ctx, here) })
	g.Go(func() error { return part.verify(ctx, key) })
	g.Go(func() error {
		err := f.ranges(ctx, c, part)
		if err == nil {
			close(here)
		}
		return err
	})
	return g.Wait()
}

// ranges fetches what is missing, as many ranges at once as there are slots.
func (f *fetch) ranges(ctx context.Context, c Consignment, part *partial) error {
	limit := min(perRequest, max(1, part.missing()/(2*f.TransferParallel)))
	g, ctx := errgroup.WithContext(ctx)
	for {
		select {
		case f.slots <- struct{}{}:
		case <-ctx.Done():
			if err := g.Wait(); err != nil {
				return err
			}
			return ctx.Err()
		}
		first, length := part.claim(limit)
		if length == 0 {
			<-f.slots
			return g.Wait()
		}
		g.Go(func() error {
			defer func() { <-f.slots }()
			return f.chunks(ctx, c, part, first, length)
		})
	}
}

var chunkBuffers = sync.Pool{New: func() any { return new([vault.ChunkSize]byte) }}

// chunks fetches a run of chunks in one request and keeps each that verifies.
func (f *fetch) chunks(ctx context.Context, c Consignment, part *partial, first, length int) error {
	from, _ := c.Manifest.Chunk(first)
	last, size := c.Manifest.Chunk(first + length - 1)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	idle := time.AfterFunc(f.transfers.stall, func() { cancel(errStalled) })
	defer idle.Stop()
	body, err := f.open(ctx, c, from, last+size-from)
	if err != nil {
		return stalled(ctx, err)
	}
	defer body.Close()
	moving := &watched{body, idle, f.transfers.stall}
	buffer := chunkBuffers.Get().(*[vault.ChunkSize]byte)
	defer chunkBuffers.Put(buffer)
	for i := first; i < first+length; i++ {
		_, size := c.Manifest.Chunk(i)
		late := time.AfterFunc(chunkStalls*f.transfers.stall, func() { cancel(errStalled) })
		_, err := io.ReadFull(throttled{ctx, moving, f.transfers.in}, buffer[:size])
		late.Stop()
		if err != nil {
			return stalled(ctx, fmt.Errorf("read chunk %d: %w", i, err))
		}
		if err := c.Chunks.Verify(i, buffer[:size]); err != nil {
			return deal.Errorf(deal.Refused, "%w: %w", WrongChunk, err)
		}
		if err := part.keep(i, buffer[:size]); err != nil {
			return err
		}
		f.moved.Store(true)
	}
	return nil
}

// open asks for a range and checks that the answer is just that.
func (f *fetch) open(ctx context.Context, c Consignment, from, length int64) (io.ReadCloser, error) {
	path := fmt.Sprintf("/peer/v1/deals/%s/handover/%d?ticket=%s", f.job.Deal, c.Index, f.job.Release)
	resp, err := f.peer.stream(ctx, path, http.Header{"Range": {fmt.Sprintf("bytes=%d-%d", from, from+length-1)}})
	if err != nil {
		return nil, err
	}
	want := fmt.Sprintf("bytes %d-%d/%d", from, from+length-1, c.Manifest.CipherSize)
	if resp.StatusCode != http.StatusPartialContent || resp.ContentLength != length || resp.Header.Get("Content-Range") != want {
		resp.Body.Close()
		return nil, refuse(WrongRange, "the seller's node did not answer with the range that was asked for")
	}
	return resp.Body, nil
}

// stalled prefers the reason for which a context was ended to what came of it.
func stalled(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); errors.Is(cause, errStalled) {
		return deal.Errorf(deal.Lost, "%w: %w", SlowPeer, cause)
	}
	return err
}

// watched puts off the end of a stream while it moves.
type watched struct {
	io.ReadCloser
	idle  *time.Timer
	stall time.Duration
}

// Read implements [io.Reader].
func (w *watched) Read(p []byte) (int, error) {
	n, err := w.ReadCloser.Read(p)
	if n > 0 {
		w.idle.Reset(w.stall)
	}
	return n, err
}
