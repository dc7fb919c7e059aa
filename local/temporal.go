package local

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/server/common/authorization"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/temporal"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"cession/deal"
)

// Namespace is the Temporal namespace of the product.
const Namespace = "cession"

// minKey is the least length of the operator's key in bytes: seals of task
// tokens are as strong as it.
const minKey = 16

// TemporalConfig configures [StartTemporal].
type TemporalConfig struct {
	// Dir holds the database. It belongs to one server at a time; see [Folder].
	Dir string
	// Listen is the frontend's host:port on loopback. Empty or port 0: a free
	// port, another one at each start.
	Listen string
	// OperatorKey may do everything. Random, at least 16 bytes, the same at
	// every start: tasks that nodes hold are sealed with it.
	OperatorKey string
	// NodeKey says whose node presents this API key. It is called for every
	// request of a node and must compare in constant time, as [NodeKeys] does.
	// Nil: there are no nodes.
	NodeKey func(key string) (party deal.PartyID, ok bool)
	// Logs receives the server's log. Nil: nobody does.
	Logs slog.Handler
}

// Temporal is a running embedded Temporal server.
type Temporal struct {
	at     addresses
	server temporal.Server
}

// StartTemporal starts a server and returns when its frontend answers and its
// history is loaded. Clients connect to Address without TLS and present an API
// key. Errors: [deal.Invalid] for the configuration, [deal.Conflict] for a port
// in use or a full disk.
//
// The SQLite plugin keeps the database file open until the process ends.
func StartTemporal(ctx context.Context, cfg TemporalConfig) (*Temporal, error) {
	if len(cfg.OperatorKey) < minKey {
		return nil, deal.Errorf(deal.Invalid, "operator key: want at least %d random bytes", minKey)
	}
	frontend, err := loopback(cfg.Listen)
	if err != nil {
		return nil, err
	}
	inner := netip.MustParseAddrPort(anyLoopbackPort)
	ports, err := reserve(frontend, inner, inner)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, explain("create temporal folder", err)
	}
	path := filepath.Join(cfg.Dir, "temporal.db")
	db := sqliteConfig(path)
	if err := prepareDatabase(ctx, path, db); err != nil {
		return nil, err
	}
	at := addresses{frontend: ports[0], history: ports[1], matching: ports[2]}
	server, err := launch(cfg, db, at)
	if err != nil {
		return nil, explain("start temporal", err)
	}
	t := &Temporal{at: at, server: server}
	if err := t.awaitReady(ctx, cfg.OperatorKey); err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}

// launch starts the services. What the server calls fatal becomes an error.
func launch(cfg TemporalConfig, db *config.SQL, at addresses) (server temporal.Server, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case serverFatal:
			err = deal.Errorf(deal.Conflict, "%w", r)
		default:
			panic(r)
		}
	}()
	inner, err := newInternodeTLS()
	if err != nil {
		return nil, err
	}
	g := newGate(cfg.OperatorKey, cfg.NodeKey)
	server, err = temporal.NewServer(
		temporal.WithConfig(serverConfig(db, at)),
		temporal.ForServices(services),
		temporal.WithStaticHosts(at.hosts()),
		temporal.WithLogger(serverLog{slog.New(handlerOr(cfg.Logs))}),
		temporal.WithDynamicConfigClient(dynamicConfig()),
		temporal.WithTLSConfigFactory(inner),
		temporal.WithAuthorizer(g),
		temporal.WithClaimMapper(func(*config.Config) authorization.ClaimMapper { return g }),
		temporal.WithChainedFrontendGrpcInterceptors(g.intercept),
	)
	if err != nil {
		return nil, err
	}
	return server, server.Start()
}

// Address is the frontend's host:port.
func (t *Temporal) Address() string { return t.at.frontend.String() }

// Close stops the server; calls in flight get about a second. It takes 1 to 5 s.
func (t *Temporal) Close() error {
	if err := t.server.Stop(); err != nil {
		return fmt.Errorf("stop temporal: %w", err)
	}
	return nil
}

// awaitReady asks for a workflow that does not exist: "not found" can only be
// said by a frontend that serves and a history shard that is loaded.
func (t *Temporal) awaitReady(ctx context.Context, key string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	conn, err := grpc.NewClient(t.Address(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return fmt.Errorf("connect to temporal: %w", err)
	}
	defer conn.Close()
	api := workflowservice.NewWorkflowServiceClient(conn)
	ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+key)
	for {
		_, err := api.DescribeWorkflowExecution(ctx, &workflowservice.DescribeWorkflowExecutionRequest{
			Namespace: Namespace,
			Execution: &commonpb.WorkflowExecution{WorkflowId: "ready"},
		}, grpc.WaitForReady(true))
		if err == nil || status.Code(err) == codes.NotFound {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for temporal: %w", errors.Join(ctx.Err(), err))
		case <-time.After(20 * time.Millisecond):
		}
	}
}
