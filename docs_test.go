package cession

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	claimRow = regexp.MustCompile(`(?m)^\| (?:\*\*K\*\* )?(S-\d\d) \|(.*)$`)
	quoted   = regexp.MustCompile("`([^`]+)`")
	testName = regexp.MustCompile(`^(Test[A-Z]\w*|Fuzz[A-Z]\w*|Benchmark[A-Z]\w*|test(Fuzz)?_\w+|invariant_\w+)$`)
	testFunc = regexp.MustCompile(`(?m)^\s*func(?:tion)? (\w+)\(`)
	filePath = regexp.MustCompile(`^[\w.-]+(/[\w.-]+)*(/|\.\w+)$`)
	target   = regexp.MustCompile(`(?m)^([a-z-]+):.*## `)
)

// claims is how many claims the mission has.
const claims = 70

// TestMissionHasARowForEveryClaim: each claim once, each with its state.
func TestMissionHasARowForEveryClaim(t *testing.T) {
	rows := map[string]string{}
	for _, m := range claimRow.FindAllStringSubmatch(readDoc(t, "docs/mission.md"), -1) {
		if rows[m[1]] != "" {
			t.Errorf("%s has two rows", m[1])
		}
		rows[m[1]] = m[2]
	}
	for i := 1; i <= claims; i++ {
		id := fmt.Sprintf("S-%02d", i)
		cells := strings.Split(strings.TrimSuffix(rows[id], "|"), "|")
		if len(cells) != 4 {
			t.Errorf("%s has no row of five cells", id)
			continue
		}
		state := strings.TrimSpace(cells[3])
		switch word, why, _ := strings.Cut(state, ":"); {
		case word == "shown" && quoted.FindString(cells[2]) == "":
			t.Errorf("%s is called shown, but by nothing", id)
		case word != "shown" && word != "part" && word != "open":
			t.Errorf("%s: its state %q is not shown, part or open", id, state)
		case word != "shown" && why == "":
			t.Errorf("%s is %s, and does not say what is missing", id, word)
		}
	}
	if len(rows) != claims {
		t.Errorf("%d rows, want %d", len(rows), claims)
	}
}

// TestDocsNameWhatIsThere: every test, file and make target in backquotes
// exists, in all pages that people write.
func TestDocsNameWhatIsThere(t *testing.T) {
	tests, targets := testNames(t), map[string]bool{}
	for _, m := range target.FindAllStringSubmatch(readDoc(t, "Makefile"), -1) {
		targets[m[1]] = true
	}
	pages, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range append(pages, "CONTRIBUTING.md", "CHANGELOG.md", "deploy/README.md") {
		if page == "docs/steps.md" {
			continue // generated; TestStepsAreCurrent checks it
		}
		for _, m := range quoted.FindAllStringSubmatch(readDoc(t, page), -1) {
			name := m[1]
			verb, makes := strings.CutPrefix(name, "make ")
			switch {
			case testName.MatchString(name) && !tests[name]:
				t.Errorf("%s names the test %s, which is not there", page, name)
			case makes && !targets[verb]:
				t.Errorf("%s names `%s`, which the Makefile does not have", page, name)
			case inTree(name) && !exists(name):
				t.Errorf("%s names the file %s, which is not there", page, name)
			}
		}
	}
}

// inTree reports whether a name is a path of this repository: one with a folder
// of ours in front, or a file at the top.
func inTree(name string) bool {
	if !filePath.MatchString(name) {
		return false
	}
	first, rest, nested := strings.Cut(name, "/")
	if !nested {
		return strings.HasSuffix(name, ".md") || strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, ".yml")
	}
	return rest == "" || exists(first)
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// testNames are the functions of all test files, Go's and Foundry's.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git" || d.Name() == "out" || d.Name() == "cache") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, "_test.go") && !strings.HasSuffix(path, ".t.sol") {
			return nil
		}
		for _, m := range testFunc.FindAllStringSubmatch(readDoc(t, path), -1) {
			names[m[1]] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func readDoc(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
