package packs

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jws"

	"cession/deal"
	"cession/policies"
)

func draft() Activation {
	return Activation{
		Market: market, Name: "small", Kind: policies.KindPack, Pack: deal.Commitment{1}, Version: "1", Number: 1,
		From: today, At: today.Add(-time.Hour),
	}
}

// Another library of the standard verifies both signatures over our payload.
func TestActivationIsJWS(t *testing.T) {
	b := activated(t, draft(), "bert", "carl")
	for _, id := range []string{"bert", "carl"} {
		payload, err := jws.Verify(b, jws.WithKey(jwa.ES256(), keys()[id].Public()))
		if err != nil || !strings.Contains(string(payload), `"number":1`) {
			t.Errorf("%s: %s, %v", id, payload, err)
		}
	}
	if _, err := jws.Verify(b, jws.WithKey(jwa.ES256(), keys()["olga"].Public())); err == nil {
		t.Error("it verifies with any key")
	}
	a, officers, err := ReadActivation(b)
	if err != nil || fmt.Sprint(officers) != "[bert carl]" || a.Pack != draft().Pack || !a.From.Equal(today) {
		t.Errorf("read %+v by %v, %v", a, officers, err)
	}
	if _, err := Endorse(b, "bert", keys()["bert"]); deal.KindOf(err) != deal.Conflict {
		t.Errorf("endorsed twice: %v", err)
	}
}

func TestActivationsThatSayNothing(t *testing.T) {
	for name, change := range map[string]func(*Activation){
		"no market":       func(a *Activation) { a.Market = "" },
		"no name":         func(a *Activation) { a.Name = "" },
		"control letters": func(a *Activation) { a.Name = "small\x1b[2J" },
		"no version":      func(a *Activation) { a.Version = "" },
		"no pack":         func(a *Activation) { a.Pack = deal.Commitment{} },
		"number 0":        func(a *Activation) { a.Number = 0 },
		"no kind":         func(a *Activation) { a.Kind = "" },
		"an addition":     func(a *Activation) { a.Kind = policies.KindAddition },
		"no from":         func(a *Activation) { a.From = time.Time{} },
		"no at":           func(a *Activation) { a.At = time.Time{} },
		"over before":     func(a *Activation) { a.Until = a.From },
	} {
		a := draft()
		change(&a)
		if b, err := Propose(a, "bert", keys()["bert"]); !errors.Is(err, ErrActivation) || deal.KindOf(err) != deal.Invalid || b != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Propose(draft(), "Bert B.", keys()["bert"]); deal.KindOf(err) != deal.Invalid {
		t.Errorf("an id that is none: %v", err)
	}
}

// encoded is an activation of any payload and header.
func encoded(payload, header string) string {
	e := base64.RawURLEncoding.EncodeToString
	return `{"payload":"` + e([]byte(payload)) + `","signatures":[{"protected":"` + e([]byte(header)) + `","signature":"AA"}]}`
}

// Texts that two readers could understand in two ways, each refused in its own
// words.
func TestHostileActivations(t *testing.T) {
	b, err := json.Marshal(func() Activation { a := draft(); a.Type = activationType; return a }())
	if err != nil {
		t.Fatal(err)
	}
	good, header := string(b), `{"alg":"ES256","kid":"bert","typ":"cession-activation"}`
	with := func(old, text string) string { return encoded(strings.Replace(good, old, text, 1), header) }
	if _, _, err := ReadActivation([]byte(encoded(good, header))); err != nil {
		t.Fatalf("what is to be spoilt is not good: %v", err)
	}
	for name, c := range map[string]struct{ text, words string }{
		"key twice":            {with(`"number":1`, `"number":1,"number":2`), `stands twice`},
		"key in two cases":     {with(`"number":1`, `"number":1,"NUMBER":2`), `stands twice`},
		"key twice by folding": {with(`"kind"`, `"Kind":"list","kind"`), "stands twice"},
		"huge number":          {with(`"number":1`, `"number":18446744073709551616`), "64 bits"},
		"negative number":      {with(`"number":1`, `"number":-1`), "cannot unmarshal number"},
		"fraction":             {with(`"number":1`, `"number":1.5`), "fraction or an exponent"},
		"not UTF-8":            {with("small", "sm\xffll"), "not UTF-8"},
		"unknown key":          {with(`"number":1`, `"number":1,"extra":1`), "unknown field"},
		"nested":               {with(`"number":1`, `"x":`+strings.Repeat("[", 100)+strings.Repeat("]", 100)), "levels of nesting"},
		"something behind":     {encoded(good+"{}", header), "no JSON"},
		"no algorithm":         {encoded(good, strings.Replace(header, "ES256", "none", 1)), "want alg ES256"},
		"shared secret":        {encoded(good, strings.Replace(header, "ES256", "HS256", 1)), "want alg ES256"},
		"own key":              {encoded(good, strings.Replace(header, `"typ"`, `"jwk":{},"typ"`, 1)), "and nothing else"},
		"critical header":      {encoded(good, strings.Replace(header, `"typ"`, `"crit":["b64"],"b64":false,"typ"`, 1)), "and nothing else"},
		"another type":         {encoded(good, strings.Replace(header, "cession-activation", "JWT", 1)), "typ cession-activation"},
		"hostile officer":      {encoded(good, strings.Replace(header, "bert", `bert\n`, 1)), "want alg"},
		"other form":           {`{"payload":"e30","protected":"e30","signature":""}`, "unknown field"},
		"unprotected header":   {strings.Replace(encoded(good, header), `"signature":`, `"header":{"kid":"carl"},"signature":`, 1), "unknown field"},
		"padded":               {`{"payload":"e30=","signatures":[]}`, "its payload"},
		"too large":            {strings.Repeat(" ", MaxActivation+1), "bytes, want at most"},
		"too many signatures":  {`{"payload":"e30","signatures":[` + strings.TrimSuffix(strings.Repeat(`{"protected":"","signature":""},`, 33), ",") + `]}`, "33 signatures"},
		"a compact one":        {"e30.e30.AA", "no JSON"},
		"null":                 {"null", "its payload"},
	} {
		_, _, err := ReadActivation([]byte(c.text))
		if !errors.Is(err, ErrActivation) || deal.KindOf(err) != deal.Invalid || !strings.Contains(fmt.Sprint(err), c.words) {
			t.Errorf("%s: %v, want invalid with %q", name, err, c.words)
		}
	}
}

func FuzzActivation(f *testing.F) {
	f.Add(activated(f, draft(), "bert", "carl"))
	f.Add([]byte(encoded(`{"typ":"cession-activation"}`, `{"alg":"ES256","kid":"bert","typ":"cession-activation"}`)))
	tr := trust(f)
	tr.Checkers = 1
	f.Fuzz(func(t *testing.T, b []byte) {
		a, officers, err := ReadActivation(b)
		if err != nil {
			if deal.KindOf(err) != deal.Invalid {
				t.Fatalf("%v, want kind invalid", err)
			}
			return
		}
		if a.check() != nil || len(officers) > maxSignatures {
			t.Fatalf("%+v by %v came through", a, officers)
		}
		end, err := tr.verifyActivation(b, today)
		if err == nil && end.Pack != draft().Pack {
			t.Fatalf("%+v is signed by nobody, and was verified", end)
		}
	})
}
