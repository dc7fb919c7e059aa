package metrics

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"cession/chain/lane"
)

const end = "<!-- end -->\n"

// TestOperatePageIsCurrent: reasons and metrics stand in the operator's page as
// the code has them. With -update it writes them.
func TestOperatePageIsCurrent(t *testing.T) {
	have := readPage(t)
	want := between(t, have, "<!-- reasons: generated -->\n", reasonTable())
	synctest.Test(t, func(t *testing.T) { want = between(t, want, "<!-- metrics: generated -->\n", metricTable(t)) })
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if have != want {
		t.Error("docs/operate.md is not what the code says: run go test ./metrics -update")
	}
}

func readPage(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// between replaces what stands between a line of the page and the next end.
func between(t *testing.T, text, begin, table string) string {
	t.Helper()
	before, rest, ok := strings.Cut(text, begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("docs/operate.md lacks %q or its end", begin)
	}
	return before + begin + table + end + after
}

func reasonTable() string {
	var b strings.Builder
	b.WriteString("| reason | what it means | what to do | verb |\n|---|---|---|---|\n")
	for _, r := range lane.Reasons() {
		advice, verb := lane.Advise(r), "none"
		if advice.Verb != "" {
			verb = "`" + string(advice.Verb) + "`"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r, advice.Means, advice.Do, verb)
	}
	return b.String()
}

func metricTable(t *testing.T) string {
	t.Helper()
	shown := families(t, scrape(t, testHandler(&source{list: healthy})))
	var b strings.Builder
	b.WriteString("| metric | what it says |\n|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(shown)) {
		fmt.Fprintf(&b, "| `%s` | %s |\n", name, shown[name].GetHelp())
	}
	return b.String()
}

// TestEveryReasonHasAdvice: nobody is left with a word.
func TestEveryReasonHasAdvice(t *testing.T) {
	for _, r := range lane.Reasons() {
		if a := lane.Advise(r); a.Means == "" || a.Do == "" || a.Verb != "" && !slices.Contains(lane.Verbs(), a.Verb) {
			t.Errorf("%s: %+v", r, a)
		}
	}
}

// TestOperatePageCanBeFollowed: its commands can be typed, its links lead
// somewhere, every verb is in it.
func TestOperatePageCanBeFollowed(t *testing.T) {
	text, anchors := readPage(t), anchorsOf(t)
	checkCommands(t, page, strings.ReplaceAll(text, "cession tx VERB", "cession tx show"))
	for _, m := range regexp.MustCompile(`\]\(#([^)]+)\)`).FindAllStringSubmatch(text, -1) {
		if !anchors[m[1]] {
			t.Errorf("a link leads to #%s, which is not there", m[1])
		}
	}
	for _, v := range lane.Verbs() {
		if !strings.Contains(text, "`"+string(v)+"`") {
			t.Errorf("the verb %s is not explained", v)
		}
	}
	for _, c := range lane.Causes() {
		if !strings.Contains(text, "`"+string(c)+"`") {
			t.Errorf("the reason %s is not named", c)
		}
	}
	if !strings.Contains(text, "<!-- fault table: generated -->\n") {
		t.Error("there is no place for the table of faults")
	}
}
