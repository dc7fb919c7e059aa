package chain

import (
	"bytes"
	"crypto/ecdsa"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/ethereum/go-ethereum/accounts/keystore"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/google/uuid"

	"cession/deal"
)

// WalletOption changes how a wallet file is written.
type WalletOption func(*scryptCost)

// scryptCost is how hard a passphrase is to guess (RFC 7914); r is always 8.
type scryptCost struct{ n, p int }

// Light makes the passphrase cheap to check, and so to guess: 4 MB and some
// 20 ms instead of 256 MB and a second. For development and tests only.
func Light() WalletOption {
	return func(c *scryptCost) { *c = scryptCost{keystore.LightScryptN, keystore.LightScryptP} }
}

// NewWallet draws a key and writes it to a file of the folder, encrypted under
// the passphrase (Web3 Secret Storage version 3, as geth reads it).
func NewWallet(dir, passphrase string, opts ...WalletOption) (*Wallet, error) {
	key, err := crypto.GenerateKey()
	if err != nil {
		return nil, fmt.Errorf("draw key: %w", err)
	}
	return storeWallet(dir, key, passphrase, opts)
}

// ImportWallet writes a key to a file of the folder, encrypted under the
// passphrase. The secret is either 64 hex digits or a keystore file under the
// same passphrase. Kinds: refused (wrong passphrase), invalid (neither of the
// two), conflict (the folder has this account already).
func ImportWallet(dir string, secret []byte, passphrase string, opts ...WalletOption) (*Wallet, error) {
	key, err := readSecret(bytes.TrimSpace(secret), passphrase)
	if err != nil {
		return nil, err
	}
	return storeWallet(dir, key, passphrase, opts)
}

func readSecret(secret []byte, passphrase string) (*ecdsa.PrivateKey, error) {
	if bytes.HasPrefix(secret, []byte("{")) {
		return decryptKey(secret, passphrase)
	}
	raw, err := hex.DecodeString(strings.TrimPrefix(string(secret), "0x"))
	if err != nil {
		return nil, deal.Errorf(deal.Invalid, "key: want 64 hex digits or a keystore file")
	}
	return parseKey(raw)
}

// OpenWallet reads a wallet file. Kinds: notfound (no such file), refused
// (wrong passphrase), invalid (no keystore file).
func OpenWallet(file, passphrase string) (*Wallet, error) {
	raw, err := readKeyFile(file)
	if err != nil {
		return nil, err
	}
	key, err := decryptKey(raw, passphrase)
	if err != nil {
		return nil, err
	}
	return walletOf(key), nil
}

// WalletFile returns the file [NewWallet] and [ImportWallet] write an account to.
func WalletFile(dir string, account deal.Address) string {
	return filepath.Join(dir, account.String()+".json")
}

// keyFile is the part of a keystore file that is checked before it is opened.
type keyFile struct {
	Address string `json:"address"`
	Version any    `json:"version"`
	Crypto  struct {
		KDFParams struct {
			N, R int64
		} `json:"kdfparams"`
	} `json:"crypto"`
}

// maxScrypt is N*r of a gigabyte of memory; the standard cost takes a quarter.
const maxScrypt = 1 << 23

// decryptKey opens a keystore file. The account the file claims must be the
// key's own: otherwise somebody would fund or allow the wrong one.
func decryptKey(raw []byte, passphrase string) (secret *ecdsa.PrivateKey, err error) {
	var file keyFile
	if err := json.Unmarshal(raw, &file); err != nil || file.Version == nil {
		return nil, deal.Errorf(deal.Invalid, "wallet file: want a keystore file (Web3 Secret Storage)")
	}
	if cost := file.Crypto.KDFParams; cost.N > maxScrypt || cost.R > maxScrypt || cost.N*cost.R > maxScrypt {
		return nil, deal.Errorf(deal.Invalid, "wallet file: opening it would take more than a gigabyte of memory")
	}
	defer func() {
		if recover() != nil { // the library does not check the types of what it reads
			secret, err = nil, errDamaged
		}
	}()
	key, err := keystore.DecryptKey(raw, passphrase)
	if errors.Is(err, keystore.ErrDecrypt) {
		return nil, deal.Errorf(deal.Refused, "wrong passphrase for this wallet")
	}
	if err != nil {
		return nil, errDamaged
	}
	claimed := strings.TrimPrefix(strings.ToLower(file.Address), "0x")
	if claimed != "" && claimed != hex.EncodeToString(key.Address[:]) {
		return nil, deal.Errorf(deal.Invalid, "wallet file: the key is not that of the account it names")
	}
	return key.PrivateKey, nil
}

var errDamaged = deal.Errorf(deal.Invalid, "wallet file: damaged or of an unknown form")

func storeWallet(dir string, key *ecdsa.PrivateKey, passphrase string, opts []WalletOption) (*Wallet, error) {
	cost := scryptCost{keystore.StandardScryptN, keystore.StandardScryptP}
	for _, o := range opts {
		o(&cost)
	}
	w := walletOf(key)
	sealed, err := keystore.EncryptKey(&keystore.Key{
		Id: uuid.New(), Address: common.Address(w.address), PrivateKey: key,
	}, passphrase, cost.n, cost.p)
	if err != nil {
		return nil, fmt.Errorf("encrypt wallet: %w", err)
	}
	if err := writeNew(WalletFile(dir, w.address), sealed); err != nil {
		return nil, err
	}
	return w, nil
}
