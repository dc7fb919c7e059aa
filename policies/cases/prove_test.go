package cases

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"cession/deal"
	"cession/policies"
)

// files copies a folder, so that a test can change it.
func files(t testing.TB, fsys fs.FS) fstest.MapFS {
	t.Helper()
	copied := fstest.MapFS{}
	err := fs.WalkDir(fsys, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		b, err := fs.ReadFile(fsys, path)
		copied[path] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return copied
}

func replaceIn(t testing.TB, fsys fstest.MapFS, file, old, replacement string) {
	t.Helper()
	if !bytes.Contains(fsys[file].Data, []byte(old)) {
		t.Fatalf("%s has no %q", file, old)
	}
	fsys[file] = &fstest.MapFile{Data: bytes.Replace(fsys[file].Data, []byte(old), []byte(replacement), 1)}
}

// denyStyle is the ordinary pack in testdata, with a base document.
func denyStyle(t testing.TB) fstest.MapFS {
	t.Helper()
	fsys := files(t, os.DirFS("testdata/deny"))
	p, err := policies.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	var bases []base
	for _, b := range newCourse(t, standard(t)).run() {
		if b.act == "nda.sign" {
			if b.Evaluation, err = p.Evaluate(context.Background(), b.input); err != nil {
				t.Fatal(err)
			}
			bases = append(bases, b)
		}
	}
	fsys[Folder+"/base.yaml"] = &fstest.MapFile{Data: captureAll(t, bases)}
	return fsys
}

// load reads a pack and its cases about an act, or all.
func load(t testing.TB, fsys fs.FS, act string) (*policies.Pack, []Case) {
	t.Helper()
	p, err := policies.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	all, err := Read(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return p, slices.DeleteFunc(all, func(c Case) bool { return act != "" && c.Act() != act })
}

// carriedOut is a proof without the question whether there are cases enough.
func carriedOut(t testing.TB, p *policies.Pack, all []Case, everywhere bool) *trial {
	t.Helper()
	trial, ctx := newTrial(p, all), context.Background()
	trial.everywhere = everywhere
	if err := errors.Join(trial.decide(ctx), trial.documents(ctx), trial.lists(ctx), trial.required(ctx)); err != nil {
		t.Fatal(err)
	}
	return trial
}

// The ordinary pack passes all its cases, and is refused with what got through.
func TestDenyStyleIsRefused(t *testing.T) {
	fsys := denyStyle(t)
	p, all := load(t, fsys, "")
	if r, err := Run(context.Background(), p, all); err != nil || len(r.Failures) > 0 {
		t.Fatalf("its own cases: %v, error %v", r.Failures, err)
	}
	_, err := Prove(context.Background(), p, all)
	if deal.KindOf(err) != deal.Refused {
		t.Fatalf("error is %v: want the pack refused", err)
	}
	for _, got := range []string{
		`cases/cases.csv:4: "bidder on the sanctions list" is refused by deny.sanctions, but is allowed after drop parties.bidder.screening`,
		`"bidder in a blocked country" is refused by deny.country, but is allowed after drop data.jurisdictions.kp.status`,
		`"bidder not identified" is refused by deny.class, but is allowed after drop data.kyc.pending.accepted`,
		`"identification out of date" is refused by deny.expired, but is allowed after drop parties.bidder.kycUntil`,
		`"another country declared" is refused by deny.declared, but is allowed after drop taken."clearance.declare".fields.jurisdiction`,
	} {
		if !strings.Contains(err.Error(), got) {
			t.Errorf("it does not say: %s\n%v", got, err)
		}
	}
	for _, held := range []string{"bidder not cleared", "signature no longer valid"} {
		if strings.Contains(err.Error(), held) {
			t.Errorf("%s: what is required, or denied for want of it, holds\n%v", held, err)
		}
	}
}

// Rules of the standard pack that are made to pass for want of evidence.
func TestWeakenedRuleIsFound(t *testing.T) {
	for name, c := range map[string]struct {
		file, rule string
		act        string
		found      Mutation
	}{
		"an optional part of the document": {
			"rules.rego", `known := lib.answer(true, "as before", "") if not input.wanted`,
			"rules.adopt", Mutation{Dropped, "wanted"},
		},
		"a key of a list": {
			"money.rego", `default limit := 1000000000000`,
			"offers.submit", Mutation{Dropped, "data.limits.amount.EUR"},
		},
		"a whole list": {
			"parties.rego", `answer[rule] := lib.answer(true, "no list", "allowed") if {
	some rule in {"jurisdiction", "bidder_jurisdiction"}
	not data.jurisdictions
}`,
			"invitations.invite", Mutation{Dropped, "data.jurisdictions"},
		},
		"an act on record": {
			"nda.rego", `answer["in_force"] := lib.answer(true, "no end", "") if not input.taken["nda.countersign"].fields.until`,
			"offers.submit", Mutation{Dropped, `taken."nda.countersign".fields.until`},
		},
		"an entry of a list": {
			"invitations_conflict.rego", `answer["conflict"] := lib.answer(true, "none", "none") if count(data.conflicts.pairs) == 1`,
			"clearance.clear", Mutation{Dropped, "data.conflicts.pairs.heidesand-leasing arvenwald-bank"},
		},
		"what is obliged to": {
			"operation.rego", `answer["four_eyes"] := lib.answer(true, "one operator", "") if not data.operations.four_eyes.alone`,
			"give-up", Mutation{Dropped, "data.operations.four_eyes.alone"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			fsys := files(t, policies.StandardFS())
			fsys[c.file] = &fstest.MapFile{Data: slices.Concat(fsys[c.file].Data, []byte("\n"+c.rule+"\n"))}
			p, all := load(t, fsys, c.act)
			r, err := Run(context.Background(), p, all)
			if err != nil {
				t.Fatal(err)
			}
			all = slices.DeleteFunc(all, func(k Case) bool { // which who weakens a rule takes out
				return slices.ContainsFunc(r.Failures, func(f Failure) bool { return f.Case == k.Name })
			})
			trial := carriedOut(t, p, all, false)
			if !slices.ContainsFunc(trial.breaches, func(b Breach) bool { return b.Mutation == c.found }) {
				t.Errorf("found %v: want %s", trial.breaches, c.found)
			}
			if deal.KindOf(trial.verdict()) != deal.Refused {
				t.Errorf("verdict is %v: want refused", trial.verdict())
			}
		})
	}
}

// What a proof leaves out, because no rule that refuses looks there, changes
// nothing: damaging every place finds the same.
func TestProofLeavesNothingOut(t *testing.T) {
	for name, c := range map[string]struct {
		files    fs.FS
		act      string
		breaches bool
	}{
		"an ordinary pack":  {denyStyle(t), "", true},
		"the standard pack": {policies.StandardFS(), "invitations.invite", false},
	} {
		t.Run(name, func(t *testing.T) {
			p, all := load(t, c.files, c.act)
			short, whole := carriedOut(t, p, all, false), carriedOut(t, p, all, true)
			if whole.proof.Mutations <= short.proof.Mutations || (len(short.breaches) > 0) != c.breaches {
				t.Errorf("%d mutations of %d find %v", short.proof.Mutations, whole.proof.Mutations, short.breaches)
			}
			if !equal(whole.breaches, short.breaches) || !equal(whole.proof.Shielded, short.proof.Shielded) || whole.proof.Harmless != short.proof.Harmless {
				t.Errorf("damage everywhere finds %v and %v, instead of %v and %v", whole.breaches, whole.proof.Shielded, short.breaches, short.proof.Shielded)
			}
		})
	}
}

func TestProofWantsCases(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*testing.T, fstest.MapFS)
		wants  string
		kind   deal.Kind
	}{
		"no cases":            {func(_ *testing.T, f fstest.MapFS) { delete(f, "cases/cases.csv") }, "rule deny.deadline: no case expects it to fail", deal.Invalid},
		"no case that passes": {func(_ *testing.T, f fstest.MapFS) { delete(f, "cases/base.yaml"); delete(f, "cases/cases.csv") }, "rule deny.deadline passes in no case", deal.Invalid},
		"case that is not so": {func(t *testing.T, f fstest.MapFS) { replaceIn(t, f, "deny.rego", ">= 85", ">= 101") }, "decided otherwise", deal.Invalid},
		"harmless without harm": {func(_ *testing.T, f fstest.MapFS) {
			f["cases/harmless.yaml"] = &fstest.MapFile{Data: []byte("- {case: one group, mutation: drop seller, reason: none}\n")}
		}, "take the entry out", deal.Refused},
	} {
		t.Run(name, func(t *testing.T) {
			fsys := denyStyle(t)
			c.change(t, fsys)
			p, err := policies.Load(fsys)
			if err != nil {
				t.Fatal(err)
			}
			err = ProveFiles(context.Background(), p, fsys)
			if deal.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.wants) {
				t.Errorf("error is %v: want one of kind %s with %q", err, c.kind, c.wants)
			}
		})
	}
}

