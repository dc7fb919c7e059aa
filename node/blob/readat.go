package blob

import (
	"context"
	"io"
	"sync"
)

// readAhead is how much [ReaderAt] fetches at once from where the last read
// ended, in bytes: on a store that is far away every fetch is a round trip.
const readAhead = 1 << 20

// ReaderAt reads a blob at random; a ReadAt is one [Store.ReadRange], or none if
// what it wants was fetched with the one before.
func ReaderAt(ctx context.Context, s Store, key string) io.ReaderAt {
	return &readerAt{ctx: ctx, store: s, key: key}
}

type readerAt struct {
	ctx   context.Context
	store Store
	key   string

	mu    sync.Mutex
	from  int64  // where ahead lies in the blob
	ahead []byte // what was fetched last; empty: a read that ended at from
}

// ReadAt implements [io.ReaderAt].
func (r *readerAt) ReadAt(p []byte, offset int64) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	known, goesOn := r.fetched(p, offset)
	if known {
		return len(p), nil
	}
	buffer := p
	if goesOn && len(p) < readAhead {
		buffer = make([]byte, readAhead)
	}
	n, err := r.fetch(buffer, offset)
	if len(buffer) > len(p) {
		r.keep(offset, buffer[:n])
		if n = copy(p, buffer[:n]); n == len(p) {
			err = nil
		}
	} else {
		r.keep(offset+int64(n), nil)
	}
	return n, err
}

// fetched fills p if all of it was fetched before. If not, it tells whether the
// read goes on where the last ones were.
func (r *readerAt) fetched(p []byte, offset int64) (known, goesOn bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at := offset - r.from
	if at < 0 || at > int64(len(r.ahead)) {
		return false, false
	}
	if rest := r.ahead[at:]; len(rest) >= len(p) {
		copy(p, rest)
		return true, true
	}
	return false, true
}

func (r *readerAt) keep(from int64, ahead []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.from, r.ahead = from, ahead
}

func (r *readerAt) fetch(p []byte, offset int64) (n int, err error) {
	body, err := r.store.ReadRange(r.ctx, r.key, offset, int64(len(p)))
	if err != nil {
		return 0, err
	}
	defer body.Close()
	// Not io.ReadFull: it says ErrUnexpectedEOF at the end, and so does a download
	// that broke. Taking one for the other would make a whole blob a short one.
	for n < len(p) && err == nil {
		var more int
		more, err = body.Read(p[n:])
		n += more
	}
	if n == len(p) {
		err = nil
	}
	return n, err
}
