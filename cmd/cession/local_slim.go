//go:build slim

package main

import "github.com/spf13/cobra"

// localCommands is empty: a slim build has no embedded Temporal and Ethereum.
func localCommands(*app) []*cobra.Command { return nil }
