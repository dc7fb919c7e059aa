// Package bind holds the Go bindings of the contracts: abigen v2 code that packs calls and unpacks results,
// events and errors, and nothing that talks to a node. It is generated from contracts/artifacts by
// contracts/build.sh; the test of this package fails when the two differ.
package bind
