//go:build !slim

package main

// stayWithin does nothing: beside the embedded servers a node saves processor
// time, not memory.
func stayWithin() {}
