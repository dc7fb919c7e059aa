package vault

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cession/deal"
)

// folder makes a portfolio of text files.
func folder(t *testing.T, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, n := range names {
		file := filepath.Join(dir, n)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte("content of "+n), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestPortfolio(t *testing.T) {
	dir := folder(t, "b.txt", "a b.txt", "it's \"quoted\".txt", "Gru\u0308ße.txt", "日本.txt", "sub/b.txt", "-x.txt", "%s.txt",
		".hidden", ".git/config", "Thumbs.db", "sub/desktop.ini", ".DS_Store")
	files, err := Portfolio(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
		d, err := f.Read()
		if err != nil || d.MediaType != Text || d.Sum.Size != f.Size {
			t.Errorf("read %s: %+v, %v", f.Name, d, err)
		}
	}
	want := []string{"%s.txt", "-x.txt", "Gr\u00fcße.txt", "a b.txt", "b.txt", "it's \"quoted\".txt", "sub/b.txt", "日本.txt"}
	if !slices.Equal(names, want) {
		t.Errorf("names %q, want %q", names, want)
	}
}

func TestPortfolioFolder(t *testing.T) {
	dir := folder(t, "file.txt")
	for name, c := range map[string]struct {
		dir  string
		want deal.Kind
	}{
		"missing": {filepath.Join(dir, "none"), deal.NotFound}, "a file": {filepath.Join(dir, "file.txt"), deal.Invalid},
		"empty": {t.TempDir(), deal.Invalid}, "only hidden": {folder(t, ".x"), deal.Invalid},
	} {
		_, err := Portfolio(c.dir)
		expectKind(t, name, err, c.want)
		if err != nil && strings.Contains(err.Error(), dir) {
			t.Errorf("%s: error shows the path", name)
		}
	}
}

func TestPortfolioProblems(t *testing.T) {
	for name, names := range map[string][]string{
		"letter case": {"Invoice.txt", "invoice.txt"}, "unicode form": {"u\u0308.txt", "\u00fc.txt"}, "sharp s": {"straße.txt", "STRASSE.txt"},
		"folder's case": {"A/x.txt", "a/x.txt"}, "control character": {"a\nb.txt"}, "not UTF-8": {"\xfc.txt"},
	} {
		_, err := Portfolio(folder(t, names...))
		expectKind(t, name, err, deal.Invalid)
		var which *FileError
		if !errors.As(err, &which) || which.Path == "" {
			t.Errorf("%s: %v does not know which file", name, err)
		}
	}
}

func TestPortfolioSymlink(t *testing.T) {
	dir, outside := folder(t, "a.txt"), folder(t, "secret.txt", "b.txt")
	for name, target := range map[string]string{"link.txt": filepath.Join(outside, "secret.txt"), "folder": outside, "broken": filepath.Join(outside, "none")} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	_, err := Portfolio(dir)
	expectKind(t, "symbolic links", err, deal.Invalid)
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || len(joined.Unwrap()) != 3 {
		t.Errorf("%v does not name all three links", err)
	}
}

func TestFileChangedSinceListed(t *testing.T) {
	for name, change := range map[string]func(path string) error{
		"longer":  func(p string) error { return os.WriteFile(p, []byte("content of a.txt, and more"), 0o600) },
		"shorter": func(p string) error { return os.WriteFile(p, []byte("c"), 0o600) },
		"a link": func(p string) error {
			return errors.Join(os.Rename(p, p+".old"), os.Symlink(p+".old", p))
		},
		"a folder": func(p string) error { return errors.Join(os.Remove(p), os.Mkdir(p, 0o700)) },
	} {
		files, err := Portfolio(folder(t, "a.txt"))
		if err != nil {
			t.Fatal(err)
		}
		if err := change(files[0].Path); err != nil {
			t.Fatal(err)
		}
		_, err = files[0].Read()
		expectKind(t, name, err, deal.Conflict)
	}
	files, err := Portfolio(folder(t, "a.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(files[0].Path); err != nil {
		t.Fatal(err)
	}
	if _, err = files[0].Read(); !errors.Is(err, os.ErrNotExist) || strings.Contains(err.Error(), "a.txt") {
		t.Errorf("removed: %v", err)
	}
}

func TestFileErrorHidesPath(t *testing.T) {
	files, err := Portfolio(folder(t, "Debtor4711.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = files[0].Read()
	var which *FileError
	if !errors.Is(err, ErrMismatch) || !errors.As(err, &which) || which.Path != files[0].Path || strings.Contains(err.Error(), "Debtor4711") {
		t.Errorf("text as PDF: %v", err)
	}
}

func TestRealPortfolio(t *testing.T) {
	files, err := Portfolio(invoices)
	if err != nil || len(files) != 8 {
		t.Fatalf("%d invoices, %v", len(files), err)
	}
	for _, f := range files {
		d, err := f.Read()
		if err != nil || d.MediaType != PDF {
			t.Fatalf("%s: %v", f.Name, err)
		}
		plain, err := os.ReadFile(f.Path)
		if err != nil || d.Sum != (Sum{int64(len(plain)), SHA256(plain)}) {
			t.Errorf("%s: sum %v, %v", f.Name, d.Sum, err)
		}
		v, cipher := encrypt(t, plain)
		var out bytes.Buffer
		if err := Decrypt(&out, bytes.NewReader(cipher), v.Manifest, v.Key); err != nil || !bytes.Equal(out.Bytes(), plain) {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}
