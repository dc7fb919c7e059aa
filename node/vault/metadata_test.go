package vault

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"cession/deal"
)

func TestReadMetadata(t *testing.T) {
	list, err := ReadMetadata(strings.NewReader("\ufeffnumber,file,title,view_only,date,supersedes,kind,note\n" +
		"2.1,\"Legal/Gru\u0308ße, \"\"alt\"\".pdf\",\"Loan, amended\",yes,2025-12-31,7,contract,see 2.2\n\n ,b.txt,,,,,,\n"))
	if err != nil || len(list) != 2 {
		t.Fatalf("%d lines, %v", len(list), err)
	}
	seven := uint64(7)
	want := Description{Folder: "Legal", Name: "Grüße, \"alt\".pdf", Number: "2.1", Title: "Loan, amended", ViewOnly: true,
		Dated: "2025-12-31", Supersedes: &seven, Kind: "contract", Note: "see 2.2"}
	if have := list[want.Path()]; !have.Equal(want) || have.Line != 2 {
		t.Errorf("line %d says %s", have.Line, have.Canonical())
	}
	if have := list["b.txt"]; !have.Equal(Description{Name: "b.txt"}) || have.Line != 4 {
		t.Errorf("line %d says %s", have.Line, have.Canonical())
	}
}

// Whatever is wrong is said with its line, and nothing is taken.
func TestReadMetadataRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		lines []string
	}{
		"empty":              {"", nil},
		"unknown column":     {"file,color\na.txt,red\n", []string{"line 1"}},
		"semicolons":         {"file;number\na.txt;1\n", []string{"line 1"}},
		"column twice":       {"file,file\na.txt,a.txt\n", []string{"line 1"}},
		"no file column":     {"number\n1\n", []string{"line 1"}},
		"file twice":         {"file\na.txt\nb.txt\na.txt\n", []string{"line 4"}},
		"number twice":       {"file,number\na.txt,1\nb.txt,1\n", []string{"line 3"}},
		"bad date":           {"file,date\na.txt,31.12.2025\n", []string{"line 2"}},
		"no such day":        {"file,date\na.txt,2025-02-30\n", []string{"line 2"}},
		"bad number":         {"file,number\na.txt,1.0\n", []string{"line 2"}},
		"bad switch":         {"file,view_only\na.txt,maybe\n", []string{"line 2"}},
		"bad index":          {"file,supersedes\na.txt,-1\n", []string{"line 2"}},
		"a path out":         {"file\n../a.txt\n", []string{"line 2"}},
		"no name":            {"file\n\"\"\n", []string{"line 2"}},
		"too few values":     {"file,number\na.txt\n", []string{"line 2"}},
		"a quote":            {"file\n\"a.txt\n", []string{"line "}},
		"several at once":    {"file,date\na.txt,x\nb.txt,2025-01-01\nc.txt,y\n", []string{"line 2", "line 4"}},
		"a line break in it": {"file,note\na.txt,\"one\ntwo\"\n", []string{"line 2"}},
	} {
		list, err := ReadMetadata(strings.NewReader(c.text))
		if deal.KindOf(err) != deal.Invalid || list != nil {
			t.Errorf("%s: %d lines, %v, want invalid", name, len(list), err)
			continue
		}
		for _, line := range c.lines {
			if !strings.Contains(err.Error(), line) {
				t.Errorf("%s: %v does not say %s", name, err, line)
			}
		}
	}
	failure := errors.New("disk failed")
	if _, err := ReadMetadata(iotest.ErrReader(failure)); !errors.Is(err, failure) {
		t.Errorf("a file that cannot be read: %v", err)
	}
}

func FuzzReadMetadata(f *testing.F) {
	f.Add("file,number\na/b.txt,1.2\n")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := ReadMetadata(strings.NewReader(text))
		for name, d := range list {
			if err != nil || d.Check() != nil || d.Path() != name {
				t.Errorf("took %q as %+v, %v", name, d, err)
			}
		}
	})
}

func described(paths ...string) (list []Description) {
	for _, p := range paths {
		p, number, _ := strings.Cut(p, "#")
		d := File{Name: p}.About()
		d.Number = number
		list = append(list, d)
	}
	return list
}

func numbers(list []Description) (n []string) {
	for _, d := range list {
		n = append(n, d.Number)
	}
	return n
}

func TestNumber(t *testing.T) {
	for name, c := range map[string]struct {
		have, docs []Description
		want       []string
	}{
		"folders":        {nil, described("a/x.txt", "a/y.txt", "b.txt", "c/d/z.txt"), []string{"1.1", "1.2", "2", "3.1.1"}},
		"any order":      {nil, described("c/d/z.txt", "b.txt", "a/y.txt", "a/x.txt"), []string{"3.1.1", "2", "1.2", "1.1"}},
		"some given":     {nil, described("a/x.txt#7.3", "a/y.txt", "b.txt"), []string{"7.3", "7.4", "8"}},
		"numbers taken":  {nil, described("a.txt", "b.txt#1"), []string{"2", "1"}},
		"added":          {described("a/x.txt#1.1", "b.txt#2"), described("a/y.txt", "c/z.txt", "a/d/q.txt"), []string{"1.3", "3.1", "1.2.1"}},
		"nothing to do":  {described("a.txt#1"), described("b.txt#2"), []string{"2"}},
		"their own ways": {described("a/x.txt#9"), described("a/y.txt"), []string{"10.1"}},
	} {
		Number(c.have, c.docs)
		if have := numbers(c.docs); !slices.Equal(have, c.want) {
			t.Errorf("%s: numbers %v, want %v", name, have, c.want)
		}
		for _, d := range c.docs {
			if err := d.Check(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
