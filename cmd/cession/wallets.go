package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

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

// laneFolders are the wallets of the lanes in an operator's data folder, as far
// as they are there: relayer, relayer-2, …
func laneFolders(home string) (dirs []string) {
	for n := 1; ; n++ {
		dir := filepath.Join(home, laneFolder(n))
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return dirs
		}
		dirs = append(dirs, dir)
	}
}

// laneFolder is the name of the folder of the n-th lane's wallet, from 1.
func laneFolder(n int) string {
	if n == 1 {
		return "relayer"
	}
	return "relayer-" + strconv.Itoa(n)
}

// walletAddress is the account of the one wallet in a folder: it stands in the
// name of the file, so no passphrase is needed.
func walletAddress(dir string) (deal.Address, error) {
	file, err := walletFile(dir)
	if err != nil {
		return deal.Address{}, err
	}
	address, err := deal.ParseAddress(strings.TrimSuffix(filepath.Base(file), ".json"))
	if err != nil {
		return address, fmt.Errorf("read the wallet's name: %w", err)
	}
	return address, nil
}
