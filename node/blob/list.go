package blob

import (
	"context"
	"fmt"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"
)

// List implements [Store].
func (s *File) List(ctx context.Context, prefix string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		w := walk{ctx: ctx, files: s.root.FS(), prefix: prefix, yield: yield}
		if err := w.dir(""); err != nil && err != fs.SkipAll {
			yield(Info{}, fmt.Errorf("list blobs: %w", err))
		}
	}
}

type walk struct {
	ctx    context.Context
	files  fs.FS
	prefix string
	yield  func(Info, error) bool
}

// dir yields what lies under the key dir, which is "" or ends with "/".
func (w walk) dir(dir string) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	entries, err := fs.ReadDir(w.files, path.Join(fileBlobs, dir))
	if err != nil {
		return err
	}
	// By key, not by name: "a.b" comes before "a/b", though folder "a" is shorter.
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(keyPart(a), keyPart(b)) })
	for _, e := range entries {
		if err := w.entry(dir+keyPart(e), e); err != nil {
			return err
		}
	}
	return nil
}

func keyPart(e fs.DirEntry) string {
	if e.IsDir() {
		return e.Name() + "/"
	}
	return e.Name()
}

func (w walk) entry(key string, e fs.DirEntry) error {
	if e.IsDir() {
		if strings.HasPrefix(key, w.prefix) || strings.HasPrefix(w.prefix, key) {
			return w.dir(key)
		}
		return nil
	}
	if !strings.HasPrefix(key, w.prefix) || !e.Type().IsRegular() {
		return nil
	}
	info, err := e.Info()
	if err != nil {
		return nil // deleted meanwhile
	}
	if !w.yield(Info{key, info.Size(), info.ModTime().UTC()}, nil) {
		return fs.SkipAll
	}
	return nil
}
