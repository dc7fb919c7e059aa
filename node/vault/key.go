package vault

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"cession/deal"

	"filippo.io/age"
)

// maxWrapped bounds a wrapped key in bytes; one hybrid recipient takes about 1.9 kB.
const maxWrapped = 64 << 10

// FileKey opens one version of a document. It is kept only wrapped, and cannot
// be printed or serialized.
type FileKey struct{ bytes [16]byte }

func (k FileKey) identity() age.Identity { return age.NewInjectedFileKeyIdentity(k.bytes[:]) }

// String hides the key.
func (k FileKey) String() string { return "file key" }

// Format hides the key under every verb.
func (k FileKey) Format(f fmt.State, _ rune) { fmt.Fprint(f, "file key") }

// MarshalText refuses: a key leaves only wrapped.
func (k FileKey) MarshalText() ([]byte, error) {
	return nil, deal.Errorf(deal.Refused, "a file key does not leave the node: wrap it")
}

// GobEncode refuses, like [FileKey.MarshalText].
func (k FileKey) GobEncode() ([]byte, error) { return k.MarshalText() }

// WrappedKey is an age file for one or more recipients, whose content is the
// 16-byte file key followed by the 32-byte SHA-256 of the ciphertext it opens.
type WrappedKey []byte

// WrapKey wraps the key of m's document for the recipients, each of whom can
// open it alone. Hybrid and classic recipients cannot be mixed.
func WrapKey(key FileKey, m Manifest, to ...Recipient) (WrappedKey, error) {
	recipients := make([]age.Recipient, len(to))
	for i, r := range to {
		if r.inner == nil {
			return nil, deal.Errorf(deal.Invalid, "wrap file key: recipient %d is empty", i)
		}
		recipients[i] = r.inner
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, recipients...)
	if err != nil {
		return nil, deal.Errorf(deal.Invalid, "wrap file key: %w", err)
	}
	if _, err := w.Write(append(key.bytes[:], m.CipherSHA256[:]...)); err != nil {
		return nil, fmt.Errorf("wrap file key: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("wrap file key: %w", err)
	}
	return out.Bytes(), nil
}

// Unwrap opens the key of m's document. A key for somebody else is refused; one
// that is altered or of another document is invalid.
func (i Identity) Unwrap(w WrappedKey, m Manifest) (key FileKey, err error) {
	if i.inner == nil || len(w) > maxWrapped {
		return key, deal.Errorf(deal.Invalid, "unwrap file key: no identity, or more than %d bytes", maxWrapped)
	}
	content, err := openWrapped(w, i.inner)
	var stranger *age.NoIdentityMatchError
	switch {
	case errors.As(err, &stranger):
		return key, deal.Errorf(deal.Refused, "file key is wrapped for another recipient")
	case err != nil || len(content) != len(key.bytes)+len(Digest{}):
		return key, deal.Errorf(deal.Invalid, "wrapped file key is altered or malformed")
	case Digest(content[len(key.bytes):]) != m.CipherSHA256:
		return key, deal.Errorf(deal.Invalid, "wrapped file key is of another document")
	}
	copy(key.bytes[:], content)
	return key, nil
}

func openWrapped(w WrappedKey, identity age.Identity) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(w), identity)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
