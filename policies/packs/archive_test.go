package packs

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"cession/deal"
)

// tarred writes an archive as somebody hostile does.
func tarred(t testing.TB, write func(*tar.Writer) error) []byte {
	t.Helper()
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	w := tar.NewWriter(zip)
	if err := errors.Join(write(w), w.Close(), zip.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func entryOf(w *tar.Writer, h tar.Header, content string) error {
	if h.Size == 0 {
		h.Size = int64(len(content))
	}
	if err := w.WriteHeader(&h); err != nil {
		return err
	}
	_, err := w.Write([]byte(content))
	return err
}

func TestHostileArchives(t *testing.T) {
	named := func(names ...string) func(*tar.Writer) error {
		return func(w *tar.Writer) (err error) {
			for _, name := range names {
				err = errors.Join(err, entryOf(w, tar.Header{Typeflag: tar.TypeReg, Name: name}, "x"))
			}
			return err
		}
	}
	typed := func(h tar.Header) func(*tar.Writer) error {
		return func(w *tar.Writer) error { return w.WriteHeader(&h) }
	}
	zeros := func(n int) func(*tar.Writer) error {
		return func(w *tar.Writer) (err error) {
			chunk := strings.Repeat("\x00", 31<<20)
			for i := range n {
				err = errors.Join(err, entryOf(w, tar.Header{Typeflag: tar.TypeReg, Name: fmt.Sprint("f", i)}, chunk))
			}
			return err
		}
	}
	many := make([]string, maxEntries+1)
	for i := range many {
		many[i] = fmt.Sprint("f", i)
	}
	good := tarred(t, named("a", "b/c"))
	for name, c := range map[string]struct {
		archive []byte
		want    error
		words   string
	}{
		"nothing":           {nil, ErrArchive, "want a tar.gz"},
		"no gzip":           {[]byte("manifest.yaml"), ErrArchive, "want a tar.gz"},
		"cut off":           {good[:len(good)-9], ErrArchive, ""},
		"cut in its middle": {good[:len(good)/2], ErrArchive, ""},
		"bad check sum":     {append(good[:len(good)-8:len(good)-8], 1, 2, 3, 4, 5, 6, 7, 8), ErrArchive, "its end is missing"},
		"two archives":      {append(good[:len(good):len(good)], good...), ErrArchive, "something follows"},
		"absolute name":     {tarred(t, named("/etc/passwd")), ErrArchive, "file name"},
		"name above":        {tarred(t, named("../x")), ErrArchive, "file name"},
		"name above within": {tarred(t, named("a/../../x")), ErrArchive, "file name"},
		"windows name":      {tarred(t, named(`a\b`)), ErrArchive, "file name"},
		"hidden file":       {tarred(t, named(".git/config")), ErrArchive, "file name"},
		"long name":         {tarred(t, named(strings.Repeat("n", 101))), ErrArchive, "file name"},
		"rules below":       {tarred(t, named("more/extra.rego")), ErrArchive, "rules stand"},
		"data for OPA":      {tarred(t, named("limits/data.yaml")), ErrArchive, "OPA reads"},
		"patch for OPA":     {tarred(t, named("patch.json")), ErrArchive, "OPA reads"},
		"manifest below":    {tarred(t, named("a/.manifest")), ErrArchive, "file name"},
		"file twice":        {tarred(t, named("a", "a")), ErrArchive, "twice"},
		"signatures twice":  {tarred(t, named(signaturesName, signaturesName)), ErrArchive, "twice"},
		"file and folder":   {tarred(t, named("a", "a/b")), ErrArchive, "both a file and a folder"},
		"folder":            {tarred(t, typed(tar.Header{Typeflag: tar.TypeDir, Name: "a/"})), ErrArchive, "link, a folder or a device"},
		"symbolic link":     {tarred(t, typed(tar.Header{Typeflag: tar.TypeSymlink, Name: "a", Linkname: "/etc/passwd"})), ErrArchive, "link, a folder or a device"},
		"hard link":         {tarred(t, typed(tar.Header{Typeflag: tar.TypeLink, Name: "a", Linkname: "b"})), ErrArchive, "link, a folder or a device"},
		"device":            {tarred(t, typed(tar.Header{Typeflag: tar.TypeChar, Name: "a"})), ErrArchive, "link, a folder or a device"},
		"too many files":    {tarred(t, named(many...)), ErrTooLarge, "files"},
		"bomb":              {tarred(t, zeros(3)), ErrTooLarge, "unpacks to more"},
		"oversized":         {make([]byte, MaxBundle+1), ErrTooLarge, "want at most"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := unarchive(c.archive)
			if !errors.Is(err, c.want) || deal.KindOf(err) != deal.Invalid || f != nil || !strings.Contains(fmt.Sprint(err), c.words) {
				t.Errorf("%d files, %v, want %v of kind invalid with %q", len(f), err, c.want, c.words)
			}
		})
	}
}

// A file that says it is larger than it may be is refused before it is read.
func TestLargeFile(t *testing.T) {
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	w := tar.NewWriter(zip)
	if err := errors.Join(w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: "a", Size: maxFile + 1}), w.Flush(), zip.Close()); err == nil {
		t.Fatal("the tar writer has become lenient")
	}
	zip.Close()
	if _, err := unarchive(out.Bytes()); !errors.Is(err, ErrTooLarge) {
		t.Errorf("%v, want too large", err)
	}
}

