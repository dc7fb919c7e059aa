package policies

import (
	"context"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"

	"cession/deal"
)

const foldLib = `package cession.lib

answer(true, actual, threshold) := {"state": "pass", "actual": actual, "threshold": threshold}

answer(false, actual, threshold) := {"state": "fail", "actual": actual, "threshold": threshold}

future(time) := answer(time.ms > input.now, time, ["after ", {"ms": input.now}])
`

// folded compiles and folds a small module beside the library.
func folded(t *testing.T, text string) (map[string]*ast.Module, []wording) {
	t.Helper()
	modules := map[string]*ast.Module{}
	for file, text := range map[string]string{"lib.rego": foldLib, "x.rego": text} {
		m, err := ast.ParseModuleWithOpts(file, text, ast.ParserOptions{RegoVersion: ast.RegoV1})
		if err != nil {
			t.Fatal(err)
		}
		modules[file] = m
	}
	return fold(modules)
}

// Only answers that no rule looks into are rewritten.
func TestFoldRewritesWhatNobodyLooksInto(t *testing.T) {
	for name, c := range map[string]struct {
		text   string
		folded bool // the first rule of x.rego
	}{
		"an answer":               {`answer["a"] := lib.answer(input.x, "x", "y")`, true},
		"of a function":           {`f(x) := lib.answer(x, "x", "y")` + "\n" + `answer["a"] := f(input.x)`, true},
		"of another rule":         {`known := lib.answer(input.x, "x", "y")` + "\n" + `answer["a"] := known`, true},
		"an else":                 {`answer["a"] := lib.answer(input.x, "x", "y") if input.y else := lib.answer(input.z, "x", "y")`, true},
		"looked into":             {`answer["a"] := lib.answer(input.x, "x", "y")` + "\n" + `answer["b"] := lib.answer(answer.a.state == "pass", "x", "y")`, false},
		"of a function looked at": {`f(x) := lib.answer(x, "x", "y")` + "\n" + `answer["a"] := true if f(input.x).state == "pass"`, false},
		"merged":                  {`f(x) := lib.answer(x, "x", "y")` + "\n" + `answer["a"] := object.union(f(input.x), {"obligation": "z"})`, false},
		"looked into with all":    {`answer["a"] := lib.answer(input.x, "x", "y")` + "\n" + `n := count(data.cession.x.answer)`, false},
		"in a helper looked into": {`f(x) := lib.answer(x, "x", "y")` + "\n" + `g(x) := f(x)` + "\n" + `answer["a"] := true if g(input.x).state == "pass"`, false},
		"any of data":             {`answer["a"] := lib.answer(input.x, "x", "y")` + "\n" + `n := data[input.y]`, false},
		"something else":          {`answer["a"] := {"state": "pass"}`, false},
	} {
		modules, _ := folded(t, "package cession.x\n\nimport data.cession.lib\n\n"+c.text+"\n")
		if _, list := modules["x.rego"].Rules[0].Head.Value.Value.(*ast.Array); list != c.folded {
			t.Errorf("%s: folded %v, want %v: %s", name, list, c.folded, modules["x.rego"].Rules[0])
		}
	}
}

// What is rewritten shows the same as what is not.
func TestFoldedAnswerShowsTheSame(t *testing.T) {
	now := ast.ObjectTerm([2]*ast.Term{keyMS, ast.NumberTerm("1793610000000")})
	amount := ast.ObjectTerm([2]*ast.Term{keyMinor, ast.NumberTerm("12")}, [2]*ast.Term{keyCurrency, ast.StringTerm("EUR")})
	id := ast.StringTerm("0x1234567890abcdef")
	for want, figure := range map[string]*ast.Term{
		"plain":                ast.StringTerm("plain"),
		"7":                    ast.NumberTerm("7"),
		"true":                 ast.BooleanTerm(true),
		"2026-11-02T09:00:00Z": now,
		"12 EUR":               amount,
		"0x12345678":           ast.ObjectTerm([2]*ast.Term{keyShort, id}),
		"a or b":               ast.ObjectTerm([2]*ast.Term{keyJoin, ast.SetTerm(ast.StringTerm("b"), ast.StringTerm("a"))}, [2]*ast.Term{keyWith, ast.StringTerm(" or ")}),
		"after 2026-11-02T09:00:00Z, at most 12 EUR": ast.ArrayTerm(ast.StringTerm("after "), now, ast.ArrayTerm(ast.StringTerm(", at most "), amount)),
		"0x12345678 signed":                          ast.ArrayTerm(ast.ObjectTerm([2]*ast.Term{keyKind, ast.StringTerm("act")}, [2]*ast.Term{keyValue, id}), ast.StringTerm(" signed")),
		"no entry, score 0":                          ast.ObjectTerm([2]*ast.Term{keyEntry, ast.NumberTerm("0")}, [2]*ast.Term{keyScore, ast.NumberTerm("0")}, [2]*ast.Term{keyMatch, ast.StringTerm("none")}),
		"entry 7, score 95, alias":                   ast.ObjectTerm([2]*ast.Term{keyEntry, ast.NumberTerm("7")}, [2]*ast.Term{keyScore, ast.NumberTerm("95")}, [2]*ast.Term{keyMatch, ast.StringTerm("alias")}),
		withheld:                                     ast.ObjectTerm([2]*ast.Term{keyKind, ast.StringTerm("signature")}, [2]*ast.Term{keyValue, id}),
	} {
		whole := read(ast.ObjectTerm([2]*ast.Term{keyState, ast.StringTerm("fail")}, [2]*ast.Term{keyActual, figure}), nil)
		parts, computed := parts(figure, nil)
		list := ast.ArrayTerm(append([]*ast.Term{ast.NumberTerm("0"), ast.BooleanTerm(false)}, computed...)...)
		folded := read(list, []wording{{parts, nil, len(computed)}})
		if whole.result.Actual != want || folded.result.Actual != want || folded.result.State != deal.Fail {
			t.Errorf("shown as %q, folded as %q: want %q", whole.result.Actual, folded.result.Actual, want)
		}
	}
}

// A list that is no folded answer is no answer.
func TestOtherListsAreNoAnswers(t *testing.T) {
	wordings := []wording{{nil, nil, 1}}
	for _, text := range []string{`[]`, `[0]`, `[0, true]`, `[0, true, 1, 2]`, `[1, true, 1]`, `[-1, true, 1]`, `[0, "true", 1]`, `["0", true, 1]`, `[0.5, true, 1]`} {
		if a := read(ast.MustParseTerm(text), wordings); a.result.State != "" {
			t.Errorf("%s is read as %v", text, a)
		}
	}
	if a := read(ast.MustParseTerm(`[0, true, 1]`), wordings); a.result.State != deal.Pass {
		t.Errorf("an answer is read as %v", a)
	}
}

// A pack may have a lib.answer of its own, which means what it says.
func TestOtherAnswerIsNotRewritten(t *testing.T) {
	files := smallPack(t)
	edit(t, files, "lib.rego", `answer(false, actual, threshold) := {"state": "fail",`, `answer(false, actual, threshold) := {"state": "pass",`)
	p, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	in := clone(t, newCourse(t).run()["draft.open"])
	in.Question.Act.Fields["pack"] = deal.Digest(deal.Commitment{1})
	in.Question.Pack = p.Digest()
	d, err := p.Decide(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range d.Rules {
		if r.ID == "draft.pack" && r.State != deal.Pass {
			t.Errorf("rule %s is %s, want what the pack's own lib.answer says", r.ID, r.State)
		}
	}
}
