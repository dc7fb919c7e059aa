//go:build !slim

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"cession/deal"
)

// begin starts the processes, each on its host: the nodes as they are shipped,
// without the embedded servers.
func (p *play) begin() {
	p.t.Helper()
	slim := in(p.t.TempDir(), "cession")
	if out, err := exec.CommandContext(p.ctx, "go", "build", "-tags", "slim", "-ldflags", "-s -w", "-o", slim, ".").CombinedOutput(); err != nil {
		p.t.Fatalf("build the slim binary: %v: %s", err, out)
	}
	self, err := os.Executable()
	if err != nil {
		p.t.Fatal(err)
	}
	p.h.start("chain", self, append(p.env, asRole+"=chain"))
	p.await("the chain", time.Minute, func() bool { return p.asked("http://"+p.stage.RPC) == nil })
	p.h.start("operator", self, append(p.env, asRole+"=operator"))
	p.await("the operator", 2*time.Minute, func() bool { _, err := readOperator(p.m.data); return err == nil })
	for party, host := range hostOf {
		address := map[string]string{"seller": "10.77.0.3:9443", "buyer": "10.77.0.4:9443"}[host]
		log, pid := p.h.start(host, slim, []string{
			"CESSION_NODE_TRANSFER_LIMIT=" + slowly, "CESSION_NODE_MAXIMUM_LAG=0", "CESSION_NODE_LOG_LEVEL=debug",
		}, "node", "--home", p.m.home(party), "--party", string(party), "--listen", address, "--endpoint", "https://"+address,
			"--desk", "http://"+p.stage.Desk, "--temporal-address", p.stage.Queue, "--rpc-url", "http://"+p.stage.RPC, "--policy-sample")
		p.logs, p.nodes = append(p.logs, log), append(p.nodes, pid)
		p.await("the node of "+string(party), time.Minute, func() bool {
			_, err := os.Stat(in(p.m.home(party), nodeName))
			return err == nil
		})
	}
}

func (p *play) await(what string, most time.Duration, there func() bool) {
	p.t.Helper()
	for end := time.Now().Add(most); time.Now().Before(end) && p.ctx.Err() == nil; time.Sleep(150 * time.Millisecond) {
		if there() {
			return
		}
	}
	p.t.Fatalf("%s: not in %s", what, most)
}

// asked asks for a URL from the buyer's host.
func (p *play) asked(url string) error {
	_, err := p.ask(url)
	return err
}

func (p *play) ask(args ...string) ([]byte, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := p.h.on(p.ctx, "buyer", self, args...)
	c.Env = append(os.Environ(), asRole+"=ask")
	return c.Output()
}

// cli runs a command of a party on its host.
func (p *play) cli(party deal.PartyID, args ...string) ([]byte, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := p.h.on(p.ctx, hostOf[party], self, append([]string{"--home", p.m.home(party)}, args...)...)
	var problems bytes.Buffer
	c.Stderr = &problems
	out, err := c.Output()
	if err != nil {
		err = fmt.Errorf("%s: cession %s: %w: %s %s", party, strings.Join(args, " "), err, problems.String(), out)
	}
	return out, err
}

// must runs a command until it succeeds: what it waits for, such as a room that
// opens a moment after the invitation, comes.
func (p *play) must(party deal.PartyID, args ...string) []byte {
	p.t.Helper()
	var out []byte
	var err error
	for end := time.Now().Add(time.Minute); time.Now().Before(end) && p.ctx.Err() == nil; time.Sleep(300 * time.Millisecond) {
		if out, err = p.cli(party, args...); err == nil {
			return out
		}
	}
	p.t.Fatal(err)
	return nil
}

// act takes an action; "room" before its name says that it is the buyer's room's.
func (p *play) act(party deal.PartyID, name string, more ...string) {
	p.t.Helper()
	name, room := strings.CutPrefix(name, "room ")
	step, action, _ := strings.Cut(name, ".")
	args := append([]string{"deal", "act", string(p.id), step, action}, more...)
	if room {
		args = append(args, "--room", string(hostsBuyer))
	}
	p.must(party, args...)
}
