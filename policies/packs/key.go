package packs

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"

	"cession/deal"
)

// algorithm is the only one accepted: ECDSA on P-256 with SHA-256 (RFC 7518,
// 3.4). It is never taken from what is to be verified.
const algorithm = "ES256"

// NewKey makes an officer's key in a new file that only the owner may read
// (PKCS #8, PEM), and returns the public key (PKIX, PEM) for the trust file.
func NewKey(file string) (public string, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", fmt.Errorf("make key: %w", err)
	}
	private, err := privatePEM(key)
	if err != nil {
		return "", err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return "", deal.Errorf(deal.Conflict, "make key: the file exists, and no key is ever overwritten: name another")
	}
	if err != nil {
		return "", fmt.Errorf("make key: %w", err)
	}
	_, err = f.Write(private)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("write key: %w", err), os.Remove(file))
	}
	return PublicKey(key)
}

// ReadKey reads an officer's key. A file that others than its owner may read
// is refused.
func ReadKey(file string) (*ecdsa.PrivateKey, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, deal.Errorf(deal.NotFound, "read key: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, deal.Errorf(deal.Refused, "read key: others may read it: chmod 600 it, and ask for a new one if they did")
	}
	b, err := io.ReadAll(io.LimitReader(f, 16<<10))
	if err != nil {
		return nil, fmt.Errorf("read key: %w", err)
	}
	// What the parsers say could show a part of the key.
	wrong := deal.Errorf(deal.Invalid, "read key: want a private key on P-256 (PKCS #8, PEM)")
	block, rest := pem.Decode(b)
	if block == nil || block.Type != "PRIVATE KEY" || len(rest) > 0 {
		return nil, wrong
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	key, ok := parsed.(*ecdsa.PrivateKey)
	if err != nil || !ok || key.Curve != elliptic.P256() {
		return nil, wrong
	}
	return key, nil
}

// PublicKey returns the public key (PKIX, PEM) that belongs to a key.
func PublicKey(key *ecdsa.PrivateKey) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return "", deal.Errorf(deal.Invalid, "encode public key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), nil
}

func privatePEM(key *ecdsa.PrivateKey) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, deal.Errorf(deal.Invalid, "encode key: not a key on P-256")
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

func parsePublic(text string) (*ecdsa.PublicKey, error) {
	block, rest := pem.Decode([]byte(text))
	if block == nil || block.Type != "PUBLIC KEY" || len(rest) > 0 {
		return nil, errors.New("want one public key (PKIX, PEM)")
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	key, ok := parsed.(*ecdsa.PublicKey)
	if !ok || key.Curve != elliptic.P256() {
		return nil, errors.New("want a key on P-256")
	}
	return key, nil
}
