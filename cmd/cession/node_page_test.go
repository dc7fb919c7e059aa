package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

var consoleLine = regexp.MustCompile(`(?m)^\$ cession (.*)$`)

// TestNodePage: each command on the page about the node is one that the program
// takes: the command exists, has these flags, and so many arguments.
func TestNodePage(t *testing.T) {
	page, err := os.ReadFile("../../docs/node.md")
	if err != nil {
		t.Fatal(err)
	}
	lines := consoleLine.FindAllStringSubmatch(string(page), -1)
	if len(lines) < 20 {
		t.Fatalf("the page has %d commands: want at least 20", len(lines))
	}
	for _, line := range lines {
		if err := takes(strings.TrimSuffix(line[1], " > node.yaml")); err != nil {
			t.Errorf("cession %s: %v", line[1], err)
		}
	}
	for _, wrong := range []string{"node room-page", "node handover d-1 --nope", "node log head 1 2 3", "deal act"} {
		if takes(wrong) == nil {
			t.Errorf("cession %s is taken", wrong)
		}
	}
}

// takes reports a command line that the program would turn down before it does
// anything.
func takes(line string) error {
	c, rest, err := newRoot(&app{}).Find(words(line))
	if err != nil {
		return err
	}
	if err := c.ParseFlags(rest); err != nil {
		return err
	}
	return c.ValidateArgs(c.Flags().Args())
}

// words splits a command line at spaces outside double quotes.
func words(line string) (list []string) {
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 1 {
			list = append(list, part)
		} else {
			list = append(list, strings.Fields(part)...)
		}
	}
	return list
}
