package node

import (
	"context"
	"fmt"

	"cession/deal"
	"cession/node/translog"
)

// Co-signing: at the end of a handover the buyer's node takes the signed head of
// the seller's audit log, checks that it follows the last one it saw and that
// what this node read is in it, and names it in handover.receipt. From then on
// the seller cannot show anybody another history of that log.

// witnessLog takes the head of the seller's log for the receipt of a handover.
// What is wrong with the log keeps the receipt from being signed, not the
// documents from being kept; a node that does not answer leaves the receipt
// without a head.
func (n *Node) witnessLog(ctx context.Context, peer *peerClient, job pull) error {
	head, err := n.takeHead(ctx, peer, job)
	if err != nil && reasonOf(err) == "" {
		n.Log.Info("log of the seller's node not seen", "deal", job.Deal, "kind", deal.KindOf(err))
	}
	var digest deal.Commitment
	if err == nil {
		if digest, err = n.Hashes.Digest(head.TypedData(n.Market.ChainID)); err != nil {
			return err
		}
	}
	if logged := n.logOwn(ctx, ViewEntry{Party: job.Seller, Deal: job.Deal, What: "log.witness", Ref: digest}, err); logged != nil {
		return logged
	}
	if code := reasonOf(err); err == nil || code != "" {
		return n.state.exec(ctx, `INSERT INTO witnessed VALUES (?, ?, ?) ON CONFLICT (release) DO UPDATE
			SET head = excluded.head, code = excluded.code`, job.Release.String(), digest.String(), code)
	}
	return nil
}

func (n *Node) takeHead(ctx context.Context, peer *peerClient, job pull) (LogHead, error) {
	head, err := n.nextHead(ctx, peer, job.Seller)
	if err != nil {
		return head, err
	}
	return head, n.findOwn(ctx, peer, job, head)
}

// maxOwnPages bounds what findOwn reads of a log that never has an end.
const maxOwnPages = 5000

// findOwn checks that the log has this node's own reads in the handover in it:
// the listing, and every document.
func (n *Node) findOwn(ctx context.Context, peer *peerClient, job pull, head LogHead) error {
	missing := map[uint64]bool{}
	for _, c := range job.Listing.Documents {
		missing[c.Index] = true
	}
	listed, after := false, uint64(0)
	for range maxOwnPages {
		var page []LogEntry
		path := fmt.Sprintf("/peer/v1/deals/%s/log?size=%d&from=%d", job.Deal, head.Size, after)
		if err := peer.get(ctx, path, maxPlan, &page); err != nil {
			return err
		}
		for _, e := range page {
			if e.Position < after {
				return refuse(LogIncomplete, "the entries of the seller's log are out of order")
			}
			after = e.Position + 1
			if err := translog.VerifyInclusion(head.head(), e.Position, e.Bytes(), e.Proof); err != nil {
				return deal.Errorf(deal.Refused, "%w: %w", LogIncomplete, err)
			}
			v, err := e.View()
			if err != nil || v.Party != n.Party || v.Deal != job.Deal || v.Result != "ok" {
				continue
			}
			listed = listed || v.What == "handover.list"
			if v.What == "handover.range" {
				delete(missing, v.Index)
			}
		}
		if listed && len(missing) == 0 {
			return nil
		}
		if len(page) == 0 {
			break
		}
	}
	return refuse(LogIncomplete, "the seller's log does not have what this node read")
}

// cosign names the head of the seller's log in the receipt.
func (d *draft) cosign(ctx context.Context, release deal.Commitment) error {
	if _, ok := d.action.Field("log"); !ok {
		return nil
	}
	head, code, err := d.state.witnessed(ctx, release)
	if err != nil {
		return err
	}
	if head.IsZero() { // not seen yet, or something was wrong with it: look again
		if job, ok, err := d.state.pull(ctx, release); err != nil {
			return err
		} else if ok {
			if peer, err := d.peer(ctx, job.Seller); err == nil {
				if err := d.witnessLog(ctx, peer, job); err != nil {
					return err
				}
			}
		}
		if head, code, err = d.state.witnessed(ctx, release); err != nil {
			return err
		}
	}
	if code != "" {
		return refuse(code, "the log of the seller's node is not to be co-signed")
	}
	if head.IsZero() {
		return nil
	}
	return d.set("log", deal.KindCommitment, head.String())
}

func (s *state) witnessed(ctx context.Context, release deal.Commitment) (head deal.Commitment, code Reason, err error) {
	var text string
	ok, err := s.row(ctx, []any{&text, &code}, "SELECT head, code FROM witnessed WHERE release = ?", release.String())
	if !ok || err != nil {
		return head, code, err
	}
	head, err = deal.ParseCommitment(text)
	return head, code, err
}

// noteCosigned notes once, at the seller's node, which head of its log the buyer
// co-signed, and whether it is one that this node gave out.
func (n *Node) noteCosigned(ctx context.Context, p *deal.Progress) error {
	receipt := p.Last("handover", "receipt")
	if receipt == nil || p.Scope != deal.PerDeal || p.Opening.Seller.ID != n.Party {
		return nil
	}
	head := receipt.Act.Field("log").Commitment()
	if head.IsZero() {
		return nil
	}
	var one int
	noted, err := n.state.row(ctx, []any{&one}, "SELECT 1 FROM cosigned WHERE act = ?", receipt.Act.ID.String())
	if err != nil || noted {
		return err
	}
	known, err := n.state.row(ctx, []any{&one}, "SELECT 1 FROM log_heads WHERE digest = ?", head.String())
	if err != nil {
		return err
	}
	var failed error
	if !known {
		failed = refuse(ForgedHead, "the buyer co-signed a head that is none of this node's log")
	}
	e := ViewEntry{Party: receipt.Act.Party, Deal: p.Opening.ID, What: "log.cosigned", Ref: head}
	if err := n.logOwn(ctx, e, failed); err != nil {
		return err
	}
	return n.state.exec(ctx, "INSERT INTO cosigned VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		receipt.Act.ID.String(), p.Opening.ID, receipt.Act.Party, head.String(), known)
}
