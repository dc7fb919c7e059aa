package cession

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

const module = "cession/"

// may lists what each part of the product may import of the others. The
// standard library and, but for deal, third parties are free.
var may = map[string][]string{
	"deal/strict":                  {},
	"deal":                         {},
	"policies":                     {"deal"},
	"policies/cases":               {"deal", "policies"},
	"policies/packs":               {"deal", "deal/strict", "policies", "policies/cases"},
	"policies/records":             {"deal", "policies"},
	"chain/lane":                   {"deal"},
	"chain/bind":                   {},
	"chain":                        {"deal", "chain/lane", "chain/bind"},
	"node/blob":                    {"deal"},
	"node/vault":                   {"deal"},
	"node/clamd":                   {"deal"},
	"node/render":                  {"deal", "node/vault"},
	"node/translog":                {"deal"},
	"node":                         {"deal", "deal/strict", "node/blob", "node/render", "node/translog", "node/vault"},
	"activities":                   {"deal", "chain/lane"},
	"workflows":                    {"deal", "activities", "chain/lane"},
	"desk":                         {"deal", "deal/strict", "workflows", "chain/lane"},
	"worker":                       {"deal", "activities", "workflows"},
	"local":                        {"deal"},
	"metrics":                      {"deal", "chain/lane"},
	"examples":                     {},
	"tools/steps":                  {"deal"},
	"demo":                         {"deal", "node", "node/render", "node/vault", "desk", "chain", "policies"},
	"cmd/cession":                  {"*"},
	"chain/chaintest":              {"*"}, // test support
	"chain/lanetest":               {"*"}, // test support
	"node/blob/blobtest":           {"*"}, // test support
	"policies/records/recordstest": {"*"}, // test support
}

// heavy are packages that cost minutes to compile: only local may import them.
var heavy = []string{
	"go.temporal.io/server/", "github.com/ethereum/go-ethereum/node", "github.com/ethereum/go-ethereum/eth",
	"github.com/ethereum/go-ethereum/eth/", "github.com/ethereum/go-ethereum/ethclient/simulated", "github.com/ethereum/go-ethereum/miner",
}

type goPackage struct {
	ImportPath   string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

func TestLayers(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		if name == "cession" {
			continue // this test
		}
		allowed, known := may[name]
		if !known {
			t.Errorf("%s is in no layer: say in layers_test.go what it may import", name)
			continue
		}
		for _, path := range p.Imports {
			checkImport(t, name, path, allowed)
		}
		for _, path := range append(p.TestImports, p.XTestImports...) {
			if name != "local" && isHeavy(path) {
				t.Errorf("the tests of %s import %s: only local may", name, path)
			}
		}
	}
}

func checkImport(t *testing.T, name, path string, allowed []string) {
	t.Helper()
	if other, ours := strings.CutPrefix(path, module); ours {
		for _, a := range allowed {
			if a == "*" || a == other {
				return
			}
		}
		t.Errorf("%s imports %s, which it may not", name, other)
		return
	}
	if name == "deal" && strings.Contains(strings.Split(path, "/")[0], ".") {
		t.Errorf("deal imports %s: it stands on the standard library alone", path)
	}
	if name != "local" && isHeavy(path) {
		t.Errorf("%s imports %s: only local may", name, path)
	}
}

func isHeavy(path string) bool {
	for _, h := range heavy {
		if path == h || (strings.HasSuffix(h, "/") && strings.HasPrefix(path, h)) {
			return true
		}
	}
	return false
}

func packages(t *testing.T) (list []goPackage) {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
}

// TestSlimBinaryLeavesTheServersOut keeps what customers' nodes run small.
func TestSlimBinaryLeavesTheServersOut(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-tags", "slim", "./cmd/cession").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range strings.Fields(string(out)) {
		if isHeavy(path) || path == "cession/local" {
			t.Errorf("the slim binary has %s in it", path)
		}
	}
}
