// Package vault holds what a node knows about documents as such: their hashes
// and trees, their encryption, the checks on what comes in. It stores nothing
// and talks to nobody.
//
// A document becomes one age file (https://age-encryption.org/v1), encrypted
// with a fresh file key that is not in it. The file key travels separately, in a
// second age file of its own, wrapped for one recipient; handing a document over
// means wrapping 16 bytes anew, and the ciphertext with all its hashes stays as
// it is. Whoever destroys every wrapped key has erased the document.
package vault

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"

	"cession/deal"
)

// Digest is a plain SHA-256. Whoever has a document can recognize its digest, so
// digests stay on nodes; what leaves is a salted [Leaf] or [Manifest.Commitment].
// Text form: 64 hex digits, as sha256sum prints them.
type Digest [32]byte

// String returns the text form.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// MarshalText returns the text form.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the text form.
func (d *Digest) UnmarshalText(b []byte) error {
	if len(b) != 2*len(d) {
		return deal.Errorf(deal.Invalid, "digest has %d characters: want 64 hex digits", len(b))
	}
	if _, err := hex.Decode(d[:], bytes.ToLower(b)); err != nil {
		return deal.Errorf(deal.Invalid, "digest is malformed: want 64 hex digits")
	}
	return nil
}

// SHA256 is the hash of files and their chunks: 1.7 GB/s a core, five times as
// fast as the Keccak-256 that goes on chain.
func SHA256(parts ...[]byte) (sum [32]byte) {
	h := sha256.New()
	for _, p := range parts {
		h.Write(p)
	}
	h.Sum(sum[:0])
	return sum
}

// Sum identifies a document by its plaintext.
type Sum struct {
	Size   int64  `json:"size"` // bytes
	SHA256 Digest `json:"sha256"`
}

// Hasher computes the [Sum] of what is written to it.
type Hasher struct {
	hash hash.Hash
	size int64
}

// NewHasher returns a Hasher of nothing yet.
func NewHasher() *Hasher { return &Hasher{hash: sha256.New()} }

// Write adds to the sum; it never fails.
func (h *Hasher) Write(p []byte) (int, error) {
	h.size += int64(len(p))
	return h.hash.Write(p)
}

// Sum returns the sum so far.
func (h *Hasher) Sum() Sum { return Sum{h.size, Digest(h.hash.Sum(nil))} }

// Hash reads a document to its end.
func Hash(r io.Reader) (Sum, error) {
	h := NewHasher()
	if _, err := io.Copy(h, r); err != nil {
		return Sum{}, fmt.Errorf("hash document: %w", err)
	}
	return h.Sum(), nil
}

// Leaf is what a document is on chain: hash(salt || SHA-256 of the plaintext ||
// digest of its [Description]). It is known before anything is uploaded. The
// same document in two deals has two salts, and its leaves cannot be linked;
// destroying the salt is an erasure.
func Leaf(hash deal.Hash256, salt deal.Commitment, sum, about Digest) deal.Commitment {
	return hash(salt[:], sum[:], about[:])
}

// ContentLeaf is the leaf of a document in deals under a plan from before there
// were descriptions: hash(salt || SHA-256 of the plaintext).
func ContentLeaf(hash deal.Hash256, salt deal.Commitment, sum Digest) deal.Commitment {
	return hash(salt[:], sum[:])
}
