package local

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/server/schema/sqlite"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"cession/deal"
)

const (
	alphaKey = "key-of-the-node-of-alpha"
	betaKey  = "key-of-the-node-of-beta"
)

func temporalConfig(dir string) TemporalConfig {
	return TemporalConfig{
		Dir:         dir,
		OperatorKey: operatorKey,
		NodeKey:     NodeKeys(map[deal.PartyID]string{"alpha": alphaKey, "beta": betaKey}),
	}
}

func startTemporal(t *testing.T, dir string) *Temporal {
	t.Helper()
	began := time.Now()
	server, err := StartTemporal(deadline(t), temporalConfig(dir))
	must(t, err)
	t.Logf("temporal started in %s", time.Since(began).Round(time.Millisecond))
	t.Cleanup(func() { must(t, server.Close()) })
	return server
}

func dial(t *testing.T, address, key string) client.Client {
	t.Helper()
	return dialLogging(t, address, key, slog.DiscardHandler)
}

func dialLogging(t *testing.T, address, key string, logs slog.Handler) client.Client {
	t.Helper()
	options := client.Options{
		HostPort:          address,
		Namespace:         Namespace,
		ConnectionOptions: client.ConnectionOptions{TLSDisabled: true},
		Logger:            sdklog.NewStructuredLogger(slog.New(logs)),
	}
	if key != "" {
		options.Credentials = client.NewAPIKeyStaticCredentials(key)
	}
	c, err := client.NewLazyClient(options)
	must(t, err)
	t.Cleanup(c.Close)
	return c
}

func TestTemporalSurvivesKill(t *testing.T) {
	t.Parallel()
	dir, ctx := filepath.Join(t.TempDir(), "a?b#c%20d"), deadline(t)
	address, kill := child(t, "temporal", dir)
	_, err := dial(t, address, operatorKey).ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID:        "deal/d-1",
		TaskQueue: "nobody",
		TypedSearchAttributes: temporal.NewSearchAttributes(
			temporal.NewSearchAttributeKeyKeyword("CessionState").ValueSet("listed"),
			temporal.NewSearchAttributeKeyKeyword("CessionSeller").ValueSet("alpha"),
			temporal.NewSearchAttributeKeyKeyword("CessionBidder").ValueSet("beta"),
			temporal.NewSearchAttributeKeyKeywordList("CessionWaitingOn").ValueSet([]string{"alpha", "beta"}),
			temporal.NewSearchAttributeKeyTime("CessionNextDeadline").ValueSet(time.Now()),
			temporal.NewSearchAttributeKeyInt64("CessionAmountBand").ValueSet(4),
		),
	}, "Deal")
	must(t, err)
	kill()

	folder, err := OpenFolder(dir) // the lock died with its holder
	must(t, err)
	defer folder.Close()
	c := dial(t, startTemporal(t, folder.Path("temporal")).Address(), operatorKey)
	got, err := c.DescribeWorkflowExecution(ctx, "deal/d-1", "")
	must(t, err)
	if s := got.WorkflowExecutionInfo.Status; s != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING {
		t.Errorf("status %s after the kill, want running", s)
	}
	ns, err := c.WorkflowService().DescribeNamespace(ctx, &workflowservice.DescribeNamespaceRequest{Namespace: Namespace})
	must(t, err)
	if got := ns.GetConfig().GetWorkflowExecutionRetentionTtl().AsDuration(); got != retention {
		t.Errorf("retention %s, want %s", got, retention)
	}
	const query = "CessionState = 'listed' AND CessionWaitingOn = 'beta' AND CessionAmountBand > 3 AND CessionNextDeadline > '2020-01-01T00:00:00Z'"
	for n := 0; n == 0; time.Sleep(200 * time.Millisecond) { // visibility is written later
		count, err := c.CountWorkflow(ctx, &workflowservice.CountWorkflowExecutionsRequest{Query: query})
		must(t, err)
		n = int(count.Count)
	}
}

func TestTemporalRefusesToStart(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer taken.Close()
	for name, tc := range map[string]struct {
		listen, key string
		want        deal.Kind
	}{
		"port in use":       {taken.Addr().String(), operatorKey, deal.Conflict},
		"not loopback":      {"0.0.0.0:0", operatorKey, deal.Invalid},
		"all interfaces":    {":7233", operatorKey, deal.Invalid},
		"a name":            {"example.com:7233", operatorKey, deal.Invalid},
		"no port":           {"127.0.0.1", operatorKey, deal.Invalid},
		"port out of range": {"127.0.0.1:70000", operatorKey, deal.Invalid},
		"short key":         {"", "short", deal.Invalid},
	} {
		_, err := StartTemporal(context.Background(), TemporalConfig{Dir: t.TempDir(), Listen: tc.listen, OperatorKey: tc.key})
		if got := deal.KindOf(err); got != tc.want {
			t.Errorf("%s: kind %q (%v), want %q", name, got, err, tc.want)
		}
	}
}

// SQLite files have no migration: whoever updates the server raises DataVersion.
func TestSchemaIsTheDataVersions(t *testing.T) {
	t.Parallel()
	if got := strings.Join([]string{sqlite.Version, sqlite.VisibilityVersion}, "/"); got != temporalSchema {
		t.Errorf("schema %s is not that of data version %d, %s", got, DataVersion, temporalSchema)
	}
}

// A port lost between the check and the server's own listening is an error too,
// not the end of the process.
func TestTemporalLosesItsPort(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer taken.Close()
	any := netip.MustParseAddrPort(anyLoopbackPort)
	ports, err := reserve(any, any)
	must(t, err)
	path := filepath.Join(t.TempDir(), "temporal.db")
	must(t, prepareDatabase(deadline(t), path, sqliteConfig(path)))
	_, err = launch(temporalConfig(""), sqliteConfig(path), addresses{
		frontend: taken.Addr().(*net.TCPAddr).AddrPort(), history: ports[0], matching: ports[1],
	})
	if deal.KindOf(err) != deal.Conflict {
		t.Errorf("launch on a taken port: %v, want a conflict", err)
	}
}

// History and matching have no authorizer: only this process may speak to them.
func TestSideDoorsAreShut(t *testing.T) {
	t.Parallel()
	server := startTemporal(t, t.TempDir())
	for _, at := range []netip.AddrPort{server.at.history, server.at.matching} {
		for name, creds := range map[string]credentials.TransportCredentials{
			"clear text":     insecure.NewCredentials(),
			"no certificate": credentials.NewTLS(&tls.Config{InsecureSkipVerify: true}),
		} {
			conn, err := grpc.NewClient(at.String(), grpc.WithTransportCredentials(creds))
			must(t, err)
			defer conn.Close()
			ctx := metadata.AppendToOutgoingContext(deadline(t), "authorization", "Bearer "+operatorKey)
			if _, err := healthpb.NewHealthClient(conn).Check(ctx, &healthpb.HealthCheckRequest{}); status.Code(err) != codes.Unavailable {
				t.Errorf("%s with %s: %v, want no connection", at, name, err)
			}
		}
	}
}
