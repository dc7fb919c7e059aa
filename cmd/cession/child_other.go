//go:build !linux

package main

import "os/exec"

// child is a process of ours. Only Linux kills it when this process is killed.
type child struct {
	cmd  *exec.Cmd
	done chan error
}

// startChild starts a command.
func startChild(c *exec.Cmd) *child {
	started := &child{c, make(chan error, 1)}
	err := c.Start()
	go func() {
		if err == nil {
			err = c.Wait()
		}
		started.done <- err
	}()
	return started
}

// wait returns when the child has ended.
func (c *child) wait() error { return <-c.done }
