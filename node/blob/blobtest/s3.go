package blobtest

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"cession/node/blob"
)

// StartS3 starts a real S3 server, versitygw on a temporary folder and a free
// loopback port, as a process of its own that ends with the test, and returns
// how to reach a new bucket of it. The server's source is pinned in tools/s3;
// the go command builds it on first use, which takes a minute or two, and caches
// the result. Flags are more of its own flags.
func StartS3(t testing.TB, flags ...string) blob.S3Config {
	t.Helper()
	binary, err := server()
	if err != nil {
		t.Fatalf("build S3 server: %v", err)
	}
	c := blob.S3Config{Endpoint: freeAddress(t), Bucket: "cession", AccessKey: rand.Text(), SecretKey: rand.Text()}
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, c.Bucket), 0o700); err != nil { // a folder there is a bucket
		t.Fatalf("make bucket: %v", err)
	}
	run(t, binary, c, append(flags, folder))
	await(t, c.Endpoint)
	return c
}

// server builds the S3 server once per process and returns its path.
var server = sync.OnceValues(func() (string, error) {
	_, here, _, _ := runtime.Caller(0)
	module := filepath.Join(filepath.Dir(here), "..", "..", "..", "tools", "s3")
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Minute)
	defer cancel()
	build := exec.CommandContext(ctx, "go", "tool", "-n", "versitygw")
	build.Dir = module
	build.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	var out, problems bytes.Buffer
	build.Stdout, build.Stderr = &out, &problems
	if err := build.Run(); err != nil {
		return "", fmt.Errorf("%w: %s", err, problems.String())
	}
	return strings.TrimSpace(out.String()), nil
})

func freeAddress(t testing.TB) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("find a free port: %v", err)
	}
	defer l.Close()
	return l.Addr().String()
}

func run(t testing.TB, binary string, c blob.S3Config, args []string) {
	var log bytes.Buffer
	// Its default metadata, extended attributes, is not to be had on every temporary folder.
	cmd := exec.Command(binary, append([]string{"--port", c.Endpoint, "--quiet", "posix", "--sidecar", t.TempDir()}, args...)...)
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+c.AccessKey, "ROOT_SECRET_KEY="+c.SecretKey)
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatalf("start S3 server: %v", err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		late := time.AfterFunc(10*time.Second, func() { cmd.Process.Kill() })
		defer late.Stop()
		cmd.Wait()
		if t.Failed() {
			t.Logf("S3 server said: %s", log.String())
		}
	})
}

func await(t testing.TB, address string) {
	var err error
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		var conn net.Conn
		if conn, err = net.DialTimeout("tcp", address, time.Second); err == nil {
			conn.Close()
			return
		}
	}
	t.Fatalf("S3 server does not answer: %v", err)
}
