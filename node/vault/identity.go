package vault

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"cession/deal"

	"filippo.io/age"
)

// Recipient is the public half of an [Identity]: file keys are wrapped for it.
// Text form: "age1pq1…" (hybrid post-quantum) or "age1…" (X25519). The zero value is no recipient.
type Recipient struct {
	inner age.Recipient
	text  string
}

// ParseRecipient reads the text form.
func ParseRecipient(text string) (Recipient, error) {
	if r, err := age.ParseHybridRecipient(text); err == nil {
		return Recipient{r, text}, nil
	}
	if r, err := age.ParseX25519Recipient(text); err == nil {
		return Recipient{r, text}, nil
	}
	return Recipient{}, deal.Errorf(deal.Invalid, "age recipient is malformed: want age1pq1… or age1…")
}

// String returns the text form.
func (r Recipient) String() string { return r.text }

// MarshalText returns the text form.
func (r Recipient) MarshalText() ([]byte, error) { return []byte(r.text), nil }

// UnmarshalText reads the text form.
func (r *Recipient) UnmarshalText(text []byte) (err error) {
	*r, err = ParseRecipient(string(text))
	return err
}

// Identity is a node's secret key for documents. It cannot be printed or
// serialized, but for [Identity.Secret].
type Identity struct {
	inner     age.Identity
	recipient Recipient
	secret    string
}

// NewIdentity generates a hybrid post-quantum identity (ML-KEM-768 with X25519).
func NewIdentity() (Identity, error) {
	i, err := age.GenerateHybridIdentity()
	if err != nil {
		return Identity{}, fmt.Errorf("generate age identity: %w", err)
	}
	return hybrid(i), nil
}

func hybrid(i *age.HybridIdentity) Identity {
	r := i.Recipient()
	return Identity{i, Recipient{r, r.String()}, i.String()}
}

// ParseIdentity reads an age identity file: one key, hybrid or X25519, and
// comments. Errors do not quote it.
func ParseIdentity(text []byte) (Identity, error) {
	ids, err := age.ParseIdentities(bytes.NewReader(text))
	if err == nil && len(ids) == 1 {
		switch i := ids[0].(type) {
		case *age.HybridIdentity:
			return hybrid(i), nil
		case *age.X25519Identity:
			r := i.Recipient()
			return Identity{i, Recipient{r, r.String()}, i.String()}, nil
		}
	}
	return Identity{}, deal.Errorf(deal.Invalid, "age identity is malformed: want one line AGE-SECRET-KEY-PQ-1… or AGE-SECRET-KEY-1…")
}

// Recipient returns the public half.
func (i Identity) Recipient() Recipient { return i.recipient }

// Secret returns the key as an age identity file has it, for a secret store.
func (i Identity) Secret() string { return i.secret }

// String hides the key.
func (i Identity) String() string { return "age identity" }

// Format hides the key under every verb.
func (i Identity) Format(f fmt.State, _ rune) { fmt.Fprint(f, "age identity") }

// MarshalText refuses: an identity does not leave the node.
func (i Identity) MarshalText() ([]byte, error) {
	return nil, deal.Errorf(deal.Refused, "an age identity does not leave the node")
}

// GobEncode refuses, like [Identity.MarshalText].
func (i Identity) GobEncode() ([]byte, error) { return i.MarshalText() }

// LoadIdentity reads the identity at path, or creates one there that only its
// owner can read. It refuses a file that others can read. If several processes
// create it at once, all get the same.
func LoadIdentity(path string) (Identity, error) {
	i, err := readIdentity(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := createIdentity(path); err != nil && !errors.Is(err, fs.ErrExist) {
			return Identity{}, fmt.Errorf("create age identity: %w", err)
		}
		i, err = readIdentity(path)
	}
	if err != nil {
		return Identity{}, fmt.Errorf("load age identity: %w", err)
	}
	return i, nil
}

func readIdentity(path string) (Identity, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Identity{}, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return Identity{}, deal.Errorf(deal.Refused, "the age identity can be read by others: chmod it to 600")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return Identity{}, err
	}
	return ParseIdentity(text)
}

// createIdentity links a finished, synced file into place: a half-written key
// would be a lost one.
func createIdentity(path string) error {
	i, err := NewIdentity()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	temp := path + "." + strings.ToLower(rand.Text())
	defer os.Remove(temp)
	text := fmt.Sprintf("# public key: %s\n%s\n", i.recipient, i.secret)
	if err := writeSynced(temp, text); err != nil {
		return err
	}
	if err := os.Link(temp, path); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}

func writeSynced(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.WriteString(text); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return f.Close()
}
