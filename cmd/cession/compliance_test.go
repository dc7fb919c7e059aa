//go:build !slim

package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"cession/demo"
	"cession/policies"
)

// TestCompliancePage runs docs/compliance.md: every command of its console
// blocks, in order, in a market of real processes, and compares what is printed.
// Three dots stand for anything; a line of three dots for any lines.
func TestCompliancePage(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/compliance.md")
	if err != nil {
		t.Fatal(err)
	}
	p := openPage(t)
	ran := 0
	for _, part := range pageParts.FindAllStringSubmatch(string(text), -1) {
		if part[1] != "" {
			p.act(part[1])
			continue
		}
		for _, block := range commands(part[2]) {
			p.run(block[0], block[1:])
			ran++
		}
	}
	if ran < 25 {
		t.Errorf("%d commands: want those of the whole page", ran)
	}
}

var pageParts = regexp.MustCompile("(?s)<!-- test: (\\w+) -->|```console\n(.*?)```")

// commands splits a block at its prompts: each command with what it prints.
func commands(block string) (list [][]string) {
	for line := range strings.Lines(block) {
		line = strings.TrimSuffix(line, "\n")
		if c, ok := strings.CutPrefix(line, "$ "); ok {
			list = append(list, []string{c})
		} else if n := len(list) - 1; n >= 0 {
			list[n] = append(list[n], line)
		}
	}
	return list
}

// page is where the page's commands are typed.
type page struct {
	*market
	dir   string
	words map[string]string // what stands for what differs each time
}

// openPage has a market in which one deal was made, of 12,750,000 euros.
func openPage(t *testing.T) *page {
	p := &page{market: openMarket(t), dir: t.TempDir(), words: map[string]string{}}
	bin := filepath.Join(p.dir, "bin")
	self, err := os.Executable()
	if err == nil {
		err = errors.Join(os.Mkdir(bin, 0o700), os.Symlink(self, filepath.Join(bin, "cession")), os.Symlink(p.data, filepath.Join(p.dir, "market")))
	}
	if err != nil {
		t.Fatal(err)
	}
	p.provide()
	if _, err := demo.Run(limit(t, 4*time.Minute), p.large()); err != nil {
		t.Fatal(err)
	}
	m, err := p.up.desk()
	if err != nil {
		t.Fatal(err)
	}
	known, err := m.Market(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	p.words["MARKET"] = audience(known)
	return p
}

// large is the script with sixty times its amounts.
func (p *page) large() demo.Config {
	c := p.script()
	c.Scale = 60
	return c
}

// provide writes the two files that an officer has: the new cases, as the page
// shows them, and a newer list.
func (p *page) provide() {
	text, err := os.ReadFile("../../docs/compliance.md")
	if err != nil {
		p.t.Fatal(err)
	}
	_, shown, _ := strings.Cut(string(text), "$ cat cap.yaml\n")
	shown, _, ok := strings.Cut(shown, "$ ")
	list, err := os.ReadFile("../../policies/standard/data/ofac_sdn.csv")
	if err != nil || !ok {
		p.t.Fatalf("cases on the page: %v, list: %v", ok, err)
	}
	_, list, _ = bytes.Cut(list, []byte("\n")) // the first entry was taken off
	list = append([]byte("90001,\"EXAMPLE TRADING HOUSE\",-0- ,\"CUBA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \n"), list...)
	for name, content := range map[string][]byte{"cap.yaml": []byte(shown), "SDN.CSV": list} {
		if err := os.WriteFile(filepath.Join(p.dir, name), content, 0o600); err != nil {
			p.t.Fatal(err)
		}
	}
}

// act does what the page tells others to do.
func (p *page) act(what string) {
	p.t.Helper()
	switch what {
	case "restart":
		p.up.stop()
		p.start()
	case "deal":
		_, err := demo.Run(limit(p.t, 4*time.Minute), p.large())
		var refused *demo.RefusalError
		if !errors.As(err, &refused) {
			p.t.Fatalf("have %v, want the deal to be refused", err)
		}
		p.words["ACT"] = refused.Outcome.Act.String()
		p.words["DEAL"] = p.newest()
	default:
		p.t.Fatalf("the page wants %q", what)
	}
}

// newest is the deal that was opened last.
func (p *page) newest() string {
	out, err := p.shell("cession --home market deal ls --order updated")
	if err != nil {
		p.t.Fatal(err)
	}
	rows := strings.Split(out, "\n")
	return strings.Fields(rows[1])[0]
}

func (p *page) shell(command string) (string, error) {
	for word, value := range p.words {
		command = regexp.MustCompile(`\b`+word+`\b`).ReplaceAllString(command, value)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "bash", "-c", command)
	c.Dir, c.Env = p.dir, append(os.Environ(), "PATH="+in(p.dir, "bin")+string(os.PathListSeparator)+os.Getenv("PATH"))
	out, err := c.CombinedOutput()
	return string(out), err
}

// run runs a command and compares what it prints.
func (p *page) run(command string, want []string) {
	p.t.Helper()
	have, err := p.shell(command)
	p.t.Logf("$ %s\n%s", command, have)
	fails := len(want) > 0 && strings.HasPrefix(want[len(want)-1], "cession: ")
	if (err != nil) != fails {
		p.t.Fatalf("$ %s: %v", command, err)
	}
	if !printed(want).MatchString(have) {
		p.t.Errorf("$ %s prints\n%s\nthe page says\n%s", command, have, strings.Join(want, "\n"))
	}
}

// printed is the form of an output.
func printed(want []string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`(?s)\A`)
	for _, line := range want {
		if line == "…" {
			b.WriteString(`.*`)
			continue
		}
		for i, part := range strings.Split(strings.TrimRight(line, " "), "…") {
			if i > 0 {
				b.WriteString(`[^\n]*?`)
			}
			b.WriteString(regexp.QuoteMeta(part))
		}
		b.WriteString(" *\n")
	}
	b.WriteString(`\z`)
	return regexp.MustCompile(b.String())
}

// TestOwnPackIsOne keeps the addition that policy new --own begins with whole.
func TestOwnPackIsOne(t *testing.T) {
	p, err := policies.Load(policies.OwnFS())
	if err != nil || p.Kind() != policies.KindAddition {
		t.Fatalf("error %v", err)
	}
}
