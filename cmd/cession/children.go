//go:build !slim

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"time"

	"cession/deal"
	"cession/desk"
	"cession/node"
)

// startNodes runs one process for each party's node and waits until they
// serve. A node that stops is started again; all stop with this process, even
// if it is killed.
func (s *stack) startNodes(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	s.onClose(func() { cancel(); running.Wait() })
	started := time.Now()
	for _, m := range s.members {
		running.Go(func() { s.keepNode(ctx, self, m) })
	}
	for _, m := range s.members {
		if err := s.awaitNode(ctx, m.Party.ID, started); err != nil {
			return err
		}
	}
	return nil
}

// keepNode runs a node again and again until the context ends.
func (s *stack) keepNode(ctx context.Context, self string, m desk.Member) {
	for wait := 500 * time.Millisecond; ; wait = min(2*wait, 30*time.Second) {
		started := time.Now()
		err := s.runNode(ctx, self, m.Party.ID)
		if ctx.Err() != nil {
			return
		}
		s.log.Error("node stopped", "party", m.Party.ID, "error", err)
		if time.Since(started) > time.Minute {
			wait = 500 * time.Millisecond
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

func (s *stack) runNode(ctx context.Context, self string, id deal.PartyID) error {
	dir := s.partyDir(id)
	var last nodeFile
	_ = readJSON(in(dir, nodeName), &last) // none at the first start
	l, err := listenAgain("", last.URL)
	if err != nil {
		return err
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil { // the node takes the port over
		return err
	}
	log, err := os.OpenFile(in(dir, "node.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	args := []string{
		"node", "--home", dir, "--party", string(id), "--listen", address,
		"--desk", s.was.Desk, "--temporal-address", s.server.Address(), "--rpc-url", s.rpcURL,
		"--maximum-lag", "0", // the embedded chain seals only what is sent
	}
	if s.policy.sample {
		args = append(args, "--policy-sample")
	}
	c := exec.CommandContext(ctx, self, args...)
	c.Stdout, c.Stderr = log, log
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	c.WaitDelay = node.DrainTime + 10*time.Second
	return startChild(c).wait()
}

// nodePatience is how long a node may take to serve.
const nodePatience = 60 * time.Second

func (s *stack) awaitNode(ctx context.Context, id deal.PartyID, since time.Time) error {
	file := in(s.partyDir(id), nodeName)
	deadline := time.Now().Add(nodePatience)
	for time.Now().Before(deadline) {
		if info, err := os.Stat(file); err == nil && info.ModTime().After(since) {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return fmt.Errorf("the node of %s did not come up in %s: see %s", id, nodePatience, in(s.partyDir(id), "node.log"))
}
