package vault

import (
	"encoding/json"
	"strings"
	"testing"

	"cession/deal"
)

func TestDescription(t *testing.T) {
	three := uint64(3)
	full := Description{Dated: "2026-02-28", Folder: "1 Legal/Müller & Söhne", Kind: "invoice", Name: "<a>.pdf", Note: "n", Number: "1.2", Supersedes: &three, Title: "t", ViewOnly: true}
	if err := full.Check(); err != nil {
		t.Fatal(err)
	}
	want := `{"dated":"2026-02-28","folder":"1 Legal/Müller & Söhne","kind":"invoice","name":"<a>.pdf","note":"n","number":"1.2","supersedes":3,"title":"t","viewOnly":true}`
	if have := string(full.Canonical()); have != want {
		t.Errorf("canonical form %s", have)
	}
	var read Description
	if err := json.Unmarshal([]byte(want), &read); err != nil || !read.Equal(full) {
		t.Errorf("read back %+v, %v", read, err)
	}
	for _, name := range []string{"Screenshot 9.41.00\u202fAM.png", "請求\u3000書.pdf", "a\u00a0b.pdf", "👍.txt"} {
		if err := CheckName(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	if have := string(Description{Name: "a.txt"}.Canonical()); have != `{"name":"a.txt"}` {
		t.Errorf("canonical form of a name alone %s", have)
	}
}

func TestDescriptionRefuses(t *testing.T) {
	deep := strings.TrimSuffix(strings.Repeat("a/", 17), "/")
	for name, d := range map[string]Description{
		"no name": {}, "a path": {Name: "a/b"}, "up": {Name: ".."}, "folder up": {Name: "a", Folder: "x/../y"}, "folder from the root": {Name: "a", Folder: "/x"},
		"folder's end": {Name: "a", Folder: "x/"}, "deep folder": {Name: "a", Folder: deep}, "number": {Name: "a", Number: "1."}, "number from 0": {Name: "a", Number: "0.1"},
		"date": {Name: "a", Dated: "2026-1-1"}, "time": {Name: "a", Dated: "2026-01-01T00:00:00Z"}, "long kind": {Name: "a", Kind: strings.Repeat("k", 101)},
		"lines": {Name: "a", Note: "a\nb"}, "not UTF-8": {Name: "a", Title: "\xff"}, "direction": {Name: "a\u202etxt.exe"}, "no width": {Name: "a\u200bb.txt"}, "a line in it": {Name: "a\u2028b.txt"},
	} {
		if err := d.Check(); deal.KindOf(err) != deal.Invalid {
			t.Errorf("%s: %v, want invalid", name, err)
		}
	}
}
