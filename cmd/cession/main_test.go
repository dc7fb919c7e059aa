package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// asCommand has this test binary be the command: that is how the tests start
// the real processes, and how those start theirs.
const asCommand = "CESSION_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	command := func() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }
	if os.Getenv(asCommand) != "" {
		command()
	}
	testscript.Main(m, map[string]func(){"cession": command})
}
