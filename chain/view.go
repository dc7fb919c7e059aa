package chain

import (
	"context"
	"errors"

	"github.com/ethereum/go-ethereum/common"

	"cession/deal"
)

// boundKey is the context key of the endpoint that a client's reads are bound to.
type boundKey struct{ c *Client }

// bind has all reads under the context go to one endpoint.
func (c *Client) bind(ctx context.Context, e *endpoint) context.Context {
	return context.WithValue(ctx, boundKey{c}, e)
}

// bound returns the endpoint that the context is bound to, or nil.
func (c *Client) bound(ctx context.Context) *endpoint {
	e, _ := ctx.Value(boundKey{c}).(*endpoint)
	return e
}

// endpoint returns the one that the context is bound to, or the only one.
func (c *Client) endpoint(ctx context.Context) *endpoint {
	if e := c.bound(ctx); e != nil {
		return e
	}
	return c.endpoints[0]
}

// inOneView does reads that belong together at one endpoint. If it does not
// answer, all of them are done again at the next.
func inOneView[T any](ctx context.Context, c *Client, reads func(context.Context) (T, error)) (out T, err error) {
	if len(c.endpoints) == 1 || c.bound(ctx) != nil {
		return reads(ctx)
	}
	candidates, err := c.candidates(ctx)
	if err != nil {
		return out, err
	}
	for _, e := range candidates {
		out, err = reads(c.bind(ctx, e))
		if silent := (*transportError)(nil); !errors.As(err, &silent) || ctx.Err() != nil {
			c.prefer(e)
			return out, err
		}
	}
	return out, err
}

var errDisagree = errors.New("too few healthy endpoints say the same")

// witnesses returns contexts bound to the healthy endpoints other than the one
// the context is bound to.
func (c *Client) witnesses(ctx context.Context) (out []context.Context) {
	if c.quorum == 1 {
		return nil
	}
	c.refresh(ctx, backOff)
	all := c.healthy()
	if len(all) < c.quorum {
		c.refresh(ctx, headFresh)
		all = c.healthy()
	}
	for _, e := range all {
		if e != c.bound(ctx) {
			out = append(out, c.bind(ctx, e))
		}
	}
	return out
}

// confirm asks further endpoints until as many say the same as the quorum
// wants. The error is one of no answer.
func (c *Client) confirm(ctx context.Context, same func(context.Context) (bool, error)) error {
	agreed := 1
	for _, w := range c.witnesses(ctx) {
		if agreed >= c.quorum {
			break
		}
		if ok, err := same(w); ok && err == nil {
			agreed++
		}
	}
	if agreed < c.quorum {
		return &transportError{cause: errDisagree}
	}
	return nil
}

// panel is as many endpoints as the quorum wants, and the newest block they
// have in common. The first is the one the reads are bound to.
type panel struct {
	head  Block
	views []context.Context
}

// panel finds endpoints that have the head, or that its chain has theirs.
func (c *Client) panel(ctx context.Context, head Block) (panel, error) {
	p := panel{head, []context.Context{ctx}}
	for _, w := range c.witnesses(ctx) {
		if len(p.views) == c.quorum {
			break
		}
		block, err := c.common(ctx, w, p.head)
		if err != nil {
			continue
		}
		p.head, p.views = block, append(p.views, w)
	}
	if len(p.views) < c.quorum {
		return p, &transportError{cause: errDisagree}
	}
	return p, nil
}

// common returns the lower of two heads, if it is part of both chains.
func (c *Client) common(ctx, witness context.Context, mine Block) (Block, error) {
	theirs, err := c.Block(witness, nil)
	if err == nil && theirs.Number > mine.Number {
		theirs, err = c.Block(witness, &mine.Number)
	}
	if err == nil && theirs.Number < mine.Number {
		mine, err = c.Block(ctx, &theirs.Number)
	}
	if err != nil {
		return mine, err
	}
	if mine.Hash != theirs.Hash || mine.Number != theirs.Number {
		c.endpoint(ctx).dispute()
		c.endpoint(witness).dispute()
		return mine, errDisagree
	}
	return mine, nil
}

// nonceAt returns how many transactions of the account are mined at the
// panel's head, which all of it must say.
func (c *Client) nonceAt(p panel, a deal.Address) (uint64, error) {
	if len(p.views) == 1 {
		return c.Nonce(p.views[0], a)
	}
	var count uint64
	for i, view := range p.views {
		n, err := read(view, c, "read nonce", func(ctx context.Context, n *conn) (uint64, error) {
			return n.eth.NonceAt(ctx, common.Address(a), bigNumber(&p.head.Number))
		})
		if err != nil {
			return 0, err
		}
		if i > 0 && n != count {
			return 0, &transportError{cause: errDisagree}
		}
		count = n
	}
	return count, nil
}
