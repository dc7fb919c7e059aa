package deal

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"text/template"
)

const secret = "Which debtor is insolvent?"

// leaks reports whether the output shows the text or salt of a sealed value in
// one of the ways Go prints strings and bytes.
func leaks(s Sealed, output string) bool {
	text, salt := s.Open()
	for _, form := range []string{
		text, fmt.Sprintf("%x", text), fmt.Sprintf("%X", text), fmt.Sprint([]byte(text)),
		salt.String()[2:], fmt.Sprint(salt[:]), fmt.Sprintf("%#v", salt[:4])[7:20],
	} {
		if strings.Contains(output, form) {
			return true
		}
	}
	return false
}

// holders are the shapes in which a sealed value could be handed on.
func holders(s Sealed) map[string]any {
	return map[string]any{
		"value": s, "pointer": &s, "list": []Sealed{s}, "array": [1]Sealed{s}, "map": map[string]Sealed{"q": s},
		"key": map[Sealed]int{s: 1}, "field": struct{ Question Sealed }{s}, "embedded": struct{ Sealed }{s},
		"any": struct{ Question any }{s}, "pointer field": struct{ Question *Sealed }{&s},
	}
}

func TestSealedIsNotPrinted(t *testing.T) {
	s := Seal(secret)
	for name, held := range holders(s) {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%t", "%U", "%c", "%g", "%o", "%10v", "%-4s", "%.3s", "%T"} {
			if out := fmt.Sprintf(verb, held); leaks(s, out) {
				t.Errorf("%s of a %s shows it: %s", verb, name, out)
			}
		}
		for how, out := range map[string]string{
			"Sprint": fmt.Sprint(held), "Sprintln": fmt.Sprintln(held), "Errorf": fmt.Errorf("answer %v", held).Error(),
			"Error": Errorf(Invalid, "answer %v", held).Error(),
		} {
			if leaks(s, out) {
				t.Errorf("%s of a %s shows it: %s", how, name, out)
			}
		}
	}
	if out := fmt.Sprintf("%v %s", s, &s); out != "sealed sealed" || s.String() != "sealed" {
		t.Errorf("sealed text prints as %q", out)
	}
}

func TestSealedIsNotSerialized(t *testing.T) {
	s := Seal(secret)
	gob.Register(s)
	encoders := map[string]func(*bytes.Buffer, any) error{
		"json": func(b *bytes.Buffer, v any) error { return json.NewEncoder(b).Encode(v) },
		"gob":  func(b *bytes.Buffer, v any) error { return gob.NewEncoder(b).Encode(v) },
	}
	for format, encode := range encoders {
		for name, held := range holders(s) {
			if format == "gob" && name == "any" {
				held = &struct{ Question any }{s}
			}
			var b bytes.Buffer
			err := encode(&b, held)
			if err == nil || leaks(s, b.String()) || leaks(s, err.Error()) {
				t.Errorf("%s of a %s: %v, output %q; want an error and nothing shown", format, name, err, b.String())
			}
			if name != "key" && KindOf(err) != Refused { // json drops the cause for keys
				t.Errorf("%s of a %s: %v, want kind refused", format, name, err)
			}
		}
	}
	if out, err := xml.Marshal(struct{ Question Sealed }{s}); err == nil || leaks(s, string(out)+err.Error()) {
		t.Errorf("XML: %s, %v; want an error", out, err)
	}
	if out, err := s.MarshalText(); KindOf(err) != Refused || out != nil {
		t.Errorf("text: %s, %v; want kind refused", out, err)
	}
}

func TestSealedIsNotLogged(t *testing.T) {
	s := Seal(secret)
	var b bytes.Buffer
	for _, h := range []slog.Handler{slog.NewTextHandler(&b, nil), slog.NewJSONHandler(&b, nil)} {
		for name, held := range holders(s) {
			slog.New(h).Info("asked", name, held)
		}
	}
	if err := template.Must(template.New("").Parse("{{.}} {{.Question}}")).Execute(&b, struct{ Question Sealed }{s}); err != nil {
		t.Fatal(err)
	}
	if b.Len() == 0 || leaks(s, b.String()) {
		t.Errorf("a log or template shows it: %s", b.String())
	}
}

func sha(parts ...[]byte) [32]byte { return sha256.Sum256(bytes.Join(parts, nil)) }

func TestSealedRoundTrip(t *testing.T) {
	for _, text := range []string{secret, "", "\x00\xff", strings.Repeat("long ", 10000)} {
		s := Seal(text)
		open, salt := s.Open()
		if open != text || salt.IsZero() {
			t.Fatalf("opened: %.40q, salt %s", open, salt)
		}
		again := Reseal(open, salt)
		if text2, salt2 := again.Open(); text2 != text || salt2 != salt || again.Commit(sha) != s.Commit(sha) {
			t.Error("resealed text is another, or has another commitment")
		}
		if want := Commitment(sha256.Sum256([]byte(string(salt[:]) + text))); s.Commit(sha) != want {
			t.Errorf("commitment %s, want the hash of salt and text %s", s.Commit(sha), want)
		}
	}
}

func TestCommitmentHidesTheText(t *testing.T) {
	first, second := Seal(secret), Seal(secret)
	if first.Commit(sha) == second.Commit(sha) {
		t.Error("the same text sealed twice has the same commitment: it can be guessed")
	}
	_, salt := first.Open()
	if Reseal("another text", salt).Commit(sha) == first.Commit(sha) {
		t.Error("another text has the same commitment")
	}
}
