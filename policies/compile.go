package policies

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"cession/deal"
)

// forbidden are the built-ins a rule must not have: what reads the clock, the
// network, chance, the machine or the evaluation itself. Those OPA marks as
// non-deterministic go as well.
var forbidden = []string{
	"http.send", "net.", "time.now_ns", "rand.", "uuid.", "opa.runtime", "rego.", "trace", "io.jwt.", "crypto.x509.",
	"providers.", "providers.aws.", "internal.test_case", "internal.print", "print",
}

// capabilities are OPA's own without what makes an answer depend on anything
// but input and pack.
func capabilities() *ast.Capabilities {
	c := ast.CapabilitiesForThisVersion()
	c.AllowNet = []string{}
	c.Builtins = slices.DeleteFunc(c.Builtins, func(b *ast.Builtin) bool {
		return b.Nondeterministic || slices.ContainsFunc(forbidden, func(f string) bool {
			return b.Name == f || strings.HasSuffix(f, ".") && strings.HasPrefix(b.Name, f)
		})
	})
	return c
}

// Capabilities returns what rules may use, in the form of OPA's capabilities
// files: for opa check and opa eval outside of this product. The committed copy
// is schemas/capabilities.json.
func Capabilities() []byte {
	b, err := json.MarshalIndent(capabilities(), "", " ")
	if err != nil {
		panic("policies: capabilities hold only names and types: " + err.Error())
	}
	return append(b, '\n')
}

// newCompiler checks strictly, and against the schemas of the inputs.
func newCompiler() *ast.Compiler {
	schema, err := decode(rulesSchema())
	if err != nil {
		panic("policies: schema of the inputs: " + err.Error())
	}
	schemas := ast.NewSchemaSet()
	schemas.Put(ast.SchemaRootRef, schema)
	return ast.NewCompiler().WithStrict(true).WithCapabilities(capabilities()).WithSchemas(schemas)
}

// decode keeps numbers as they are written.
func decode(b []byte) (tree any, err error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&tree); err != nil {
		return nil, fmt.Errorf("decode policy data: %w", err)
	}
	return tree, nil
}

// isTest reports whether a file holds tests, which are no part of what decides.
func isTest(file string) bool { return strings.HasSuffix(file, "_test.rego") }

// parse reads the Rego files of a pack that are wanted.
func parse(fsys fs.FS, wanted func(file string) bool) (map[string]*ast.Module, error) {
	files, err := fs.Glob(fsys, "*.rego")
	if err != nil {
		return nil, err
	}
	modules := map[string]*ast.Module{}
	for _, file := range files {
		if !wanted(file) {
			continue
		}
		b, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, deal.Errorf(deal.Invalid, "read rules: %w", err)
		}
		m, err := ast.ParseModuleWithOpts(file, string(b), ast.ParserOptions{RegoVersion: ast.RegoV1})
		if err != nil {
			return nil, deal.Errorf(deal.Invalid, "parse rules: %w", err)
		}
		modules[file] = m
	}
	return modules, nil
}
