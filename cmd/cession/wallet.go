package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"cession/chain"
	"cession/deal"
)

func newWalletCommand(a *app) *cobra.Command {
	c := group("wallet", "Make and import the wallet that signs")
	c.Long = `Make and import the wallet that signs. It is a keystore file, encrypted with a
passphrase; the folder is wallet/ in --home, or --dir. Keys and passphrases are
never given as arguments, where other users of the machine could see them.`
	var f walletFlags
	c.PersistentFlags().StringVar(&f.dir, "dir", "", "folder of the wallet (default: wallet in --home)")
	c.PersistentFlags().StringVar(&f.passphrase, "passphrase-file", "", "file with the passphrase (default: ask)")
	c.AddCommand(a.walletNew(&f), a.walletImport(&f), a.walletAddress(&f))
	return c
}

type walletFlags struct{ dir, passphrase string }

func (f walletFlags) folder(a *app) (string, error) {
	switch {
	case f.dir != "":
		return f.dir, nil
	case a.home != "":
		return filepath.Join(a.home, "wallet"), nil
	}
	return "", usageError{deal.Errorf(deal.Invalid, "where? give --dir or --home")}
}

func (a *app) walletNew(f *walletFlags) *cobra.Command {
	return &cobra.Command{
		Use: "new", Short: "Make a wallet", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.makeWallet(c, *f, func(dir, passphrase string) (*chain.Wallet, error) { return chain.NewWallet(dir, passphrase) })
		},
	}
}

func (a *app) walletImport(f *walletFlags) *cobra.Command {
	return &cobra.Command{
		Use: "import", Short: "Import a private key or a keystore file from standard input", Args: cobra.NoArgs,
		Long: `Import a private key (64 hex digits) or a keystore file from standard input. A
keystore file is taken under its own passphrase.`,
		Example: "  cession wallet import --dir wallet --passphrase-file wallet.pass < key.hex",
		RunE: func(c *cobra.Command, _ []string) error {
			if f.passphrase == "" && !isTerminal(c.InOrStdin()) {
				return usageError{deal.Errorf(deal.Invalid, "the key comes from standard input: give the passphrase with --passphrase-file")}
			}
			secret, err := readKey(c)
			if err != nil {
				return err
			}
			defer clear(secret)
			return a.makeWallet(c, *f, func(dir, passphrase string) (*chain.Wallet, error) {
				return chain.ImportWallet(dir, secret, passphrase)
			})
		},
	}
}

// makeWallet makes a wallet in a folder that has none, for a node signs with
// the only one in its folder.
func (a *app) makeWallet(c *cobra.Command, f walletFlags, build func(dir, passphrase string) (*chain.Wallet, error)) error {
	dir, err := f.folder(a)
	if err != nil {
		return err
	}
	if _, err := walletFile(dir); deal.KindOf(err) != deal.NotFound {
		return deal.Errorf(deal.Conflict, "there is a wallet in %s already: choose another folder", dir)
	}
	passphrase, err := f.read(c)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	w, err := build(dir, passphrase)
	if err != nil {
		return err
	}
	return a.showWallet(w.Address(), chain.WalletFile(dir, w.Address()))
}

func (a *app) showWallet(address deal.Address, file string) error {
	if a.json {
		return printJSON(a.out, map[string]string{"address": address.String(), "file": file})
	}
	_, err := fmt.Fprintf(a.out, "%s\n", address)
	return err
}

func (a *app) walletAddress(f *walletFlags) *cobra.Command {
	return &cobra.Command{
		Use: "address", Short: "Print the wallet's address", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			dir, err := f.folder(a)
			if err != nil {
				return err
			}
			address, err := walletAddress(dir)
			if err != nil {
				return err
			}
			return a.showWallet(address, chain.WalletFile(dir, address))
		},
	}
}

// read reads the passphrase from its file, or asks for it twice.
func (f walletFlags) read(c *cobra.Command) (string, error) {
	if f.passphrase != "" {
		b, err := os.ReadFile(f.passphrase)
		if err != nil {
			return "", fmt.Errorf("read passphrase: %w", err)
		}
		passphrase := strings.TrimRight(string(b), "\r\n")
		if passphrase == "" {
			return "", deal.Errorf(deal.Invalid, "the passphrase file is empty")
		}
		return passphrase, nil
	}
	if !isTerminal(c.InOrStdin()) {
		return "", usageError{deal.Errorf(deal.Invalid, "there is no terminal to ask for the passphrase: give --passphrase-file")}
	}
	first, err := ask(c, "Passphrase: ")
	if err != nil {
		return "", err
	}
	second, err := ask(c, "Once more: ")
	switch {
	case err != nil:
		return "", err
	case !bytes.Equal(first, second):
		return "", deal.Errorf(deal.Invalid, "the two passphrases differ: try again")
	case len(first) == 0:
		return "", deal.Errorf(deal.Invalid, "the passphrase is empty")
	}
	return string(first), nil
}

// maxKey is more than any keystore file has, in bytes.
const maxKey = 64 << 10

func readKey(c *cobra.Command) ([]byte, error) {
	if isTerminal(c.InOrStdin()) {
		return ask(c, "Private key: ")
	}
	b, err := io.ReadAll(io.LimitReader(bufio.NewReader(c.InOrStdin()), maxKey))
	return bytes.TrimSpace(b), err
}

func ask(c *cobra.Command, prompt string) ([]byte, error) {
	fmt.Fprint(c.ErrOrStderr(), prompt)
	b, err := term.ReadPassword(int(c.InOrStdin().(*os.File).Fd()))
	fmt.Fprintln(c.ErrOrStderr())
	return b, err
}

func isTerminal(r io.Reader) bool {
	f, ok := r.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
