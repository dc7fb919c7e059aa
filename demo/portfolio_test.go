package demo

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cession/deal"
	"cession/examples"
)

func TestExamplePortfolio(t *testing.T) {
	dir := t.TempDir()
	if err := examples.WritePortfolio(dir); err != nil {
		t.Fatal(err)
	}
	docs, err := ReadPortfolio(dir)
	if err != nil || len(docs) != 8 {
		t.Fatalf("%d documents: %v", len(docs), err)
	}
	for _, d := range docs {
		if info, err := os.Stat(d.Path); err != nil || info.Size() != d.Sum.Size {
			t.Errorf("%s: %d bytes hashed: %v", d.Name, d.Sum.Size, err)
		}
	}
}

func TestReadPortfolio(t *testing.T) {
	dir := folder(t, map[string]string{"a/it's \"quoted\".txt": "one", "b é 日本.txt": "two", ".hidden": "three"})
	docs, err := ReadPortfolio(dir)
	if err != nil || len(docs) != 2 {
		t.Fatalf("%d documents: %v", len(docs), err)
	}
	if docs[0].About.Folder != "a" || docs[0].About.Name != `it's "quoted".txt` || docs[1].About.Folder != "" || docs[1].About.Name != "b é 日本.txt" {
		t.Errorf("described as %+v, %+v", docs[0].About, docs[1].About)
	}
}

func TestReadPortfolioRefuses(t *testing.T) {
	pdf := examplePDF(t)
	for name, c := range map[string]struct {
		files map[string]string
		names []string // of files the error must name
		kind  deal.Kind
	}{
		"empty folder":      {nil, nil, deal.Invalid},
		"no PDF":            {map[string]string{"a.pdf": "not a PDF"}, []string{"a.pdf"}, deal.Invalid},
		"truncated PDF":     {map[string]string{"a.pdf": pdf[:len(pdf)/2]}, []string{"a.pdf"}, deal.Invalid},
		"nothing in a file": {map[string]string{"a.pdf": ""}, []string{"a.pdf"}, deal.Invalid},
		"a folder's name":   {map[string]string{"a\\b/c.txt": "one"}, []string{"a\\b/c.txt"}, deal.Invalid},
		"name in two cases": {map[string]string{"A.txt": "one", "a.txt": "two"}, []string{"a.txt"}, deal.Invalid},
		"two are bad":       {map[string]string{"a.pdf": "x", "b.pdf": "", "c.txt": "good"}, []string{"a.pdf", "b.pdf"}, deal.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			docs, err := ReadPortfolio(folder(t, c.files))
			if deal.KindOf(err) != c.kind || docs != nil {
				t.Fatalf("%d documents, error %v of kind %q, want %q", len(docs), err, deal.KindOf(err), c.kind)
			}
			for _, file := range c.names {
				if !strings.Contains(err.Error(), file) {
					t.Errorf("error %q does not name %s", err, file)
				}
			}
		})
	}
	if _, err := ReadPortfolio(filepath.Join(t.TempDir(), "none")); deal.KindOf(err) != deal.NotFound {
		t.Errorf("missing folder: %v", err)
	}
}

func examplePDF(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := examples.WritePortfolio(dir); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "EN16931_Einfach.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
