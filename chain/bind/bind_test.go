package bind

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/abi/abigen"
)

var update = flag.Bool("update", false, "rewrite the bindings from contracts/artifacts")

// artifact is the part of contracts/artifacts/*.json that a binding is made of.
type artifact struct {
	ABI      json.RawMessage `json:"abi"`
	Bytecode string          `json:"bytecode"`
}

// TestBindings compares each binding with one generated afresh from the artifact, so that neither can
// change alone. With -update it writes the binding instead.
func TestBindings(t *testing.T) {
	for _, contract := range []string{"Receivable", "Notary", "Escrow", "TestDollar"} {
		t.Run(contract, func(t *testing.T) {
			want := generate(t, contract)
			path := strings.ToLower(contract) + ".go"
			if *update {
				if err := os.WriteFile(path, want, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			have, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(have, want) {
				t.Errorf("%s is not what the artifact generates; run contracts/build.sh", path)
			}
		})
	}
}

// generate does what `abigen --v2` does. ERC-5267's eip712Domain gets the contract's name in front, since
// every binding would declare the same output type otherwise.
func generate(t *testing.T, contract string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "contracts", "artifacts", contract+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var a artifact
	if err := json.Unmarshal(raw, &a); err != nil {
		t.Fatal(err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, a.ABI); err != nil {
		t.Fatal(err)
	}
	code, err := abigen.BindV2([]string{contract}, []string{compact.String()},
		[]string{strings.TrimPrefix(a.Bytecode, "0x")}, "bind", nil,
		map[string]string{"eip712Domain": contract + "Domain"})
	if err != nil {
		t.Fatalf("generate %s: %v", contract, err)
	}
	return []byte(code)
}
