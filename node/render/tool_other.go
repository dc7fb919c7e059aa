//go:build !linux

package render

import "os/exec"

// Elsewhere than on Linux time and output alone are limited.
func contain(*exec.Cmd) {}

func confine(int) error { return nil }
