package main

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScript runs the transcripts in testdata/script: what people type, and what
// they get.
func TestScript(t *testing.T) {
	commands := laneCommands()
	commands["exitcode"] = exitCodeIs
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		Cmds:          commands,
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
		Setup: func(e *testscript.Env) error {
			e.Setenv("CESSION_HOME", "")
			e.Setenv("TMPDIR", e.WorkDir)
			e.Values[laneKey{}] = &laneBox{}
			return os.MkdirAll(e.WorkDir, 0o700)
		},
	})
}

// exitCodeIs runs a command and compares its exit code: exitcode 2 cession nosuch.
func exitCodeIs(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exitcode CODE COMMAND...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}
