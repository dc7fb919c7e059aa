package main

import (
	"os/exec"
	"runtime"
	"syscall"
)

// child is a process that the kernel kills when this one dies.
type child struct {
	cmd  *exec.Cmd
	done chan error
}

// startChild starts a command as a child that cannot outlive this process. The
// death signal goes with the thread that started it, so one thread stays with
// the child until it ends.
func startChild(c *exec.Cmd) *child {
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	started := &child{c, make(chan error, 1)}
	up := make(chan struct{})
	go func() {
		runtime.LockOSThread()
		err := c.Start()
		close(up)
		if err == nil {
			err = c.Wait()
		}
		started.done <- err
	}()
	<-up
	return started
}

// wait returns when the child has ended.
func (c *child) wait() error { return <-c.done }
