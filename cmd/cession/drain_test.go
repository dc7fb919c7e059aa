//go:build !slim

package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"cession/node"
	"cession/node/vault"
)

// TestNodeDrains: a real node is ready, with facts; told to end it is not ready
// any more, finishes the request it has begun, takes no other, and ends.
func TestNodeDrains(t *testing.T) {
	t.Parallel()
	m := openMarket(t)
	ctx := limit(t, 3*time.Minute)
	home := m.home("alpine-bank")
	var f nodeFile
	if err := readJSON(in(home, nodeName), &f); err != nil {
		t.Fatal(err)
	}
	r := awaitReady(t, ctx, f.Admin)
	for name, fact := range map[string]string{"chain": "id", "disk": "free_bytes", "record": "at", "policy": "digest"} {
		if r.Facts[name][fact] == nil {
			t.Errorf("readiness says nothing of %s %s: %+v", name, fact, r)
		}
	}
	if len(r.Warnings) > 0 {
		t.Errorf("warnings: %v", r.Warnings)
	}
	client, err := node.Dial(node.ClientConfig{Dir: home, URL: f.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	opened, err := client.Open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	tape := slowTape()
	answered := make(chan error, 1)
	go func() {
		report, err := client.CountTape(ctx, opened.ID, tape, -1)
		if err == nil && report.SHA256 != tape.sum() {
			err = fmt.Errorf("another document was counted: %v", report)
		}
		answered <- err
	}()
	<-tape.begun
	time.Sleep(300 * time.Millisecond) // what was sent arrives
	pid := processOf(t, "node", home)
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if r, err := readiness(ctx, f.Admin); err == nil && !r.OK && r.Reasons["draining"] != "" {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the node that is to end still says that it is ready")
		}
	}
	if _, err := client.Views(ctx); err == nil {
		t.Error("a node that drains took another request")
	}
	close(tape.finish)
	if err := <-answered; err != nil {
		t.Errorf("the request that was running: %v", err)
	}
	for end := time.Now().Add(node.DrainTime + 10*time.Second); syscall.Kill(pid, 0) == nil; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the node did not end in time")
		}
	}
}

// tapeReader is a data tape of which the second half is held back.
type tapeReader struct {
	whole         []byte
	parts         [2]*bytes.Reader
	begun, finish chan struct{}
	waited        bool
}

func (r *tapeReader) sum() vault.Digest { return sha256.Sum256(r.whole) }

func slowTape() *tapeReader {
	b := []byte("loan_id,amount,due\n")
	for i := range 1000 {
		b = fmt.Appendf(b, "%d,1000.00,2027-01-31\n", i)
	}
	half := len(b) / 2
	return &tapeReader{
		whole: b, parts: [2]*bytes.Reader{bytes.NewReader(b[:half]), bytes.NewReader(b[half:])},
		begun: make(chan struct{}), finish: make(chan struct{}),
	}
}

// Read gives the first half, waits, and gives the second.
func (r *tapeReader) Read(p []byte) (int, error) {
	if n, err := r.parts[0].Read(p); err != io.EOF {
		return n, err
	}
	if !r.waited {
		r.waited = true
		close(r.begun)
		<-r.finish
	}
	return r.parts[1].Read(p)
}

func readiness(ctx context.Context, admin string) (r report, err error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, admin+"/readyz", nil)
	if err != nil {
		return r, err
	}
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		return r, err
	}
	defer resp.Body.Close()
	return r, json.NewDecoder(resp.Body).Decode(&r)
}

func awaitReady(t *testing.T, ctx context.Context, admin string) (r report) {
	t.Helper()
	var err error
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if r, err = readiness(ctx, admin); err == nil && r.OK {
			return r
		}
	}
	t.Fatalf("not ready: %v, %+v", err, r)
	return r
}

// processOf finds the process whose arguments name a verb and a folder.
func processOf(t *testing.T, verb, home string) int {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		args := strings.Split(string(raw), "\x00")
		if err == nil && len(args) > 3 && args[1] == verb && strings.Contains(string(raw), "\x00"+home+"\x00") {
			pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
			if err != nil {
				t.Fatal(err)
			}
			return pid
		}
	}
	t.Fatalf("no process %s of %s", verb, home)
	return 0
}
