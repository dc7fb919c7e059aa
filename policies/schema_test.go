package policies

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
)

var update = flag.Bool("update", false, "write the files in schemas anew")

func TestCommittedSchemasAreCurrent(t *testing.T) {
	for file, want := range map[string][]byte{
		"schemas/input.schema.json": InputSchema(), "schemas/operation.schema.json": OperationSchema(), "schemas/capabilities.json": Capabilities(),
	} {
		if *update {
			if err := os.WriteFile(file, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		have, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(have, want) {
			t.Errorf("%s is not what the Go types say: go test ./policies -run Schema -update", file)
		}
	}
}

// Plain OPA, given the file, refuses what makes an answer depend on more than
// input and pack.
func TestCapabilitiesInPlainOPA(t *testing.T) {
	c, err := ast.LoadCapabilitiesJSON(bytes.NewReader(Capabilities()))
	if err != nil {
		t.Fatal(err)
	}
	for expression, allowed := range map[string]bool{
		`count([1]) == 1`: true, `http.send({"method": "get", "url": "https://example.com"})`: false, `time.now_ns() > 0`: false,
		`rand.intn("x", 2) == 0`: false, `opa.runtime()`: false, `uuid.rfc4122("x") != ""`: false, `net.lookup_ip_addr("example.com")`: false,
	} {
		m, err := ast.ParseModuleWithOpts("x.rego", "package x\n\np if "+expression, ast.ParserOptions{RegoVersion: ast.RegoV1})
		if err != nil {
			t.Fatal(err)
		}
		compiler := ast.NewCompiler().WithCapabilities(c)
		if compiler.Compile(map[string]*ast.Module{"x.rego": m}); compiler.Failed() == allowed {
			t.Errorf("%s: refused %v", expression, compiler.Failed())
		}
	}
}
