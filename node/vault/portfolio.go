package vault

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"cession/deal"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// File is a document in a client's folder, on the client's own machine.
type File struct {
	Name string // for people: relative to the folder, "/" between, Unicode NFC
	Path string // on this machine
	Size int64  // bytes, when it was listed
}

// About returns the file's description as far as its place says it.
func (f File) About() Description {
	folder, name := path.Split(f.Name)
	return Description{Folder: strings.TrimSuffix(folder, "/"), Name: name}
}

// FileError is what is wrong with one file. Its text has no name in it and may
// be logged; Path is for the person whose file it is.
type FileError struct {
	Path string
	Err  error
}

// Error returns the text, without the path.
func (e *FileError) Error() string { return e.Err.Error() }

// Unwrap returns the error.
func (e *FileError) Unwrap() error { return e.Err }

// Portfolio lists the documents in a folder and the folders in it, ordered by
// name. It leaves out what file managers leave behind, and hidden files.
//
// A folder that is missing (notfound), is none, or holds no documents (invalid) is an
// error. So is anything that cannot be a document: a symbolic link, which is not
// followed, a device, and a name that another file has in different letter case or
// Unicode form, for they could not be told apart elsewhere. Those are
// [FileError] values of kind invalid, all of them joined.
func Portfolio(dir string) ([]File, error) {
	if err := checkFolder(dir); err != nil {
		return nil, err
	}
	l := listing{dir: dir, seen: map[string]bool{}}
	if err := filepath.WalkDir(dir, l.visit); err != nil {
		return nil, fmt.Errorf("list portfolio: %w", withoutPath(err))
	}
	if err := errors.Join(l.problems...); err != nil {
		return nil, err
	}
	if len(l.files) == 0 {
		return nil, deal.Errorf(deal.Invalid, "portfolio folder holds no documents: put some in")
	}
	slices.SortFunc(l.files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return l.files, nil
}

func checkFolder(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return deal.Errorf(deal.NotFound, "there is no such portfolio folder")
	case err != nil:
		return fmt.Errorf("open portfolio folder: %w", withoutPath(err))
	case !info.IsDir():
		return deal.Errorf(deal.Invalid, "the portfolio is a file: give the folder it lies in")
	}
	return nil
}

// withoutPath removes the file name that package os puts into its errors.
func withoutPath(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

type listing struct {
	dir      string
	files    []File
	seen     map[string]bool // by folded name
	problems []error
}

func (l *listing) visit(file string, e fs.DirEntry, err error) error {
	if err != nil {
		return err
	}
	if file == l.dir {
		return nil
	}
	if leftover(e.Name()) {
		if e.IsDir() {
			return fs.SkipDir
		}
		return nil
	}
	if e.IsDir() {
		return nil
	}
	if err := l.add(file, e); err != nil {
		l.problems = append(l.problems, &FileError{file, err})
	}
	return nil
}

func leftover(name string) bool {
	return strings.HasPrefix(name, ".") || strings.EqualFold(name, "Thumbs.db") || strings.EqualFold(name, "desktop.ini")
}

func (l *listing) add(file string, e fs.DirEntry) error {
	if e.Type()&fs.ModeSymlink != 0 {
		return deal.Errorf(deal.Invalid, "a file in the portfolio is a symbolic link: copy the document itself into the folder")
	}
	info, err := e.Info()
	if err != nil {
		return fmt.Errorf("look at a file in the portfolio: %w", withoutPath(err))
	}
	if !info.Mode().IsRegular() {
		return deal.Errorf(deal.Invalid, "a file in the portfolio is a device, pipe or socket: take it out")
	}
	name, err := l.name(file)
	if err != nil {
		return err
	}
	l.files = append(l.files, File{name, file, info.Size()})
	return nil
}

func (l *listing) name(file string) (string, error) {
	relative, err := filepath.Rel(l.dir, file)
	if err != nil {
		return "", fmt.Errorf("name a file in the portfolio: %w", err)
	}
	name := norm.NFC.String(filepath.ToSlash(relative))
	if !validName(name) {
		return "", deal.Errorf(deal.Invalid, "a file in the portfolio has a name that is not UTF-8, has control characters, or is longer than 1000 bytes: rename it")
	}
	folded := Fold(name)
	if l.seen[folded] {
		return "", deal.Errorf(deal.Invalid, "two files in the portfolio have the same name but for letter case or Unicode form: rename one")
	}
	l.seen[folded] = true
	return name, nil
}

// Fold returns a name's form in which two names that people, or some file
// systems, take for one are equal: NFC of the case folding of NFC.
func Fold(name string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(name)))
}

// Document is a file that was read, inspected and hashed.
type Document struct {
	Sum       Sum
	MediaType MediaType
}

// Read opens the file, inspects it and hashes it. Errors are [FileError] values;
// a file that is no longer the one listed is a conflict.
func (f File) Read() (Document, error) {
	d, err := f.read()
	if err != nil {
		return Document{}, &FileError{f.Path, withoutPath(err)}
	}
	return d, nil
}

func (f File) read() (d Document, err error) {
	r, err := f.Open()
	if err != nil {
		return d, err
	}
	defer r.Close()
	if d.MediaType, err = Inspect(r, f.Size, path.Base(f.Name)); err != nil {
		return d, err
	}
	if d.Sum, err = Hash(io.NewSectionReader(r, 0, MaxSize+1)); err != nil {
		return d, err
	}
	if d.Sum.Size != f.Size {
		return d, deal.Errorf(deal.Conflict, "%w: let nobody write to the folder meanwhile", ErrChanged)
	}
	return d, nil
}

// Open opens the file, and not what a link or device put in its place leads to.
func (f File) Open() (*os.File, error) {
	listed, err := os.Lstat(f.Path)
	if err != nil {
		return nil, err
	}
	if !listed.Mode().IsRegular() {
		return nil, deal.Errorf(deal.Conflict, "%w: it is no file any more", ErrChanged)
	}
	r, err := os.Open(f.Path)
	if err != nil {
		return nil, err
	}
	opened, err := r.Stat()
	if err == nil && !os.SameFile(listed, opened) {
		err = deal.Errorf(deal.Conflict, "%w: another file took its place", ErrChanged)
	}
	if err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

func validName(name string) bool {
	control := func(r rune) bool { return r < ' ' || r == 0x7f }
	return utf8.ValidString(name) && len(name) <= 1000 && strings.IndexFunc(name, control) < 0
}
