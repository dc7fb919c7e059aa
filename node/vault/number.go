package vault

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Number gives each description of docs without an index number the next free
// one of its folder: "1", "1.1", "1.2", "2" in the order of folders and names.
// Numbers given stay, and so do those in have, which are of documents that are
// there already.
func Number(have, docs []Description) {
	x := numbering{folders: map[string]string{"": ""}, last: map[string]int{}}
	for _, d := range slices.Concat(have, docs) {
		x.note(d)
	}
	var open []*Description
	for i := range docs {
		if docs[i].Number == "" {
			open = append(open, &docs[i])
		}
	}
	slices.SortStableFunc(open, func(a, b *Description) int { return cmp.Compare(a.Path(), b.Path()) })
	for _, d := range open {
		d.Number = x.next(x.folder(d.Folder))
	}
}

// numbering is what is in use.
type numbering struct {
	folders map[string]string // the number of a folder
	last    map[string]int    // the highest number in use under a number
}

// note takes a document's number as used, and those it begins with. Where there
// are as many as folders they are taken for the folders' own.
func (x *numbering) note(d Description) {
	if d.Number == "" {
		return
	}
	parts := strings.Split(d.Number, ".")
	for i, part := range parts {
		under := strings.Join(parts[:i], ".")
		n, _ := strconv.Atoi(part)
		x.last[under] = max(x.last[under], n)
	}
	names := strings.Split(d.Folder, "/")
	if d.Folder == "" || len(names) != len(parts)-1 {
		return
	}
	for i := range names {
		if folder := strings.Join(names[:i+1], "/"); x.folders[folder] == "" {
			x.folders[folder] = strings.Join(parts[:i+1], ".")
		}
	}
}

// folder returns a folder's number, a new one if it has none.
func (x *numbering) folder(name string) string {
	if number, ok := x.folders[name]; ok {
		return number
	}
	parent := ""
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		parent = name[:i]
	}
	x.folders[name] = x.next(x.folder(parent))
	return x.folders[name]
}

func (x *numbering) next(under string) string {
	x.last[under]++
	n := strconv.Itoa(x.last[under])
	if under == "" {
		return n
	}
	return under + "." + n
}
