package packs

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/open-policy-agent/opa/v1/bundle"

	"cession/deal"
	"cession/policies"
)

// changed returns a bundle with files changed behind its maker's back.
func changed(t testing.TB, b []byte, change func(files)) []byte {
	t.Helper()
	f, err := unarchive(b)
	if err != nil {
		t.Fatal(err)
	}
	change(f)
	if b, err = f.archive(); err != nil {
		t.Fatal(err)
	}
	return b
}

// resigned returns a bundle whose hashes are what somebody with a key says.
func resigned(t testing.TB, b []byte, officer, key string, change func(files, []bundle.FileInfo)) []byte {
	t.Helper()
	return changed(t, b, func(f files) {
		delete(f, signaturesName)
		hashes, err := f.hashes()
		if err != nil {
			t.Fatal(err)
		}
		change(f, hashes)
		private, err := privatePEM(keys()[key])
		if err != nil {
			t.Fatal(err)
		}
		token, err := bundle.GenerateSignedToken(hashes, bundle.NewSigningConfig(string(private), algorithm, ""), officer)
		if err != nil {
			t.Fatal(err)
		}
		f[signaturesName] = []byte(`{"signatures":["` + token + `"]}`)
	})
}

// hostile is one attempt to bring in a pack that nobody should accept.
type hostile struct {
	bundle, activation []byte
	want               error
	kind               deal.Kind
	words              string
}

// inForce is a library with number 7 in force, a limit of 500, and what follows on it.
type inForce struct {
	*Library
	clock  *clock
	bundle []byte // in force
	digest deal.Commitment
	next   []byte // good, of a limit of 600, not submitted
}

func limited(version, limit string) fstest.MapFS {
	return versioned(version, "price.rego", "maximum := 1000", "maximum := "+limit)
}

func running(t testing.TB) inForce {
	t.Helper()
	c := &clock{now: today}
	l := opened(t, Config{Dir: t.TempDir(), Trust: trust(t), Now: c.Now})
	m := inForce{Library: l, clock: c, bundle: signed(t, limited("1", "500"), "anna"), next: signed(t, limited("2", "600"), "anna")}
	a := about(t, m.bundle, 7, l.base.Digest())
	m.digest = a.Pack
	if s := submitted(t, l, m.bundle, activated(t, a, "bert", "carl")); s.State != Active || s.Maker != "anna" || fmt.Sprint(s.Checkers) != "[bert carl]" {
		t.Fatalf("submitted: %+v", s)
	}
	stillDecides(t, l, m.digest, 500)
	return m
}

