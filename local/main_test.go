package local

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// childVar makes the test binary run a part of the stack until it is killed.
const childVar = "CESSION_LOCAL_TEST_CHILD"

const operatorKey = "operator-key-of-the-tests"

func TestMain(m *testing.M) {
	if part := os.Getenv(childVar); part != "" {
		if err := serve(part, os.Getenv(childVar+"_DIR")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// serve prints the address of the part, and ends when its parent does.
func serve(part, dir string) error {
	folder, err := OpenFolder(dir)
	if err != nil {
		return err
	}
	var address string
	switch part {
	case "temporal":
		t, err := StartTemporal(context.Background(), TemporalConfig{Dir: folder.Path("temporal"), OperatorKey: operatorKey})
		if err != nil {
			return err
		}
		address = t.Address()
	case "ethereum":
		e, err := StartEthereum(context.Background(), EthereumConfig{Dir: folder.Path("ethereum"), Alloc: testAlloc()})
		if err != nil {
			return err
		}
		address = e.URL()
	}
	fmt.Println(address)
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// child starts a part in a process of its own and returns its address and a
// function that kills it with SIGKILL.
func child(t *testing.T, part, dir string) (address string, kill func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childVar+"="+part, childVar+"_DIR="+dir)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	must(t, err)
	stdout, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	printed := make(chan struct{})
	kill = func() {
		cmd.Process.Kill()
		<-printed
		cmd.Wait()
		stdin.Close()
	}
	t.Cleanup(kill)
	timer := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	defer timer.Stop()
	lines := bufio.NewReader(stdout)
	line, err := lines.ReadString('\n')
	go func() { // the server prints nothing but its address
		defer close(printed)
		if rest, _ := io.ReadAll(lines); len(rest) > 0 {
			t.Errorf("%s printed %q", part, rest)
		}
	}()
	must(t, err)
	return strings.TrimSpace(line), kill
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func deadline(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}
