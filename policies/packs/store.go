package packs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"cession/deal"
	"cession/policies"
)

// shelved is what the library's folder says about an accepted bundle, next to what
// any source says: the folder is one.
type shelved struct {
	Entry
	Admitted time.Time `json:"admitted"`
	Proved   string    `json:"proved"` // by which program, if it knew
}

// shelfName is the library's own index.
const shelfName = "accepted.json"

// engine is the program that proves packs: the revision it was built from, or
// else the file it runs from. What one has proved another one proves again.
var engine = func() string {
	info, _ := debug.ReadBuildInfo()
	built := map[string]string{}
	if info != nil {
		for _, s := range info.Settings {
			built[s.Key] = s.Value
		}
	}
	if built["vcs.revision"] != "" && built["vcs.modified"] == "false" {
		return policies.Evaluator + " " + built["vcs.revision"]
	}
	self, err := os.Executable()
	if err != nil {
		return ""
	}
	file, err := os.Stat(self)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%s %d %d", policies.Evaluator, file.Size(), file.ModTime().UnixNano())
}()

// Index lists what was accepted, as a source does. The names of the files are
// <digest>-<number>.tar.gz and <digest>-<number>.json.
func (l *Library) Index() []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := make([]Entry, 0, len(l.entries))
	for _, e := range l.entries {
		all = append(all, e.listed())
	}
	return all
}

func (e *entry) listed() Entry {
	base := fmt.Sprintf("%s-%d", e.Pack, e.Number)
	return Entry{Name: e.Name, Kind: e.Kind, Digest: e.Pack, Number: e.Number, Bundle: base + ".tar.gz", Activation: base + ".json"}
}

// FilesOf returns bundle and activation of the entry with a digest and a
// number, or with number 0 of the newest.
func (l *Library) FilesOf(digest deal.Commitment, number uint64) (bundle, activation []byte, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.entries {
		if e.Pack == digest && (number == 0 || e.Number == number) {
			bundle, activation, ok = e.bundle, e.text, true
		}
	}
	return bundle, activation, ok
}

// store writes an entry to the library's folder: first the files, then the
// index that makes them count. l.mu is held.
func (l *Library) store(e *entry) error {
	if l.config.Dir == "" {
		return nil
	}
	listed := e.listed()
	shelf := make([]shelved, 0, len(l.entries)+1)
	for _, e := range append(l.entries[:len(l.entries):len(l.entries)], e) {
		shelf = append(shelf, shelved{e.listed(), e.admitted, e.proved})
	}
	index, err := json.MarshalIndent(shelf, "", "  ")
	if err != nil {
		return err
	}
	for _, f := range []struct {
		name    string
		content []byte
	}{{listed.Bundle, e.bundle}, {listed.Activation, e.text}, {shelfName, index}} {
		if err := l.replace(f.name, f.content); err != nil {
			return err
		}
	}
	return nil
}

// replace writes a file so that it is there whole or as it was.
func (l *Library) replace(name string, content []byte) error {
	tmp, err := os.CreateTemp(l.config.Dir, ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(content)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), filepath.Join(l.config.Dir, name)); err != nil {
		return err
	}
	dir, err := os.Open(l.config.Dir)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// restore reads the library's folder. Signatures had to be good when the
// bundle was accepted: a key that has expired since does not take a pack away
// from the deals that stay with it, one revoked from before that time does.
func (l *Library) restore(ctx context.Context) error {
	if l.config.Dir == "" {
		return nil
	}
	if err := os.MkdirAll(l.config.Dir, 0o700); err != nil {
		return fmt.Errorf("open policies: %w", err)
	}
	shelf := Folder(l.config.Dir)
	text, err := shelf.Read(ctx, shelfName, maxIndex)
	if deal.KindOf(err) == deal.NotFound {
		return nil
	}
	var listed []shelved
	if err == nil {
		err = strictJSON(text, &listed)
	}
	if err != nil {
		return damaged(shelfName, err)
	}
	for _, s := range listed {
		e, err := l.restoreEntry(ctx, shelf, s)
		if err != nil {
			return damaged(s.Name, err)
		}
		l.entries = append(l.entries, e)
	}
	return nil
}

func (l *Library) restoreEntry(ctx context.Context, shelf Folder, s shelved) (*entry, error) {
	e := &entry{admitted: s.Admitted, proved: s.Proved}
	var err error
	if e.text, err = read(ctx, shelf, s.Activation, MaxActivation); err != nil {
		return nil, err
	}
	if e.bundle, err = read(ctx, shelf, s.Bundle, MaxBundle); err != nil {
		return nil, err
	}
	trust := l.config.Trust
	trust.Checkers = min(trust.Checkers, 1) // there may have been fewer at the time
	if e.endorsed, err = trust.verifyActivation(e.text, s.Admitted); err != nil {
		return nil, err
	}
	if e.Pack != s.Digest || e.Number != s.Number {
		return nil, refusal(ErrOther, "the index lists something else than the activation says")
	}
	if newest := l.newest(e.line()); newest != nil && e.Number <= newest.Number {
		return nil, refusal(ErrDowngrade, "number %d stands behind number %d", e.Number, newest.Number)
	}
	return e, l.checkBundle(ctx, e, l.config.Trust, s.Admitted)
}

func damaged(name string, err error) error {
	return deal.Errorf(deal.Invalid, "open policies: what was accepted before cannot be used, %.60s: %w; correct the trust file, or remove the folder to start from the sources", name, err)
}
