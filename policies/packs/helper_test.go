package packs

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"cession/deal"
	"cession/policies"
)

// today is when most tests take place: two days after what the shipped lists
// hold for.
var today = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func init() { firstDelay = time.Millisecond }

const market = "test-market"

// smallSDN is a list of two.
const smallSDN = `306,"BANCO NACIONAL DE CUBA",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"a.k.a. 'BNC'."
9640,"FARFAN SUAREZ, Alexander","individual","SDNTK",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"a.k.a. 'GAFAS'."
` + "\x1a"

// small holds the files of the tests' pack.
var small = sync.OnceValue(func() fstest.MapFS {
	all := fstest.MapFS{"data/sdn.csv": {Data: []byte(smallSDN)}}
	lists, err := fs.Sub(policies.StandardFS(), "data")
	if err != nil {
		panic(err)
	}
	copied(all, "data/", lists, "jurisdictions.csv", "kyc.yaml", "operations.yaml", "licenses.csv", "calendar.csv", "disclosure.yaml", "conflicts.csv", "tape_fields.csv", "limits.yaml")
	copied(all, "", policies.StandardFS(), "gate.rego")
	copied(all, "", os.DirFS("testdata/pack"), "manifest.yaml", "price.rego")
	return all
})

func copied(to fstest.MapFS, prefix string, from fs.FS, names ...string) {
	for _, name := range names {
		b, err := fs.ReadFile(from, name)
		if err != nil {
			panic(err)
		}
		to[prefix+name] = &fstest.MapFile{Data: b}
	}
}

func replaced(f *fstest.MapFile, old, text string) *fstest.MapFile {
	if !strings.Contains(string(f.Data), old) {
		panic(fmt.Sprintf("no %q in the file", old))
	}
	return &fstest.MapFile{Data: []byte(strings.Replace(string(f.Data), old, text, 1))}
}

// edited returns the files of a pack with texts replaced: file, old, new, ….
func edited(changes ...string) fstest.MapFS {
	all := fstest.MapFS{}
	for name, f := range small() {
		all[name] = f
	}
	for i := 0; i < len(changes); i += 3 {
		all[changes[i]] = replaced(all[changes[i]], changes[i+1], changes[i+2])
	}
	return all
}

// versioned returns a pack that differs by its version and more.
func versioned(version string, changes ...string) fstest.MapFS {
	return edited(append([]string{"manifest.yaml", `version: "1"`, `version: "` + version + `"`}, changes...)...)
}

// listOf returns the bundle folder of an edition of the sanctions list.
func listOf(asOf, content string) fstest.MapFS {
	manifest := "name: sanctions\nversion: \"" + asOf + "\"\nkind: list\nlists:\n" +
		"  - {name: sanctions, file: sdn.csv, minimum: 2, maximum_age: 30d, as_of: " + asOf + ", live: true}\n"
	return fstest.MapFS{"manifest.yaml": {Data: []byte(manifest)}, "sdn.csv": {Data: []byte(content)}}
}

// The officers of the tests: anna makes, bert and carl check, dora may do both
// and has a second key as dora.2. olga operates and is nobody's officer.
var keys = sync.OnceValue(func() map[string]*ecdsa.PrivateKey {
	all := map[string]*ecdsa.PrivateKey{}
	for _, id := range []string{"anna", "bert", "carl", "dora", "dora.2", "olga", "gone", "late"} {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			panic(err)
		}
		all[id] = key
	}
	return all
})

func officer(id, person, roles, more string) string {
	public, err := PublicKey(keys()[id])
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf("  - id: %s\n    person: %s\n    organization: Compliance\n    roles: [%s]\n    from: 2026-01-01T00:00:00Z\n%s    key: |\n      %s\n",
		id, person, roles, more, strings.ReplaceAll(strings.TrimSpace(public), "\n", "\n      "))
}

// trust wants two checkers.
func trust(t testing.TB) Trust {
	t.Helper()
	const until = "    until: 2028-01-01T00:00:00Z\n"
	text := "market: " + market + "\ncheckers: 2\nofficers:\n" +
		officer("anna", "Anna Adler", "maker", until) +
		officer("bert", "Bert Baum", "checker", until) +
		officer("carl", "Carl Clausen", "checker", until) +
		officer("dora", "Dora Dietz", "maker, checker", until) +
		officer("dora.2", "dora  dietz", "checker", until) +
		officer("gone", "Gerd Gans", "maker, checker", until+"    revoked: 2026-11-01T00:00:00Z\n") +
		officer("late", "Lena Lang", "maker, checker", "    until: 2026-02-01T00:00:00Z\n")
	tr, err := ParseTrust([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func built(t testing.TB, folder fs.FS) []byte {
	t.Helper()
	b, err := Build(folder)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func signed(t testing.TB, folder fs.FS, maker string) []byte {
	t.Helper()
	b, err := Sign(built(t, folder), maker, keys()[maker])
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// about drafts the activation of a bundle.
func about(t testing.TB, bundle []byte, number uint64, previous deal.Commitment) Activation {
	t.Helper()
	f, err := unarchive(bundle)
	if err != nil {
		t.Fatal(err)
	}
	p, err := policies.Load(f.own().fsys())
	if err != nil {
		t.Fatal(err)
	}
	return Activation{
		Market: market, Name: p.Name(), Kind: p.Kind(), Pack: p.Digest(), Version: p.Version(),
		Number: number, Previous: previous, From: today.Add(-time.Hour), At: today.Add(-2 * time.Hour),
	}
}

func activated(t testing.TB, a Activation, checkers ...string) []byte {
	t.Helper()
	b, err := Propose(a, checkers[0], keys()[checkers[0]])
	for _, id := range checkers[1:] {
		if err == nil {
			b, err = Endorse(b, id, keys()[id])
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// holds is a proof that everything passes.
func holds(context.Context, *policies.Pack, fs.FS) error { return nil }

// clock is a clock that tests turn.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) turn(to time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = to
}

func opened(t testing.TB, c Config) *Library {
	t.Helper()
	if c.Now == nil {
		c.Now = (&clock{now: today}).Now
	}
	if c.Prove == nil {
		c.Prove = holds
	}
	l, err := Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func submitted(t testing.TB, l *Library, bundle, activation []byte) Status {
	t.Helper()
	s, err := l.Submit(t.Context(), bundle, activation)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
