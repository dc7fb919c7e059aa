package render

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"cession/node/vault"
)

// Renderer renders a few documents at once, since each takes memory and
// processor time of its own. Its methods are safe for concurrent use.
type Renderer struct {
	slots chan struct{}
	wait  time.Duration
}

// New returns a renderer of at most so many documents at once. Others wait for
// their turn, and then get [ErrBusy].
func New(atOnce int, wait time.Duration) *Renderer {
	return &Renderer{make(chan struct{}, atOnce), wait}
}

// lease is a slot, held until all work for it has ended: also what goes on
// after its caller was told that it takes too long.
type lease struct {
	renderer *Renderer
	works    atomic.Int32
}

func (r *Renderer) lease(ctx context.Context) (*lease, error) {
	turn := time.NewTimer(r.wait)
	defer turn.Stop()
	select {
	case r.slots <- struct{}{}:
		l := &lease{renderer: r}
		l.works.Store(1)
		return l, nil
	case <-turn.C:
		return nil, ErrBusy
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *lease) done() {
	if l.works.Add(-1) == 0 {
		<-l.renderer.slots
	}
}

// Watermark writes a copy of a document that bears the mark on every page.
// Nothing is written before the whole copy is made. Errors: invalid, wrapping
// one of the errors of this package; [ErrBusy]; those of src and w.
func (r *Renderer) Watermark(ctx context.Context, w io.Writer, src io.ReadSeeker, media vault.MediaType, mark Mark) error {
	copied, err := limited(r, ctx, src, media, func(ctx context.Context, doc []byte) ([]byte, error) {
		if media == vault.PDF {
			return markPDF(ctx, doc, mark)
		}
		return markImage(ctx, doc, mark)
	})
	if err != nil {
		return err
	}
	_, err = w.Write(copied)
	return err
}

// Pages returns how many pages a document has; an image has one. Errors: as of
// [Renderer.Watermark].
func (r *Renderer) Pages(ctx context.Context, src io.ReadSeeker, media vault.MediaType) (int, error) {
	return limited(r, ctx, src, media, func(ctx context.Context, doc []byte) (int, error) {
		if media != vault.PDF {
			return 1, nil
		}
		pages, err := readPages(ctx, doc)
		return len(pages), err
	})
}

// Page returns the image of a page, from 1, with the mark on it, as PNG. A page
// too large for the resolution comes at a lower one. Errors: notfound (no such
// page); [ErrNoTool]; otherwise as of [Renderer.Watermark].
func (r *Renderer) Page(ctx context.Context, src io.ReadSeeker, media vault.MediaType, number, dpi int, mark Mark) ([]byte, error) {
	return limited(r, ctx, src, media, func(ctx context.Context, doc []byte) ([]byte, error) {
		return drawPage(ctx, doc, media, number, dpi, mark)
	})
}

// limited reads a document into memory and runs work on it, in a slot. The work
// might not heed its context; what it panics with is the document's fault.
func limited[T any](r *Renderer, ctx context.Context, src io.ReadSeeker, media vault.MediaType, work func(context.Context, []byte) (T, error)) (v T, err error) {
	size, err := sizeOf(src, media)
	if err != nil {
		return v, err
	}
	l, err := r.lease(ctx)
	if err != nil {
		return v, err
	}
	defer l.done()
	caller := ctx
	ctx, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	done := make(chan result[T], 1)
	l.works.Add(1)
	go func() {
		defer l.done()
		done <- attempt(ctx, src, size, work)
	}()
	var res result[T]
	select {
	case res = <-done:
	case <-ctx.Done():
		res.err = ctx.Err()
	}
	if errors.Is(res.err, context.DeadlineExceeded) && caller.Err() == nil { // whose patience ends earlier, that is not the document's fault
		res.err = invalid(ErrTooSlow, fmt.Sprintf("at most %v", timeLimit))
	}
	return res.v, res.err
}

// result is what came of work.
type result[T any] struct {
	v   T
	err error
}

// attempt reads a document and works on it.
func attempt[T any](ctx context.Context, src io.Reader, size int64, work func(context.Context, []byte) (T, error)) (r result[T]) {
	defer func() {
		if recover() != nil {
			r.err = invalid(ErrDamaged, "its structure cannot be read")
		}
	}()
	doc := make([]byte, size)
	if _, err := io.ReadFull(src, doc); err != nil {
		r.err = fmt.Errorf("read document: %w", err)
		return r
	}
	r.v, r.err = work(ctx, doc)
	return r
}

// sizeOf refuses, before anything is read, what is not rendered at all.
func sizeOf(src io.ReadSeeker, media vault.MediaType) (int64, error) {
	if !Marks(media) {
		return 0, invalid(ErrType, string(media))
	}
	size, err := src.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = src.Seek(0, io.SeekStart)
	}
	if err != nil {
		return 0, fmt.Errorf("read document: %w", err)
	}
	if size > MaxInput {
		return 0, invalid(ErrTooLarge, fmt.Sprintf("at most %d MiB", MaxInput>>20))
	}
	return size, nil
}
