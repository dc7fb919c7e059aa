package packs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"cession/deal"
	"cession/policies"
)

// Source is where bundles and activations come from. It is not trusted: it can
// withhold what there is, and nothing else. Its files are those of [Entry],
// and index.json, which lists them.
//
// The rules are: a file is returned whole or not at all; one that is larger
// than limit is [ErrTooLarge], one that is not there is of kind notfound, and
// anything else that keeps it from arriving is [ErrSource]. Every call ends in
// bounded time. Safe for concurrent use.
type Source interface {
	Read(ctx context.Context, file string, limit int64) ([]byte, error)
	String() string // where it is, without secrets
}

// Entry is one line of a source's index.
type Entry struct {
	Name       string          `json:"name"`
	Kind       string          `json:"kind,omitempty"`
	Digest     deal.Commitment `json:"digest"`
	Number     uint64          `json:"number"`
	Bundle     string          `json:"bundle"`     // file
	Activation string          `json:"activation"` // file
}

// kind is that of the bundle; a source need not say that it is a pack.
func (e Entry) kind() string { return cmp.Or(e.Kind, policies.KindPack) }

const (
	// IndexName is the file of a source that lists the others: an array of [Entry].
	IndexName = "index.json"
	maxIndex  = 1 << 20 // bytes
	maxListed = 1000    // entries
	attempts  = 3
)

// firstDelay is how long it waits to ask again, then twice that, and so on.
// Tests do not want to wait.
var firstDelay = 250 * time.Millisecond

// OpenSource returns the source a flag names: a folder, an http or https
// address, or s3://bucket/prefix?endpoint=host:port.
func OpenSource(where string) (Source, error) {
	switch scheme, _, found := strings.Cut(where, "://"); {
	case !found:
		return Folder(where), nil
	case scheme == "http", scheme == "https":
		return NewHTTP(where, nil)
	case scheme == "s3":
		return NewS3(where, nil)
	}
	return nil, deal.Errorf(deal.Invalid, "source of policies: want a folder, https://host/path or s3://bucket/prefix")
}

// readIndex returns the entries of a source, oldest first.
func readIndex(ctx context.Context, s Source) ([]Entry, error) {
	b, err := read(ctx, s, IndexName, maxIndex)
	if err != nil {
		return nil, err
	}
	var entries []Entry
	if err := strictJSON(b, &entries); err != nil {
		return nil, invalid(ErrSource, "%s: %s", IndexName, err)
	}
	if len(entries) > maxListed {
		return nil, invalid(ErrSource, "%s: %d entries, want at most %d", IndexName, len(entries), maxListed)
	}
	slices.SortStableFunc(entries, func(a, b Entry) int { return cmp.Compare(a.Number, b.Number) })
	return entries, nil
}

// read asks again what may have been an accident.
func read(ctx context.Context, s Source, file string, limit int64) ([]byte, error) {
	if err := checkFile(file); err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		b, err := s.Read(ctx, file, limit)
		if err == nil || try == attempts || !errors.Is(err, ErrSource) || deal.KindOf(err) != "" {
			return b, err
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(err, ctx.Err())
		case <-time.After(firstDelay << (try - 1)):
		}
	}
}

// checkFile keeps an index from naming what lies outside its source.
func checkFile(file string) error {
	if len(file) > 300 || !nameForm.MatchString(file) || path.Clean(file) != file {
		return invalid(ErrSource, "file name %.100q: want folders and names of letters, digits, points, dashes and underscores, none beginning with a point", file)
	}
	return nil
}

// readAll reads at most limit bytes, and those to the end.
func readAll(r io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, undelivered(err)
	}
	if int64(len(b)) > limit {
		return nil, overLimit(limit)
	}
	return b, nil
}

func overLimit(limit int64) error {
	return invalid(ErrTooLarge, "the file has more than %d bytes", limit)
}

// undelivered is a failure that may pass: it has no kind.
func undelivered(err error) error { return fmt.Errorf("%w: %w", ErrSource, err) }
