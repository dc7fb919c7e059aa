// Package chaintest gives tests a real Ethereum node and a network that fails
// on request.
package chaintest

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"testing"
	"time"
)

// ChainID is the chain of every node started here.
const ChainID = 31337

// DevKey is the first account of anvil's well-known mnemonic, rich in ether.
// It is public: never use it anywhere else.
const DevKey = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"

var listening = regexp.MustCompile(`^Listening on (127\.0\.0\.1:\d+)`)

// Anvil starts a fresh node on a free loopback port, under Osaka rules, and
// returns its URL. It mines each transaction at once and stops with the test.
func Anvil(t testing.TB) string {
	t.Helper()
	cmd := exec.Command(binary(t), "--port", "0", "--host", "127.0.0.1", "--hardfork", "osaka", "--cache-path", t.TempDir())
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatalf("start anvil: %v", err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("start anvil: %v", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	found := make(chan string, 1)
	go func() { // reads on to the end, or a full pipe would stop the node
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if m := listening.FindStringSubmatch(lines.Text()); m != nil {
				found <- "http://" + m[1]
			}
		}
	}()
	select {
	case url := <-found:
		return url
	case <-time.After(30 * time.Second):
		t.Fatal("anvil does not listen after 30 s")
		return ""
	}
}

// binary finds the executable that npm installed: not its Node.js wrapper,
// which would survive being killed as a process of its own.
func binary(t testing.TB) string {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	modules := filepath.Join(filepath.Dir(here), "..", "..", "contracts", "node_modules", "@foundry-rs")
	found, _ := filepath.Glob(filepath.Join(modules, "anvil-*", "bin", "anvil*"))
	if len(found) == 0 {
		t.Fatal("anvil is not installed: run make tools")
	}
	return found[0]
}
