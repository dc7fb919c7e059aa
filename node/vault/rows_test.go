package vault

import (
	"bytes"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"cession/deal"
)

// readAll returns the fields of all rows of a document.
func readAll(text []byte) (header []string, rows [][]string, err error) {
	r, err := NewRowReader(bytes.NewReader(text))
	if err != nil {
		return nil, nil, err
	}
	for {
		row, err := r.Next()
		if err == io.EOF {
			return r.Header(), rows, nil
		}
		if err != nil {
			return nil, nil, err
		}
		rows = append(rows, slices.Clone(row))
	}
}

func sameRows(a, b [][]string) bool { return slices.EqualFunc(a, b, slices.Equal[[]string]) }

var tapeSamples = []string{
	"a,b,c\n1,2,3\n4,5,6\n",
	"\ufeffa,b,c\r\n1,2,3\r\n4,5,6",
	"\ufeff\"a\";\"b;\";c\n\"1\n2\";\"3\"\"\";\r\n\n;;\n",
	"a\tb\n\"x\r\r\ny\"\t\xff\n",
	"a|b|c\n|\"\"|\n1|2|3",
	"a,b\n\n\n1,2\n\n3,4\n\n",
}

// What quoting, line ends and a byte order mark look like makes no difference
// to what is hashed.
func TestCanonicalRow(t *testing.T) {
	var forms [][]byte
	for _, text := range []string{
		"\ufeffid,\"name, first\",x\r\n7,\"two\r\nlines\",\r\n", "\"id\"|name, first|x\n\"7\"|\"two\nlines\"|",
	} {
		header, rows, err := readAll([]byte(text))
		if err != nil || len(rows) != 1 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		forms = append(forms, CanonicalRow(header, rows[0]))
	}
	want := "\x00\x00\x00\x03\x00\x00\x00\x02id\x00\x00\x00\x0bname, first\x00\x00\x00\x01x\x00\x00\x00\x03\x00\x00\x00\x017\x00\x00\x00\x09two\nlines\x00\x00\x00\x00"
	if string(forms[0]) != want || string(forms[1]) != want {
		t.Errorf("have %q and %q, want %q", forms[0], forms[1], want)
	}
	for _, other := range [][2][]string{{{"id", "name, first", "x"}, {"7", "two\nlines ", ""}}, {{"id", "name, first", "x", "7"}, {"two\nlines", ""}}, {{"ID", "name, first", "x"}, {"7", "two\nlines", ""}}} {
		if string(CanonicalRow(other[0], other[1])) == want {
			t.Errorf("%q has the form of another row", other)
		}
	}
}

// An excerpt has the rows that are kept to the byte, and nothing of the others.
func TestExcerpt(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"a,b\n1,x\n2,\"y\r\nz\"\r\n3,w", "a,b\n1,x\n3,w"},
		{"\ufeff\"a\",b\n1,x\n\n2,y\n3,w\n", "\ufeff\"a\",b\n1,x\n3,w\n"},
		{"a,b\n1,x\n2,y", "a,b\n1,x\n"},
	} {
		have, err := io.ReadAll(iotest.OneByteReader(Excerpt(strings.NewReader(c.text), func(row uint64) bool { return row != 1 })))
		if err != nil || string(have) != c.want {
			t.Errorf("excerpt of %q: %q, %v; want %q", c.text, have, err, c.want)
		}
	}
	for name, r := range map[string]io.Reader{
		"ragged": strings.NewReader("a,b\n1,2\n3\n"), "empty": strings.NewReader(""), "unclosed": strings.NewReader("a,b\n1,\"2\n"),
		"endless": io.MultiReader(strings.NewReader("a,b\n1,\""), &endless{text: "x\n"}),
	} {
		if _, err := io.Copy(io.Discard, Excerpt(r, func(uint64) bool { return true })); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v, want damaged", name, err)
		}
	}
	broken := io.MultiReader(strings.NewReader("a,b\n1,2\n"), iotest.ErrReader(io.ErrUnexpectedEOF))
	if _, err := io.Copy(io.Discard, Excerpt(broken, func(uint64) bool { return true })); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a reader that breaks gives %v", err)
	}
}

