//go:build !slim

package main

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cession/node"
)

// TestNodeStartsAlone: a node that starts while the operator's Temporal does not
// answer serves its customer and its peers, and says what is missing. It is a
// copy of a party's node, as it comes back from a backup.
func TestNodeStartsAlone(t *testing.T) {
	m := openMarket(t)
	ctx := limit(t, 3*time.Minute)
	was := mustOperator(t, m.data)
	home := copyOf(t, m.home("alpine-bank"))
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	root := newRoot(&app{out: io.Discard, err: io.Discard})
	root.SetArgs([]string{"node", "--home", home, "--party", "alpine-bank", "--listen", "127.0.0.1:0", "--desk", was.Desk,
		"--temporal-address", "127.0.0.1:1", "--rpc-url", was.RPC, "--maximum-lag", "0"})
	go func() { ended <- root.ExecuteContext(ctx) }()
	var f nodeFile
	for end := time.Now().Add(time.Minute); f.Admin == ""; time.Sleep(50 * time.Millisecond) {
		_ = readJSON(in(home, nodeName), &f) // not there yet
		select {
		case err := <-ended:
			t.Fatalf("the node ended: %v", err)
		default:
		}
		if time.Now().After(end) {
			t.Fatal("the node does not serve")
		}
	}
	if r := awaitReady(t, ctx, f.Admin); r.Warnings["temporal"] == "" {
		t.Errorf("readiness does not say that there is no Temporal: %+v", r)
	}
	client, err := node.Dial(node.ClientConfig{Dir: home, URL: f.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if _, err := client.Views(ctx); err != nil {
		t.Errorf("the customer: %v", err)
	}
	stop()
	select {
	case <-ended:
	case <-time.After(node.DrainTime + 10*time.Second):
		t.Error("the node did not end in time")
	}
}

// copyOf copies a party's folder, but for what says where its node is.
func copyOf(t *testing.T, home string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "home")
	if err := os.CopyFS(dir, os.DirFS(home)); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil {
			err = os.Chmod(path, 0o700)
		}
		if err == nil && e.Type().IsRegular() {
			err = os.Chmod(path, 0o600)
		}
		return err
	})
	if err == nil {
		err = os.Remove(in(dir, nodeName))
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
