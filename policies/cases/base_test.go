package cases

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"cession/deal"
	"cession/policies"
)

var update = flag.Bool("update", false, "write the base documents of the standard pack")

const baseFile = "../standard/cases/base.yaml"

// baseHead begins the file of base documents.
const baseHead = `# Base documents: every act of an invented deal, as the rules see it when it is
# allowed. Cases are like one of these, with something changed. The file is made
# from the course of a deal: go test ./policies/cases -run TestBase -update
`

func standard(t testing.TB) *policies.Pack {
	t.Helper()
	p, err := policies.Standard()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// captureAll writes the course of a deal as cases.
func captureAll(t testing.TB, bases []base) []byte {
	t.Helper()
	var b bytes.Buffer
	b.WriteString(baseHead)
	for _, base := range bases {
		c, err := captured(base.act, "", base.Document, base.Decision)
		if err != nil {
			t.Fatal(err)
		}
		c.Expect.Rules = nil // allowed: all of them pass
		var text strings.Builder
		c.write(&text)
		b.WriteString(text.String())
	}
	return b.Bytes()
}

// TestBaseDocumentsAreOfTheWholeDeal takes a deal through every act of the
// standard plan and compares with the file that ships.
func TestBaseDocumentsAreOfTheWholeDeal(t *testing.T) {
	bases := newCourse(t, standard(t)).run()
	seen := map[string]bool{}
	for _, b := range bases {
		seen[b.act] = true
	}
	for _, step := range deal.Standard().Steps {
		for _, action := range step.Actions {
			if !seen[step.ID+"."+action.ID] {
				t.Errorf("no base document of %s.%s", step.ID, action.ID)
			}
		}
	}
	want := captureAll(t, bases)
	if *update {
		if err := os.WriteFile(baseFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(baseFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, want) {
		t.Error("the base documents are not those of the course: run this test with -update and look at the difference")
	}
}