// A harmless mutation is so for its own case only.
func TestHarmlessIsForOneCase(t *testing.T) {
	fsys := denyStyle(t)
	count := func() int {
		p, all := load(t, fsys, "")
		return len(carriedOut(t, p, all, false).breaches)
	}
	before := count()
	fsys["cases/harmless.yaml"] = &fstest.MapFile{Data: []byte("- {case: identification out of date, mutation: drop parties.bidder.kycUntil, reason: for this test}\n")}
	if after := count(); after != before-1 {
		t.Errorf("%d breaches instead of %d: want one less", after, before)
	}
}

// A pack is proven before it is in effect, and with whatever edition of a live
// list it is asked.
func TestProofIsOfAnyTime(t *testing.T) {
	for _, asOf := range []time.Time{start.AddDate(-1, 0, 0), start.AddDate(3, 0, 0)} {
		p, err := policies.Sample(asOf)
		if err != nil {
			t.Fatal(err)
		}
		if r, err := Run(context.Background(), p, standardCases(t)); err != nil || len(r.Failures) > 0 {
			t.Errorf("lists of %s: %v, error %v", asOf, r.Failures, err)
		}
	}
	fsys := files(t, policies.OwnFS())
	replaceIn(t, fsys, "manifest.yaml", "kind: addition", "kind: addition\neffective: { from: 2040-01-01 }")
	p, _ := load(t, fsys, "")
	if err := ProveFiles(context.Background(), p, fsys); err != nil {
		t.Errorf("before it is in effect: %v", err)
	}
}

func TestProofEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Prove(ctx, standard(t), standardCases(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v: want that the context ended", err)
	}
}
