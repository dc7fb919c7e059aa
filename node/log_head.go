package node

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"cession/deal"
	"cession/node/translog"
)

// LogHead is the state of a node's audit log, signed by its party's wallet. Two
// of them that do not follow each other show that the log was rewritten, to
// anybody.
type LogHead struct {
	Party     deal.PartyID    `json:"party"`
	Size      uint64          `json:"size"` // entries
	Root      deal.Commitment `json:"root"` // RFC 6962, SHA-256
	At        time.Time       `json:"at"`
	Signature deal.Bytes      `json:"signature"`
}

// TypedData returns the EIP-712 message that the party's wallet signs. Its
// digest is what the field log of handover.receipt names.
func (h LogHead) TypedData(chainID uint64) deal.TypedData {
	return deal.TypedData{
		PrimaryType: "LogHead",
		Types: map[string][]deal.Member{
			"EIP712Domain": {{Name: "name", Type: "string"}, {Name: "version", Type: "string"}, {Name: "chainId", Type: "uint256"}},
			"LogHead": {
				{Name: "statement", Type: "string"}, {Name: "party", Type: "string"}, {Name: "size", Type: "uint64"},
				{Name: "root", Type: "bytes32"}, {Name: "at", Type: "uint64"},
			},
		},
		Domain: map[string]any{"name": "Cession Node", "version": "1", "chainId": strconv.FormatUint(chainID, 10)},
		Message: map[string]any{
			"statement": "This is the whole audit log of my node", "party": string(h.Party), "size": strconv.FormatUint(h.Size, 10),
			"root": h.Root.String(), "at": strconv.FormatInt(max(0, h.At.Unix()), 10),
		},
	}
}

func (h LogHead) head() translog.Head { return translog.Head{Size: h.Size, Root: h.Root} }

// HeadAnswer is a node's head with the proof that an earlier log of it is the
// beginning of this one.
type HeadAnswer struct {
	Head        LogHead           `json:"head"`
	Consistency []deal.Commitment `json:"consistency,omitempty"`
}

// LogHead returns the signed head of the audit log. The log as it is signed
// once: whoever asks again gets the same head.
func (n *Node) LogHead(ctx context.Context) (LogHead, error) {
	unlock, err := n.acting.lock(ctx, "log head")
	if err != nil {
		return LogHead{}, err
	}
	defer unlock()
	now, err := translog.Now(ctx, n.state.db)
	if err != nil {
		return LogHead{}, err
	}
	var text string
	ok, err := n.state.row(ctx, []any{&text}, "SELECT head FROM log_heads WHERE size = ?", int64(now.Size))
	if err != nil {
		return LogHead{}, err
	}
	var h LogHead
	if ok {
		return h, json.Unmarshal([]byte(text), &h)
	}
	h = LogHead{Party: n.Party, Size: now.Size, Root: now.Root, At: n.now().Truncate(time.Second)}
	message := h.TypedData(n.Market.ChainID)
	digest, err := n.Hashes.Digest(message)
	if err != nil {
		return h, err
	}
	if h.Signature, err = n.Wallet.SignTypedData(message); err != nil {
		return h, err
	}
	return h, n.state.exec(ctx, "INSERT INTO log_heads VALUES (?, ?, ?)", int64(h.Size), digest.String(), jsonColumn(h))
}

// answerHead returns the head with the proof that it follows the log of a size.
func (n *Node) answerHead(ctx context.Context, from uint64) (HeadAnswer, error) {
	h, err := n.LogHead(ctx)
	if err != nil {
		return HeadAnswer{}, err
	}
	if from > h.Size {
		return HeadAnswer{Head: h}, nil // there is no proof; the head speaks for itself
	}
	proof, err := translog.Consistency(ctx, n.state.db, from, h.Size)
	return HeadAnswer{h, proof}, err
}

// proveEntries adds to entries the proofs that the log of a size has them.
func (n *Node) proveEntries(ctx context.Context, list []LogEntry, size uint64) ([]LogEntry, error) {
	for i, e := range list {
		var err error
		if list[i].Proof, err = translog.Inclusion(ctx, n.state.db, e.Position, size); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// checkHead verifies what a peer shows as its head, and that it follows the last
// one this node saw of it. One that does not is evidence, and kept.
func (n *Node) checkHead(ctx context.Context, party deal.PartyID, a HeadAnswer) error {
	if err := n.signedHead(ctx, party, a.Head); err != nil {
		return err
	}
	last, seen, err := n.lastHead(ctx, party)
	if err != nil {
		return err
	}
	if seen {
		if err := translog.VerifyConsistency(last.head(), a.Head.head(), a.Consistency); err != nil {
			kept := n.state.exec(ctx, `INSERT INTO forks SELECT ?1, ?2, ?3, ?4 WHERE (SELECT count(*) FROM forks WHERE party = ?1 AND known = ?3) < ?5
				ON CONFLICT DO NOTHING`, party, stamp(n.now()), jsonColumn(last), jsonColumn(a.Head), maxForks)
			if kept != nil {
				return kept
			}
			return deal.Errorf(deal.Refused, "%w: %w", ForkedLog, err)
		}
	}
	return n.state.exec(ctx, "INSERT INTO peer_heads VALUES (?, ?) ON CONFLICT (party) DO UPDATE SET head = excluded.head", party, jsonColumn(a.Head))
}

// maxForks is how many heads are kept that do not follow the same one: one is
// evidence enough.
const maxForks = 16

func (n *Node) signedHead(ctx context.Context, party deal.PartyID, h LogHead) error {
	wallet, ok, err := n.walletOf(ctx, party)
	if err != nil {
		return err
	}
	digest, err := n.Hashes.Digest(h.TypedData(n.Market.ChainID))
	if err != nil {
		return err
	}
	if !ok || h.Party != party {
		return refuse(ForgedHead, "the head of the log is not "+string(party)+"'s")
	}
	if err := n.Verifier.VerifyDigest(ctx, wallet, digest, h.Signature); err != nil {
		if deal.KindOf(err) == "" {
			return err
		}
		return refuse(ForgedHead, "the head of the log is not signed by the wallet of "+string(party))
	}
	return nil
}

// lastHead returns the newest head of a peer's log that this node verified.
func (n *Node) lastHead(ctx context.Context, party deal.PartyID) (h LogHead, ok bool, err error) {
	var text string
	if ok, err = n.state.row(ctx, []any{&text}, "SELECT head FROM peer_heads WHERE party = ?", party); !ok || err != nil {
		return h, false, err
	}
	return h, true, json.Unmarshal([]byte(text), &h)
}
