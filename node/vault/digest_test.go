package vault

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"testing/iotest"

	"cession/deal"
)

func TestHash(t *testing.T) {
	// FIPS 180-4 example.
	sum, err := Hash(bytes.NewReader([]byte("abc")))
	if err != nil || sum.Size != 3 || sum.SHA256.String() != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Errorf("Hash(abc) = %v, %v", sum, err)
	}
	failure := errors.New("disk failed")
	if _, err := Hash(iotest.ErrReader(failure)); !errors.Is(err, failure) {
		t.Errorf("hash of a failing reader: %v", err)
	}
}

func TestDigestText(t *testing.T) {
	want := Digest(SHA256([]byte("x")))
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got Digest
	if err := json.Unmarshal(text, &got); err != nil || got != want {
		t.Errorf("round trip of %s: %v, %v", text, got, err)
	}
	for _, bad := range []string{"", "ab", "0x" + want.String()[2:], want.String() + "00", "g" + want.String()[1:]} {
		if err := got.UnmarshalText([]byte(bad)); deal.KindOf(err) != deal.Invalid {
			t.Errorf("digest %q: %v, want invalid", bad, err)
		}
	}
}

func TestLeaf(t *testing.T) {
	sum, about := Digest(SHA256([]byte("invoice"))), Description{Name: "invoice.pdf"}.Digest()
	one, two := deal.Commitment{1}, deal.Commitment{2}
	content := append(one[:], sum[:]...)
	if got, want := ContentLeaf(SHA256, one, sum), deal.Commitment(SHA256(content)); got != want {
		t.Errorf("leaf of the content %v, want hash of 64 bytes %v", got, want)
	}
	if got, want := Leaf(SHA256, one, sum, about), deal.Commitment(SHA256(append(content, about[:]...))); got != want {
		t.Errorf("leaf %v, want hash of 96 bytes %v", got, want)
	}
	if Leaf(SHA256, one, sum, about) == Leaf(SHA256, two, sum, about) {
		t.Error("the same document has the same leaf under two salts")
	}
	if Leaf(SHA256, one, sum, about) == Leaf(SHA256, one, sum, Description{Name: "other.pdf"}.Digest()) {
		t.Error("the same document has the same leaf under two names")
	}
}

// The roots of the eight test leaves of RFC 6962 implementations, from
// github.com/google/certificate-transparency, cpp/merkletree/merkle_tree_test.cc.
func TestTreeVectors(t *testing.T) {
	leaves := []string{"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"}
	roots := []string{
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	}
	tree := NewTree(SHA256)
	for n, want := range roots {
		if root := tree.Root(); hex.EncodeToString(root[:]) != want {
			t.Errorf("root of %d leaves: %x, want %s", n, root, want)
		}
		if n < len(leaves) {
			data, _ := hex.DecodeString(leaves[n])
			tree.Add(data)
		}
	}
}

func TestProofs(t *testing.T) {
	for size := 1; size <= 40; size++ {
		tree := NewTree(SHA256)
		for i := range size {
			tree.Add([]byte{byte(i)})
		}
		all := tree.Proofs()
		for i := range size {
			checkProof(t, tree, i)
			if one, _ := tree.Proof(i); !slices.Equal(one, all[i]) {
				t.Errorf("leaf %d of %d has another path among all", i, size)
			}
		}
	}
	if _, err := NewTree(SHA256).Proof(0); deal.KindOf(err) != deal.Invalid {
		t.Errorf("proof in an empty tree: %v", err)
	}
}

func checkProof(t *testing.T, tree *Tree, i int) {
	t.Helper()
	proof, err := tree.Proof(i)
	if err != nil {
		t.Fatal(err)
	}
	index, size, data := uint64(i), uint64(tree.Len()), []byte{byte(i)}
	if err := VerifyProof(SHA256, tree.Root(), data, index, size, proof); err != nil {
		t.Errorf("leaf %d of %d: %v", i, size, err)
	}
	wrong := map[string]error{
		"other data":   VerifyProof(SHA256, tree.Root(), []byte{byte(i + 1)}, index, size, proof),
		"other index":  VerifyProof(SHA256, tree.Root(), data, (index+1)%(size+1), size, proof),
		"beyond":       VerifyProof(SHA256, tree.Root(), data, size, size, proof),
		"longer proof": VerifyProof(SHA256, tree.Root(), data, index, size, append(proof, [32]byte{})),
		"other root":   VerifyProof(SHA256, [32]byte{1}, data, index, size, proof),
	}
	if len(proof) > 0 {
		wrong["shorter proof"] = VerifyProof(SHA256, tree.Root(), data, index, size, proof[1:])
	}
	for what, err := range wrong {
		if deal.KindOf(err) != deal.Invalid {
			t.Errorf("leaf %d of %d, %s: %v, want invalid", i, size, what, err)
		}
	}
}

// An inner node must not pass for a leaf: that is what the two tags are for.
func TestNodeIsNoLeaf(t *testing.T) {
	tree := NewTree(SHA256)
	for i := range 4 {
		tree.Add([]byte{byte(i)})
	}
	l := tree.Leaves()
	left := append(l[0][:], l[1][:]...)
	right := SHA256(nodeTag, l[2][:], l[3][:])
	if err := VerifyProof(SHA256, tree.Root(), left, 0, 2, [][32]byte{right}); deal.KindOf(err) != deal.Invalid {
		t.Errorf("an inner node passed for a leaf: %v", err)
	}
}

func FuzzVerifyProof(f *testing.F) {
	tree := NewTree(SHA256)
	for i := range 7 {
		tree.Add([]byte{byte(i)})
	}
	root := tree.Root()
	for i := range 7 {
		proof, _ := tree.Proof(i)
		var flat []byte
		for _, p := range proof {
			flat = append(flat, p[:]...)
		}
		f.Add([]byte{byte(i)}, uint64(i), uint64(7), flat)
	}
	f.Fuzz(func(t *testing.T, data []byte, index, size uint64, flat []byte) {
		var proof [][32]byte
		for ; len(flat) >= 32; flat = flat[32:] {
			proof = append(proof, [32]byte(flat))
		}
		if VerifyProof(SHA256, root, data, index, size, proof) == nil && (len(data) != 1 || data[0] > 6) {
			t.Errorf("a leaf that is not in the tree passed: %x at %d of %d", data, index, size)
		}
	})
}
