package node

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"cession/deal"
	"cession/node/blob"
	"cession/node/render"
)

// Config is what a node is made of. Everything is required but what is marked
// as optional.
type Config struct {
	Party     deal.PartyID
	Dir       string      // keys and state, mode 0700; created if absent
	Endpoint  string      // https://host:port under which peers reach the node; optional: the listener's address
	Market    deal.Market // the customer's own: a deal on other contracts is refused
	Wallet    Wallet      // the party's account
	Second    Wallet      // optional: another signer, for four eyes
	Hashes    Hashes
	Verifier  Verifier
	Chain     ChainView
	Desk      Desk
	Directory Directory
	Policy    Policy
	Recorder  Recorder // makes the decision records
	Blobs     blob.Store

	// Packs names a policy pack that the node's library holds and has verified,
	// with the number of its activation; optional: then no other pack is adopted.
	Packs func(pack deal.Commitment) (name string, number uint64, ok bool)
	// Tape reads the header of a CSV document by a policy pack's list of the
	// fields a data tape has; optional: then no document is taken for a tape.
	Tape func(pack deal.Commitment, header []string) (columns map[string]int, missing []string)

	// Scanner looks for malware in documents before they are accepted; optional.
	Scanner Scanner

	// Counterparties are wallets the customer knows out of band; optional.
	// Others are pinned when they are first met.
	Counterparties map[deal.PartyID]deal.Address

	ReadRate    float64          // requests per second that one peer may make; 0 is no limit
	ActLifetime time.Duration    // how long a signed act may be taken; optional: 10 minutes
	Retry       time.Duration    // pause before an act without an answer is sent again; optional: 500 ms, doubling
	Now         func() time.Time // optional

	TransferLimit    int64         // of handovers, bytes per second, in and out each; optional: no limit, else at least 64 KiB
	TransferParallel int           // ranges fetched at once by each handover, up to 16; optional: 4
	TransferPause    time.Duration // before a broken handover is taken up again; optional: 1 s, doubling to 1 min
	Log              *slog.Logger  // optional; gets ids, reasons and times
}

// Node is one customer's node. Its methods are safe for concurrent use.
type Node struct {
	Config
	state     *state
	identity  *keyring
	token     string
	peers     peerCache
	known     recordCache
	limits    limits
	heard     gauge        // records that peers brought
	retained  atomic.Int64 // Unix time in s of the last look for what the terms no longer keep
	watched   sync.Map     // other parties' logs: party -> time of the last look
	endpoint  atomic.Value // string: where peers reach the node, once it was published
	published atomic.Int64 // Unix time in s the directory last took the record
	checked   sync.Map     // signatures that were verified: signatureKey -> nothing
	answering sync.Map     // keys of requests that are being answered
	callers   meter
	acting    keyedLock
	filling   keyedLock
	renderer  *render.Renderer
	transfers transfers
}

// Open opens a node and makes its keys at first start. It does not use the
// network. Errors: invalid (something is missing), conflict (state of another version).
func Open(ctx context.Context, cfg Config) (*Node, error) {
	if err := cfg.complete(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(cfg.Dir, incomingDir), 0o700); err != nil {
		return nil, fmt.Errorf("open node: %w", err)
	}
	n := &Node{Config: cfg, renderer: render.New(rendersAtOnce, renderWait)}
	var err error
	if n.token, err = loadToken(cfg.Dir); err != nil {
		return nil, err
	}
	if n.identity, err = openKeyring(cfg.Dir); err != nil {
		return nil, fmt.Errorf("open node: %w", err)
	}
	if n.state, err = openState(ctx, filepath.Join(cfg.Dir, stateFile)); err != nil {
		return nil, err
	}
	if err := n.importViews(ctx); err != nil {
		return nil, errors.Join(err, n.state.db.Close())
	}
	n.openTransfers()
	return n, nil
}

func (c *Config) complete() error {
	if err := c.Party.Check(); err != nil {
		return err
	}
	for what, missing := range map[string]bool{
		"a directory": c.Dir == "", "a wallet": c.Wallet == nil, "hashes": c.Hashes.Keccak == nil || c.Hashes.Digest == nil || c.Hashes.StructHash == nil,
		"a verifier": c.Verifier == nil, "a view of the chain": c.Chain == nil, "a desk": c.Desk == nil,
		"a directory of nodes": c.Directory == nil, "a policy": c.Policy == nil, "a recorder of decisions": c.Recorder == nil, "a blob store": c.Blobs == nil,
	} {
		if missing {
			return deal.Errorf(deal.Invalid, "open node of %s: want %s", c.Party, what)
		}
	}
	if c.ActLifetime == 0 {
		c.ActLifetime = 10 * time.Minute
	}
	if c.Retry == 0 {
		c.Retry = 500 * time.Millisecond
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c.completeTransfers()
}

// Close closes the node's state. Serve has ended before.
func (n *Node) Close() error {
	n.transfers.pulls.close()
	n.peers.close()
	return n.state.db.Close()
}

// Token returns the bearer token of the customer side.
func (n *Node) Token() string { return n.token }

// Pin returns the SHA-256 of the public key of the node's certificate.
func (n *Node) Pin() deal.Commitment { return n.identity.pinned() }

func (n *Node) now() time.Time { return n.Now().UTC() }

// self is the node's own party, as it knows it.
func (n *Node) self() deal.Party {
	p := deal.Party{ID: n.Party, Wallet: n.Wallet.Address(), Signers: []deal.Address{n.Wallet.Address()}}
	if n.Second != nil {
		p.Signers = append(p.Signers, n.Second.Address())
	}
	return p
}

// signatureKey identifies an act with its signature.
func signatureKey(a deal.Act) [32]byte {
	return sha256.Sum256(append(append(a.ID[:], a.Signer[:]...), a.Signature...))
}
