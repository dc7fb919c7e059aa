// Package blobtest holds the suite that every [blob.Store] passes, and starts a
// real S3 server for those that need one.
package blobtest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"cession/deal"
	"cession/node/blob"
)

// Run tests a kind of store. Open returns an empty one.
func Run(t *testing.T, open func(t *testing.T) blob.Store) {
	for name, test := range map[string]func(*testing.T, context.Context, blob.Store){
		"sizes":              testSizes,
		"ranges":             testRanges,
		"random access":      testReaderAt,
		"no overwrite":       testNoOverwrite,
		"one of many wins":   testConcurrentPut,
		"list":               testList,
		"delete":             testDelete,
		"missing":            testMissing,
		"malformed keys":     testKeys,
		"failing reader":     testFailingReader,
		"broken connection":  testBrokenConnection,
		"canceled":           testCanceled,
		"canceled on arrive": testCanceledBefore,
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			test(t, ctx, open(t))
		})
	}
}

// Content returns n bytes that look random but are the same every time.
func Content(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

const large = 20 << 20 // several parts on S3, the last one not full

func testSizes(t *testing.T, ctx context.Context, s blob.Store) {
	for _, size := range []int{0, 1, 1000, 8 << 20, large + 123} {
		key, content := fmt.Sprintf("sizes/%d", size), Content(size)
		sum, err := s.Put(ctx, key, iotest.HalfReader(bytes.NewReader(content)))
		if err != nil {
			t.Fatalf("put %d bytes: %v", size, err)
		}
		if want := (blob.Sum{Size: int64(size), SHA256: sha256.Sum256(content)}); sum != want {
			t.Errorf("put %d bytes: sum %v, want %v", size, sum, want)
		}
		info, err := s.Stat(ctx, key)
		if err != nil || info.Size != int64(size) || info.Key != key {
			t.Errorf("stat %d bytes: %+v, %v", size, info, err)
		}
		if age := time.Since(info.Modified); age < -time.Minute || age > time.Hour || info.Modified.Location() != time.UTC {
			t.Errorf("stat %d bytes: modified %v", size, info.Modified)
		}
		expect(t, ctx, s, key, 0, -1, content)
	}
}

func testRanges(t *testing.T, ctx context.Context, s blob.Store) {
	content := Content(large)
	put(t, ctx, s, "r", content)
	put(t, ctx, s, "empty", nil)
	for _, r := range []struct{ offset, length, end int64 }{
		{0, 0, 0}, {0, 1, 1}, {0, -1, large}, {0, large, large}, {0, large + 1, large},
		{5, 10, 15}, {8<<20 - 1, 2, 8<<20 + 1}, {large - 1, 1, large}, {large - 1, 1 << 40, large},
		{large, 0, large}, {large, -1, large}, {large, 5, large}, {1 << 20, 1 << 20, 2 << 20},
	} {
		expect(t, ctx, s, "r", r.offset, r.length, content[r.offset:r.end])
	}
	for _, length := range []int64{0, -1, 7} {
		expect(t, ctx, s, "empty", 0, length, nil)
	}
	for _, r := range [][2]int64{{large + 1, 1}, {large + 1, 0}, {large + 1, -1}, {-1, 1}, {0, -2}} {
		_, err := s.ReadRange(ctx, "r", r[0], r[1])
		expectKind(t, fmt.Sprintf("read range %v", r), err, deal.Invalid)
	}
}

func testReaderAt(t *testing.T, ctx context.Context, s blob.Store) {
	content := Content(300) // each Read is a request
	put(t, ctx, s, "at", content)
	r := io.NewSectionReader(blob.ReaderAt(ctx, s, "at"), 0, int64(len(content)))
	if err := iotest.TestReader(r, content); err != nil {
		t.Error(err)
	}
}

func testNoOverwrite(t *testing.T, ctx context.Context, s blob.Store) {
	for _, size := range []int{10, large} {
		key := fmt.Sprintf("once/%d", size)
		first, second := Content(size), Content(size+1)
		put(t, ctx, s, key, first)
		_, err := s.Put(ctx, key, bytes.NewReader(second))
		expectExists(t, err)
		_, err = s.Put(ctx, key, bytes.NewReader(first)) // the same content is no exception
		expectExists(t, err)
		expect(t, ctx, s, key, 0, -1, first)
	}
}

// All writers read their last byte only after every one of them has begun, so
// that no early look at the key can decide.
func testConcurrentPut(t *testing.T, ctx context.Context, s blob.Store) {
	const writers = 4
	for _, size := range []int{1000, 9 << 20} {
		key := fmt.Sprintf("race/%d", size)
		var all, begun sync.WaitGroup
		begun.Add(writers)
		errs := make([]error, writers)
		for i := range writers {
			all.Go(func() {
				content := bytes.Repeat([]byte{byte('a' + i)}, size)
				wait := func() { begun.Done(); begun.Wait() }
				_, errs[i] = s.Put(ctx, key, io.MultiReader(&hook{before: wait}, bytes.NewReader(content)))
			})
		}
		all.Wait()
		winner := slices.Index(errs, nil)
		if winner < 0 {
			t.Fatalf("nobody won: %v", errs)
		}
		for i, err := range errs {
			if i != winner {
				expectExists(t, err)
			}
		}
		expect(t, ctx, s, key, 0, -1, bytes.Repeat([]byte{byte('a' + winner)}, size))
	}
}

func testList(t *testing.T, ctx context.Context, s blob.Store) {
	keys := []string{"a-b/1", "a.b/1", "a/1", "a/2/x", "a/2/y", "b/1", "b_/1"}
	for i := len(keys) - 1; i >= 0; i-- {
		put(t, ctx, s, keys[i], Content(i))
	}
	for prefix, want := range map[string][]string{
		"": keys, "a": keys[:5], "a/": keys[2:5], "a/2": keys[3:5], "a/2/": keys[3:5], "a/2/x": {"a/2/x"}, "b": keys[5:], "c": nil, "a/2/x/": nil,
	} {
		expectKeys(t, ctx, s, prefix, want)
	}
	for info, err := range s.List(ctx, "") {
		if err != nil || info.Key != keys[0] || info.Size != 0 {
			t.Errorf("first of list: %+v, %v", info, err)
		}
		break
	}
}

func testDelete(t *testing.T, ctx context.Context, s blob.Store) {
	put(t, ctx, s, "d/1", Content(10))
	put(t, ctx, s, "d/2", Content(10))
	for range 2 {
		if err := s.Delete(ctx, "d/1"); err != nil {
			t.Fatalf("delete: %v", err)
		}
	}
	_, err := s.Stat(ctx, "d/1")
	expectKind(t, "stat deleted", err, deal.NotFound)
	expectKeys(t, ctx, s, "", []string{"d/2"})
	put(t, ctx, s, "d/1", Content(11))
	expect(t, ctx, s, "d/1", 0, -1, Content(11))
}

func testMissing(t *testing.T, ctx context.Context, s blob.Store) {
	put(t, ctx, s, "folder/blob", nil)
	for _, key := range []string{"nothing", "folder", "folder/other"} {
		_, err := s.Stat(ctx, key)
		expectKind(t, "stat "+key, err, deal.NotFound)
		for _, length := range []int64{-1, 0, 1} {
			_, err = s.ReadRange(ctx, key, 0, length)
			expectKind(t, "read "+key, err, deal.NotFound)
		}
		if err := s.Delete(ctx, key); err != nil {
			t.Errorf("delete %s: %v", key, err)
		}
	}
	expect(t, ctx, s, "folder/blob", 0, -1, nil)
}
