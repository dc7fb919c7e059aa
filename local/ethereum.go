package local

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/rawdb"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/eth"
	"github.com/ethereum/go-ethereum/eth/catalyst"
	"github.com/ethereum/go-ethereum/eth/ethconfig"
	"github.com/ethereum/go-ethereum/node"
	"github.com/ethereum/go-ethereum/p2p"
	"github.com/ethereum/go-ethereum/rpc"

	"cession/deal"
)

// DefaultChainID is the chain id of an embedded node unless configured. It is
// none of the common development ids, so that no signature fits elsewhere.
const DefaultChainID = 20261

// EthereumConfig configures [StartEthereum].
type EthereumConfig struct {
	// Dir holds the chain. It belongs to one node at a time; see [Folder].
	Dir string
	// Listen is the host:port of JSON-RPC on loopback. Empty or port 0: a free
	// port, another one at each start.
	Listen string
	// ChainID is [DefaultChainID] if zero. It cannot change later.
	ChainID uint64
	// Alloc are the balances in wei at genesis. It counts when the chain is
	// made; an existing chain keeps its own.
	Alloc map[deal.Address]*big.Int
	// Amsterdam makes a chain under Amsterdam rules rather than Osaka's.
	Amsterdam bool
	// Interval is the least time between two blocks: at least, and by default,
	// one second.
	Interval time.Duration
	// Logs receives geth's log, which is one per process: the first node
	// started decides. Nil: nobody does.
	Logs slog.Handler

	free func(dir string) (uint64, error) // freeSpace, but in tests
}

// Ethereum is a running embedded Ethereum node: a chain of its own, without
// peers, that seals a block when transactions are pending.
type Ethereum struct {
	url     string
	chainID uint64
	stack   *node.Node
	beacon  *catalyst.SimulatedBeacon
	sealer  *sealer
	rpc     *rpc.Server
	http    *http.Server
}

// StartEthereum opens or makes the chain and returns when JSON-RPC answers.
// Transactions that were only pending when the process died are forgotten:
// their sender holds the signed bytes and sends them again. Errors:
// [deal.Invalid] for the configuration, [deal.Conflict] for a port in use, a
// folder in use or of another chain, a full disk.
func StartEthereum(ctx context.Context, cfg EthereumConfig) (*Ethereum, error) {
	if cfg.ChainID == 0 {
		cfg.ChainID = DefaultChainID
	}
	if cfg.free == nil {
		cfg.free = freeSpace
	}
	routeGethLogs(cfg.Logs)
	listener, err := listen(ctx, cfg.Listen)
	if err != nil {
		return nil, err
	}
	e, err := openChain(cfg)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	e.url = "http://" + listener.Addr().String()
	e.sealer.start()
	go e.http.Serve(listener)
	return e, nil
}

// URL is the JSON-RPC endpoint: eth, net, web3 and txpool.
func (e *Ethereum) URL() string { return e.url }

// ChainID is the chain's id (EIP-155).
func (e *Ethereum) ChainID() uint64 { return e.chainID }

// Close answers calls in flight for up to two seconds, then stops the node.
func (e *Ethereum) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := e.http.Shutdown(ctx); err != nil {
		e.http.Close()
	}
	e.sealer.close()
	e.rpc.Stop()
	if err := errors.Join(e.beacon.Stop(), e.stack.Close()); err != nil {
		return fmt.Errorf("stop ethereum: %w", err)
	}
	return nil
}

func listen(ctx context.Context, address string) (net.Listener, error) {
	addr, err := loopback(address)
	if err != nil {
		return nil, err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr.String())
	return l, explain("listen on "+addr.String(), err)
}

func openChain(cfg EthereumConfig) (_ *Ethereum, err error) {
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, explain("create ethereum folder", err)
	}
	stack, err := newStack(cfg.Dir)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, stack.Close())
		}
	}()
	genesis, err := genesisOf(cfg)
	if err != nil {
		return nil, err
	}
	backend, err := eth.New(stack, chainConfig(genesis))
	if err != nil {
		return nil, explain("open chain", err)
	}
	server, err := newRPC(backend)
	if err != nil {
		return nil, err
	}
	if err := stack.Start(); err != nil {
		return nil, explain("start ethereum", err)
	}
	beacon, err := catalyst.NewSimulatedBeacon(0, common.Address{}, backend)
	if err != nil {
		return nil, fmt.Errorf("start sealing: %w", err)
	}
	s := &sealer{
		eth: backend, beacon: beacon,
		interval: max(cfg.Interval, minInterval),
		free:     func() (uint64, error) { return cfg.free(cfg.Dir) },
		log:      slog.New(handlerOr(cfg.Logs)),
	}
	return &Ethereum{
		chainID: cfg.ChainID, stack: stack, beacon: beacon, sealer: s, rpc: server,
		http: &http.Server{
			Handler:           rpcHandler(server, s),
			ReadHeaderTimeout: 10 * time.Second,
			ReadTimeout:       30 * time.Second,
			WriteTimeout:      90 * time.Second, // eth_sendRawTransactionSync may wait a minute
			IdleTimeout:       2 * time.Minute,
		},
	}, nil
}

// newStack makes a node that speaks to nobody: no peers, and RPC only by newRPC.
func newStack(dir string) (*node.Node, error) {
	identity, err := crypto.GenerateKey()
	if err != nil {
		return nil, fmt.Errorf("draw node identity: %w", err)
	}
	stack, err := node.New(&node.Config{
		Name:    "geth",
		DataDir: dir,
		P2P:     p2p.Config{PrivateKey: identity, NoDiscovery: true, NoDial: true},
	})
	if errors.Is(err, node.ErrDatadirUsed) {
		return nil, deal.Errorf(deal.Conflict, "open ethereum folder: another node uses it, stop that or choose another folder: %w", err)
	}
	return stack, explain("open ethereum folder", err)
}

// chainConfig keeps every state on disk, block by block. With geth's default
// path scheme, a kill loses everything since the last clean stop.
func chainConfig(genesis *core.Genesis) *ethconfig.Config {
	cfg := ethconfig.Defaults
	cfg.Genesis = genesis
	cfg.SyncMode = ethconfig.FullSync
	cfg.StateScheme = rawdb.HashScheme
	cfg.NoPruning = true
	cfg.SnapshotCache = 0
	cfg.TransactionHistory = 0 // all
	cfg.LogNoHistory = true    // no log index to rebuild; the chain is short
	cfg.DatabaseCache = 64     // MiB, as below
	cfg.DatabaseHandles = 256
	cfg.TrieCleanCache = 32
	cfg.TrieDirtyCache = 32
	cfg.TxPool.NoLocals = true
	cfg.TxPool.Journal = ""
	cfg.BlobPool.Datadir = ""
	// A lower tip than this is accepted into the pool and never mined.
	cfg.Miner.GasPrice = big.NewInt(1)
	return &cfg
}
