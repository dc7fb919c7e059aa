package records

import (
	"bytes"
	"io/fs"
	"time"
)

// manifestFile names a pack's table of contents.
const manifestFile = "manifest.yaml"

// overlay is a folder with another manifest.
type overlay struct {
	fs.FS
	manifest []byte
}

// Open opens the manifest, or a file of the folder below.
func (o overlay) Open(name string) (fs.File, error) {
	if name != manifestFile {
		return o.FS.Open(name)
	}
	return &memory{bytes.NewReader(o.manifest)}, nil
}

// memory is the manifest as a file.
type memory struct{ *bytes.Reader }

func (m *memory) Stat() (fs.FileInfo, error) { return info{m.Size()}, nil }

func (m *memory) Close() error { return nil }

type info struct{ size int64 }

func (info) Name() string       { return manifestFile }
func (i info) Size() int64      { return i.size }
func (info) Mode() fs.FileMode  { return 0o444 }
func (info) ModTime() time.Time { return time.Time{} }
func (info) IsDir() bool        { return false }
func (info) Sys() any           { return nil }
