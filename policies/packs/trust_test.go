package packs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cession/deal"
)

func TestKeyFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "anna.pem")
	public, err := NewKey(file)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %v, %v", info.Mode(), err)
	}
	key, err := ReadKey(file)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := PublicKey(key); err != nil || again != public {
		t.Errorf("the key read has another public key: %v", err)
	}
	if _, err := NewKey(file); deal.KindOf(err) != deal.Conflict {
		t.Errorf("made over another: %v", err)
	}
	if _, err := ReadKey(file + ".none"); deal.KindOf(err) != deal.NotFound {
		t.Errorf("a file that is not there: %v", err)
	}
	if err := os.Chmod(file, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadKey(file); deal.KindOf(err) != deal.Refused {
		t.Errorf("others may read it: %v", err)
	}
}

func TestKeysThatAreNone(t *testing.T) {
	private, err := privatePEM(keys()["anna"])
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"nothing": "", "no key": "secret words", "two keys": string(private) + string(private),
		"half a key": string(private[:80]), "another type": strings.ReplaceAll(string(private), "PRIVATE", "EC PRIVATE"),
	} {
		file := filepath.Join(t.TempDir(), "key")
		putFile(t, file, []byte(text))
		if _, err := ReadKey(file); deal.KindOf(err) != deal.Invalid || text != "" && strings.Contains(err.Error(), text) {
			t.Errorf("%s: %v, want invalid, and nothing of the file in it", name, err)
		}
	}
}

func TestTrustFiles(t *testing.T) {
	const until = "    until: 2028-01-01T00:00:00Z\n"
	head := "market: m\ncheckers: 1\nofficers:\n"
	anna, bert := officer("anna", "Anna", "maker", until), officer("bert", "Bert", "checker", until)
	good := head + anna + bert
	file := filepath.Join(t.TempDir(), "trust.yaml")
	putFile(t, file, []byte(good))
	if tr, err := LoadTrust(file); err != nil || len(tr.Officers) != 2 || tr.Market != "m" {
		t.Fatalf("%+v, %v", tr, err)
	}
	if _, err := LoadTrust(file + ".none"); deal.KindOf(err) != deal.NotFound {
		t.Errorf("a file that is not there: %v", err)
	}
	for name, text := range map[string]string{
		"nothing":                "",
		"no market":              strings.Replace(good, "market: m\n", "", 1),
		"nobody checks":          head + anna,
		"no checkers wanted":     strings.Replace(good, "checkers: 1", "checkers: 0", 1),
		"more than there are":    strings.Replace(good, "checkers: 1", "checkers: 2", 1),
		"one person, two keys":   strings.Replace(good, "checkers: 1", "checkers: 2", 1) + officer("carl", " bert", "checker", until),
		"id twice":               good + strings.Replace(officer("carl", "Carl", "checker", until), "id: carl", "id: bert", 1),
		"key twice":              good + strings.Replace(bert, "id: bert", "id: bert.2", 1),
		"id of other letters":    strings.Replace(good, "id: anna", "id: Anna!", 1),
		"unknown role":           strings.Replace(good, "[maker]", "[owner]", 1),
		"no role":                strings.Replace(good, "[maker]", "[]", 1),
		"no person":              strings.Replace(good, "person: Anna", `person: ""`, 1),
		"no from":                strings.Replace(good, "    from: 2026-01-01T00:00:00Z\n", "", 1),
		"until before from":      strings.Replace(good, "2028", "2025", 1),
		"no key":                 strings.Replace(good, "BEGIN PUBLIC KEY", "BEGIN NOTHING", 1),
		"a key nobody mentioned": good + "secret: x\n",
		"two documents":          good + "---\n" + good,
	} {
		if tr, err := ParseTrust([]byte(text)); deal.KindOf(err) != deal.Invalid || tr.Officers != nil {
			t.Errorf("%s: %v, want invalid", name, err)
		}
	}
}
