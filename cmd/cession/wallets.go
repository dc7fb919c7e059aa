package main

import (
	"os"
	"path/filepath"

	"cession/chain"
	"cession/deal"
)

// ensureWallet opens the one wallet in a folder, making it the first time. Its
// passphrase is drawn into a file beside the folder: who reads the folder can
// sign, as with any unattended signer; link a remote signer to change that.
func ensureWallet(dir, passFile string, opts ...chain.WalletOption) (*chain.Wallet, error) {
	pass, err := ensureSecret(passFile)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	file, err := walletFile(dir)
	if deal.KindOf(err) == deal.NotFound {
		return chain.NewWallet(dir, pass, opts...)
	}
	if err != nil {
		return nil, err
	}
	return chain.OpenWallet(file, pass)
}

// openWallet opens the one wallet in a folder with the passphrase in a file.
func openWallet(dir, passFile string) (*chain.Wallet, error) {
	file, err := walletFile(dir)
	if err != nil {
		return nil, err
	}
	pass, err := readSecret(passFile)
	if err != nil {
		return nil, err
	}
	return chain.OpenWallet(file, pass)
}

func walletFile(dir string) (string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	switch {
	case err != nil:
		return "", err
	case len(files) == 0:
		return "", deal.Errorf(deal.NotFound, "no wallet in %s: make one with cession wallet new", dir)
	case len(files) > 1:
		return "", deal.Errorf(deal.Conflict, "%d wallets in %s: want one", len(files), dir)
	}
	return files[0], nil
}
