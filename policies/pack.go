package policies

import (
	"crypto/sha256"
	"embed"
	"encoding/binary"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"cession/deal"
)

//go:embed all:standard all:own
var embedded embed.FS

// Pack is a set of rules with its lists, compiled and ready. It never changes
// and is safe for concurrent use.
type Pack struct {
	manifest   manifest
	lists      lists
	editions   map[string]edition // by list
	digest     deal.Commitment
	compiler   *ast.Compiler
	modules    map[string]*ast.Module
	reads      map[string]reads // by rule
	listsOf    map[string][]string
	source     *source
	acts       entrance
	operations entrance
}

// StandardFS returns the files of the pack Cession ships.
func StandardFS() fs.FS { return shipped("standard") }

// OwnFS returns the files of an addition, for a party to begin its own with.
func OwnFS() fs.FS { return shipped("own") }

func shipped(dir string) fs.FS {
	sub, err := fs.Sub(embedded, dir)
	if err != nil {
		panic("policies: the packs are embedded: " + err.Error())
	}
	return sub
}

// Standard returns the pack Cession ships. It is loaded once and shared.
var Standard = sync.OnceValues(func() (*Pack, error) { return Load(StandardFS()) })

// Load reads a pack from a folder: manifest.yaml, *.rego, and the lists the
// manifest names. A pack whose rules do not compile strictly and against the
// schema of the input, or whose lists are missing, too small or too large, is
// not loaded; errors are of kind invalid.
func Load(fsys fs.FS) (*Pack, error) {
	p := &Pack{editions: map[string]edition{}}
	var err error
	if p.manifest, err = readManifest(fsys); err != nil {
		return nil, err
	}
	for _, ref := range p.manifest.Lists {
		if err = p.readList(fsys, ref); err != nil {
			return nil, err
		}
	}
	if p.digest, err = digest(fsys); err != nil {
		return nil, err
	}
	if err = p.compile(fsys); err != nil {
		return nil, err
	}
	return p, p.fillStore()
}

// compile makes the rules and the gates ready.
func (p *Pack) compile(fsys fs.FS) (err error) {
	if p.modules, err = parse(fsys, func(file string) bool { return !isTest(file) }); err != nil {
		return err
	}
	p.compiler = newCompiler()
	if p.compiler.Compile(p.modules); p.compiler.Failed() {
		return deal.Errorf(deal.Invalid, "compile rules: %w", p.compiler.Errors)
	}
	p.readRules()
	folded, wordings := fold(p.modules)
	fast := ast.NewCompiler().WithCapabilities(capabilities()) // what else is checked was checked above
	if fast.Compile(folded); fast.Failed() {
		return deal.Errorf(deal.Invalid, "compile rules: %w", fast.Errors)
	}
	p.acts = entrance{rule: byID(p.manifest.Rules), shape: actShape, compiler: fast, wordings: wordings}
	p.operations = entrance{rule: p.acts.rule, shape: operationShape, compiler: fast, wordings: wordings, binding: true}
	return errors.Join(p.open(&p.acts, p.manifest.Gates), p.open(&p.operations, p.manifest.Operations))
}

// byID looks rules up by their id.
func byID(rules []Rule) func(id string) Rule {
	known := make(map[string]Rule, len(rules))
	for _, r := range rules {
		known[r.ID] = r
	}
	return func(id string) Rule { return known[id] }
}

// readRules finds out what each rule reads, and so which lists.
func (p *Pack) readRules() {
	p.reads, p.listsOf = map[string]reads{}, map[string][]string{}
	for _, rule := range p.manifest.Rules {
		file, name, _ := strings.Cut(rule.ID, ".")
		p.reads[rule.ID] = readsOf(p.compiler, p.compiler.GetRules(ast.MustParseRef("data.cession."+file+".answer."+name)))
		for _, list := range p.manifest.Lists {
			if reachesBelow(p.reads[rule.ID].data, list.Name) {
				p.listsOf[rule.ID] = append(p.listsOf[rule.ID], list.Name)
			}
		}
	}
}

// open prepares the gates of one way in.
func (p *Pack) open(e *entrance, gates map[string]gate) (err error) {
	e.gates, e.queries = make(map[string]*gateway, len(gates)), map[string]ruleQuery{}
	for name, g := range gates {
		way := &gateway{rules: g.Rules}
		var all []reads
		for _, id := range g.Rules {
			if _, ready := e.queries[id]; !ready {
				if e.queries[id], err = prepareRule(e.compiler, id); err != nil {
					return deal.Errorf(deal.Invalid, "prepare rule %s: %w", id, err)
				}
			}
			all = append(all, p.reads[id])
			way.lists = append(way.lists, p.listsOf[id]...)
			way.queries = append(way.queries, e.queries[id])
		}
		way.needs = needsOf(all)
		slices.Sort(way.lists)
		way.lists = slices.Compact(way.lists)
		e.gates[name] = way
	}
	return nil
}

// Digest returns SHA-256 over names and contents of all files of the pack, in
// the order of their names, each preceded by its length.
func (p *Pack) Digest() deal.Commitment { return p.digest }

// Name returns the pack's name.
func (p *Pack) Name() string { return p.manifest.Name }

// Version returns the pack's version.
func (p *Pack) Version() string { return p.manifest.Version }

// Kind returns what the pack is: [KindPack], [KindAddition] or [KindList].
func (p *Pack) Kind() string { return p.manifest.Kind }

// From returns from when on the pack decides, and Until when it no longer does.
// The zero time does not bound it.
func (p *Pack) From() time.Time { return p.manifest.Effective.From }

// Until is described at [Pack.From].
func (p *Pack) Until() time.Time { return p.manifest.Effective.Until }

// Gate returns the rules an act must pass, by "step.action", in the order of
// its decisions; none for an act the pack has no gate for.
func (p *Pack) Gate(name string) []string {
	if g := p.acts.gates[name]; g != nil {
		return slices.Clone(g.rules)
	}
	return nil
}

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
