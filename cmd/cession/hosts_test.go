//go:build !slim

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// hosts are network namespaces joined by a bridge in one more: each has an
// address and a link of its own, as machines on a network do. Files are shared:
// what is kept apart here is what goes over the wire.
type hosts struct {
	t      *testing.T
	prefix string
	router string
}

const hostPrefix = "cession-"

// newHosts makes namespaces with the addresses 10.77.0.1, .2 and so on. It fails
// where that is not allowed: a test that did not run shows nothing.
func newHosts(t *testing.T, names ...string) *hosts {
	t.Helper()
	h := &hosts{t: t, prefix: fmt.Sprintf("%s%d-", hostPrefix, os.Getpid())}
	h.router = h.prefix + "router"
	if os.Geteuid() != 0 {
		t.Fatal("this test makes network namespaces: run it as root, or with CAP_NET_ADMIN and CAP_SYS_ADMIN")
	}
	for _, tool := range []string{"ip", "tcpdump"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("%s is missing: run tools/install iproute2 tcpdump", tool)
		}
	}
	removeStale(t)
	t.Cleanup(func() {
		for _, name := range append(names, "router") {
			_ = exec.Command("ip", "netns", "del", h.prefix+name).Run()
		}
	})
	h.ip("netns", "add", h.router)
	h.ip("-n", h.router, "link", "add", "br0", "type", "bridge")
	h.ip("-n", h.router, "link", "set", "br0", "up")
	for i, name := range names {
		ns := h.prefix + name
		h.ip("netns", "add", ns)
		h.ip("-n", h.router, "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", ns)
		h.ip("-n", h.router, "link", "set", name, "master", "br0", "up")
		h.ip("-n", ns, "address", "add", fmt.Sprintf("10.77.0.%d/24", i+1), "dev", "eth0")
		h.ip("-n", ns, "link", "set", "lo", "up")
		h.ip("-n", ns, "link", "set", "eth0", "up")
	}
	return h
}

// removeStale removes the namespaces of test processes that were killed.
func removeStale(t *testing.T) {
	out, err := exec.Command("ip", "netns", "list").Output()
	if err != nil {
		t.Fatalf("ip netns list: %v: does the kernel have network namespaces, and may this process make them?", err)
	}
	for line := range strings.Lines(string(out)) {
		name, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		rest, ours := strings.CutPrefix(name, hostPrefix)
		id, _, _ := strings.Cut(rest, "-")
		if pid, err := strconv.Atoi(id); ours && err == nil && syscall.Kill(pid, 0) != nil {
			_ = exec.Command("ip", "netns", "del", name).Run()
		}
	}
}

func (h *hosts) ip(args ...string) {
	h.t.Helper()
	if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
		h.t.Fatalf("ip %s: %v: %s: are there CAP_NET_ADMIN, CAP_SYS_ADMIN and the kernel's veth and bridge?", strings.Join(args, " "), err, bytes.TrimSpace(out))
	}
}

// plug takes a host off the network, or puts it back.
func (h *hosts) plug(host, state string) {
	h.t.Helper()
	h.ip("-n", h.router, "link", "set", host, state)
}

// on makes a command that runs on a host.
func (h *hosts) on(ctx context.Context, host string, name string, args ...string) *exec.Cmd {
	return exec.CommandContext(ctx, "ip", append([]string{"netns", "exec", h.prefix + host, name}, args...)...)
}

// start runs a command on a host until the test ends. It returns the file of what
// the command says, and its process.
func (h *hosts) start(host, name string, env []string, args ...string) (log string, pid int) {
	h.t.Helper()
	log = in(h.t.TempDir(), host+".log")
	out, err := os.Create(log)
	if err != nil {
		h.t.Fatal(err)
	}
	c := h.on(context.Background(), host, name, args...)
	c.Env = append(os.Environ(), env...)
	c.Stdout, c.Stderr = out, out
	running := startChild(c)
	if c.Process == nil {
		h.t.Fatalf("start %s on %s: %v", name, host, running.wait())
	}
	h.t.Cleanup(func() {
		defer out.Close()
		_ = c.Process.Signal(os.Interrupt)
		late := time.AfterFunc(30*time.Second, func() { _ = c.Process.Kill() })
		defer late.Stop()
		_ = running.wait()
		if h.t.Failed() {
			said, _ := os.ReadFile(log)
			h.t.Logf("%s on %s said:\n%s", args, host, said[max(0, len(said)-3000):])
		}
	})
	return log, c.Process.Pid
}

// peak is the most memory that a process had resident so far, in bytes.
func (h *hosts) peak(pid int) (bytes int64) {
	h.t.Helper()
	for line := range strings.Lines(string(mustRead(h.t, fmt.Sprintf("/proc/%d/status", pid)))) {
		if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &bytes); err == nil {
			return bytes << 10
		}
	}
	h.t.Fatalf("process %d does not tell its memory", pid)
	return 0
}

// traffic is how many bytes a host has received and sent.
func (h *hosts) traffic(host string) (n int64) {
	h.t.Helper()
	out, err := exec.Command("ip", "-n", h.prefix+host, "-s", "-j", "link", "show", "dev", "eth0").Output()
	var list []struct {
		Stats map[string]struct{ Bytes int64 } `json:"stats64"`
	}
	if err == nil {
		err = json.Unmarshal(out, &list)
	}
	if err != nil || len(list) != 1 {
		h.t.Fatalf("traffic of %s: %v", host, err)
	}
	return list[0].Stats["rx"].Bytes + list[0].Stats["tx"].Bytes
}
