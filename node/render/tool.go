package render

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"time"
)

// tool is the program that draws pages.
const tool = "pdftoppm"

var (
	errOutput = errors.New("the program's output is too long")
	errFailed = errors.New("the program failed")
)

// run feeds input to the tool and returns its output, of at most limit bytes. The
// tool gets no environment and no file; what it says goes nowhere, since it may
// quote the document. When ctx ends, it is killed with all it started. Errors:
// [ErrNoTool], errOutput, errFailed, those of ctx.
func run(ctx context.Context, input []byte, limit int, args ...string) ([]byte, error) {
	path, err := exec.LookPath(tool)
	if err != nil {
		return nil, ErrNoTool
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	out := &capped{limit: limit, full: func() { cancel(errOutput) }}
	c := exec.CommandContext(ctx, path, args...)
	c.Dir, c.Env = "/", []string{"LC_ALL=C", "HOME=/nonexistent", "TMPDIR=/nonexistent"}
	c.Stdout, c.WaitDelay = out, 2*time.Second
	feed, err := c.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", tool, err)
	}
	contain(c)
	runtime.LockOSThread() // the child dies with the thread that started it
	defer runtime.UnlockOSThread()
	if err := c.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", tool, err)
	}
	if err := confine(c.Process.Pid); err != nil { // it waits for its input
		cancel(err)
	}
	fed := make(chan struct{})
	go func() {
		defer close(fed)
		_, _ = feed.Write(input) // it may have seen enough
		feed.Close()
	}()
	failed := c.Wait() // closes the pipe
	<-fed
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case failed != nil:
		return nil, fmt.Errorf("%w: %w", errFailed, failed)
	}
	return out.taken.Bytes(), nil
}

// capped takes output up to a limit.
type capped struct {
	taken bytes.Buffer // not embedded: its ReadFrom knows no limit
	limit int
	full  func()
}

func (c *capped) Write(b []byte) (int, error) {
	if c.taken.Len()+len(b) > c.limit {
		c.full()
		return 0, errOutput
	}
	return c.taken.Write(b)
}
