package node

import (
	"context"
	"net/http"
	"time"
)

// checkEvery is how much of a body goes out before the right to read it is
// looked at again, in bytes.
const checkEvery = 1 << 20

// stillOpen looks whether the grant that a visit was let in by was revoked or
// has run out since.
func (n *Node) stillOpen(ctx context.Context, v visit) error {
	var revoked bool
	var text string
	ok, err := n.state.row(ctx, []any{&revoked, &text}, "SELECT revoked, until FROM grants WHERE deal = ? AND bidder = ?", v.deal, v.peer)
	if err != nil {
		return err
	}
	until, err := time.Parse(time.RFC3339Nano, text)
	switch {
	case !ok:
		return refuse(NoGrant, "no data room is open to this party")
	case revoked:
		return refuse(GrantRevoked, "reading rights were taken back")
	case err != nil || !n.now().Before(until):
		return refuse(GrantExpired, "reading rights or the NDA have run out")
	}
	return nil
}

// guarded has a body written that stops in its middle when the visitor may no
// longer read. What was sent is sent; the break is logged, and the visitor sees
// that the body is not whole.
func (n *Node) guarded(w http.ResponseWriter, r *http.Request, v visit, write func(http.ResponseWriter)) error {
	g := &guard{ResponseWriter: w, left: checkEvery, check: func() error { return n.stillOpen(r.Context(), v) }}
	write(g)
	if g.stopped == nil {
		return nil
	}
	_ = n.logged(r.Context(), v, g.stopped)
	panic(http.ErrAbortHandler) // the status is out: only a broken connection tells
}

// guard is a body that is looked after.
type guard struct {
	http.ResponseWriter
	check   func() error
	left    int // bytes until the next check
	stopped error
}

// Write writes as long as the check allows it.
func (g *guard) Write(b []byte) (written int, err error) {
	for written < len(b) {
		if g.stopped != nil {
			return written, g.stopped
		}
		if g.left == 0 {
			if g.stopped = g.check(); g.stopped != nil {
				return written, g.stopped
			}
			g.left = checkEvery
		}
		n, err := g.ResponseWriter.Write(b[written:min(len(b), written+g.left)])
		written += n
		g.left -= n
		if err != nil {
			return written, err
		}
	}
	return written, nil
}

// Unwrap lets [http.ResponseController] reach the connection.
func (g *guard) Unwrap() http.ResponseWriter { return g.ResponseWriter }
