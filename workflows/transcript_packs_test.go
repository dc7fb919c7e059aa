package workflows

import (
	"bytes"
	"context"
	"io/fs"
	"sync"
	"testing/fstest"

	"cession/deal"
	"cession/policies"
)

// nextPack is the next edition of the standard pack: it says so, and is another
// pack by that.
var nextPack = sync.OnceValues(func() (*policies.Pack, error) {
	files := fstest.MapFS{}
	standard := policies.StandardFS()
	err := fs.WalkDir(standard, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(standard, path)
		files[path] = &fstest.MapFile{Data: text}
		return err
	})
	if err != nil {
		return nil, err
	}
	files["manifest.yaml"].Data = bytes.Replace(files["manifest.yaml"].Data, []byte("\nversion: "), []byte("\nversion: 2"), 1)
	return policies.Load(files)
})

// judge asks the pack in effect, as the operator's gate does, with what the
// desk would add.
func (m *market) judge(ctx context.Context, q deal.Question) (deal.Decision, error) {
	in := policies.Input{Question: q, Parties: m.profiles, Exposure: &policies.Exposure{}}
	var pack *policies.Pack
	var number uint64
	for n, p := range m.packs {
		if p.Digest() == q.Pack {
			pack, number = p, uint64(n)
		}
	}
	if pack == nil {
		return deal.Decision{}, deal.Errorf(deal.NotFound, "no pack %s", q.Pack.Short())
	}
	for n, p := range m.packs {
		if p.Digest() == q.Act.Field("pack").Commitment() {
			in.Wanted = &policies.WantedPack{Digest: p.Digest(), Number: uint64(n), Current: number, Active: true}
		}
	}
	return pack.Decide(ctx, in)
}
