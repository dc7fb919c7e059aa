package node

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"cession/deal"
	"cession/node/vault"
)

// keyring has the node's keys: the one it is known by over TLS, and the age
// identities that documents are wrapped for. A rotation replaces both. The old
// TLS key is gone then; old identities stay, to open what was wrapped for them.
type keyring struct {
	dir string

	mu         sync.RWMutex
	cert       tls.Certificate
	pin        deal.Commitment  // of cert
	identities []vault.Identity // the one in use first
}

// oldIdentity is the name of a file with an identity that was replaced.
const oldIdentity = "identity-"

func openKeyring(dir string) (*keyring, error) {
	k := &keyring{dir: dir}
	cert, err := loadCertificate(dir)
	if err != nil {
		return nil, err
	}
	identity, err := vault.LoadIdentity(filepath.Join(dir, identityFile))
	if err != nil {
		return nil, err
	}
	old, err := loadOldIdentities(dir)
	if err != nil {
		return nil, err
	}
	return k, k.use(cert, append([]vault.Identity{identity}, old...))
}

func loadOldIdentities(dir string) (list []vault.Identity, err error) {
	entries, err := os.ReadDir(dir) // no pattern: the folder's own name may have * or [ in it
	if err != nil {
		return nil, pathless(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), oldIdentity) || !strings.HasSuffix(e.Name(), ".age") {
			continue
		}
		i, err := vault.LoadIdentity(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		list = append(list, i)
	}
	return list, nil
}

func (k *keyring) use(cert tls.Certificate, identities []vault.Identity) error {
	pin, err := pinOf(cert.Certificate[0])
	if err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.cert, k.pin, k.identities = cert, pin, identities
	return nil
}

// Recipient returns the public half of the identity in use.
func (k *keyring) Recipient() vault.Recipient {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.identities[0].Recipient()
}

// holds reports whether a recipient is or was this node's.
func (k *keyring) holds(recipient string) bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	for _, i := range k.identities {
		if i.Recipient().String() == recipient {
			return true
		}
	}
	return false
}

// Unwrap opens a file key that is wrapped for the identity in use or for one
// before it.
func (k *keyring) Unwrap(w vault.WrappedKey, m vault.Manifest) (key vault.FileKey, err error) {
	k.mu.RLock()
	identities := k.identities
	k.mu.RUnlock()
	for _, i := range identities {
		if key, err = i.Unwrap(w, m); deal.KindOf(err) != deal.Refused {
			return key, err
		}
	}
	return key, err
}

func (k *keyring) certificate() *tls.Certificate {
	k.mu.RLock()
	defer k.mu.RUnlock()
	cert := k.cert
	return &cert
}

// pinned returns the SHA-256 of the public key in use.
func (k *keyring) pinned() deal.Commitment {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.pin
}

// serve and connect hand TLS the certificate that is in use at that moment.
func (k *keyring) serve(*tls.ClientHelloInfo) (*tls.Certificate, error) { return k.certificate(), nil }

func (k *keyring) connect(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
	return k.certificate(), nil
}

// rotate replaces both keys. After a crash in between, the next start has the
// old key or the new one of each, and every identity there ever was.
func (k *keyring) rotate() error {
	cert, err := newCertificate()
	if err != nil {
		return fmt.Errorf("rotate keys: %w", err)
	}
	pair, err := tls.X509KeyPair(cert, cert)
	if err != nil {
		return fmt.Errorf("rotate keys: %w", err)
	}
	identity, err := vault.NewIdentity()
	if err != nil {
		return fmt.Errorf("rotate keys: %w", err)
	}
	for _, step := range []func() error{ // each only after the one before: without its second name the old identity would be lost
		k.retire,
		func() error { return k.replace(identityFile, identityText(identity)) },
		func() error { return k.replace(tlsFile, cert) },
	} {
		if err := step(); err != nil {
			return fmt.Errorf("rotate keys: %w", pathless(err))
		}
	}
	k.mu.RLock()
	identities := append([]vault.Identity{identity}, k.identities...)
	k.mu.RUnlock()
	return k.use(pair, identities)
}

func identityText(i vault.Identity) []byte {
	return fmt.Appendf(nil, "# public key: %s\n%s\n", i.Recipient(), i.Secret())
}

// retire keeps the identity in use under a second name: a copy, for not every
// file system has links.
func (k *keyring) retire() error {
	k.mu.RLock()
	old := k.identities[0]
	k.mu.RUnlock()
	sum := sha256.Sum256([]byte(old.Recipient().String()))
	return k.replace(oldIdentity+hex.EncodeToString(sum[:8])+".age", identityText(old))
}

// replace puts a whole, synced file in the place of another.
func (k *keyring) replace(name string, content []byte) error {
	tmp, err := os.CreateTemp(k.dir, ".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(content)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), filepath.Join(k.dir, name)); err != nil {
		return err
	}
	return syncDir(k.dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// ownKey reports whether a receiving key is this node's, in text form.
func (n *Node) ownKey(recipient string) bool { return n.identity.holds(strings.TrimSpace(recipient)) }
