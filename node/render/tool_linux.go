package render

import (
	"fmt"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// Limits of the child process.
const (
	maxMemory  = 1 << 30 // bytes of address space
	maxSeconds = 30      // of processor time
)

// contain gives the child a process group that ends with ctx or with this process.
func contain(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
}

// confine sets limits before the child has seen any input.
func confine(pid int) error {
	for resource, limit := range map[int]uint64{unix.RLIMIT_AS: maxMemory, unix.RLIMIT_CPU: maxSeconds, unix.RLIMIT_CORE: 0} {
		if err := unix.Prlimit(pid, resource, &unix.Rlimit{Cur: limit, Max: limit}, nil); err != nil {
			return fmt.Errorf("limit %s: %w", tool, err)
		}
	}
	return nil
}
