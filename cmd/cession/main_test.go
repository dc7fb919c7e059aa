package main

import (
	"fmt"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// asCommand has this test binary be the command: that is how the tests start
// the real processes, and how those start theirs.
const asCommand = "CESSION_TEST_AS_COMMAND"

// asRole has this test binary play a part of its own that tests start as a
// process. Its value is one of parts.
const asRole = "CESSION_TEST_AS_ROLE"

var parts = map[string]func() error{}

func TestMain(m *testing.M) {
	if role := os.Getenv(asRole); role != "" {
		if err := parts[role](); err != nil {
			fmt.Fprintln(os.Stderr, role+":", err)
			os.Exit(1)
		}
		return
	}
	command := func() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }
	if os.Getenv(asCommand) != "" {
		command()
	}
	if err := os.Setenv(asCommand, "1"); err != nil { // for what the tests start
		panic(err)
	}
	testscript.Main(m, map[string]func(){"cession": command})
}
