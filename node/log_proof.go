package node

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"cession/deal"
	"cession/node/translog"
)

// LogProof is a file of evidence: one entry of a node's audit log, with what
// proves that the log has it, signed by the party's wallet.
type LogProof struct {
	Type    string       `json:"typ"` // "cession-log"
	Version int          `json:"v"`
	Market  deal.Market  `json:"market"`
	Wallet  deal.Address `json:"wallet"` // that signed the head
	Head    LogHead      `json:"head"`
	Entry   LogEntry     `json:"entry"`
}

const logType = "cession-log"

// Bytes returns the entry as it was hashed, whatever its JSON was made to look
// like on the way.
func (e LogEntry) Bytes() []byte {
	var b bytes.Buffer
	if json.Compact(&b, e.Entry) != nil {
		return e.Entry
	}
	return b.Bytes()
}

// ProveEntry returns an entry of the audit log with its proof.
func (n *Node) ProveEntry(ctx context.Context, position uint64) (LogProof, error) {
	head, err := n.LogHead(ctx)
	if err != nil {
		return LogProof{}, err
	}
	list, err := n.state.logEntries(ctx, "position = ? AND position < ?", int64(position), int64(head.Size))
	if err != nil {
		return LogProof{}, err
	}
	if len(list) == 0 {
		return LogProof{}, deal.Errorf(deal.NotFound, "the log has no entry %d", position)
	}
	if list, err = n.proveEntries(ctx, list, head.Size); err != nil {
		return LogProof{}, err
	}
	return LogProof{logType, 1, n.Market, n.Wallet.Address(), head, list[0]}, nil
}

// VerifyLogProof verifies an entry of a node's audit log. Errors are as those of
// [VerifyEvidence].
func VerifyLogProof(ctx context.Context, c Checks, raw []byte) (Finding, error) {
	f := Finding{Type: logType}
	var p LogProof
	if err := readEvidence(raw, &p); err != nil {
		return f, err
	}
	if p.Type != logType || p.Version != 1 {
		return f, deal.Errorf(deal.Invalid, "proof from an audit log of version %d: this program reads version 1", p.Version)
	}
	if err := c.market(p.Market, &f); err != nil {
		return f, err
	}
	digest, err := c.Hashes.Digest(p.Head.TypedData(p.Market.ChainID))
	if err != nil {
		return f, err
	}
	if err := c.Verifier.VerifyDigest(ctx, p.Wallet, digest, p.Head.Signature); err != nil {
		if deal.KindOf(err) == "" {
			return f, fmt.Errorf("verify the signature: %w", err)
		}
		return f, refuse(ForgedHead, "the head of the log is not signed by "+p.Wallet.String()+" (a contract wallet needs a chain to be asked)")
	}
	if err := translog.VerifyInclusion(p.Head.head(), p.Entry.Position, p.Entry.Bytes(), p.Entry.Proof); err != nil {
		return f, refuse(WrongProof, "the entry is not in the log")
	}
	return f, p.say(c, &f)
}

func (p LogProof) say(c Checks, f *Finding) error {
	v, err := p.Entry.View()
	if err != nil {
		return deal.Errorf(deal.Invalid, "the entry is malformed")
	}
	f.prove("Entry %d of the audit log of %.64q, which has %d entries, as signed by %s at %s.",
		p.Entry.Position, string(p.Head.Party), p.Head.Size, p.Wallet, p.Head.At.UTC().Format(time.RFC3339))
	f.prove("It says: at %s %.64q, party %.64q, deal %.64q, document %d, page %d: %.64q",
		v.At.UTC().Format(time.RFC3339), v.What, string(v.Party), string(v.Deal), v.Index, v.Page, v.Result)
	switch {
	case c.Signer.IsZero():
		f.leave("that %s is the wallet of %.64q: you do not say who must have signed", p.Wallet, string(p.Head.Party))
	case c.Signer != p.Wallet:
		return refuse(WrongSigner, "the log is signed by "+p.Wallet.String())
	}
	f.leave("that what the log says happened: it is the word of its own party, which can no longer change it")
	return nil
}

func (n *Node) getLogProof(w http.ResponseWriter, r *http.Request) error {
	position, err := number(r, "position")
	if err != nil {
		return err
	}
	p, err := n.ProveEntry(r.Context(), position)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, p)
	return nil
}
