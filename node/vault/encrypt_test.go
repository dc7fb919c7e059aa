package vault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"cession/deal"
)

func random(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{2}).Read(b)
	return b
}

// encrypt returns a version and its ciphertext.
func encrypt(t testing.TB, plain []byte) (Version, []byte) {
	t.Helper()
	e, err := NewEncryptor(bytes.NewReader(plain), nil)
	if err != nil {
		t.Fatal(err)
	}
	cipher, err := io.ReadAll(e)
	if err != nil {
		t.Fatal(err)
	}
	v, err := e.Finish(PDF)
	if err != nil {
		t.Fatal(err)
	}
	return v, cipher
}

func newIdentity(t testing.TB) Identity {
	t.Helper()
	i, err := NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func expectKind(t *testing.T, what string, err error, want deal.Kind) {
	t.Helper()
	if deal.KindOf(err) != want {
		t.Errorf("%s: error %v of kind %q, want %q", what, err, deal.KindOf(err), want)
	}
}

func TestRoundTrip(t *testing.T) {
	for _, size := range []int{1, 15, 64<<10 - 1, 64 << 10, 64<<10 + 1, 1 << 20, 3<<20 + 7} {
		plain := random(size)
		v, cipher := encrypt(t, plain)
		m := v.Manifest
		if m.Sum() != (Sum{int64(size), SHA256(plain)}) || m.CipherSize != int64(len(cipher)) || m.CipherSHA256 != Digest(SHA256(cipher)) {
			t.Errorf("%d bytes: manifest does not describe them: %+v", size, m)
		}
		if bytes.Contains(cipher, plain[:min(size, 64)]) && size > 4 {
			t.Errorf("%d bytes: ciphertext shows the plaintext", size)
		}
		var out bytes.Buffer
		if err := Decrypt(&out, iotest.HalfReader(bytes.NewReader(cipher)), m, v.Key); err != nil || !bytes.Equal(out.Bytes(), plain) {
			t.Errorf("%d bytes: decrypt: %v", size, err)
		}
		checkOpen(t, v, cipher, plain)
		checkChunks(t, v, cipher)
	}
}

func checkOpen(t *testing.T, v Version, cipher, plain []byte) {
	t.Helper()
	r, err := Open(bytes.NewReader(cipher), v.Manifest, v.Key)
	if err != nil {
		t.Errorf("open %d bytes: %v", len(plain), err)
		return
	}
	for _, offset := range []int{0, len(plain) / 2, len(plain) - 1} {
		got, err := io.ReadAll(io.NewSectionReader(r, int64(offset), 100))
		if want := plain[offset:min(len(plain), offset+100)]; err != nil || !bytes.Equal(got, want) {
			t.Errorf("read %d bytes at %d: %v", len(want), offset, err)
		}
	}
}

func checkChunks(t *testing.T, v Version, cipher []byte) {
	t.Helper()
	if err := v.Chunks.Check(v.Manifest); err != nil {
		t.Error(err)
	}
	tree := NewTree(SHA256)
	for i := range v.Manifest.Chunks() {
		offset, length := v.Manifest.Chunk(i)
		chunk := bytes.Clone(cipher[offset : offset+length])
		tree.Add(chunk)
		if err := v.Chunks.Verify(i, chunk); err != nil {
			t.Errorf("chunk %d: %v", i, err)
		}
		chunk[len(chunk)/2] ^= 1
		expectKind(t, "altered chunk", v.Chunks.Verify(i, chunk), deal.Invalid)
	}
	if tree.Root() != [32]byte(v.Manifest.Root) {
		t.Error("the manifest's root is not that of the tree over the chunks")
	}
	expectKind(t, "chunk beyond the end", v.Chunks.Verify(len(v.Chunks), nil), deal.Invalid)
	expectKind(t, "short chunk list", v.Chunks[1:].Check(v.Manifest), deal.Invalid)
}

func TestFreshKeys(t *testing.T) {
	plain := random(1000)
	one, first := encrypt(t, plain)
	two, second := encrypt(t, plain)
	if one.Key == two.Key || bytes.Equal(first, second) {
		t.Error("two versions of the same document share a key")
	}
}

func TestAlteredCiphertext(t *testing.T) {
	v, cipher := encrypt(t, random(200_000))
	other, _ := encrypt(t, random(200_000))
	flip := func(at int) []byte {
		b := bytes.Clone(cipher)
		b[at] ^= 1
		return b
	}
	for what, c := range map[string]struct {
		cipher []byte
		key    FileKey
	}{
		"header": {flip(30), v.Key}, "header mac": {flip(headerSize - 3), v.Key}, "nonce": {flip(headerSize + 3), v.Key},
		"first chunk": {flip(500), v.Key}, "end": {flip(len(cipher) - 1), v.Key}, "cut short": {cipher[:len(cipher)-1], v.Key},
		"cut at a chunk": {cipher[:headerSize+nonceSize+ageChunk+ageTag], v.Key}, "too long": {append(bytes.Clone(cipher), 0), v.Key},
		"empty": {nil, v.Key}, "other key": {cipher, other.Key}, "no key": {cipher, FileKey{}},
	} {
		expectKind(t, "decrypt: "+what, Decrypt(io.Discard, bytes.NewReader(c.cipher), v.Manifest, c.key), deal.Invalid)
	}
	_, err := Open(bytes.NewReader(cipher), v.Manifest, other.Key)
	expectKind(t, "open: other key", err, deal.Invalid)
	r, err := Open(bytes.NewReader(flip(500)), v.Manifest, v.Key)
	if err == nil {
		_, err = r.ReadAt(make([]byte, 10), 0)
	}
	if err == nil {
		t.Error("random access returned an altered chunk")
	}
}

// A seller could encrypt another document than the one whose hash is on chain.
func TestOtherDocument(t *testing.T) {
	v, cipher := encrypt(t, random(1000))
	m := v.Manifest
	m.SHA256[0] ^= 1
	expectKind(t, "plaintext of another hash", Decrypt(io.Discard, bytes.NewReader(cipher), m, v.Key), deal.Invalid)
	m = v.Manifest
	m.CipherSHA256[0] ^= 1
	expectKind(t, "ciphertext of another hash", Decrypt(io.Discard, bytes.NewReader(cipher), m, v.Key), deal.Invalid)
}

func TestChangedSinceHashed(t *testing.T) {
	plain := random(100_000)
	sum, _ := Hash(bytes.NewReader(plain))
	for what, now := range map[string][]byte{
		"altered": append([]byte{^plain[0]}, plain[1:]...), "longer": append(bytes.Clone(plain), 0), "shorter": plain[1:], "emptied": nil,
	} {
		e, err := NewEncryptor(bytes.NewReader(now), &sum)
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.Copy(io.Discard, e)
		expectKind(t, what, err, deal.Conflict)
		if !errors.Is(err, ErrChanged) {
			t.Errorf("%s: %v, want ErrChanged", what, err)
		}
		_, err = e.Finish(PDF)
		expectKind(t, what+", finished", err, deal.Conflict)
	}
	e, _ := NewEncryptor(bytes.NewReader(plain), &sum)
	if _, err := io.Copy(io.Discard, e); err != nil {
		t.Errorf("unchanged: %v", err)
	}
}

func TestFailures(t *testing.T) {
	failure := errors.New("disk failed")
	v, cipher := encrypt(t, random(200_000))
	cut := func() io.Reader { return io.MultiReader(bytes.NewReader(cipher[:100_000]), iotest.ErrReader(failure)) }
	e, _ := NewEncryptor(io.MultiReader(bytes.NewReader(random(100_000)), iotest.ErrReader(failure)), nil)
	_, encryptErr := io.Copy(io.Discard, e)
	_, openErr := Open(failingAt{failure}, v.Manifest, v.Key)
	for what, err := range map[string]error{
		"encrypt": encryptErr, "open": openErr,
		"decrypt from": Decrypt(io.Discard, cut(), v.Manifest, v.Key),
		"decrypt to":   Decrypt(failingWriter{failure}, bytes.NewReader(cipher), v.Manifest, v.Key),
	} {
		if !errors.Is(err, failure) || deal.KindOf(err) != "" {
			t.Errorf("%s a failing disk: %v", what, err)
		}
	}
}

type failingAt struct{ err error }

func (f failingAt) ReadAt([]byte, int64) (int, error) { return 0, f.err }

type failingWriter struct{ err error }

func (f failingWriter) Write([]byte) (int, error) { return 0, f.err }

func TestTooLarge(t *testing.T) {
	for size, want := range map[int]error{999: nil, 1000: nil, 1001: ErrTooLarge, 5000: ErrTooLarge} {
		c := &checked{src: bytes.NewReader(random(size)), max: 1000, sum: NewHasher()}
		if _, err := io.Copy(io.Discard, c); !errors.Is(err, want) {
			t.Errorf("%d of 1000 bytes: %v, want %v", size, err, want)
		}
	}
}

func TestManifestForm(t *testing.T) {
	v, _ := encrypt(t, random(1000))
	m, text := v.Manifest, v.Manifest.Canonical()
	if got, err := ParseManifest(text); err != nil || got != m || got.Digest() != m.Digest() {
		t.Errorf("round trip: %v, %v", got, err)
	}
	salt := deal.Commitment{1}
	if d := m.Digest(); m.Commitment(SHA256, salt) != deal.Commitment(SHA256(salt[:], d[:])) {
		t.Error("commitment is not hash(salt || digest)")
	}
	s := string(text)
	for _, bad := range []string{
		"", "{}", "null", "[]", s + " ", " " + s, strings.Replace(s, ",", ", ", 1), s[:len(s)-1] + `,"more":1}`, s[:len(s)-1] + `,"size":1000}`,
		strings.Replace(s, `"size":1000`, `"size":0`, 1), strings.Replace(s, `"size":1000`, `"size":-1`, 1), strings.Replace(s, `"size":1000`, `"size":1001`, 1),
		strings.Replace(s, "1048576", "0", 1), strings.Replace(s, "application/pdf", "text/html", 1), strings.Replace(s, `"sha256"`, `"SHA256"`, 1), s + strings.Repeat(" ", 5000),
	} {
		_, err := ParseManifest([]byte(bad))
		expectKind(t, fmt.Sprintf("manifest %.300q", bad), err, deal.Invalid)
	}
}

func TestSecretsStayHidden(t *testing.T) {
	v, _ := encrypt(t, random(10))
	i := newIdentity(t)
	secrets := []string{string(v.Key.bytes[:]), fmt.Sprintf("%x", v.Key.bytes[:]), fmt.Sprint(v.Key.bytes), i.Secret()[20:]}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		shown := fmt.Sprintf(verb+verb+verb, v, v.Key, i)
		for _, s := range secrets {
			if strings.Contains(strings.ToLower(shown), strings.ToLower(s)) {
				t.Errorf("%s shows a secret", verb)
			}
		}
	}
	_, keyErr := json.Marshal(v)
	_, idErr := json.Marshal(struct{ I Identity }{i})
	for _, err := range []error{keyErr, idErr} {
		expectKind(t, "marshal a secret", err, deal.Refused)
	}
}

func FuzzParseManifest(f *testing.F) {
	v, _ := encrypt(f, random(1000))
	f.Add(v.Manifest.Canonical())
	f.Add([]byte(`{"chunkSize":1048576}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := ParseManifest(text)
		if err != nil {
			expectKind(t, "parse", err, deal.Invalid)
			return
		}
		if !bytes.Equal(m.Canonical(), text) {
			t.Error("two texts for one manifest")
		}
		for i, end := 0, int64(0); i < min(m.Chunks(), 5000); i++ {
			offset, length := m.Chunk(i)
			if offset != end || length <= 0 || length > ChunkSize {
				t.Fatalf("chunk %d at %d has %d bytes", i, offset, length)
			}
			end = offset + length
		}
	})
}