func (m inForce) attempts(t *testing.T) map[string]hostile {
	good := about(t, m.next, 8, m.digest)
	yes := activated(t, good, "bert", "carl")
	other := func(change func(*Activation), checkers ...string) []byte {
		a := good
		change(&a)
		if len(checkers) == 0 {
			checkers = []string{"bert", "carl"}
		}
		return activated(t, a, checkers...)
	}
	same := func(*Activation) {}
	none := func(files, []bundle.FileInfo) {}
	older := signed(t, limited("0", "100000"), "anna")
	return map[string]hostile{
		"rule changed":        {changed(t, m.next, func(f files) { f["price.rego"] = []byte(strings.Replace(string(f["price.rego"]), "600", "900", 1)) }), yes, ErrTampered, deal.Refused, "price.rego is not what was signed"},
		"list changed":        {changed(t, m.next, func(f files) { f["data/sdn.csv"] = f["data/sdn.csv"][:200] }), yes, ErrTampered, deal.Refused, "data/sdn.csv is not what was signed"},
		"file added":          {changed(t, m.next, func(f files) { f["extra.rego"] = []byte("package cession.extra\n") }), yes, ErrTampered, deal.Refused, "extra.rego was added"},
		"file taken out":      {changed(t, m.next, func(f files) { delete(f, "gate.rego") }), yes, ErrTampered, deal.Refused, `"gate.rego" is missing`},
		"unsigned":            {changed(t, m.next, func(f files) { delete(f, signaturesName) }), yes, ErrUnsigned, deal.Refused, "no officer signed"},
		"signatures empty":    {changed(t, m.next, func(f files) { f[signaturesName] = []byte(`{}`) }), yes, ErrUnsigned, deal.Refused, "no officer signed"},
		"signed by a plugin":  {changed(t, m.next, func(f files) { f[signaturesName] = []byte(`{"signatures":["x"],"plugin":"x"}`) }), yes, ErrSigner, deal.Invalid, "by no plugin"},
		"signature no token":  {changed(t, m.next, func(f files) { f[signaturesName] = []byte(`{"signatures":["x.y"]}`) }), yes, ErrSigner, deal.Invalid, "no JSON Web Token"},
		"another's name":      {resigned(t, m.next, "anna", "olga", none), yes, ErrSigner, deal.Refused, "the signature is not that of anna"},
		"by a stranger":       {resigned(t, m.next, "olga", "olga", none), yes, ErrSigner, deal.Refused, `"olga" is nobody the trust file names`},
		"by a checker":        {resigned(t, m.next, "bert", "bert", none), yes, ErrSigner, deal.Refused, "bert is no maker"},
		"key revoked":         {resigned(t, m.next, "gone", "gone", none), yes, ErrSigner, deal.Refused, "the key of gone was revoked"},
		"key expired":         {resigned(t, m.next, "late", "late", none), yes, ErrSigner, deal.Refused, "the key of late counts"},
		"weak hash":           {resigned(t, m.next, "anna", "anna", func(_ files, h []bundle.FileInfo) { h[2].Algorithm = "MD5" }), yes, ErrSigner, deal.Invalid, "else than SHA-256"},
		"other data for OPA":  {resigned(t, m.next, "anna", "anna", func(f files, h []bundle.FileInfo) { swap(t, f, h, dataName, `{"limits":{}}`) }), yes, ErrArchive, deal.Invalid, "data.json is not what follows"},
		"other rules by kind": {m.next, other(func(a *Activation) { a.Kind = policies.KindList }), ErrOther, deal.Refused, "the activation names the list small 2, and the bundle is the pack small 2"},
		"expired activation":  {m.next, other(func(a *Activation) { a.Until = today.Add(-time.Minute) }), ErrExpired, deal.Refused, "held until"},
		"expired pack":        dated(t, m.digest, "from: 2026-01-01, until: 2026-11-01", ErrExpired, "says that it held until"),
		"pack of the future":  dated(t, m.digest, "from: 2026-12-01", ErrEarly, "says that it holds from 2026-12-01T00:00:00Z, and its activation 2026-11-22"),
		"downgrade":           {older, activated(t, about(t, older, 6, m.base.Digest()), "bert", "carl"), ErrDowngrade, deal.Refused, "number 6 of small, and number 7 has been accepted"},
		"same number":         {m.next, other(func(a *Activation) { a.Number = 7 }), ErrDowngrade, deal.Refused, "number 7 of small, and number 7 has been accepted"},
		"other predecessor":   {m.next, other(func(a *Activation) { a.Previous = m.base.Digest() }), ErrPrevious, deal.Refused, "the newest here is"},
		"back in time":        {m.next, other(func(a *Activation) { a.From = today.Add(-2 * time.Hour) }), ErrDowngrade, deal.Refused, "before number 7"},
		"other market":        {m.next, other(func(a *Activation) { a.Market = "elsewhere" }), ErrOther, deal.Refused, "for the market elsewhere"},
		"other pack":          {m.next, other(func(a *Activation) { a.Pack = m.digest }), ErrOther, deal.Refused, "the activation is about the pack"},
		"other version":       {m.next, other(func(a *Activation) { a.Version = "9" }), ErrOther, deal.Refused, "names the pack small 9, and the bundle is the pack small 2"},
		"operator alone":      {m.next, other(same, "olga"), ErrSigner, deal.Refused, `"olga" is nobody the trust file names`},
		"operator added":      {m.next, other(same, "bert", "carl", "olga"), ErrSigner, deal.Refused, `"olga" is nobody the trust file names`},
		"operator as checker": {m.next, forged(t, good, "bert", "olga"), ErrSigner, deal.Refused, "not that of bert"},
		"nobody":              {m.next, unsignedActivation(t, good), ErrCheckers, deal.Refused, "0 of 2 persons"},
		"one checker":         {m.next, other(same, "bert"), ErrCheckers, deal.Refused, "1 of 2 persons"},
		"one person twice":    {m.next, other(same, "dora", "dora.2"), ErrCheckers, deal.Refused, "1 of 2 persons"},
		"maker checks":        {m.next, other(same, "anna", "bert"), ErrSigner, deal.Refused, "anna is no checker"},
		"maker checks as self": {
			signed(t, limited("2", "600"), "dora"), other(same, "bert", "dora"), ErrOwnCheck, deal.Refused, "dora made the pack and signed its activation as dora"},
		"maker's second key": {
			signed(t, limited("2", "600"), "dora"), other(same, "bert", "carl", "dora.2"), ErrOwnCheck, deal.Refused, "dora made the pack and signed its activation as dora.2"},
		"checker revoked": {m.next, other(same, "bert", "gone"), ErrSigner, deal.Refused, "the key of gone was revoked"},
		"checker expired": {m.next, other(same, "bert", "late"), ErrSigner, deal.Refused, "the key of late counts"},
		"bundle cut off":  {m.next[:len(m.next)-100], yes, ErrArchive, deal.Invalid, "not a bundle"},
		"no activation":   {m.next, nil, ErrActivation, deal.Invalid, "not an activation"},
	}
}

