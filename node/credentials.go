package node

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cession/deal"
)

// Files in a node's directory; all are created at first start with mode 0600.
const (
	tokenFile    = "token"        // bearer token of the customer side
	tlsFile      = "tls.pem"      // certificate and key of the listener, also the client certificate towards peers
	identityFile = "identity.age" // age identity: whoever has it reads the documents
	stateFile    = "node.db"
	incomingDir  = "incoming" // ciphertext being pulled
)

// loadOrCreate returns a file's content, made by create if there is no file.
// The new file appears whole or not at all.
func loadOrCreate(path string, create func() ([]byte, error)) ([]byte, error) {
	b, err := os.ReadFile(path)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return b, err
	}
	if b, err = create(); err != nil {
		return nil, err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*") // mode 0600
	if err != nil {
		return nil, err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(b)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return nil, err
	}
	return b, os.Link(tmp.Name(), path) // not Rename: it never replaces a key
}

func loadToken(dir string) (string, error) {
	b, err := loadOrCreate(filepath.Join(dir, tokenFile), func() ([]byte, error) {
		return []byte(rand.Text() + rand.Text() + "\n"), nil
	})
	if err != nil {
		return "", fmt.Errorf("load token: %w", err)
	}
	token := strings.TrimSpace(string(b))
	if len(token) < 32 {
		return "", deal.Errorf(deal.Invalid, "load token: want at least 32 characters; remove the file to have a new one")
	}
	return token, nil
}

func loadCertificate(dir string) (tls.Certificate, error) {
	b, err := loadOrCreate(filepath.Join(dir, tlsFile), newCertificate)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("load certificate: %w", err)
	}
	cert, err := tls.X509KeyPair(b, b)
	if err != nil {
		return cert, fmt.Errorf("load certificate: %w", err)
	}
	return cert, nil
}

// newCertificate makes a self-signed certificate. Nobody checks its names and
// dates: peers pin its public key from the node record.
func newCertificate() ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "cession node"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(20, 0, 0),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		DNSNames:    []string{"localhost"},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	out := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return append(out, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})...), nil
}

// pinOf returns the SHA-256 of a certificate's public key (SubjectPublicKeyInfo).
func pinOf(der []byte) (deal.Commitment, error) {
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return deal.Commitment{}, deal.Errorf(deal.Invalid, "parse certificate: %w", err)
	}
	return sha256.Sum256(cert.RawSubjectPublicKeyInfo), nil
}

// pinnedTLS is a client configuration that talks to the holder of one key only.
func pinnedTLS(pin deal.Commitment, own *keyring) *tls.Config {
	cfg := &tls.Config{
		MinVersion:         tls.VersionTLS13,
		InsecureSkipVerify: true, // there is no authority: the key itself is pinned, below
		VerifyConnection: func(s tls.ConnectionState) error {
			if len(s.PeerCertificates) == 0 || sha256.Sum256(s.PeerCertificates[0].RawSubjectPublicKeyInfo) != pin {
				if own != nil { // another node at that address, or the peer with a new key: look again later
					return deal.Errorf(deal.Lost, "%w: the node's key is not the one of its record", UnknownPeer)
				}
				return refuse(UnknownPeer, "the server's key is not the one that was given for the node")
			}
			return nil
		},
	}
	if own != nil {
		cfg.GetClientCertificate = own.connect
	}
	return cfg
}
