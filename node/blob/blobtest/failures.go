package blobtest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"cession/deal"
	"cession/node/blob"
)

func testKeys(t *testing.T, ctx context.Context, s blob.Store) {
	for _, key := range []string{
		"", "/", "a/", "/a", "a//b", ".", "..", "../a", "a/../b", "a/..", "./a", ".hidden", "a/.hidden", "A", "ä", "a b", `a\b`, "a\x00", "a\n", "*", "a:b",
		strings.Repeat("a", 201), strings.Repeat("a/", 256) + "a",
	} {
		_, err := s.Put(ctx, key, strings.NewReader("x"))
		expectKind(t, "put", err, deal.Invalid)
		_, err = s.ReadRange(ctx, key, 0, -1)
		expectKind(t, "read", err, deal.Invalid)
		_, err = s.Stat(ctx, key)
		expectKind(t, "stat", err, deal.Invalid)
		expectKind(t, "delete", s.Delete(ctx, key), deal.Invalid)
	}
	for _, key := range []string{"a", "0", "_-", "a..b", "a.b.", strings.Repeat("a", 200) + "/" + strings.Repeat("b", 200)} {
		put(t, ctx, s, key, []byte(key))
		expect(t, ctx, s, key, 0, -1, []byte(key))
	}
}

func testFailingReader(t *testing.T, ctx context.Context, s blob.Store) {
	failure := errors.New("reader failed")
	for _, size := range []int{0, 100, 8 << 20, large} {
		failing := &hook{err: failure}
		_, err := s.Put(ctx, "failing", io.MultiReader(bytes.NewReader(Content(size)), failing))
		if !errors.Is(err, failure) {
			t.Errorf("put failing after %d bytes: %v, want the reader's error", size, err)
		}
		expectNothing(t, ctx, s, "failing")
	}
}

// What a request body returns when its connection breaks must not pass for an end.
func testBrokenConnection(t *testing.T, ctx context.Context, s blob.Store) {
	for _, size := range []int{100, large} {
		broken := &hook{err: io.ErrUnexpectedEOF}
		_, err := s.Put(ctx, "broken", io.MultiReader(bytes.NewReader(Content(size)), broken))
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("put breaking after %d bytes: %v", size, err)
		}
		expectNothing(t, ctx, s, "broken")
	}
}

func testCanceled(t *testing.T, ctx context.Context, s blob.Store) {
	for _, size := range []int{100, large} {
		part, cancel := context.WithCancel(ctx)
		stop := &hook{before: cancel}
		_, err := s.Put(part, "canceled", io.MultiReader(bytes.NewReader(Content(size)), stop, bytes.NewReader(Content(size))))
		if !errors.Is(err, context.Canceled) {
			t.Errorf("put canceled after %d bytes: %v", size, err)
		}
		expectNothing(t, ctx, s, "canceled")
	}
}

func testCanceledBefore(t *testing.T, ctx context.Context, s blob.Store) {
	put(t, ctx, s, "there", Content(10))
	gone, cancel := context.WithCancel(ctx)
	cancel()
	_, putErr := s.Put(gone, "new", bytes.NewReader(Content(10)))
	_, readErr := s.ReadRange(gone, "there", 0, -1)
	_, statErr := s.Stat(gone, "there")
	for _, err := range []error{putErr, readErr, statErr} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("canceled call: %v", err)
		}
	}
	var listErr error
	for _, err := range s.List(gone, "") {
		listErr = err
	}
	if !errors.Is(listErr, context.Canceled) {
		t.Errorf("canceled list: %v", listErr)
	}
	expectKeys(t, ctx, s, "", []string{"there"})
}

// hook is an empty reader that does something first, or fails.
type hook struct {
	before func()
	err    error
}

func (h *hook) Read([]byte) (int, error) {
	if h.before != nil {
		h.before()
		h.before = nil
	}
	if h.err != nil {
		return 0, h.err
	}
	return 0, io.EOF
}

func put(t *testing.T, ctx context.Context, s blob.Store, key string, content []byte) {
	t.Helper()
	if _, err := s.Put(ctx, key, bytes.NewReader(content)); err != nil {
		t.Fatalf("put %s: %v", key, err)
	}
}

func expect(t *testing.T, ctx context.Context, s blob.Store, key string, offset, length int64, want []byte) {
	t.Helper()
	r, err := s.ReadRange(ctx, key, offset, length)
	if err != nil {
		t.Errorf("read %s [%d, +%d]: %v", key, offset, length, err)
		return
	}
	defer r.Close()
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, want) {
		t.Errorf("read %s [%d, +%d]: %d bytes, error %v; want %d bytes as they were put", key, offset, length, len(got), err, len(want))
	}
}

func expectKind(t *testing.T, action string, err error, want deal.Kind) {
	t.Helper()
	if deal.KindOf(err) != want {
		t.Errorf("%s: error %v of kind %q, want kind %q", action, err, deal.KindOf(err), want)
	}
}

func expectExists(t *testing.T, err error) {
	t.Helper()
	expectKind(t, "put to a key in use", err, deal.Conflict)
	if !errors.Is(err, blob.ErrExists) {
		t.Errorf("put to a key in use: %v, want ErrExists", err)
	}
}

func expectNothing(t *testing.T, ctx context.Context, s blob.Store, key string) {
	t.Helper()
	_, err := s.Stat(ctx, key)
	expectKind(t, "stat after a failed put", err, deal.NotFound)
	expectKeys(t, ctx, s, "", nil)
}

func expectKeys(t *testing.T, ctx context.Context, s blob.Store, prefix string, want []string) {
	t.Helper()
	var got []string
	for info, err := range s.List(ctx, prefix) {
		if err != nil {
			t.Errorf("list %q: %v", prefix, err)
			return
		}
		got = append(got, info.Key)
	}
	if !slices.Equal(got, want) {
		t.Errorf("list %q: %v, want %v", prefix, got, want)
	}
}