func swap(t *testing.T, f files, hashes []bundle.FileInfo, name, text string) {
	t.Helper()
	f[name] = []byte(text)
	again, err := f.hashes()
	if err != nil {
		t.Fatal(err)
	}
	copy(hashes, again)
}

// dated is in order but for the dates in its manifest.
func dated(t *testing.T, previous deal.Commitment, dates string, want error, words string) hostile {
	b := signed(t, versioned("2", "manifest.yaml", "name: small", "name: small\neffective: {"+dates+"}"), "anna")
	return hostile{b, activated(t, about(t, b, 8, previous), "bert", "carl"), want, deal.Refused, words}
}

// forged signs in an officer's name with somebody's key.
func forged(t *testing.T, a Activation, officer, key string) []byte {
	t.Helper()
	b, err := Propose(a, officer, keys()[key])
	if err != nil {
		t.Fatal(err)
	}
	if b, err = Endorse(b, "carl", keys()["carl"]); err != nil {
		t.Fatal(err)
	}
	return b
}

func unsignedActivation(t *testing.T, a Activation) []byte {
	t.Helper()
	a.Type = activationType
	payload, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(`{"payload":"` + base64.RawURLEncoding.EncodeToString(payload) + `","signatures":[]}`)
}

// Whatever is tried, the pack in force stays and decides as before, and what
// was tried shows with its reason.
func TestHostilePacks(t *testing.T) {
	m := running(t)
	for name, h := range m.attempts(t) {
		t.Run(name, func(t *testing.T) {
			_, err := m.Submit(t.Context(), h.bundle, h.activation)
			if !errors.Is(err, h.want) || deal.KindOf(err) != h.kind || !strings.Contains(fmt.Sprint(err), h.words) {
				t.Errorf("%v (kind %s), want %v of kind %s with %q", err, deal.KindOf(err), h.want, h.kind, h.words)
			}
			stillDecides(t, m.Library, m.digest, 500)
			if !slices.ContainsFunc(m.Status(), func(s Status) bool { return s.State == Refused && s.Why == fmt.Sprint(err) }) {
				t.Errorf("status does not show it: %+v", m.Status())
			}
			if again := opened(t, Config{Dir: m.config.Dir, Trust: trust(t)}); len(again.entries) != 1 {
				t.Errorf("%d bundles are kept, want 1", len(again.entries))
			}
		})
	}
	// All of these were about a pack that is in order.
	submitted(t, m.Library, m.next, activated(t, about(t, m.next, 8, m.digest), "carl", "bert"))
	digest := about(t, m.next, 8, m.digest).Pack
	stillDecides(t, m.Library, digest, 600)
	if _, err := m.Submit(t.Context(), m.bundle, activated(t, about(t, m.bundle, 7, m.base.Digest()), "bert", "carl")); err != nil {
		t.Errorf("what was accepted before is submitted again: %v", err)
	}
	stillDecides(t, m.Library, digest, 600)
}

// A pack that could let through what it refuses is not accepted, however well
// it is signed, and is not proved again and again.
func TestPackThatDoesNotHold(t *testing.T) {
	m := running(t)
	proofs := 0
	m.config.Prove = func(context.Context, *policies.Pack, fs.FS) error {
		proofs++
		return errors.New("drop act.fields.price turns a refusal into permission")
	}
	yes := activated(t, about(t, m.next, 8, m.digest), "bert", "carl")
	for range 3 {
		_, err := m.Submit(t.Context(), m.next, yes)
		if !errors.Is(err, ErrProof) || deal.KindOf(err) != deal.Refused || !strings.Contains(err.Error(), "drop act.fields.price") {
			t.Errorf("%v, want refused for its proof", err)
		}
	}
	stillDecides(t, m.Library, m.digest, 500)
	if proofs != 1 {
		t.Errorf("proved %d times, want once", proofs)
	}
}

// Without a trust file nothing but the pack in the program is in force.
func TestWithoutTrust(t *testing.T) {
	l := opened(t, Config{})
	b := signed(t, small(), "anna")
	_, err := l.Submit(t.Context(), b, activated(t, about(t, b, 1, l.base.Digest()), "bert", "carl"))
	if !errors.Is(err, ErrSigner) || deal.KindOf(err) != deal.Refused || !strings.Contains(err.Error(), "no trust file") {
		t.Errorf("%v, want refused for want of trust", err)
	}
	p, err := l.Current()
	if err != nil || p != l.base {
		t.Errorf("in force is %s, %v", nameOf(p), err)
	}
}
