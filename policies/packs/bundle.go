package packs

import (
	"bytes"
	"crypto/ecdsa"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"cession/deal"
	"cession/policies"
)

// The files that are made when a bundle is, in OPA's format. The digest of a
// pack does not cover them: they follow from its files.
const (
	manifestName   = ".manifest"
	dataName       = "data.json"
	signaturesName = ".signatures.json"
)

var generated = map[string]bool{manifestName: true, dataName: true, signaturesName: true}

// Signed is a bundle whose signature and content were checked.
type Signed struct {
	Pack   *policies.Pack
	Digest deal.Commitment
	Maker  string // officer who signed it
	FS     fs.FS  // the pack's own files
}

// Build makes a bundle of a pack's folder. The same files give the same bytes.
// Plain OPA answers data.gate.decision with it as Cession decides, but for the
// age of lists and the dates of the pack, which no rule has to think of here.
func Build(folder fs.FS) ([]byte, error) {
	f, err := readFolder(folder)
	if err != nil {
		return nil, err
	}
	if _, err := f.complete(); err != nil {
		return nil, err
	}
	return f.archive()
}

// Sign adds the maker's signature to a bundle, in place of any other.
func Sign(bundle []byte, officer string, key *ecdsa.PrivateKey) ([]byte, error) {
	f, err := unarchive(bundle)
	if err != nil {
		return nil, err
	}
	delete(f, signaturesName)
	if _, err := f.open(); err != nil {
		return nil, err
	}
	if f[signaturesName], err = f.sign(officer, key); err != nil {
		return nil, fmt.Errorf("sign bundle: %w", err)
	}
	return f.archive()
}

// Read checks a bundle: that it is one, that an officer who may make packs at
// this time signed all of it, that what OPA reads follows from the pack's
// files, and that the pack loads.
func Read(bundle []byte, trust Trust, now time.Time) (Signed, error) {
	f, err := unarchive(bundle)
	if err != nil {
		return Signed{}, err
	}
	maker, err := f.verify(trust, now)
	if err != nil {
		return Signed{}, fmt.Errorf("verify bundle: %w", err)
	}
	p, err := f.open()
	if err != nil {
		return Signed{}, err
	}
	return Signed{Pack: p, Digest: p.Digest(), Maker: maker, FS: f.own().fsys()}, nil
}

// Unpack returns the pack's own files of a bundle, to look at before deciding
// about it. It checks no signature.
func Unpack(bundle []byte) (fs.FS, error) {
	f, err := unarchive(bundle)
	if err != nil {
		return nil, err
	}
	return f.own().fsys(), nil
}

func readFolder(folder fs.FS) (files, error) {
	f, total := files{}, 0
	err := fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if err := checkName(name); err != nil {
			return err
		}
		if !entry.Type().IsRegular() {
			return fmt.Errorf("%s is no plain file", name)
		}
		if f[name], err = fs.ReadFile(folder, name); err != nil {
			return err
		}
		if total += len(f[name]); len(f) > maxEntries || len(f[name]) > maxFile || total > maxContent {
			return fmt.Errorf("%w: want at most %d files, %d bytes each, %d bytes in all", ErrTooLarge, maxEntries, maxFile, maxContent)
		}
		return nil
	})
	if err != nil {
		return nil, deal.Errorf(deal.Invalid, "read folder of the pack: %w", err)
	}
	return f, nil
}

// own are the files of the pack itself.
func (f files) own() files {
	own := maps.Clone(f)
	maps.DeleteFunc(own, func(name string, _ []byte) bool { return generated[name] })
	return own
}

// complete loads the pack and adds what OPA reads.
func (f files) complete() (*policies.Pack, error) {
	own := f.own()
	p, err := policies.Load(own.fsys())
	if err != nil {
		return nil, deal.Errorf(deal.Invalid, "load pack: %w: %w", ErrRules, err)
	}
	data, err := p.Data()
	if err != nil {
		return nil, err
	}
	if f[dataName], err = json.Marshal(data); err != nil {
		return nil, fmt.Errorf("encode data of pack: %w", err)
	}
	f[manifestName], err = opaManifest(p, own, f[dataName])
	return p, err
}

// open loads the pack, and makes sure that what OPA reads is what we would
// have it read.
func (f files) open() (*policies.Pack, error) {
	want := f.own()
	p, err := want.complete()
	if err != nil {
		return nil, err
	}
	for _, name := range []string{manifestName, dataName} {
		if !bytes.Equal(f[name], want[name]) {
			return nil, deal.Errorf(deal.Invalid, "read bundle: %w: %s is not what follows from the pack's files: build it again", ErrArchive, name)
		}
	}
	return p, nil
}

// opaManifest says what the bundle is, in OPA's words. Its roots are the
// packages and the data of the pack and nothing else.
func opaManifest(p *policies.Pack, own files, data []byte) ([]byte, error) {
	roots, err := packRoots(own, data)
	if err != nil {
		return nil, err
	}
	return json.Marshal(struct {
		Revision    string            `json:"revision"`
		Roots       []string          `json:"roots"`
		RegoVersion int               `json:"rego_version"`
		Metadata    map[string]string `json:"metadata"`
	}{p.Digest().String(), roots, 1, map[string]string{"name": p.Name(), "version": p.Version(), "kind": p.Kind()}})
}

func packRoots(own files, data []byte) ([]string, error) {
	var top map[string]json.RawMessage
	if err := json.Unmarshal(data, &top); err != nil {
		return nil, fmt.Errorf("read data of pack: %w", err)
	}
	roots := slices.Collect(maps.Keys(top))
	for name, content := range own {
		if !strings.HasSuffix(name, ".rego") {
			continue
		}
		m, err := ast.ParseModuleWithOpts(name, string(content), ast.ParserOptions{RegoVersion: ast.RegoV1})
		if err != nil {
			return nil, deal.Errorf(deal.Invalid, "parse rules: %w", err)
		}
		if root, ok := m.Package.Path[1].Value.(ast.String); ok {
			roots = append(roots, string(root))
		}
	}
	slices.Sort(roots)
	return slices.Compact(roots), nil
}
