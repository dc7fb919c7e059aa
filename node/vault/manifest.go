package vault

import (
	"bytes"
	"encoding/json"
	"fmt"

	"cession/deal"
)

// ChunkSize is the size in bytes of the chunks in which a ciphertext is
// verified and handed over; the last may be shorter.
const ChunkSize = 1 << 20

// maxManifest bounds what is parsed, in bytes.
const maxManifest = 4 << 10

// Manifest describes one version of a document and its ciphertext. It holds no
// name and no key, but plain digests: it goes only to who may have the document.
type Manifest struct {
	// In the order of their JSON names: encoding/json then writes the canonical
	// form of RFC 8785, which is what is hashed.
	ChunkSize    int64     `json:"chunkSize"`    // bytes
	CipherSHA256 Digest    `json:"cipherSHA256"` // of the whole ciphertext
	CipherSize   int64     `json:"cipherSize"`   // bytes
	MediaType    MediaType `json:"mediaType"`
	Root         Digest    `json:"root"` // RFC 6962 over the ciphertext's chunks, with SHA-256
	SHA256       Digest    `json:"sha256"`
	Size         int64     `json:"size"` // bytes
}

// ParseManifest reads the canonical form and nothing else, so that a manifest
// has one digest. Errors are of kind invalid.
func ParseManifest(text []byte) (m Manifest, err error) {
	if len(text) > maxManifest {
		return m, deal.Errorf(deal.Invalid, "manifest has %d bytes: want at most %d", len(text), maxManifest)
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return Manifest{}, deal.Errorf(deal.Invalid, "manifest is malformed: want one JSON object of its seven fields")
	}
	if err := m.Check(); err != nil {
		return Manifest{}, err
	}
	if !bytes.Equal(m.Canonical(), text) {
		return Manifest{}, deal.Errorf(deal.Invalid, "manifest is not in canonical form (RFC 8785)")
	}
	return m, nil
}

// Check reports values no manifest has. Errors are of kind invalid.
func (m Manifest) Check() error {
	switch {
	case m.ChunkSize != ChunkSize:
		return deal.Errorf(deal.Invalid, "manifest has chunks of %d bytes: want %d", m.ChunkSize, ChunkSize)
	case m.Size <= 0 || m.Size > MaxSize:
		return deal.Errorf(deal.Invalid, "manifest is of a document of %d bytes: want 1 to %d", m.Size, MaxSize)
	case m.CipherSize != cipherSize(m.Size):
		return deal.Errorf(deal.Invalid, "manifest has %d bytes of ciphertext: %d bytes of plaintext want %d", m.CipherSize, m.Size, cipherSize(m.Size))
	case !m.MediaType.known():
		return deal.Errorf(deal.Invalid, "manifest has an unknown media type")
	}
	return nil
}

// Canonical returns the canonical JSON form.
func (m Manifest) Canonical() []byte {
	text, err := json.Marshal(m)
	if err != nil {
		panic(fmt.Sprintf("vault: encode manifest: %v", err)) // it has no value that can fail
	}
	return text
}

// Digest returns the SHA-256 of the canonical form: what a ticket names.
func (m Manifest) Digest() Digest { return SHA256(m.Canonical()) }

// Commitment returns hash(salt || digest), the form of a manifest that may be
// seen by others.
func (m Manifest) Commitment(hash deal.Hash256, salt deal.Commitment) deal.Commitment {
	d := m.Digest()
	return hash(salt[:], d[:])
}

// Sum returns what identifies the plaintext.
func (m Manifest) Sum() Sum { return Sum{m.Size, m.SHA256} }

// Chunks returns the number of the ciphertext's chunks.
func (m Manifest) Chunks() int { return int((m.CipherSize + m.ChunkSize - 1) / m.ChunkSize) }

// Chunk returns where chunk i lies in the ciphertext, in bytes.
func (m Manifest) Chunk(i int) (offset, length int64) {
	offset = int64(i) * m.ChunkSize
	return offset, min(m.ChunkSize, m.CipherSize-offset)
}

// ChunkList has the RFC 6962 leaf hash of every chunk of a ciphertext: 32 bytes
// per MiB. With it a receiver verifies each chunk as it comes, in any order,
// without a proof for each.
type ChunkList []Digest

func (l ChunkList) root() Digest {
	leaves := make([][32]byte, len(l))
	for i, d := range l {
		leaves[i] = d
	}
	return rootOf(SHA256, leaves)
}

// Check reports a list that is not the manifest's.
func (l ChunkList) Check(m Manifest) error {
	if len(l) != m.Chunks() || l.root() != m.Root {
		return deal.Errorf(deal.Invalid, "chunk list does not have the manifest's root")
	}
	return nil
}

// Verify reports a chunk that is not the one listed at i. Errors are of kind invalid.
func (l ChunkList) Verify(i int, chunk []byte) error {
	if i < 0 || i >= len(l) || SHA256(leafTag, chunk) != [32]byte(l[i]) {
		return deal.Errorf(deal.Invalid, "chunk %d of the document is altered: fetch it again", i)
	}
	return nil
}
