package policies

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"

	"cession/deal"
)

//go:embed all:standard
var embedded embed.FS

// Pack is a set of rules with its lists, compiled and ready. It never changes
// and is safe for concurrent use.
type Pack struct {
	manifest   manifest
	lists      lists
	digest     deal.Commitment
	compiler   *ast.Compiler
	acts       entrance
	operations entrance
}

// StandardFS returns the files of the pack Cession ships.
func StandardFS() fs.FS {
	sub, err := fs.Sub(embedded, "standard")
	if err != nil {
		panic("policies: the standard pack is embedded: " + err.Error())
	}
	return sub
}

// Standard returns the pack Cession ships. It is loaded once and shared.
var Standard = sync.OnceValues(func() (*Pack, error) { return Load(StandardFS()) })

// Load reads a pack from a folder: manifest.yaml, *.rego, and the lists the
// manifest names. A pack whose rules do not compile strictly and against the
// schema of the input, or whose lists are missing or too small, is not loaded;
// errors are of kind invalid.
func Load(fsys fs.FS) (*Pack, error) {
	p := &Pack{}
	var err error
	if p.manifest, err = readManifest(fsys); err != nil {
		return nil, err
	}
	if err = p.readLists(fsys); err != nil {
		return nil, err
	}
	if p.digest, err = digest(fsys); err != nil {
		return nil, err
	}
	return p, p.prepare(fsys)
}

func (p *Pack) readLists(fsys fs.FS) error {
	for _, ref := range p.manifest.Lists {
		n, err := p.lists.readList(fsys, ref)
		if err != nil {
			return deal.Errorf(deal.Invalid, "load list %s: %w", ref.Name, err)
		}
		if n < ref.Minimum {
			return deal.Errorf(deal.Invalid, "load list %s: %d entries, want at least %d", ref.Name, n, ref.Minimum)
		}
	}
	return nil
}

func (p *Pack) prepare(fsys fs.FS) error {
	modules, err := parse(fsys, func(file string) bool { return !isTest(file) })
	if err != nil {
		return err
	}
	p.compiler = newCompiler()
	if p.compiler.Compile(modules); p.compiler.Failed() {
		return deal.Errorf(deal.Invalid, "compile rules: %w", p.compiler.Errors)
	}
	store, err := p.store()
	if err != nil {
		return err
	}
	return p.open(store)
}

// open prepares both ways in, over the data in store.
func (p *Pack) open(store storage.Store) error {
	p.acts = entrance{gates: p.manifest.Gates, rule: p.manifest.rule, schema: inputSchema}
	p.operations = entrance{gates: p.manifest.Operations, rule: p.manifest.rule, schema: operationSchema, binding: true}
	return errors.Join(p.acts.prepare("data.gate.decision", p.compiler, store), p.operations.prepare("data.gate.operation", p.compiler, store))
}

func (e *entrance) prepare(query string, compiler *ast.Compiler, store storage.Store) (err error) {
	e.query, err = rego.New(
		rego.Query(query), rego.Compiler(compiler), rego.Store(store), rego.StrictBuiltinErrors(true),
	).PrepareForEval(context.Background())
	if err != nil {
		return deal.Errorf(deal.Invalid, "prepare rules: %w", err)
	}
	return nil
}

// store holds what the rules see as data.
func (p *Pack) store() (storage.Store, error) {
	data, err := p.data()
	if err != nil {
		return nil, err
	}
	return inmem.NewFromObjectWithOpts(data, inmem.OptRoundTripOnWrite(false), inmem.OptReturnASTValuesOnRead(true)), nil
}

// data is the lists, the gates and the digest, as a tree with exact numbers.
func (p *Pack) data() (object, error) {
	b, err := json.Marshal(struct {
		lists
		Pack any `json:"pack"`
	}{p.lists, object{"digest": p.digest, "gates": p.manifest.Gates, "operations": p.manifest.Operations}})
	if err != nil {
		return nil, deal.Errorf(deal.Invalid, "encode lists: %w", err)
	}
	tree, err := decode(b)
	if err != nil {
		return nil, err
	}
	return tree.(object), nil
}

// Digest returns SHA-256 over names and contents of all files of the pack, in
// the order of their names, each preceded by its length.
func (p *Pack) Digest() deal.Commitment { return p.digest }

// Name returns the pack's name.
func (p *Pack) Name() string { return p.manifest.Name }

// Version returns the pack's version.
func (p *Pack) Version() string { return p.manifest.Version }

// Rules returns the rules of the pack in the order decisions show them.
func (p *Pack) Rules() []Rule { return slices.Clone(p.manifest.Rules) }

func digest(fsys fs.FS) (sum deal.Commitment, err error) {
	h := sha256.New()
	add := func(b []byte) {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(b))))
		h.Write(b)
	}
	// WalkDir visits in lexical order.
	err = fs.WalkDir(fsys, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		b, err := fs.ReadFile(fsys, path)
		if err != nil {
			return err
		}
		add([]byte(path))
		add(b)
		return nil
	})
	if err != nil {
		return sum, deal.Errorf(deal.Invalid, "digest of pack: %w", err)
	}
	return deal.Commitment(h.Sum(nil)), nil
}
