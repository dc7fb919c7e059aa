// Package examples holds what a newcomer tries Cession with: three invented
// organizations, a portfolio of real invoices under an open license, and a
// non-disclosure agreement.
package examples

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

//go:embed parties.yaml nda/Mutual-NDA.md portfolio
var files embed.FS

// Parties returns the three organizations, as `cession up --parties` reads them.
func Parties() []byte { return read("parties.yaml") }

// NDA returns the text of the non-disclosure agreement.
func NDA() []byte { return read("nda/Mutual-NDA.md") }

func read(name string) []byte {
	b, err := files.ReadFile(name)
	if err != nil {
		panic("examples: " + err.Error()) // it was embedded when this was built
	}
	return b
}

// WritePortfolio puts the portfolio's documents into a folder that exists.
func WritePortfolio(dir string) error {
	entries, err := fs.ReadDir(files, "portfolio")
	if err != nil {
		return fmt.Errorf("list example portfolio: %w", err)
	}
	for _, e := range entries {
		if err := os.WriteFile(filepath.Join(dir, e.Name()), read(path.Join("portfolio", e.Name())), 0o600); err != nil {
			return fmt.Errorf("write example portfolio: %w", err)
		}
	}
	return nil
}
