package cases

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"cession/deal"
	"cession/policies"
)

func TestShippedAdditionIsFlawless(t *testing.T) {
	for _, err := range Check(policies.OwnFS()) {
		t.Error(err)
	}
}

func TestCheckNamesWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		change func(fstest.MapFS)
		wants  []string
	}{
		"every case that is not so": {
			func(f fstest.MapFS) {
				replaceIn(t, f, "deny.rego", ">= 85", ">= 101")
				replaceIn(t, f, "deny.rego", `"blocked"`, `"closed"`)
			},
			[]string{"expected deny.sanctions to fail, found pass (figure not denied, wanted not denied)", "expected deny.country to fail"},
		},
		"every case that cannot be read": {
			func(f fstest.MapFS) {
				f["cases/more.yaml"] = &fstest.MapFile{Data: []byte("- {name: a}\n- {name: b}\n")}
			},
			[]string{"cases/more.yaml:1", "cases/more.yaml:2"},
		},
		"every rule without cases": {
			func(f fstest.MapFS) { delete(f, "cases/cases.csv") },
			[]string{"rule deny.deadline: no case", "rule deny.conflict: no case"},
		},
		"what gets through": {func(fstest.MapFS) {}, []string{"drop parties.bidder.screening"}},
	} {
		t.Run(name, func(t *testing.T) {
			fsys := denyStyle(t)
			c.change(fsys)
			p, err := policies.Load(fsys)
			if err != nil {
				t.Fatal(err)
			}
			errs := check(context.Background(), p, fsys)
			for _, wants := range c.wants {
				if !slices.ContainsFunc(errs, func(err error) bool { return deal.KindOf(err) != "" && strings.Contains(err.Error(), wants) }) {
					t.Errorf("findings %v: want %s", errs, wants)
				}
			}
		})
	}
}

func TestCheckOfNoPack(t *testing.T) {
	if errs := Check(fstest.MapFS{}); len(errs) == 0 {
		t.Error("an empty folder is flawless")
	}
}
