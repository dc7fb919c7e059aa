package packs

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"cession/deal"
	"cession/policies"
)

// The library's folder keeps each pack that a program carried: deals opened
// under it stay with it when the program is replaced by one that carries
// another. As the program itself they are believed without a signature.
const (
	shippedDir  = "shipped"
	shippedName = "shipped.json"
	bundleEnd   = ".tar.gz"
)

// proof remembers that a pack was proved, and by which program.
type proof struct {
	Digest deal.Commitment `json:"digest"`
	Proved string          `json:"proved"`
}

// proven remembers the proof of the pack in the program, which is the same for
// all libraries of the process.
var proven sync.Map // deal.Commitment -> struct{}

// openBase takes the pack in the program, and those that earlier programs
// carried.
func (l *Library) openBase(ctx context.Context) (err error) {
	if l.config.Sample.IsZero() {
		l.base, err = policies.Standard()
	} else {
		l.base, err = policies.Sample(l.config.Sample)
	}
	if err != nil {
		return err
	}
	if err := l.proveBase(ctx); err != nil {
		return err
	}
	return l.keepShipped()
}

// proveBase proves the pack in the program once for each program and folder.
func (l *Library) proveBase(ctx context.Context) error {
	if _, done := proven.Load(l.base.Digest()); done || l.wasProved() {
		return nil
	}
	if err := l.prove(ctx, l.base, policies.StandardFS()); err != nil {
		return err
	}
	proven.Store(l.base.Digest(), struct{}{})
	return nil
}

func (l *Library) wasProved() bool {
	var known proof
	b, err := os.ReadFile(filepath.Join(l.config.Dir, shippedName))
	if l.config.Dir == "" || err != nil || json.Unmarshal(b, &known) != nil {
		return false
	}
	return engine != "" && known == proof{l.base.Digest(), engine}
}

// keepShipped puts the pack in the program beside those of earlier ones, and
// takes these up.
func (l *Library) keepShipped() error {
	if l.config.Dir == "" {
		return nil
	}
	if err := os.MkdirAll(filepath.Join(l.config.Dir, shippedDir), 0o700); err != nil {
		return err
	}
	own := l.base.Digest().String() + bundleEnd
	if _, err := os.Stat(filepath.Join(l.config.Dir, shippedDir, own)); errors.Is(err, fs.ErrNotExist) {
		bundle, err := Build(policies.StandardFS())
		if err == nil {
			err = l.replace(filepath.Join(shippedDir, own), bundle)
		}
		if err != nil {
			return err
		}
	}
	if !l.wasProved() {
		note, err := json.Marshal(proof{l.base.Digest(), engine})
		if err == nil {
			err = l.replace(shippedName, note)
		}
		if err != nil {
			return err
		}
	}
	return l.takeShipped(own)
}

// takeShipped loads the packs that earlier programs carried.
func (l *Library) takeShipped(own string) error {
	files, err := os.ReadDir(filepath.Join(l.config.Dir, shippedDir))
	if err != nil {
		return err
	}
	for _, f := range files {
		if f.Name() == own || !strings.HasSuffix(f.Name(), bundleEnd) {
			continue
		}
		p, err := l.loadShipped(f.Name())
		if err != nil {
			return damaged(shippedDir+"/"+f.Name(), err)
		}
		l.earlier = append(l.earlier, p)
	}
	return nil
}

func (l *Library) loadShipped(name string) (*policies.Pack, error) {
	bundle, err := os.ReadFile(filepath.Join(l.config.Dir, shippedDir, name))
	if err != nil {
		return nil, err
	}
	files, err := Unpack(bundle)
	if err != nil {
		return nil, err
	}
	p, err := policies.Load(files)
	if err != nil {
		return nil, err
	}
	if p.Digest().String()+bundleEnd != name {
		return nil, deal.Errorf(deal.Refused, "%w: it is not the pack of its digest", ErrTampered)
	}
	if l.config.Sample.IsZero() {
		return p, nil
	}
	for _, info := range p.Lists() {
		if !info.Live {
			continue
		}
		content, err := fs.ReadFile(files, info.File)
		if err != nil {
			return nil, err
		}
		if p, err = p.WithList(info.Name, content, l.config.Sample); err != nil {
			return nil, err
		}
	}
	return p, nil
}
