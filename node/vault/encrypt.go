package vault

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"

	"cession/deal"

	"filippo.io/age"
)

// ErrChanged is wrapped by the conflict of a document that is not the one that
// was hashed before.
var ErrChanged = errors.New("the document changed since it was hashed")

// The framing of a document's age file: a header that names no recipient, a
// nonce, and 64 KiB chunks with a 16-byte tag each.
const (
	detachedType = "cession/detached"
	headerSize   = len("age-encryption.org/v1\n-> "+detachedType+"\n\n--- \n") + 43
	nonceSize    = 16
	ageChunk     = 64 << 10
	ageTag       = 16
)

func cipherSize(size int64) int64 {
	chunks := max(1, (size+ageChunk-1)/ageChunk)
	return int64(headerSize) + nonceSize + size + chunks*ageTag
}

// detached is an age recipient that keeps the file key instead of wrapping it
// into the header.
type detached struct{ key *FileKey }

func (d detached) Wrap(fileKey []byte) ([]*age.Stanza, error) {
	if copy(d.key.bytes[:], fileKey) != len(d.key.bytes) || len(fileKey) != len(d.key.bytes) {
		return nil, errors.New("file key has an unknown size")
	}
	return []*age.Stanza{{Type: detachedType}}, nil
}

// Encryptor encrypts one version of a document while it is read. It needs the
// same memory for every size, but for 32 bytes per MiB of [ChunkList].
type Encryptor struct {
	plain  *checked
	cipher io.Reader
	key    FileKey
	sum    *Hasher
	chunks chunker
	err    error // what Read ended with
}

// NewEncryptor returns a reader of the ciphertext of src, under a fresh key. If
// want is given, a src that differs from it makes Read fail with a conflict that
// wraps [ErrChanged], no later than where the ciphertext would have ended; so a
// store that discards what a failing reader gave keeps nothing. One that is
// longer than [MaxSize] fails likewise with [ErrTooLarge], an empty one with
// [ErrEmpty].
func NewEncryptor(src io.Reader, want *Sum) (*Encryptor, error) {
	e := &Encryptor{plain: &checked{src: src, want: want, max: MaxSize, sum: NewHasher()}, sum: NewHasher()}
	r, err := age.EncryptReader(e.plain, detached{&e.key})
	if err != nil {
		return nil, fmt.Errorf("encrypt document: %w", err)
	}
	e.cipher = r
	return e, nil
}

// Read implements [io.Reader].
func (e *Encryptor) Read(p []byte) (int, error) {
	if e.err != nil {
		return 0, e.err
	}
	n, err := e.cipher.Read(p)
	e.sum.Write(p[:n])
	e.chunks.write(p[:n])
	e.err = err
	return n, err
}

// CipherSum returns the sum of the ciphertext that was read so far.
func (e *Encryptor) CipherSum() Sum { return e.sum.Sum() }

// Version is a document's version, encrypted: its description, the key that
// opens it, and its chunks.
type Version struct {
	Manifest Manifest
	Key      FileKey
	Chunks   ChunkList
}

// Finish describes the document, once Read has returned io.EOF.
func (e *Encryptor) Finish(media MediaType) (Version, error) {
	if e.err != io.EOF {
		return Version{}, deal.Errorf(deal.Conflict, "finish encryption: the document was not read to its end")
	}
	cipher, plain := e.sum.Sum(), e.plain.sum.Sum()
	chunks := e.chunks.list()
	m := Manifest{
		ChunkSize: ChunkSize, CipherSHA256: cipher.SHA256, CipherSize: cipher.Size,
		MediaType: media, Root: chunks.root(), SHA256: plain.SHA256, Size: plain.Size,
	}
	if err := m.Check(); err != nil {
		return Version{}, fmt.Errorf("finish encryption: %w", err)
	}
	return Version{m, e.key, chunks}, nil
}

// checked passes on a document and fails if it is not the one expected.
type checked struct {
	src  io.Reader
	want *Sum  // nil: any
	max  int64 // bytes
	sum  *Hasher
}

func (c *checked) Read(p []byte) (int, error) {
	n, err := c.src.Read(p)
	c.sum.Write(p[:n])
	switch size := c.sum.size; {
	case size > c.max:
		return 0, errTooLarge(c.max)
	case size == 0 && err == io.EOF && (c.want == nil || c.want.Size == 0):
		return 0, errEmpty()
	case c.want == nil:
	case size > c.want.Size, err == io.EOF && c.sum.Sum() != *c.want:
		return 0, deal.Errorf(deal.Conflict, "%w: hash it again and sign anew", ErrChanged)
	}
	return n, err
}

// chunker computes the leaf hashes of a stream's chunks.
type chunker struct {
	leaves ChunkList
	hash   hash.Hash // of the current chunk; nil between chunks
	size   int       // bytes of it
}

func (c *chunker) write(p []byte) {
	for len(p) > 0 {
		if c.hash == nil {
			c.hash = sha256.New()
			c.hash.Write(leafTag)
		}
		part := p[:min(len(p), ChunkSize-c.size)]
		c.hash.Write(part)
		c.size += len(part)
		p = p[len(part):]
		if c.size == ChunkSize {
			c.cut()
		}
	}
}

func (c *chunker) cut() {
	c.leaves = append(c.leaves, Digest(c.hash.Sum(nil)))
	c.hash, c.size = nil, 0
}

func (c *chunker) list() ChunkList {
	if c.hash != nil {
		c.cut()
	}
	return c.leaves
}
