//go:build !slim

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"cession/node"
)

// upProcess is a cession up that this process started.
type upProcess struct {
	data  string
	ctx   context.Context // ends with the process
	child *child
	gone  chan struct{} // closed when the process has ended
	said  *tail

	mu    sync.Mutex // guards what follows
	nodes map[string]*node.Client
}

var errStopped = errors.New("cession up stopped")

// upPatience is how long everything may take to come up.
const upPatience = 3 * time.Minute

func startUp(ctx context.Context, f demoFlags) (*upProcess, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	args := []string{"up", "--data", f.data}
	if f.rpcListen != "" {
		args = append(args, "--rpc-listen", f.rpcListen)
	}
	u := &upProcess{data: f.data, said: &tail{}, gone: make(chan struct{}), nodes: map[string]*node.Client{}}
	c := exec.Command(self, args...)
	c.Stdout, c.Stderr = u.said, u.said
	ended, cancel := context.WithCancelCause(ctx)
	u.ctx, u.child = ended, startChild(c)
	go func() {
		defer close(u.gone)
		err := u.child.wait()
		cancel(fmt.Errorf("%w (%v): %s", errStopped, err, u.said))
	}()
	return u, nil
}

// await returns once everything is ready.
func (u *upProcess) await() error {
	deadline := time.NewTimer(upPatience)
	defer deadline.Stop()
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for {
		// an older process may have left its file behind
		if o, err := readOperator(u.data); err == nil && u.child.cmd.Process != nil && o.PID == u.child.cmd.Process.Pid {
			return nil
		}
		select {
		case <-look.C:
		case <-u.ctx.Done():
			return context.Cause(u.ctx)
		case <-deadline.C:
			return fmt.Errorf("cession up was not ready in %s: %s", upPatience, u.said)
		}
	}
}

// failure returns why the process ended by itself, or nil.
func (u *upProcess) failure() error {
	if cause := context.Cause(u.ctx); errors.Is(cause, errStopped) {
		return cause
	}
	return nil
}

// stop ends the process and returns when it has ended.
func (u *upProcess) stop() {
	p := u.child.cmd.Process
	if p == nil {
		return
	}
	_ = p.Signal(os.Interrupt)
	select {
	case <-u.gone:
	case <-time.After(2*node.DrainTime + 10*time.Second):
		_ = p.Kill()
		<-u.gone
	}
}

// tail keeps the last words of a process.
type tail struct {
	mu    sync.Mutex
	words []byte // guarded by mu
}

const tailSize = 4 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.words = append(t.words, p...)
	if extra := len(t.words) - tailSize; extra > 0 {
		t.words = bytes.Clone(t.words[extra:])
	}
	return len(p), nil
}

// String returns the last line.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := strings.Split(strings.TrimSpace(string(t.words)), "\n")
	return lines[len(lines)-1]
}
