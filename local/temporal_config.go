package local

import (
	"net/netip"
	"strings"
	"time"

	"go.temporal.io/server/common/cluster"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/dynamicconfig"
	"go.temporal.io/server/common/membership/static"
	sqliteplugin "go.temporal.io/server/common/persistence/sql/sqlplugin/sqlite"
	"go.temporal.io/server/common/primitives"
)

const (
	clusterName = "active" // recorded in the database: never changes
	shards      = 1        // likewise
)

// services are those that run. The worker service is left out: it serves
// schedules, batches and worker deployments, which nobody here uses, and would
// need a second frontend that trusts every caller.
var services = []string{
	string(primitives.FrontendService),
	string(primitives.HistoryService),
	string(primitives.MatchingService),
}

// addresses are where they listen.
type addresses struct{ frontend, history, matching netip.AddrPort }

// hosts names one for the worker service, since the server insists.
func (a addresses) hosts() map[primitives.ServiceName]static.Hosts {
	return map[primitives.ServiceName]static.Hosts{
		primitives.FrontendService: static.SingleLocalHost(a.frontend.String()),
		primitives.HistoryService:  static.SingleLocalHost(a.history.String()),
		primitives.MatchingService: static.SingleLocalHost(a.matching.String()),
		primitives.WorkerService:   {All: []string{a.frontend.String()}},
	}
}

func serviceAt(addr netip.AddrPort) config.Service {
	return config.Service{RPC: config.RPC{GRPCPort: int(addr.Port()), BindOnIP: addr.Addr().String()}}
}

// serverConfig leaves metrics, profiling, the HTTP API and archival off.
func serverConfig(db *config.SQL, at addresses) *config.Config {
	return &config.Config{
		Persistence: config.Persistence{
			DefaultStore:     sqliteplugin.PluginName,
			VisibilityStore:  sqliteplugin.PluginName,
			NumHistoryShards: shards,
			DataStores:       map[string]config.DataStore{sqliteplugin.PluginName: {SQL: db}},
		},
		ClusterMetadata: &cluster.Config{
			FailoverVersionIncrement: 10,
			MasterClusterName:        clusterName,
			CurrentClusterName:       clusterName,
			ClusterInformation: map[string]cluster.ClusterInformation{
				clusterName: {Enabled: true, InitialFailoverVersion: 1, RPCAddress: at.frontend.String()},
			},
		},
		DCRedirectionPolicy: config.DCRedirectionPolicy{Policy: "noop"},
		Services: map[string]config.Service{
			string(primitives.FrontendService): serviceAt(at.frontend),
			string(primitives.HistoryService):  serviceAt(at.history),
			string(primitives.MatchingService): serviceAt(at.matching),
		},
		PublicClient: config.PublicClient{HostPort: at.frontend.String()},
		Archival: config.Archival{
			History:    config.HistoryArchival{State: "disabled"},
			Visibility: config.VisibilityArchival{State: "disabled"},
		},
		NamespaceDefaults: config.NamespaceDefaults{Archival: config.ArchivalNamespaceDefaults{
			History:    config.HistoryArchivalNamespaceDefaults{State: "disabled"},
			Visibility: config.VisibilityArchivalNamespaceDefaults{State: "disabled"},
		}},
	}
}

// sqliteConfig asks for one connection (the plugin's default; four are slower)
// and a commit that is on disk when it returns.
func sqliteConfig(path string) *config.SQL {
	return &config.SQL{
		PluginName:   sqliteplugin.PluginName,
		DatabaseName: escapeURI(path),
		ConnectAttributes: map[string]string{
			"mode":         "rwc",
			"journal_mode": "wal",
			"synchronous":  "FULL",
		},
	}
}

// escapeURI escapes what would end the path of a SQLite URI filename
// (https://www.sqlite.org/uri.html).
func escapeURI(path string) string {
	return strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
}

// dynamicConfig raises the poll rates, by default 20 a second and shard: a
// workflow with one activity takes 18 ms instead of 99.
func dynamicConfig() dynamicconfig.StaticClient {
	const pollRPS = 1000
	values := dynamicconfig.StaticClient{
		dynamicconfig.EnablePrincipalPropagation.Key(): true,
		// A node's heartbeats would need a further permission.
		dynamicconfig.WorkerHeartbeatsEnabled.Key(): false,
		// Partitions spread a queue over hosts; there is one.
		dynamicconfig.MatchingNumTaskqueueReadPartitions.Key():  1,
		dynamicconfig.MatchingNumTaskqueueWritePartitions.Key(): 1,
		// The answer to a search for a deal just started must not be a refusal
		// while the alias cache is cold.
		dynamicconfig.ForceSearchAttributesCacheRefreshOnRead.Key(): true,
	}
	for _, k := range []dynamicconfig.Key{
		dynamicconfig.TransferProcessorMaxPollRPS.Key(),
		dynamicconfig.TimerProcessorMaxPollRPS.Key(),
		dynamicconfig.VisibilityProcessorMaxPollRPS.Key(),
		dynamicconfig.OutboundProcessorMaxPollRPS.Key(),
	} {
		values[k] = pollRPS
	}
	return values
}

// retention is how long a closed workflow's history is kept. The product's own
// records outlive it; ten years is longer than any deal is looked into.
const retention = 3653 * 24 * time.Hour
