package local

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"math/big"
	"time"

	"go.temporal.io/server/common/rpc/encryption"
)

const internodeName = "internode.cession.invalid"

// internodeTLS closes the side doors: history and matching listen on loopback
// ports of their own, without any authorizer. They speak mutual TLS with a key
// that exists in this process only. The frontend stays in clear text.
type internodeTLS struct {
	cert tls.Certificate
	pool *x509.CertPool
}

func newInternodeTLS() (*internodeTLS, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("draw internode key: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		DNSNames:     []string{internodeName},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().AddDate(10, 0, 0), // dies with the process
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, fmt.Errorf("make internode certificate: %w", err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("make internode certificate: %w", err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return &internodeTLS{cert: tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, pool: pool}, nil
}

// The methods implement [encryption.TLSConfigProvider]; nil means clear text.

func (t *internodeTLS) GetInternodeServerConfig() (*tls.Config, error) {
	return &tls.Config{
		MinVersion:   tls.VersionTLS13,
		Certificates: []tls.Certificate{t.cert},
		ClientAuth:   tls.RequireAndVerifyClientCert,
		ClientCAs:    t.pool,
	}, nil
}

func (t *internodeTLS) GetInternodeClientConfig() (*tls.Config, error) {
	return &tls.Config{
		MinVersion:   tls.VersionTLS13,
		ServerName:   internodeName,
		Certificates: []tls.Certificate{t.cert},
		RootCAs:      t.pool,
	}, nil
}

func (t *internodeTLS) GetFrontendServerConfig() (*tls.Config, error) { return nil, nil }

func (t *internodeTLS) GetFrontendClientConfig() (*tls.Config, error) { return nil, nil }

func (t *internodeTLS) GetRemoteClusterClientConfig(string) (*tls.Config, error) { return nil, nil }

func (t *internodeTLS) GetExpiringCerts(time.Duration) (expiring, expired encryption.CertExpirationMap, err error) {
	return nil, nil, nil
}
