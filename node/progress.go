package node

import (
	"context"
	"database/sql"
	"net/http"

	"cession/deal"
)

// Transfer is how far a handover got, as this node sees it: the buyer's by what
// came, the seller's by what went.
type Transfer struct {
	Release   deal.Commitment `json:"release"`
	Seller    deal.PartyID    `json:"seller"`
	Buyer     deal.PartyID    `json:"buyer"`
	Root      deal.Commitment `json:"root"`
	Count     uint64          `json:"count"`            // documents
	Documents uint64          `json:"documents"`        // stored and verified; at the seller's: out whole
	Bytes     uint64          `json:"bytes"`            // of ciphertext, verified; at the seller's: out, at least once
	Total     uint64          `json:"total"`            // bytes of ciphertext in all
	Verified  bool            `json:"verified"`         // all match the title; at the seller's: the buyer's node says so
	Running   bool            `json:"running"`          // the node is at it
	Reason    Reason          `json:"reason,omitempty"` // why it was stopped

	Each []DocumentTransfer `json:"each,omitempty"` // by document, if asked for
}

// DocumentTransfer is how far one document got.
type DocumentTransfer struct {
	Index uint64 `json:"index"`
	Bytes uint64 `json:"bytes"` // as in [Transfer]
	Done  bool   `json:"done"`
}

// transfers returns the handovers to this node.
func (s *state) transfers(ctx context.Context, where string, args ...any) ([]Transfer, error) {
	return s.handovers(ctx, `SELECT p.release, seller, '', root, count, verified, coalesce(sum(d.done), 0), coalesce(sum(d.bytes), 0),
		coalesce((SELECT reason FROM jobs j WHERE j.release = p.release), '')
		FROM pulls p LEFT JOIN pulled d ON d.release = p.release WHERE `+where+" GROUP BY p.release ORDER BY p.rowid", args...)
}

// deliveries returns the handovers from this node.
func (s *state) deliveries(ctx context.Context, where string, args ...any) ([]Transfer, error) {
	return s.handovers(ctx, `SELECT r.act, '', buyer, root, 0, delivered,
		(SELECT count(*) FROM sent s WHERE s.release = r.act), coalesce(sum(o.bytes), 0), iif(revoked, '`+string(TicketRevoked)+`', '')
		FROM releases r LEFT JOIN outgoing o ON o.release = r.act WHERE `+where+" GROUP BY r.act ORDER BY r.rowid", args...)
}

func (s *state) handovers(ctx context.Context, query string, args ...any) ([]Transfer, error) {
	list := []Transfer{}
	err := s.rows(ctx, func(r *sql.Rows) error {
		var t Transfer
		var release, root string
		var count, documents, bytes int64
		if err := r.Scan(&release, &t.Seller, &t.Buyer, &root, &count, &t.Verified, &documents, &bytes, &t.Reason); err != nil {
			return err
		}
		t.Count, t.Documents, t.Bytes = uint64(count), uint64(documents), uint64(bytes)
		if err := t.Release.UnmarshalText([]byte(release)); err != nil {
			return err
		}
		err := t.Root.UnmarshalText([]byte(root))
		list = append(list, t)
		return err
	}, query, args...)
	return list, err
}

// each returns how far every document of a handover got.
func (s *state) each(ctx context.Context, query string, release deal.Commitment) (list []DocumentTransfer, err error) {
	err = s.rows(ctx, func(r *sql.Rows) error {
		var index, bytes int64
		var d DocumentTransfer
		err := r.Scan(&index, &bytes, &d.Done)
		d.Index, d.Bytes = uint64(index), uint64(bytes)
		list = append(list, d)
		return err
	}, query, release.String())
	return list, err
}

// Transfers returns the handovers of a deal from and to this node; with each,
// also by document.
func (n *Node) Transfers(ctx context.Context, id deal.ID, each bool) ([]Transfer, error) {
	in, err := n.incoming(ctx, id, each)
	if err != nil {
		return nil, err
	}
	out, err := n.outgoing(ctx, id, each)
	return append(in, out...), err
}

func (n *Node) incoming(ctx context.Context, id deal.ID, each bool) ([]Transfer, error) {
	list, err := n.state.transfers(ctx, "deal = ?", id)
	for i := range list {
		t := &list[i]
		t.Buyer, t.Running = n.Party, n.transfers.pulls.underWay(t.Release)
		if t.Total, err = n.totalOf(ctx, t.Release); err != nil {
			return nil, err
		}
		if each {
			if t.Each, err = n.state.each(ctx, "SELECT idx, bytes, done FROM pulled WHERE release = ? ORDER BY idx", t.Release); err != nil {
				return nil, err
			}
		}
	}
	return list, err
}

// totalOf returns the bytes of ciphertext of a handover to this node.
func (n *Node) totalOf(ctx context.Context, release deal.Commitment) (uint64, error) {
	if known, ok := n.transfers.totals.Load(release); ok {
		return known.(uint64), nil
	}
	job, _, err := n.state.pull(ctx, release)
	if err != nil {
		return 0, err
	}
	var sum uint64
	for _, c := range job.Listing.Documents {
		sum += uint64(c.Manifest.CipherSize)
	}
	n.transfers.totals.Store(release, sum)
	return sum, nil
}

func (n *Node) outgoing(ctx context.Context, id deal.ID, each bool) ([]Transfer, error) {
	list, err := n.state.deliveries(ctx, "deal = ?", id)
	for i := range list {
		t := &list[i]
		t.Seller = n.Party
		docs, err := n.consignedOf(ctx, ticket{Act: t.Release, Deal: id, Root: t.Root, Delivered: t.Verified, Revoked: t.Reason != ""})
		if err != nil {
			n.Log.Warn("released documents not found", "deal", id, "kind", deal.KindOf(err)) // erased since
		}
		t.Count = uint64(len(docs))
		for _, c := range docs {
			t.Total += uint64(c.size)
		}
		t.Running = !t.Verified && t.Bytes > 0 && t.Reason == ""
		if t.Verified { // what was noted late does not matter any more
			t.Documents, t.Bytes = t.Count, t.Total
		}
		if each {
			if t.Each, err = n.state.each(ctx, `SELECT idx, bytes, EXISTS (SELECT 1 FROM sent s WHERE s.release = o.release AND s.idx = o.idx)
				FROM outgoing o WHERE release = ? ORDER BY idx`, t.Release); err != nil {
				return nil, err
			}
		}
	}
	return list, err
}

// noteSent notes which chunks of a document went out. The next range does not
// wait for it: it is for people to look at.
func (n *Node) noteSent(ctx context.Context, release deal.Commitment, index uint64, size, offset, sent int64) {
	ctx = context.WithoutCancel(ctx)
	n.transfers.pulls.behind(func() {
		if err := n.state.sentRange(ctx, release, index, size, offset, sent); err != nil {
			n.Log.Warn("delivery not noted", "release", release.Short(), "index", index)
		}
	})
}

func (n *Node) getHandover(w http.ResponseWriter, r *http.Request) error {
	id, err := pathDeal(r)
	if err != nil {
		return err
	}
	list, err := n.Transfers(r.Context(), id, r.URL.Query().Has("each"))
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, list)
	return nil
}
