package local

import (
	"fmt"
	"net/http"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/eth"
	"github.com/ethereum/go-ethereum/eth/filters"
	"github.com/ethereum/go-ethereum/node"
	"github.com/ethereum/go-ethereum/rpc"
)

// rpcModules are the namespaces served: no admin, debug, miner, personal.
var rpcModules = map[string]bool{"eth": true, "net": true, "txpool": true, "web3": true}

const (
	maxBatch         = 1000
	maxBatchResponse = 25 << 20 // bytes
)

func newRPC(e *eth.Ethereum) (*rpc.Server, error) {
	filter := filters.NewFilterAPI(filters.NewFilterSystem(e.APIBackend, filters.Config{LogCacheSize: 32}))
	apis := append(e.APIs(),
		rpc.API{Namespace: "eth", Service: filter},
		rpc.API{Namespace: "web3", Service: web3{}},
	)
	server := rpc.NewServer()
	server.SetBatchLimits(maxBatch, maxBatchResponse)
	for _, api := range apis {
		if !rpcModules[api.Namespace] {
			continue
		}
		if err := server.RegisterName(api.Namespace, api.Service); err != nil {
			return nil, fmt.Errorf("register %s api: %w", api.Namespace, err)
		}
	}
	return server, nil
}

// web3 is the web3 namespace of the execution API.
type web3 struct{}

func (web3) ClientVersion() string { return "cession/geth" }

func (web3) Sha3(input hexutil.Bytes) hexutil.Bytes { return crypto.Keccak256(input) }

// rpcHandler serves JSON-RPC to programs on this machine: no CORS header, and no
// host names but localhost, against rebinding of names by web pages.
func rpcHandler(server http.Handler, s *sealer) http.Handler {
	inner := node.NewHTTPHandlerStack(server, nil, []string{"localhost"}, nil, true)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		inner.ServeHTTP(&durableWriter{to: w, sealer: s}, r)
	})
}

// durableWriter holds an answer back while a block that it may speak of is being
// written to disk. A block that a client has seen is thus never lost to kill -9.
type durableWriter struct {
	to      http.ResponseWriter
	sealer  *sealer
	started bool
}

func (w *durableWriter) Header() http.Header { return w.to.Header() }

func (w *durableWriter) WriteHeader(code int) {
	if w.started {
		return
	}
	w.started = true
	if err := w.await(); err != nil {
		code = http.StatusServiceUnavailable
	}
	w.to.WriteHeader(code)
}

func (w *durableWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if err := w.await(); err != nil {
		return 0, err
	}
	return w.to.Write(p)
}

// await returns when no block is visible that is not on disk.
func (w *durableWriter) await() error {
	w.sealer.visible.RLock()
	defer w.sealer.visible.RUnlock()
	return w.sealer.failed
}
