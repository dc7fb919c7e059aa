package policies

import (
	"context"
	"errors"
	"io/fs"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"cession/deal"
)

// smallSDN is a list of two, of which the first has an alias.
const smallSDN = `306,"BANCO NACIONAL DE CUBA",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"a.k.a. 'BNC'."
9640,"FARFAN SUAREZ, Alexander","individual","SDNTK",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 12 Feb 1973; a.k.a. 'ENRIQUE GAFAS'; a.k.a. 'GAFAS'."
` + "\x1a"

// smallPack is the standard pack with a short sanctions list.
func smallPack(t testing.TB) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(StandardFS(), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		b, err := fs.ReadFile(StandardFS(), path)
		files[path] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	files["data/ofac_sdn.csv"] = &fstest.MapFile{Data: []byte(smallSDN)}
	edit(t, files, manifestFile, "minimum: 5000", "minimum: 2")
	return files
}

// edit replaces a text in a file; the text must be there.
func edit(t testing.TB, files fstest.MapFS, file, old, replacement string) {
	t.Helper()
	before := string(files[file].Data)
	if !strings.Contains(before, old) {
		t.Fatalf("%s has no %q", file, old)
	}
	files[file] = &fstest.MapFile{Data: []byte(strings.Replace(before, old, replacement, 1))}
}

func add(t testing.TB, files fstest.MapFS, file, text string) {
	t.Helper()
	files[file] = &fstest.MapFile{Data: append(append([]byte{}, files[file].Data...), text...)}
}

func TestBadPacksDoNotLoad(t *testing.T) {
	type change = func(*testing.T, fstest.MapFS)
	rule := func(text string) change { return func(t *testing.T, f fstest.MapFS) { add(t, f, "offers.rego", text) } }
	replace := func(file, old, replacement string) change {
		return func(t *testing.T, f fstest.MapFS) { edit(t, f, file, old, replacement) }
	}
	without := func(file string) change { return func(_ *testing.T, f fstest.MapFS) { delete(f, file) } }
	cases := map[string]change{
		"no manifest":            without(manifestFile),
		"no sanctions list":      without("data/ofac_sdn.csv"),
		"no limits":              without("data/limits.yaml"),
		"empty sanctions list":   func(_ *testing.T, f fstest.MapFS) { f["data/ofac_sdn.csv"] = &fstest.MapFile{} },
		"short sanctions list":   replace(manifestFile, "minimum: 2", "minimum: 3"),
		"list without a minimum": replace(manifestFile, "minimum: 2", "minimum: 0"),
		"list not named":         replace(manifestFile, "name: kyc", "name: kyb"),
		"columns missing":        replace("data/ofac_sdn.csv", `-0- ,"CUBA"`, `"CUBA"`),
		"entry without a number": replace("data/ofac_sdn.csv", "306", "none"),
		"entry without a name":   replace("data/ofac_sdn.csv", "BANCO NACIONAL DE CUBA", "-"),
		"unknown key":            replace("data/limits.yaml", "documents:", "dokuments:"),
		"limit missing":          replace("data/limits.yaml", "score: 85", "score: 0"),
		"score above any":        replace("data/limits.yaml", "score: 85", "score: 91"),
		"key twice":              replace("data/kyc.yaml", "standard:", "enhanced:"),
		"country twice":          replace("data/jurisdictions.csv", "be,", "at,"),
		"country neither":        replace("data/jurisdictions.csv", "kp,North Korea,blocked", "kp,North Korea,perhaps"),
		"no operations":          without("data/operations.yaml"),
		"few verbs":              replace(manifestFile, "operations.yaml, minimum: 10", "operations.yaml, minimum: 11"),
		"no group operators":     replace(manifestFile, "  operators:", "  operating:"),
		"operation for a role":   replace(manifestFile, "  resync: {}", "  resync: { by: [seller] }"),
		"operation of no rule":   replace(manifestFile, "rules: [operation.second]", "rules: [operation.third]"),
		"no actors":              replace("data/operations.yaml", `actors: ["*"]`, "actors: []"),
		"actor without a name":   replace("data/operations.yaml", `actors: ["*"]`, `actors: [""]`),
		"maximum missing":        replace("data/operations.yaml", "  per_day: 10000000000000000000 # 10 ether", ""),
		"maximum in hex":         replace("data/operations.yaml", "per_day: 10000000000000000000", "per_day: 0x1000000000000000"),
		"amount above a maximum": replace("data/operations.yaml", "per_gas: 300000000000 ", "per_gas: 3000000000000 "),
		"ticket left open":       replace("data/operations.yaml", "    ticket: true\n", ""),
		"no such four eyes":      replace("data/operations.yaml", "four_eyes: always", "four_eyes: sometimes"),
		"no such target":         replace("data/operations.yaml", "target: lane", "target: chain"),
		"fits without a reason":  replace("data/operations.yaml", "reasons: [FOREIGN_NONCE]", "reasons: []"),
		"command misspelt":       replace("operation.rego", "op.status in fit.status", "op.state in fit.status"),
		"unknown group":          replace(manifestFile, "groups: [acting, money]", "groups: [acting, honey]"),
		"unknown rule":           replace(manifestFile, "offers.perimeter]", "offers.until, offers.unlisted]"),
		"no group everyone":      replace(manifestFile, "everyone:", "someone:"),
		"unsound rule":           replace(manifestFile, "owner: operations,", `owner: "",`),
		"does not parse":         rule("\nanswer["),
		"input misspelt":         rule("\nanswer.typo := input.question.akt.step\n"),
		"input of another type":  rule("\nanswer.typo := input.question.now + 1\n"),
		"strictness":             rule("\nanswer.unused := true if { left := 1 }\n"),
		"network":                rule("\nanswer.net := http.send({\"method\": \"get\", \"url\": \"http://localhost\"})\n"),
		"clock":                  rule("\nanswer.clock := time.now_ns()\n"),
		"chance":                 rule("\nanswer.chance := rand.intn(\"x\", 2)\n"),
		"machine":                rule("\nanswer.machine := opa.runtime()\n"),
		"address lookup":         rule("\nanswer.address := net.lookup_ip_addr(\"localhost\")\n"),
		"identifier from chance": rule("\nanswer.identifier := uuid.rfc4122(\"x\")\n"),
		"recursion":              rule("\nanswer.loop := data.gate.decision\n"),
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			files := smallPack(t)
			change(t, files)
			if _, err := Load(files); deal.KindOf(err) != deal.Invalid {
				t.Errorf("error is %v: want one of kind invalid", err)
			}
		})
	}
}

