//go:build !slim

package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"cession/chain/lane"
)

var updateFaults = flag.Bool("update-faults", false, "write the fault table into docs/operate.md")

const (
	operatePage = "../../docs/operate.md"
	tableBegin  = "<!-- fault table: generated -->"
	tableEnd    = "<!-- end -->"
)

// TestFaultTable keeps the table of the operator's page what [TestFaults] and
// [TestWeather] play: every reason, and for each the verb that the product
// recommends.
func TestFaultTable(t *testing.T) {
	played := slices.Concat(faults, weather)
	for _, why := range lane.Reasons() {
		if !slices.ContainsFunc(played, func(f fault) bool { return f.reason == why }) {
			t.Errorf("%s is never provoked", why)
		}
	}
	for _, f := range played {
		if len(f.commands) > 3 {
			t.Errorf("%s takes %d commands, want at most 3", f.reason, len(f.commands))
		}
		verb := string(lane.Advise(f.reason).Verb)
		if len(f.commands) > 0 && strings.Fields(f.commands[0])[2] != verb {
			t.Errorf("%s: the operator types %q, the product recommends %q", f.reason, f.commands[0], verb)
		}
	}
	page, err := os.ReadFile(operatePage)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(page), tableBegin)
	_, after, closed := strings.Cut(rest, tableEnd)
	if !ok || !closed {
		t.Fatalf("docs/operate.md: want %s and %s", tableBegin, tableEnd)
	}
	want := before + tableBegin + "\n" + faultTable(played) + tableEnd + after
	if *updateFaults {
		if err := os.WriteFile(operatePage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != string(page) {
		t.Error("the fault table of docs/operate.md is not what the tests play: go test ./cmd/cession -run TestFaultTable -update-faults")
	}
}

func faultTable(list []fault) string {
	var b strings.Builder
	b.WriteString("| reason | what happened | what is done about the cause | what the operator types | the deal |\n|---|---|---|---|---|\n")
	for _, f := range list {
		typed := "nothing"
		if len(f.commands) > 0 {
			typed = "`" + strings.Join(f.commands, "`<br>`") + "`"
		}
		cured := f.cured
		if cured == "" {
			cured = "-"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | settles |\n", f.reason, f.provoked, cured, typed)
	}
	return b.String()
}
