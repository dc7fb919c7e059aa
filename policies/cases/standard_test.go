package cases

import (
	"context"
	"io/fs"
	"strings"
	"testing"

	"cession/deal"
	"cession/policies"
)

func standardCases(t testing.TB) []Case {
	t.Helper()
	all, err := Read(policies.StandardFS())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestStandardPackDecidesItsCases(t *testing.T) {
	report, err := Run(context.Background(), standard(t), standardCases(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Failures {
		t.Error(f)
	}
}

// TestStandardPackFailsClosed is what every library asks before it takes a pack.
// Of what is taken away nothing is left to the schema alone: with the schema not
// looked at, the rules still refuse.
func TestStandardPackFailsClosed(t *testing.T) {
	proof, err := Prove(context.Background(), standard(t), standardCases(t))
	if err != nil {
		t.Fatal(err)
	}
	if proof.Refused < 100 || proof.Allowed < len(actsOf(deal.Standard())) || proof.Mutations < 5000 || proof.Required < 200 {
		t.Errorf("proof %+v: want the whole pack tried", proof)
	}
	for _, shielded := range proof.Shielded {
		if strings.Contains(shielded, ": "+string(Dropped)) {
			t.Errorf("only the schema stops %s", shielded)
		}
	}
	t.Logf("%d refused and %d allowed cases, %d mutations, %d required places, %d harmless, %d stopped by the schema alone: %s",
		proof.Refused, proof.Allowed, proof.Mutations, proof.Required, proof.Harmless, len(proof.Shielded), strings.Join(proof.Shielded, "; "))
}

func actsOf(plan deal.Plan) (names []string) {
	for _, step := range plan.Steps {
		for _, action := range step.Actions {
			names = append(names, step.ID+"."+action.ID)
		}
	}
	return names
}

func TestStandardCasesAreSmall(t *testing.T) {
	size := 0
	entries, err := fs.ReadDir(policies.StandardFS(), Folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		size += int(info.Size())
	}
	if size > 400_000 {
		t.Errorf("cases of %d bytes: want at most 400,000", size)
	}
}

func BenchmarkProve(b *testing.B) {
	p, all := standard(b), standardCases(b)
	for b.Loop() {
		if _, err := Prove(context.Background(), p, all); err != nil {
			b.Fatal(err)
		}
	}
}

// The addition a party begins its own rules with holds as well.
func TestOwnPackFailsClosed(t *testing.T) {
	p, err := policies.Load(policies.OwnFS())
	if err != nil {
		t.Fatal(err)
	}
	if err := ProveFiles(context.Background(), p, policies.OwnFS()); err != nil {
		t.Fatal(err)
	}
}