func TestSmallPackLoads(t *testing.T) {
	p, err := Load(smallPack(t))
	if err != nil {
		t.Fatal(err)
	}
	standard, err := Standard()
	if err != nil {
		t.Fatal(err)
	}
	if p.Digest() == standard.Digest() || p.Digest().IsZero() || p.Name() != "standard" || p.Version() != "1.1.0" || len(p.Rules()) != len(standard.Rules()) {
		t.Errorf("pack %s %s %s with %d rules", p.Name(), p.Version(), p.Digest(), len(p.Rules()))
	}
}

func TestDigestIsOfNamesAndContents(t *testing.T) {
	of := func(files fstest.MapFS) deal.Commitment {
		d, err := digest(files)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	base := of(fstest.MapFS{"a": file("1"), "b": file("2")})
	if again := of(fstest.MapFS{"b": file("2"), "a": file("1")}); again != base {
		t.Error("the same files have another digest")
	}
	for _, other := range []fstest.MapFS{
		{"a": file("1")}, {"a": file("1"), "c": file("2")}, {"a": file("1"), "b": file("3")}, {"a1": file(""), "b": file("2")},
	} {
		if of(other) == base {
			t.Errorf("files %v have the same digest", other)
		}
	}
}

// decideWith puts an allowed offer to a changed pack.
func decideWith(t *testing.T, files fstest.MapFS) deal.Decision {
	t.Helper()
	p, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	in := clone(t, newCourse(t).run()["offers.submit"])
	in.Question.Pack = p.Digest()
	d, err := p.Decide(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestEngineFailureIsARefusalThatSaysSo(t *testing.T) {
	for name, rule := range map[string]string{
		"conflict":       "\nanswer.until := {\"state\": \"pass\", \"actual\": \"other\", \"threshold\": \"\"}\n",
		"built-in error": "\nanswer.other := time.parse_rfc3339_ns(input.act.step)\n\nanswer.until := {\"state\": \"pass\"} if answer.other > 0\n",
	} {
		files := smallPack(t)
		add(t, files, "offers.rego", rule)
		d := decideWith(t, files)
		if d.Allow || d.Rules[0].ID != ruleEngine.ID || d.Rules[0].State != deal.NotEvaluated || d.Rules[0].Actual == "" || d.Rules[1].State != deal.NotEvaluated {
			t.Errorf("%s: allow %v\n%s", name, d.Allow, Explain(d))
		}
	}
}

// The gate in Rego is for those who evaluate a pack without this product. One
// that decides nothing, or always yes, changes no decision here: the rules are
// asked all the same.
func TestRulesAreAskedWhateverTheGateSays(t *testing.T) {
	for name, text := range map[string]string{
		"says nothing": "package gate\n\nno_decision := true\n",
		"says yes":     "package gate\n\ndecision := {\"allow\": true, \"rules\": []}\n",
	} {
		files := smallPack(t)
		files["gate.rego"] = &fstest.MapFile{Data: []byte(text)}
		edit(t, files, "data/limits.yaml", "  EUR: 5000000000", "  EUR: 5000000")
		edit(t, files, "data/limits.yaml", "EUR: { one: 10000000, two: 2500000000, three: 5000000000 }", "EUR: { one: 1, two: 2, three: 3 }")
		d := decideWith(t, files)
		if failed := d.Reasons(); d.Allow || len(failed) != 1 || failed[0].ID != "money.limit" || failed[0].State != deal.Fail {
			t.Errorf("gate %s: allow %v\n%s", name, d.Allow, Explain(d))
		}
	}
}

func TestDecideEndsWithItsContext(t *testing.T) {
	c := newCourse(t)
	in := c.run()["draft.open"]
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if d, err := c.pack.Decide(ctx, in); !errors.Is(err, context.Canceled) || d.Allow {
		t.Errorf("allow %v, error %v: want no decision", d.Allow, err)
	}
}

func TestDecideIsConcurrent(t *testing.T) {
	c := newCourse(t)
	in := c.run()["terms.accept"]
	want, err := c.pack.Decide(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				if d, err := c.pack.Decide(context.Background(), in); err != nil || !reflect.DeepEqual(d, want) {
					t.Errorf("another decision: %v, %v", d, err)
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkDecide(b *testing.B) {
	c := newCourse(b)
	inputs := c.run()
	for _, act := range []string{"draft.open", "offers.submit", "handover.receipt"} {
		b.Run(act, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if d, err := c.pack.Decide(context.Background(), inputs[act]); err != nil || !d.Allow {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(c.pack.manifest.Gates[act].Rules)), "rules")
		})
	}
}
