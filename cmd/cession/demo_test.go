//go:build !slim

package main

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cession/demo"
)

// TestDemo plays the demo as a person does, and checks what it says against
// the chain by a JSON-RPC call of its own.
func TestDemo(t *testing.T) {
	t.Parallel()
	data, rpc := filepath.Join(t.TempDir(), "data"), freePort(t)
	out, errs := &tail{}, &tail{}
	c := exec.CommandContext(limit(t, 5*time.Minute), os.Args[0],
		"demo", "--json", "--data", data, "--keep", "--rpc-listen", rpc)
	c.Stdout, c.Stderr = out, errs
	running := startChild(c)
	t.Cleanup(func() { _ = c.Process.Signal(os.Interrupt); _ = running.wait() })
	r := awaitResult(t, out)
	if r.State != "settled" || r.Documents != 8 || r.Verified != r.Documents || r.Refusals == 0 || r.Transactions == 0 || r.Gas == 0 {
		t.Errorf("the demo says %+v\n%s", r, errs)
	}
	if owner := ownerOf(t, data, rpc, r); owner != r.Owner.String() {
		t.Errorf("the chain says that the title is %s's, the demo says %s", owner, r.Owner)
	}
	if buyer := walletOf(t, filepath.Join(data, "parties", "borealis-fund")); buyer != r.Owner.String() {
		t.Errorf("the title is %s's, the buyer's wallet is %s", r.Owner, buyer)
	}
	checkTalk(t, data, "http://"+rpc, r.Deal)
}

// awaitResult waits for the line of JSON that ends a demo.
func awaitResult(t *testing.T, out *tail) (r demo.Result) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Minute); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		if json.Unmarshal([]byte(out.String()), &r) == nil {
			return r
		}
	}
	t.Fatalf("no result in time: %s", out)
	return r
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// ownerOf asks the title contract with nothing but HTTP (ERC-721 ownerOf).
func ownerOf(t *testing.T, data, rpc string, r demo.Result) string {
	t.Helper()
	var market struct{ Receivable string }
	if err := readJSON(filepath.Join(data, marketName), &market); err != nil {
		t.Fatal(err)
	}
	ask, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": "eth_call", "params": []any{
		map[string]string{"to": market.Receivable, "data": "0x6352211e" + r.Token.String()[2:]}, "latest",
	}})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Post("http://"+rpc, "application/json", bytes.NewReader(ask))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer struct{ Result string }
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || len(answer.Result) != 66 {
		t.Fatalf("ownerOf: %v %q", err, answer.Result)
	}
	return "0x" + answer.Result[26:]
}

// walletOf is the address in the name of a party's keystore file.
func walletOf(t *testing.T, home string) string {
	t.Helper()
	file, err := walletFile(filepath.Join(home, "wallet"))
	if err != nil {
		t.Fatal(err)
	}
	var keystore struct{ Address string }
	if err := readJSON(file, &keystore); err != nil {
		t.Fatal(err)
	}
	return "0x" + strings.TrimPrefix(strings.ToLower(keystore.Address), "0x")
}
