package vault

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"cession/deal"

	"filippo.io/age"
)

func TestHandover(t *testing.T) {
	seller, buyer, stranger := newIdentity(t), newIdentity(t), newIdentity(t)
	plain := random(100_000)
	v, cipher := encrypt(t, plain)
	kept, err := WrapKey(v.Key, v.Manifest, seller.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	key, err := seller.Unwrap(kept, v.Manifest)
	if err != nil {
		t.Fatal(err)
	}
	sent, err := WrapKey(key, v.Manifest, buyer.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	got, err := buyer.Unwrap(sent, v.Manifest)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := Decrypt(&out, bytes.NewReader(cipher), v.Manifest, got); err != nil || !bytes.Equal(out.Bytes(), plain) {
		t.Errorf("the buyer decrypts: %v", err)
	}
	for name, i := range map[string]Identity{"seller": seller, "stranger": stranger} {
		_, err := i.Unwrap(sent, v.Manifest)
		expectKind(t, name+" unwraps the buyer's key", err, deal.Refused)
	}
	for name, i := range map[string]Identity{"seller": seller, "buyer": buyer} {
		if _, err := age.Decrypt(bytes.NewReader(cipher), i.inner); err == nil {
			t.Errorf("the %s needs no wrapped key", name)
		}
	}
}

func TestWrappedKeyIsBound(t *testing.T) {
	i := newIdentity(t)
	one, _ := encrypt(t, random(100))
	two, _ := encrypt(t, random(100))
	w, err := WrapKey(one.Key, one.Manifest, i.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	_, err = i.Unwrap(w, two.Manifest)
	expectKind(t, "key of another document", err, deal.Invalid)
	for _, bad := range []WrappedKey{nil, []byte("age-encryption.org/v1\n"), w[:len(w)-1], append(bytes.Clone(w), 0), append(w[:len(w)-1:len(w)-1], ^w[len(w)-1]), make([]byte, maxWrapped+1)} {
		_, err = i.Unwrap(bad, one.Manifest)
		expectKind(t, "altered key", err, deal.Invalid)
	}
	_, err = i.Unwrap(sealFor(t, i, make([]byte, 47)), one.Manifest)
	expectKind(t, "key of another size", err, deal.Invalid)
	_, err = Identity{}.Unwrap(w, one.Manifest)
	expectKind(t, "no identity", err, deal.Invalid)
	_, err = WrapKey(one.Key, one.Manifest)
	expectKind(t, "no recipient", err, deal.Invalid)
	_, err = WrapKey(one.Key, one.Manifest, Recipient{})
	expectKind(t, "empty recipient", err, deal.Invalid)
}

func sealFor(t *testing.T, i Identity, content []byte) WrappedKey {
	t.Helper()
	r, err := age.EncryptReader(bytes.NewReader(content), i.recipient.inner)
	if err != nil {
		t.Fatal(err)
	}
	w, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestWrapForSeveral(t *testing.T) {
	node, backup := newIdentity(t), newIdentity(t)
	v, _ := encrypt(t, random(100))
	w, err := WrapKey(v.Key, v.Manifest, node.Recipient(), backup.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range []Identity{node, backup} {
		if key, err := i.Unwrap(w, v.Manifest); err != nil || key != v.Key {
			t.Errorf("one of two recipients: %v", err)
		}
	}
	_, err = WrapKey(v.Key, v.Manifest, node.Recipient(), classic(t).Recipient())
	expectKind(t, "hybrid and classic recipients together", err, deal.Invalid)
}

func classic(t *testing.T) Identity {
	t.Helper()
	x, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	i, err := ParseIdentity([]byte(x.String()))
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestRecipientText(t *testing.T) {
	for _, i := range []Identity{newIdentity(t), classic(t)} {
		text, err := json.Marshal(i.Recipient())
		if err != nil {
			t.Fatal(err)
		}
		var r Recipient
		if err := json.Unmarshal(text, &r); err != nil || r.String() != i.Recipient().String() {
			t.Errorf("round trip of %s: %v", i.Recipient(), err)
		}
		_, err = ParseRecipient(i.Secret())
		expectKind(t, "secret as recipient", err, deal.Invalid)
	}
	_, err := ParseRecipient("age1")
	expectKind(t, "malformed recipient", err, deal.Invalid)
}

func TestLoadIdentity(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys", "age")
	loaded := make([]Identity, 4)
	var all sync.WaitGroup
	for n := range loaded {
		all.Go(func() {
			i, err := LoadIdentity(path)
			if err != nil {
				t.Errorf("load: %v", err)
			}
			loaded[n] = i
		})
	}
	all.Wait()
	for _, i := range loaded {
		if i.Secret() == "" || i.Secret() != loaded[0].Secret() {
			t.Error("processes that start at once have different identities")
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("identity file: %v, %v", info.Mode(), err)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("%d files left in the key folder", len(left))
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	_, err = LoadIdentity(path)
	expectKind(t, "identity others can read", err, deal.Refused)
}

func TestParseIdentity(t *testing.T) {
	i := newIdentity(t)
	for _, bad := range []string{"", "# nothing", i.Recipient().String(), i.Secret()[:30], i.Secret() + "\n" + i.Secret()} {
		_, err := ParseIdentity([]byte(bad))
		expectKind(t, "malformed identity", err, deal.Invalid)
	}
}