func TestFoldersThatAreNoPack(t *testing.T) {
	for name, c := range map[string]struct {
		folder fstest.MapFS
		want   error
	}{
		"nothing in it":   {fstest.MapFS{}, ErrRules},
		"link":            {fstest.MapFS{"a": {Mode: 0o777 | 1<<27}}, nil},
		"hidden file":     {fstest.MapFS{".DS_Store": {}}, nil},
		"OPA's data":      {fstest.MapFS{"data.json": {}}, nil},
		"too large":       {fstest.MapFS{"a": {Data: make([]byte, maxFile+1)}}, ErrTooLarge},
		"rules broken":    {edited("price.rego", "maximum := 1000", "maximum :="), ErrRules},
		"list missing":    {edited("manifest.yaml", "data/sdn.csv", "data/none.csv"), ErrRules},
		"list too small":  {edited("manifest.yaml", "minimum: 2, maximum: 3", "minimum: 3"), ErrRules},
		"list too large":  {edited("manifest.yaml", "minimum: 2, maximum: 3", "minimum: 1, maximum: 1"), ErrRules},
		"list not at all": {edited("manifest.yaml", "- { name: kyc,", "- { name: nobodys,"), ErrRules},
	} {
		b, err := Build(c.folder)
		if deal.KindOf(err) != deal.Invalid || b != nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v of kind invalid", name, err, c.want)
		}
	}
}

func FuzzArchive(f *testing.F) {
	f.Add(built(f, small()))
	f.Add([]byte{0x1f, 0x8b, 8, 0})
	f.Add(tarred(f, func(w *tar.Writer) error { return entryOf(w, tar.Header{Typeflag: tar.TypeReg, Name: "a"}, "x") }))
	f.Fuzz(func(t *testing.T, b []byte) {
		found, err := unarchive(b)
		if err != nil {
			if deal.KindOf(err) != deal.Invalid || found != nil {
				t.Fatalf("%v, want kind invalid and nothing", err)
			}
			return
		}
		again, err := found.archive()
		if err != nil {
			t.Fatal(err)
		}
		back, err := unarchive(again)
		if err != nil || len(back) != len(found) {
			t.Fatalf("%d of %d files, %v", len(back), len(found), err)
		}
		for name := range found {
			if !generated[name] && checkName(name) != nil || !bytes.Equal(found[name], back[name]) {
				t.Fatalf("%q came through", name)
			}
		}
	})
}
