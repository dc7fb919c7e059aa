package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"cession/deal"
	"cession/node/vault"
)

const (
	uploadParallel = 3 // parts at once: one is read while others are on their way
	uploadAttempts = 8 // of each request, the pause before each twice as long
	uploadPause    = 250 * time.Millisecond
	longestPause   = 15 * time.Second
	longestWait    = time.Minute     // if the node says when to come back
	partTimeout    = 5 * time.Minute // of one part; one that takes longer is sent again
)

// UploadFile brings a document of size bytes to the node: a small one in one
// request, a large one in parts, of which only those are sent that are not there
// yet. What fails on the way is tried again. If moved is given, it is called with
// bytes that are there, from several goroutines. Errors: as of the node, and what
// was last tried.
func (c *Client) UploadFile(ctx context.Context, id deal.ID, index uint64, src io.ReaderAt, size int64, moved func(bytes int64)) error {
	if moved == nil {
		moved = func(int64) {}
	}
	u := &fileUpload{c, fmt.Sprintf("/v1/deals/%s/documents/%d", id, index), src, size, moved}
	if size <= vault.PartSize {
		err := u.again(ctx, func(ctx context.Context) error {
			return u.put(ctx, u.path, io.NewSectionReader(src, 0, size), size, "")
		})
		if err == nil {
			moved(size)
		}
		return err
	}
	return u.parts(ctx)
}

// fileUpload is one document on its way to the node.
type fileUpload struct {
	*Client
	path  string
	src   io.ReaderAt
	size  int64
	moved func(bytes int64)
}

func (u *fileUpload) parts(ctx context.Context) error {
	for round := 0; ; round++ {
		missing, held, err := u.missing(ctx, round == 0)
		if err != nil || held {
			return err
		}
		if err := u.sendAll(ctx, missing); err != nil {
			return err
		}
		err = u.again(ctx, func(ctx context.Context) error {
			return u.call(ctx, http.MethodPost, u.path+"/upload", nil, nil)
		})
		// a part may have been lost to a damaged disk, or all of them to a sweep
		if deal.KindOf(err) != deal.Conflict || round == 2 {
			return err
		}
		if s, failed := u.state(ctx); failed != nil || s.Held || len(s.Parts) == vault.Parts(u.size) || len(s.Parts) == 0 {
			return err
		}
	}
}

// missing returns the parts that are not at the node.
func (u *fileUpload) missing(ctx context.Context, count bool) (list []int, held bool, err error) {
	s, err := u.state(ctx)
	if err != nil {
		return nil, false, err
	}
	if s.Size != u.size || s.PartSize != vault.PartSize {
		return nil, false, deal.Errorf(deal.Conflict, "the node expects a document of %d bytes, this one has %d", s.Size, u.size)
	}
	if s.Held {
		u.moved(u.size)
		return nil, true, nil
	}
	there := map[int]bool{}
	for _, p := range s.Parts {
		there[p.Part] = true
	}
	for i := range vault.Parts(u.size) {
		if !there[i] {
			list = append(list, i)
		} else if _, length := vault.Part(u.size, i); count {
			u.moved(length)
		}
	}
	return list, false, nil
}

func (u *fileUpload) state(ctx context.Context) (s UploadState, err error) {
	return s, u.again(ctx, func(ctx context.Context) error {
		return u.call(ctx, http.MethodGet, u.path+"/upload", nil, &s)
	})
}

// sendAll sends parts, several at once; the first error stops all.
func (u *fileUpload) sendAll(ctx context.Context, parts []int) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(uploadParallel, len(parts)) {
		workers.Go(func() {
			buffer := make([]byte, vault.PartSize)
			for part := range next {
				if err := u.send(ctx, part, buffer); err != nil {
					stop(err)
				}
			}
		})
	}
	for _, part := range parts {
		select {
		case next <- part:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(next)
	workers.Wait()
	return context.Cause(ctx)
}

// send brings one part over, however often it takes.
func (u *fileUpload) send(ctx context.Context, part int, buffer []byte) error {
	offset, length := vault.Part(u.size, part)
	content := buffer[:length]
	if n, err := u.src.ReadAt(content, offset); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read part %d: %w", part, pathless(err))
	} else if int64(n) < length {
		return deal.Errorf(deal.Conflict, "%w: it is shorter now", vault.ErrChanged)
	}
	digest := digestField(vault.SHA256(content))
	err := u.again(ctx, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, partTimeout)
		defer cancel()
		return u.put(ctx, fmt.Sprintf("%s/upload/%d", u.path, part), bytes.NewReader(content), length, digest)
	})
	if err == nil {
		u.moved(length)
	}
	return err
}

// put sends a body.
func (u *fileUpload) put(ctx context.Context, path string, body io.Reader, size int64, digest string) error {
	leashed := &leash{r: body}
	defer leashed.Close()
	r, err := u.request(ctx, http.MethodPut, path, leashed)
	if err != nil {
		return err
	}
	r.ContentLength = size
	r.Header.Set("Content-Type", "application/octet-stream")
	if digest != "" {
		r.Header.Set(digestHeader, digest)
	}
	resp, err := u.http.Do(r)
	if err != nil {
		return fmt.Errorf("ask the node: %w", bare(err))
	}
	defer resp.Body.Close()
	return checkStatus(resp)
}

// leash is a body that is no longer read once it is closed: net/http may go on
// reading after it has answered.
type leash struct {
	mu sync.Mutex
	r  io.Reader
}

func (l *leash) Read(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.r == nil {
		return 0, io.ErrClosedPipe
	}
	return l.r.Read(b)
}

func (l *leash) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.r = nil
	return nil
}

// again tries until it works, the error is final, or it took too often.
func (u *fileUpload) again(ctx context.Context, try func(context.Context) error) error {
	pause := uploadPause
	for attempt := 1; ; attempt++ {
		err := try(ctx)
		kind := deal.KindOf(err)
		if err == nil || (kind != "" && kind != deal.Lost) || attempt == uploadAttempts {
			return err
		}
		wait := pause
		var later *TooManyError
		if errors.As(err, &later) {
			wait = max(wait, min(later.RetryAfter, longestWait))
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return errors.Join(context.Cause(ctx), err)
		}
		pause = min(2*pause, longestPause)
	}
}
