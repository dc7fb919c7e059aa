package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cession/deal"
)

// portfolioOf writes files by their paths, and returns the folder.
func portfolioOf(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestReadAddition(t *testing.T) {
	dir := portfolioOf(t, map[string]string{
		"a/one.txt": "one", "two.txt": "two",
		"list.csv": "file,number,title,view_only\ntwo.txt,1,Two,yes\na/one.txt,2.1,,\n",
	})
	docs, err := readAddition(addition{dir: dir, metadata: filepath.Join(dir, "list.csv")})
	if err != nil || len(docs) != 2 {
		t.Fatalf("%d documents, %v", len(docs), err)
	}
	one, two := docs[0].About, docs[1].About
	if one.Folder != "a" || one.Number != "2.1" || two.Title != "Two" || !two.ViewOnly || two.Name != "two.txt" || docs[1].Sum.Size != 3 {
		t.Errorf("described as %s, %s", one.Canonical(), two.Canonical())
	}
	docs, err = readAddition(addition{dir: dir})
	if err != nil || len(docs) != 3 || docs[0].About.Folder != "a" || docs[0].About.Number != "" {
		t.Errorf("without metadata: %d documents, %v", len(docs), err)
	}
}

// Lines and files that do not match come all at once, with their lines, before
// any document is read.
func TestReadAdditionRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		list  string
		words []string
	}{
		"no such files":    {"file\na.txt\nx.txt\ny.txt\n", []string{"line 3", "x.txt", "line 4", "y.txt"}},
		"file left out":    {"file\nx.txt\n", []string{"a.txt", "line 2"}},
		"a bad line":       {"file,date\na.txt,yesterday\n", []string{"line 2"}},
		"an unknown one":   {"file,colour\na.txt,red\n", []string{"line 1", "colour"}},
		"not in that case": {"file\nA.txt\n", []string{"a.txt", "A.txt"}},
	} {
		dir := portfolioOf(t, map[string]string{"a.txt": "", "list.csv": c.list}) // an empty document could not be read
		docs, err := readAddition(addition{dir: dir, metadata: filepath.Join(dir, "list.csv")})
		if docs != nil || deal.KindOf(err) != deal.Invalid {
			t.Errorf("%s: %d documents, %v, want invalid", name, len(docs), err)
			continue
		}
		for _, word := range c.words {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%s: %q is not in %v", name, word, err)
			}
		}
	}
	dir := portfolioOf(t, map[string]string{"a.txt": "x"})
	if _, err := readAddition(addition{dir: dir, metadata: filepath.Join(dir, "none.csv")}); !os.IsNotExist(err) && !strings.Contains(err.Error(), "none.csv") {
		t.Errorf("no metadata: %v", err)
	}
}

// Without a terminal there is no bar: a line for each document, and with --json
// none.
func TestUploadProgress(t *testing.T) {
	for _, json := range []bool{false, true} {
		var out, side bytes.Buffer
		p := (&app{out: &out, err: &side, json: json}).progress(10)
		p.moved(10)
		p.done(1, 2, "a.txt")
		p.end()
		if want := map[bool]string{false: "1 of 2  a.txt\n", true: ""}[json]; out.String() != want || side.Len() > 0 {
			t.Errorf("json %t: %q on standard output, %q beside it", json, out.String(), side.String())
		}
	}
}
