// Package blob keeps immutable blobs under keys: a customer's encrypted
// documents. A blob is created once and never changed, only deleted.
//
// [File] keeps them in a folder, [S3] in any S3-compatible store; both pass the
// suite in package blobtest. Neither knows what a blob holds, and keys must not
// say it either: they are opaque identifiers, never file names.
package blob

import (
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"iter"
	"regexp"
	"time"

	"cession/deal"
)

// Store is a set of immutable blobs. Its methods may be called concurrently.
type Store interface {
	// Put creates a blob from all of r. When it returns without error the blob is
	// durable. It never overwrites: a key in use is a conflict wrapping [ErrExists].
	// If r fails or ctx ends, nothing is stored and the error wraps the cause. An
	// error of kind lost means the blob may or may not be there: look before
	// putting it again.
	Put(ctx context.Context, key string, r io.Reader) (Sum, error)

	// ReadRange reads length bytes from offset on, fewer if the blob ends before;
	// length -1 reads to the end. An offset beyond the end is invalid, a missing
	// blob notfound. The context holds until the reader is closed.
	ReadRange(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error)

	// Stat describes a blob, or returns an error of kind notfound.
	Stat(ctx context.Context, key string) (Info, error)

	// List yields the blobs whose keys begin with prefix, ordered by key. An error
	// ends the sequence. Blobs put or deleted meanwhile may be seen or not.
	List(ctx context.Context, prefix string) iter.Seq2[Info, error]

	// Delete removes a blob. Removing one that is not there is no error.
	Delete(ctx context.Context, key string) error
}

// Info describes a stored blob.
type Info struct {
	Key      string
	Size     int64     // bytes
	Modified time.Time // UTC
}

// Sum is what a Put stored, computed from the bytes that went by. An ETag is
// never an integrity value.
type Sum struct {
	Size   int64 // bytes
	SHA256 [32]byte
}

var (
	// ErrExists is wrapped by the conflict of a Put to a key in use.
	ErrExists = errors.New("blob exists already")

	// ErrNoSpace is wrapped when the disk or quota behind a store is full. Nothing
	// was stored; trying again after making room may work.
	ErrNoSpace = errors.New("no space left in the blob store: make room or raise its quota, then try again")
)

var keyForm = regexp.MustCompile(`^[a-z0-9_-][a-z0-9._-]*(/[a-z0-9_-][a-z0-9._-]*)*$`)

// CheckKey reports a key no store accepts. A key has 1 to 512 bytes: segments of
// a-z, 0-9, ".", "_" and "-", joined by "/", none starting with "." and none
// longer than 200. Lower case only, because some file systems fold it. A key
// must not be another key's folder: with "a/b" in use, "a" is not free.
func CheckKey(key string) error {
	if len(key) > 512 || !keyForm.MatchString(key) || longestSegment(key) > 200 {
		return deal.Errorf(deal.Invalid, "blob key is malformed: want 1 to 512 of a-z 0-9 . _ - in segments of at most 200 joined by /, none starting with a dot")
	}
	return nil
}

func longestSegment(key string) (longest int) {
	length := 0
	for _, c := range []byte(key) {
		length++
		if c == '/' {
			length = 0
		}
		longest = max(longest, length)
	}
	return longest
}

func checkRange(offset, length int64) error {
	if offset < 0 || length < -1 {
		return deal.Errorf(deal.Invalid, "range of blob is malformed: want offset >= 0 and length >= 0, or -1 for the rest")
	}
	return nil
}

func errBeyond(offset, size int64) error {
	return deal.Errorf(deal.Invalid, "range of blob starts at byte %d, beyond its end at %d", offset, size)
}

func errMissing() error { return deal.Errorf(deal.NotFound, "there is no such blob") }

func errExists() error {
	return deal.Errorf(deal.Conflict, "%w under this key; blobs are never overwritten", ErrExists)
}

// ctxReader stops when its context does; a Read that is under way goes on.
type ctxReader struct {
	ctx context.Context
	r   io.Reader
}

func (c ctxReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// Summed is a reader that hashes what it gives: a Put does not do so once more.
type Summed interface {
	io.Reader
	BlobSum() Sum // of what was read so far
}

// source is what a Put reads: it counts and hashes.
type source struct {
	r      io.Reader
	summed Summed    // nil: hash does it
	hash   hash.Hash // nil: summed does
	size   int64
}

func newSource(ctx context.Context, r io.Reader) *source {
	s := &source{r: ctxReader{ctx, r}}
	if s.summed, _ = r.(Summed); s.summed == nil {
		s.hash = sha256.New()
	}
	return s
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	s.size += int64(n)
	if s.hash != nil {
		s.hash.Write(p[:n])
	}
	return n, err
}

func (s *source) sum() Sum {
	if s.summed != nil {
		return s.summed.BlobSum()
	}
	return Sum{s.size, [32]byte(s.hash.Sum(nil))}
}
