package node

import (
	"context"

	"cession/deal"
	"cession/node/vault"
)

// describes reports whether the leaves of a deal's documents have their
// descriptions in them: not so under plans from before there were any.
func describes(p deal.Plan) bool {
	_, ok := p.Step("supplements")
	return ok
}

// leaf returns what a document is on chain.
func (n *Node) leaf(p deal.Plan, d document) deal.Commitment {
	if !describes(p) {
		return vault.ContentLeaf(n.Hashes.Keccak, d.Salt, d.Sum.SHA256)
	}
	return vault.Leaf(n.Hashes.Keccak, d.Salt, d.Sum.SHA256, d.About.Digest())
}

func intakeSet(set docSet, docs []document, indexes []uint64) IntakeSet {
	s := IntakeSet{Root: set.Root, Count: set.Count, Indexes: indexes}
	for _, d := range docs {
		s.Leaves = append(s.Leaves, d.Leaf)
	}
	return s
}

// notarizedRoot returns the root the customer signed for last, or zero.
func (n *Node) notarizedRoot(ctx context.Context, id deal.ID) (root deal.Commitment, err error) {
	acts, err := n.state.acts(ctx, "deal = ? AND name IN ('documents.notarize', 'supplements.notarize') AND status <> ?", id, statusFailed)
	newest := uint64(0)
	for _, a := range acts {
		if (a.Status == statusSigned || a.Outcome.Verdict == deal.Accepted) && a.Act.Sequence >= newest {
			root, newest = a.Act.Field("root").Commitment(), a.Act.Sequence
		}
	}
	return root, err
}

// ownSet returns the set that was notarized, or the newest that was planned.
func (n *Node) ownSet(ctx context.Context, id deal.ID) (docSet, error) {
	root, err := n.notarizedRoot(ctx, id)
	if err != nil {
		return docSet{}, err
	}
	where, args := "received = 0", []any{}
	if !root.IsZero() {
		where, args = "received = 0 AND root = ?", []any{root.String()}
	}
	set, ok, err := n.state.set(ctx, id, where, args...)
	if err == nil && !ok {
		err = deal.Errorf(deal.NotFound, "no documents are planned for %s: plan them first", id)
	}
	return set, err
}
