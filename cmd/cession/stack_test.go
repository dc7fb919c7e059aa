//go:build !slim

package main

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"cession/deal"
	"cession/demo"
	"cession/examples"
)

// market is a whole market of real processes on this machine: one for the
// operator and one for each party.
type market struct {
	t    *testing.T
	data string
	up   *upProcess
}

// openMarket starts a market in a folder of its own.
func openMarket(t *testing.T) *market {
	t.Helper()
	m := &market{t: t, data: t.TempDir()}
	m.start()
	t.Cleanup(func() { m.up.stop() })
	return m
}

// start starts the processes, after the first time on what is in the folder.
func (m *market) start() {
	m.t.Helper()
	up, err := startUp(context.Background(), demoFlags{data: m.data})
	if err != nil {
		m.t.Fatal(err)
	}
	m.up = up
	if err := up.await(); err != nil {
		m.t.Fatal(err)
	}
}

// home is a party's folder.
func (m *market) home(id deal.PartyID) string { return filepath.Join(m.data, "parties", string(id)) }

// script is the deal of the demo on the documents that are shipped.
func (m *market) script() demo.Config {
	m.t.Helper()
	docs, forget, err := openPortfolio("")
	m.t.Cleanup(forget)
	if err != nil {
		m.t.Fatal(err)
	}
	return demo.Config{
		Nodes: m.up.node, Desk: m.up.desk, Owner: m.up.owner, Portfolio: docs, NDA: examples.NDA(),
		Seller: "alpine-bank", Bidders: [2]deal.PartyID{"borealis-fund", "cirrus-capital"},
		Report: func(e demo.Event) { m.t.Logf("%s %s", e.Party, e.Step) },
	}
}

// limit bounds what a test waits for.
func limit(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), d)
	t.Cleanup(cancel)
	return ctx
}
