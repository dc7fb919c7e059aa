package policies

import (
	"encoding/json"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"

	"cession/deal"
)

// fillStore holds ready what the rules see as data.
func (p *Pack) fillStore() error {
	data, err := p.Data()
	if err != nil {
		return err
	}
	p.source, err = newSource(data)
	return err
}

func newSource(data object) (*source, error) {
	value, err := ast.InterfaceToValue(data)
	if err != nil {
		return nil, deal.Errorf(deal.Invalid, "encode lists: %w", err)
	}
	store := inmem.NewFromObjectWithOpts(data, inmem.OptRoundTripOnWrite(false), inmem.OptReturnASTValuesOnRead(true))
	return &source{store, readyData{value.(ast.Object)}}, nil
}

// Data returns what the rules see as data, beside each other: the lists, and
// under pack the digest and the gates. It is the caller's own copy, numbers as
// they are written.
func (p *Pack) Data() (map[string]any, error) {
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

// WithData returns the pack with other data under its rules, behind the back of
// what checks lists when they are loaded, and with the same digest. It is for
// proofs that no damage to a list turns a refusal into permission; nothing that
// decides may use it.
func (p *Pack) WithData(change func(tree map[string]any)) (*Pack, error) {
	tree, err := p.Data()
	if err != nil {
		return nil, err
	}
	change(tree)
	other := *p
	other.source, err = newSource(tree)
	return &other, err
}

// source is the data of a pack as the engine reads it.
type source struct {
	store storage.Store
	ready topdown.BaseCache
}

// readyData holds data as the engine takes it. It never changes.
type readyData struct{ root ast.Object }

// Get returns what is at a place, or nil if nothing is.
func (d readyData) Get(ref ast.Ref) ast.Value {
	if len(ref) < 2 {
		return nil
	}
	v, err := d.root.Find(ref[1:])
	if err != nil {
		return nil
	}
	return v
}

// Put has nothing to do: what is not ready is not there.
func (d readyData) Put(ast.Ref, ast.Value) {}
