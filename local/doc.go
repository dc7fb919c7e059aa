// Package local is the embedded stack of one machine: a Temporal server on a
// SQLite file, a durable Ethereum node, and the data folder they live in. The
// command "cession up" and the end-to-end tests start it.
//
// It is the only package that imports the Temporal server and the geth node
// packages, which take minutes to compile. Everything else speaks to them over
// gRPC and JSON-RPC, as it would to a foreign cluster.
//
// The rules are:
//   - What has been acknowledged survives kill -9: SQLite commits with
//     synchronous=FULL, and no block is visible over RPC before it is on disk.
//   - Only loopback addresses are listened on: API keys travel in clear text.
//   - Nothing is printed; logs go to the slog handler of the configuration.
package local
