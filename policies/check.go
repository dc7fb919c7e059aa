package policies

import (
	"bytes"
	"context"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"

	"cession/deal"
)

// checkTimeout bounds the tests of a pack.
const checkTimeout = time.Minute

// Check reports everything that is wrong with a pack, for its author: what
// keeps it from loading, what is not formatted, acts of the standard plan and
// commands of operators without a gate, rules that only the manifest or only the
// Rego knows, data and fields nobody has, lists that are searched, messages that
// hang on what may be missing, and, once all that is in order, tests that fail.
// Errors are of kind invalid.
func Check(fsys fs.FS) []error {
	p, err := Load(fsys)
	if err == nil && p.manifest.Kind == KindList {
		return nil // loading it has read all there is
	}
	errs := checkFormat(fsys)
	if err != nil {
		return append(errs, err)
	}
	modules, err := parse(fsys, func(file string) bool { return !isTest(file) })
	if err != nil {
		return append(errs, err)
	}
	errs = append(errs, p.lint(modules)...)
	if p.manifest.Kind == KindPack {
		errs = append(errs, p.checkOperations()...)
		for _, file := range missing(fsys, "", deal.Standard()) {
			errs = append(errs, deal.Errorf(deal.Invalid, "plan %s: missing %s", deal.Standard().Name, file))
		}
	}
	if len(errs) > 0 {
		return errs
	}
	return p.checkTests(fsys)
}

// lint reports what is wrong with rules that load.
func (p *Pack) lint(modules map[string]*ast.Module) []error {
	compiler := newCompiler()
	if compiler.Compile(modules); compiler.Failed() {
		return []error{deal.Errorf(deal.Invalid, "compile rules: %w", compiler.Errors)}
	}
	return slices.Concat(
		p.checkRules(modules), p.checkData(modules), p.checkGates(deal.Standard()), p.checkDisclosure(deal.Standard()),
		checkFields(modules, deal.Standard()), checkInputs(modules), checkScans(compiler), checkMessages(compiler, modules),
	)
}

func checkFormat(fsys fs.FS) (errs []error) {
	files, err := fs.Glob(fsys, "*.rego")
	if err != nil || len(files) == 0 {
		return []error{deal.Errorf(deal.Invalid, "no .rego file here: want the folder of a pack")}
	}
	for _, file := range files {
		b, err := fs.ReadFile(fsys, file)
		if err != nil {
			errs = append(errs, deal.Errorf(deal.Invalid, "read rules: %w", err))
			continue
		}
		tidy, err := format.SourceWithOpts(file, b, format.Opts{RegoVersion: ast.RegoV1})
		switch {
		case err != nil:
			errs = append(errs, deal.Errorf(deal.Invalid, "parse rules: %w", err))
		case !bytes.Equal(b, tidy):
			errs = append(errs, deal.Errorf(deal.Invalid, "%s is not formatted: run opa fmt --write on it", file))
		}
	}
	return errs
}

// checkRules compares the rules the manifest describes with those that answer,
// and with those some gate asks.
func (p *Pack) checkRules(modules map[string]*ast.Module) (errs []error) {
	answers := answering(modules)
	asked := map[string]bool{}
	for _, gates := range []map[string]gate{p.manifest.Gates, p.manifest.Operations} {
		for _, g := range gates {
			for _, id := range g.Rules {
				asked[id] = true
			}
		}
	}
	for _, r := range p.manifest.Rules {
		if !answers[r.ID] {
			errs = append(errs, deal.Errorf(deal.Invalid, "rule %s is in the manifest, but nothing in Rego answers it", r.ID))
		}
		if !asked[r.ID] {
			errs = append(errs, deal.Errorf(deal.Invalid, "rule %s is in the manifest, but no gate asks it", r.ID))
		}
		delete(answers, r.ID)
	}
	for id := range answers {
		errs = append(errs, deal.Errorf(deal.Invalid, "rule %s answers, but is not in the manifest", id))
	}
	return errs
}

// answering returns the file.rule of every rule answer.rule in package cession.file.
func answering(modules map[string]*ast.Module) map[string]bool {
	ids := map[string]bool{}
	for _, m := range modules {
		for _, r := range m.Rules {
			ref := append(slices.Clone(m.Package.Path), r.Head.Ref()...)
			if path := groundPath(ref); len(path) == 4 && path[0] == "cession" && r.Head.Ref()[0].Value.Compare(ast.Var("answer")) == 0 {
				ids[path[1]+"."+path[3]] = true
			}
		}
	}
	return ids
}

// groundPath returns the words of a reference after its root, as far as they
// are fixed.
func groundPath(ref ast.Ref) (path []string) {
	for _, term := range ref[1:] {
		switch v := term.Value.(type) {
		case ast.String:
			path = append(path, string(v))
		case ast.Var:
			if v != "answer" {
				return path
			}
			path = append(path, string(v))
		default:
			return path
		}
	}
	return path
}

// checkTests runs the tests, which must cover as much as the manifest says.
func (p *Pack) checkTests(fsys fs.FS) []error {
	ctx, cancel := context.WithTimeout(context.Background(), checkTimeout)
	defer cancel()
	report, err := Test(ctx, fsys)
	if err != nil {
		return []error{err}
	}
	if report.Tests == 0 {
		return []error{deal.Errorf(deal.Invalid, "the pack has no tests")}
	}
	if len(report.Failed) > 0 {
		return []error{deal.Errorf(deal.Invalid, "%d of %d tests fail: %s", len(report.Failed), report.Tests, strings.Join(report.Failed, "; "))}
	}
	if want := p.manifest.Coverage; report.Coverage < float64(want) {
		return []error{deal.Errorf(deal.Invalid, "the tests evaluate %.1f %% of the rules, want %d %%; not %s",
			report.Coverage, want, strings.Join(report.Missed, ", "))}
	}
	return nil
}
