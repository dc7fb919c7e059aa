package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"cession/deal"
	"cession/node/blob"
)

// A node as a process of its own, which tests can kill: the test binary run
// again. What is fake about a world goes through a file.

const (
	childVariable = "CESSION_TEST_NODE"       // folder with the stage
	childParty    = "CESSION_TEST_NODE_PARTY" // which node it is
	childDies     = "CESSION_TEST_NODE_DIES"  // set: by its own hand at the first chunk boundary
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childVariable); dir != "" {
		if err := runChild(dir, deal.PartyID(os.Getenv(childParty)), os.Getenv(childDies) != ""); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// stage is a world on disk.
type stage struct {
	Now     time.Time
	Secrets map[deal.Address][]byte
	Anchors map[deal.Commitment]bool
	Titles  map[deal.Commitment]deal.Commitment
	Escrows map[deal.Commitment]string
	Nodes   map[deal.PartyID]stagedNode
	Limit   int64 // bytes per second
	Lines   int   // ranges at once
}

type stagedNode struct {
	Dir, Address string
	Record       Record
}

// stage writes the world to disk, for nodes that listen on free ports.
func (w *world) stage(limit int64, lines int) (dir string, s stage) {
	w.t.Helper()
	s = stage{Now: w.clock.Now(), Secrets: maps.Clone(w.signers.secrets), Limit: limit, Lines: lines, Nodes: map[deal.PartyID]stagedNode{}}
	w.chain.set(func() {
		s.Anchors, s.Titles, s.Escrows = maps.Clone(w.chain.anchors), maps.Clone(w.chain.titles), maps.Clone(w.chain.escrows)
	})
	for _, id := range []deal.PartyID{seller, buyer} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		check(w.t, err)
		address := l.Addr().String()
		check(w.t, w.members[id].node.Publish(context.Background(), "https://"+address))
		s.Nodes[id] = stagedNode{w.members[id].dir, address, w.directory.records[id]}
		check(w.t, l.Close())
	}
	dir = w.t.TempDir()
	check(w.t, os.WriteFile(filepath.Join(dir, "stage.json"), []byte(jsonColumn(s)), 0o600))
	return dir, s
}

// noDesk is an operator that is away.
type noDesk struct{}

func (noDesk) Open(context.Context, deal.ID) (deal.Opening, error) { return deal.Opening{}, errHook }
func (noDesk) Act(context.Context, deal.Act) (deal.Outcome, error) { return deal.Outcome{}, errHook }
func (noDesk) View(context.Context, deal.ID) (View, error)         { return View{}, errHook }
func (s stage) Record(_ context.Context, p deal.PartyID) (Record, error) {
	return s.Nodes[p].Record, nil
}
func (stage) Publish(context.Context, Record) error { return nil }

func runChild(dir string, party deal.PartyID, dies bool) error {
	text, err := os.ReadFile(filepath.Join(dir, "stage.json"))
	if err != nil {
		return err
	}
	var s stage
	if err := json.Unmarshal(text, &s); err != nil {
		return err
	}
	signers := &fakeSigners{secrets: s.Secrets}
	me := s.Nodes[party]
	store, err := blob.OpenFile(filepath.Join(me.Dir, "blobs"))
	if err != nil {
		return err
	}
	var blobs blob.Store = store
	if party == seller {
		ledger, err := os.OpenFile(filepath.Join(dir, "ranges"), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
		if err != nil {
			return err
		}
		blobs = &ledgerBlobs{store, ledger, dies}
	}
	n, err := Open(context.Background(), Config{
		Party: party, Dir: me.Dir, Market: testMarket, Wallet: signers.wallet(string(party)), Second: signers.wallet(string(party) + " second"),
		Hashes: Hashes{Keccak: fakeKeccak, Digest: fakeDigest, StructHash: fakeStruct}, Verifier: signers,
		Chain: &fakeChain{anchors: s.Anchors, titles: s.Titles, escrows: s.Escrows},
		Desk:  noDesk{}, Directory: s, Policy: &fakePolicy{refuse: map[string]bool{}, own: map[string]bool{}, liftable: map[string]bool{}},
		Blobs: blobs, Now: func() time.Time { return s.Now }, Endpoint: "https://" + me.Address, Recorder: (&fakeRecorder{}).record, Tape: testTape,
		TransferLimit: s.Limit, TransferParallel: s.Lines, TransferPause: 20 * time.Millisecond, Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	if err != nil {
		return err
	}
	if party == buyer && dies {
		c, err := n.peer(context.Background(), seller)
		if err != nil {
			return err
		}
		c.http.Transport = &deadly{c.http.Transport}
	}
	l, err := listenAgain(me.Address)
	if err != nil {
		return err
	}
	return n.Serve(context.Background(), l)
}

// listenAgain takes the address over from a process that was just killed.
func listenAgain(address string) (l net.Listener, err error) {
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if l, err = net.Listen("tcp", address); err == nil {
			return l, nil
		}
	}
	return nil, err
}

// child is a node's process.
type child struct {
	t    testing.TB
	cmd  *exec.Cmd
	gone chan struct{}
	err  error
	log  strings.Builder
}

func startChild(t testing.TB, dir string, party deal.PartyID, dies bool) *child {
	t.Helper()
	c := &child{t: t, cmd: exec.Command(os.Args[0]), gone: make(chan struct{})}
	c.cmd.Env = append(os.Environ(), childVariable+"="+dir, childParty+"="+string(party))
	if dies {
		c.cmd.Env = append(c.cmd.Env, childDies+"=1")
	}
	c.cmd.Stderr = &c.log
	check(t, c.cmd.Start())
	go func() { c.err = c.cmd.Wait(); close(c.gone) }()
	t.Cleanup(c.kill)
	return c
}

func (c *child) kill() {
	_ = c.cmd.Process.Kill()
	<-c.gone
}

func (c *child) alive() bool {
	select {
	case <-c.gone:
		return false
	default:
		return true
	}
}

// killed wants the process to end by a signal, within a time, unless it is spared.
func (c *child) killed(within time.Duration, spared func() bool) {
	c.t.Helper()
	for end := time.Now().Add(within); c.alive(); time.Sleep(5 * time.Millisecond) {
		if spared() {
			return
		}
		if time.Now().After(end) {
			c.t.Fatalf("the node did not get to a chunk boundary in %v: %s", within, tailOf(c.log.String()))
		}
	}
	var exit *exec.ExitError
	if !errors.As(c.err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		c.t.Fatalf("the node ended with %v: %s", c.err, tailOf(c.log.String()))
	}
}

func tailOf(log string) string { return log[max(0, len(log)-2000):] }

// peak returns the most memory a process had resident, in bytes; 0 if it is gone.
func (c *child) peak() int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		var kb int64
		if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &kb); err == nil {
			return kb << 10
		}
	}
	return 0
}

// bulk is a document of any size that is never in memory: a JPEG image, for
// all that is looked at.
func bulk(size int64) io.Reader {
	var seed [32]byte
	seed[0] = byte(size)
	return io.MultiReader(strings.NewReader("\xff\xd8\xff"), io.LimitReader(rand.NewChaCha8(seed), size-5), strings.NewReader("\xff\xd9"))
}
