package node

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"cession/deal"
	"cession/node/blob"
	"cession/node/vault"
)

const uploadsDir = "uploads" // in the node's directory

func (n *Node) makeUploadFolder() (string, error) {
	folder := strings.ToLower(rand.Text())
	if err := os.MkdirAll(filepath.Join(n.Dir, uploadsDir, folder), 0o700); err != nil {
		return "", diskError("make a folder for an upload", err)
	}
	return folder, nil
}

// keepPart has a part on disk, whole and encrypted, or not at all.
func (n *Node) keepPart(folder string, part int, size int64, sum vault.Digest, body io.Reader) error {
	dir := filepath.Join(n.Dir, uploadsDir, folder)
	tmp, err := os.CreateTemp(dir, "new-*") // mode 0600
	if err != nil {
		return diskError("write", err)
	}
	defer os.Remove(tmp.Name())
	err = n.sealPart(tmp, size, sum, body)
	if err == nil {
		err = diskError("write", tmp.Sync())
	}
	if closed := tmp.Close(); err == nil {
		err = diskError("write", closed)
	}
	if err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), filepath.Join(dir, strconv.Itoa(part))); err != nil {
		return diskError("write", err)
	}
	return diskError("write", syncDir(dir))
}

// sealPart encrypts a part and checks that it is as long as it must be, and what
// its digest says.
func (n *Node) sealPart(dst io.Writer, size int64, sum vault.Digest, body io.Reader) error {
	w, err := vault.SealPart(dst, n.identity.Recipient())
	if err != nil {
		return err
	}
	hash := vault.NewHasher()
	if _, err := io.Copy(w, io.TeeReader(io.LimitReader(body, size+1), hash)); err != nil {
		return diskError("read or write", err)
	}
	if have := hash.Sum(); have.Size != size {
		return deal.Errorf(deal.Invalid, "%w: it has %d bytes or more: want %d", vault.ErrTruncated, have.Size, size)
	} else if have.SHA256 != sum {
		return deal.Errorf(deal.Invalid, "%w: it is not what its digest says, send it again", vault.ErrDamaged)
	}
	return diskError("write", w.Close())
}

// diskError leaves the path out, and tells a full disk from others.
func diskError(what string, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("%s: %w", what, blob.ErrNoSpace)
	}
	return fmt.Errorf("%s: %w", what, pathless(err))
}

// partsReader reads a document out of its parts.
type partsReader struct {
	node    *Node
	folder  string
	count   int
	next    int // part being read
	file    *os.File
	plain   io.Reader
	damaged error // of part next
}

func (p *partsReader) Read(b []byte) (int, error) {
	for p.next < p.count {
		if p.plain == nil {
			if p.damaged = p.open(); p.damaged != nil {
				return 0, p.damaged
			}
		}
		n, err := p.plain.Read(b)
		if err == io.EOF {
			p.close()
			p.next++
			err = nil
		}
		if p.damaged = err; n > 0 || err != nil {
			return n, err
		}
	}
	return 0, io.EOF
}

func (p *partsReader) open() (err error) {
	if p.file, err = os.Open(filepath.Join(p.node.Dir, uploadsDir, p.folder, strconv.Itoa(p.next))); err != nil {
		return diskError("read a part", err)
	}
	p.plain, err = p.node.identity.openPart(p.file)
	return err
}

func (p *partsReader) close() {
	if p.file != nil {
		p.file.Close()
	}
	p.file, p.plain = nil, nil
}

// openPart decrypts with whichever identity the part was encrypted for.
func (k *keyring) openPart(src io.Reader) (io.Reader, error) {
	k.mu.RLock()
	identities := k.identities
	k.mu.RUnlock()
	return vault.OpenPart(src, identities...)
}

// dropUpload forgets a document's parts and removes them.
func (n *Node) dropUpload(ctx context.Context, d document) error {
	folder, err := n.state.upload(ctx, d)
	if folder == "" || err != nil {
		return err
	}
	return n.removeUpload(ctx, folder)
}

// removeUpload removes what a folder holds; a crash in between leaves files that
// the next sweep removes.
func (n *Node) removeUpload(ctx context.Context, folder string) error {
	if err := n.state.endUpload(ctx, folder); err != nil {
		return err
	}
	return diskError("remove an upload", os.RemoveAll(filepath.Join(n.Dir, uploadsDir, folder)))
}

func (n *Node) tendUploads(ctx context.Context) {
	if err := n.sweepUploads(ctx); err != nil && ctx.Err() == nil {
		n.Log.Warn("abandoned uploads not removed", "kind", deal.KindOf(err))
	}
}

// sweepUploads removes uploads to which nothing came for a long time, and what a
// crash left of others.
func (n *Node) sweepUploads(ctx context.Context) error {
	unlock, err := n.filling.lock(ctx, "uploads")
	if err != nil {
		return err
	}
	defer unlock()
	known, err := n.state.uploadFolders(ctx)
	if err != nil {
		return err
	}
	for folder, at := range known {
		if n.now().Sub(at) > uploadLife {
			err = errors.Join(err, n.removeUpload(ctx, folder))
		}
	}
	list, failed := os.ReadDir(filepath.Join(n.Dir, uploadsDir))
	if errors.Is(failed, os.ErrNotExist) {
		return err
	}
	err = errors.Join(err, diskError("look for uploads", failed))
	for _, e := range list {
		if _, ok := known[e.Name()]; !ok {
			err = errors.Join(err, diskError("remove an upload", os.RemoveAll(filepath.Join(n.Dir, uploadsDir, e.Name()))))
		}
	}
	return err
}