// endless repeats a text.
type endless struct{ text string }

func (e *endless) Read(p []byte) (n int, _ error) {
	for n+len(e.text) <= len(p) {
		n += copy(p[n:], e.text)
	}
	return n, nil
}

// Each row of 400 real loans is proven by itself; no other row passes for it.
func TestRowProof(t *testing.T) {
	text, err := os.ReadFile("../../examples/tape/sba_7a_400.csv")
	if err != nil {
		t.Fatal(err)
	}
	header, rows, err := readAll(text)
	if err != nil || len(rows) != 400 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	hash := deal.Hash256(SHA256)
	salts, leaves := make([]deal.Commitment, len(rows)), make([]deal.Commitment, len(rows))
	for i, row := range rows {
		salts[i] = deal.NewSalt()
		leaves[i] = RowLeaf(hash, salts[i], header, row)
	}
	root := RowsRoot(hash, leaves)
	for i := uint64(0); i < 400; i++ {
		path, err := RowPath(hash, leaves, i)
		if err != nil {
			t.Fatal(err)
		}
		if err := VerifyRow(hash, root, salts[i], header, rows[i], i, 400, path); err != nil {
			t.Fatalf("row %d: %v", i, err)
		}
		other := (i + 1) % 400
		for name, err := range map[string]error{
			"another row":   VerifyRow(hash, root, salts[i], header, rows[other], i, 400, path),
			"another salt":  VerifyRow(hash, root, salts[other], header, rows[i], i, 400, path),
			"another place": VerifyRow(hash, root, salts[i], header, rows[i], other, 400, path),
		} {
			if deal.KindOf(err) != deal.Invalid {
				t.Fatalf("row %d, %s: %v, want invalid", i, name, err)
			}
		}
	}
	if _, err := RowPath(hash, leaves, 400); deal.KindOf(err) != deal.Invalid {
		t.Errorf("a row beyond the tape: %v", err)
	}
}

// Whatever the document: an excerpt of all rows parses to the same rows, and of
// some to those, so that each keeps its leaf; and reading never panics.
func FuzzExcerpt(f *testing.F) {
	for i, text := range tapeSamples {
		f.Add([]byte(text), uint64(i))
	}
	f.Fuzz(func(t *testing.T, text []byte, mask uint64) {
		header, rows, err := readAll(text)
		if err != nil {
			if deal.KindOf(err) != deal.Invalid {
				t.Fatalf("error %v of kind %q", err, deal.KindOf(err))
			}
			return
		}
		keep := func(row uint64) bool { return mask>>(row%64)&1 == 1 }
		var want [][]string
		for i, row := range rows {
			if keep(uint64(i)) {
				want = append(want, row)
			}
		}
		part, err := io.ReadAll(Excerpt(bytes.NewReader(text), keep))
		if err != nil {
			t.Fatal(err)
		}
		again, have, err := readAll(part)
		if err != nil || !slices.Equal(header, again) || !sameRows(want, have) {
			t.Fatalf("excerpt %q of %q has %q, want %q: %v", part, text, have, want, err)
		}
	})
}

// Different rows have different forms: the form can be read back.
func FuzzCanonicalRow(f *testing.F) {
	f.Add("a,b", "1,2", "a,b,1", "2")
	f.Fuzz(func(t *testing.T, header, row, header2, row2 string) {
		a := [2][]string{strings.Split(header, ","), strings.Split(row, ",")}
		b := [2][]string{strings.Split(header2, ","), strings.Split(row2, ",")}
		same := slices.Equal(a[0], b[0]) && slices.Equal(a[1], b[1])
		if bytes.Equal(CanonicalRow(a[0], a[1]), CanonicalRow(b[0], b[1])) != same {
			t.Fatalf("%q and %q", a, b)
		}
	})
}
