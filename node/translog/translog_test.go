package translog

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"testing"

	_ "modernc.org/sqlite" // driver "sqlite"

	"cession/deal"
)

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open(t testing.TB) *sql.DB {
	db, err := sql.Open("sqlite", ":memory:")
	check(t, err)
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	_, err = db.Exec(Schema)
	check(t, err)
	return db
}

func appendAll(t testing.TB, db *sql.DB, entries ...[]byte) {
	t.Helper()
	tx, err := db.Begin()
	check(t, err)
	for _, e := range entries {
		_, err := Append(context.Background(), tx, e)
		check(t, err)
	}
	check(t, tx.Commit())
}

// vectors are the leaves that the test data of Certificate Transparency has,
// and the roots over the first 0 to 8 of them.
var vectors = struct{ leaves, roots []string }{
	[]string{"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"},
	[]string{
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	},
}

func vectorLeaves(t testing.TB) (list [][]byte) {
	for _, l := range vectors.leaves {
		b, err := hex.DecodeString(l)
		check(t, err)
		list = append(list, b)
	}
	return list
}

func TestRootsOfTheTestVectors(t *testing.T) {
	db := open(t)
	for n, leaf := range append(vectorLeaves(t), nil) {
		head, err := Now(context.Background(), db)
		check(t, err)
		if head.Size != uint64(n) || hex.EncodeToString(head.Root[:]) != vectors.roots[n] {
			t.Errorf("head of %d entries: size %d, root %x, want %s", n, head.Size, head.Root[:], vectors.roots[n])
		}
		appendAll(t, db, leaf)
	}
}

func TestProofsOfTheTestVectors(t *testing.T) {
	ctx, db := context.Background(), open(t)
	appendAll(t, db, vectorLeaves(t)...)
	inclusion := map[[2]uint64][]string{
		{0, 1}: nil,
		{0, 8}: {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7", "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"},
		{5, 8}: {"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b", "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
		{2, 3}: {"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
		{1, 5}: {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"},
	}
	for of, want := range inclusion {
		path, err := Inclusion(ctx, db, of[0], of[1])
		check(t, err)
		same(t, fmt.Sprint("inclusion ", of), path, want)
	}
	consistency := map[[2]uint64][]string{
		{1, 1}: nil,
		{1, 8}: {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7", "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"},
		{6, 8}: {"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a", "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
		{2, 5}: {"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"},
	}
	for of, want := range consistency {
		path, err := Consistency(ctx, db, of[0], of[1])
		check(t, err)
		same(t, fmt.Sprint("consistency ", of), path, want)
	}
}

func same(t *testing.T, what string, path []deal.Commitment, want []string) {
	t.Helper()
	ok := len(path) == len(want)
	for i := 0; ok && i < len(path); i++ {
		ok = hex.EncodeToString(path[i][:]) == want[i]
	}
	if !ok {
		t.Errorf("%s: have %v, want %v", what, path, want)
	}
}

// naive is the tree as RFC 6962 defines it, by recursion.
func naive(leaves [][]byte) (root [32]byte) {
	switch n := len(leaves); n {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return sha256.Sum256(append([]byte{0}, leaves[0]...))
	default:
		k := 1
		for 2*k < n {
			k *= 2
		}
		left, right := naive(leaves[:k]), naive(leaves[k:])
		return sha256.Sum256(append(append([]byte{1}, left[:]...), right[:]...))
	}
}

// Every root, every inclusion and every consistency of all logs of up to 40
// entries is what the definition says, and nothing else verifies.
func TestAgainstTheDefinition(t *testing.T) {
	const most = 40
	ctx, db := context.Background(), open(t)
	var entries [][]byte
	var heads []Head
	var built Builder
	for i := 0; i <= most; i++ {
		head, err := Now(ctx, db)
		check(t, err)
		if head.Root != deal.Commitment(naive(entries)) {
			t.Fatalf("root of %d entries differs", i)
		}
		if again, err := built.Head(); err != nil || again != head {
			t.Fatalf("built from %d entries: %v, %v; want %v", i, again, err, head)
		}
		heads = append(heads, head)
		entries = append(entries, []byte(fmt.Sprint("entry ", i)))
		appendAll(t, db, entries[i])
		check(t, built.Add(entries[i]))
	}
	for to := 1; to <= most; to++ {
		for i := range to {
			path, err := Inclusion(ctx, db, uint64(i), uint64(to))
			check(t, err)
			check(t, VerifyInclusion(heads[to], uint64(i), entries[i], path))
			refused(t, VerifyInclusion(heads[to], uint64(i), entries[i+1], path))
			refused(t, VerifyInclusion(heads[to], uint64(i), entries[i], append(path, deal.Commitment{})))
		}
		for from := range to {
			path, err := Consistency(ctx, db, uint64(from), uint64(to))
			check(t, err)
			check(t, VerifyConsistency(heads[from], heads[to], path))
			forged := heads[from]
			forged.Root[0] ^= 1
			refused(t, VerifyConsistency(forged, heads[to], path))
			refused(t, VerifyConsistency(heads[to], heads[from], path))
		}
	}
}

func refused(t *testing.T, err error) {
	t.Helper()
	if deal.KindOf(err) != deal.Invalid {
		t.Errorf("have error %v, want an invalid one", err)
	}
}

func TestProofsThatCannotBe(t *testing.T) {
	ctx, db := context.Background(), open(t)
	appendAll(t, db, []byte("one"), []byte("two"), []byte("three"))
	for name, prove := range map[string]func() error{
		"an entry after the end": func() error { _, err := Inclusion(ctx, db, 3, 3); return err },
		"a log not that long":    func() error { _, err := Inclusion(ctx, db, 0, 9); return err },
		"a head not that long":   func() error { _, err := At(ctx, db, 9); return err },
		"backwards":              func() error { _, err := Consistency(ctx, db, 3, 2); return err },
		"to what is not there":   func() error { _, err := Consistency(ctx, db, 2, 9); return err },
	} {
		if err := prove(); deal.KindOf(err) != deal.Invalid {
			t.Errorf("%s: have error %v, want an invalid one", name, err)
		}
	}
}

// What a transaction takes back was never logged.
func TestRollback(t *testing.T) {
	ctx, db := context.Background(), open(t)
	appendAll(t, db, []byte("one"))
	before, err := Now(ctx, db)
	check(t, err)
	tx, err := db.Begin()
	check(t, err)
	index, err := Append(ctx, tx, []byte("two"))
	check(t, err)
	if index != 1 {
		t.Errorf("index %d, want 1", index)
	}
	check(t, tx.Rollback())
	if after, err := Now(ctx, db); err != nil || after != before {
		t.Errorf("head after rollback %v, %v; want %v", after, err, before)
	}
}

// A node of the tree that was changed on disk shows at the next proof.
func TestChangedRow(t *testing.T) {
	ctx, db := context.Background(), open(t)
	appendAll(t, db, vectorLeaves(t)...)
	head, err := Now(ctx, db)
	check(t, err)
	_, err = db.Exec("UPDATE log_nodes SET hash = zeroblob(32) WHERE level = 0 AND idx = 1")
	check(t, err)
	path, err := Inclusion(ctx, db, 0, head.Size)
	check(t, err)
	refused(t, VerifyInclusion(head, 0, vectorLeaves(t)[0], path))
}

func FuzzVerifyInclusion(f *testing.F) {
	db := open(f)
	leaves := vectorLeaves(f)
	appendAll(f, db, leaves...)
	head, err := Now(context.Background(), db)
	check(f, err)
	for i := range leaves {
		path, err := Inclusion(context.Background(), db, uint64(i), head.Size)
		check(f, err)
		f.Add(uint64(i), leaves[i], flat(path))
	}
	f.Fuzz(func(t *testing.T, index uint64, entry, raw []byte) {
		if VerifyInclusion(head, index, entry, unflat(raw)) != nil {
			return
		}
		if index >= head.Size || string(entry) != string(leaves[index]) {
			t.Errorf("a proof of entry %d that is not in the log", index)
		}
	})
}

func FuzzVerifyConsistency(f *testing.F) {
	ctx, db := context.Background(), open(f)
	appendAll(f, db, vectorLeaves(f)...)
	heads := make([]Head, 9)
	for n := range heads {
		var err error
		heads[n], err = At(ctx, db, uint64(n))
		check(f, err)
		path, err := Consistency(ctx, db, uint64(n), 8)
		check(f, err)
		f.Add(uint64(n), heads[n].Root[:], flat(path))
	}
	f.Fuzz(func(t *testing.T, size uint64, root, raw []byte) {
		if len(root) != 32 {
			return
		}
		first := Head{size, deal.Commitment(root)}
		if VerifyConsistency(first, heads[8], unflat(raw)) != nil {
			return
		}
		if size > 8 || first.Root != heads[size].Root {
			t.Errorf("a log of %d entries with root %x passes for the beginning", size, root)
		}
	})
}

func flat(path []deal.Commitment) (raw []byte) {
	for _, h := range path {
		raw = append(raw, h[:]...)
	}
	return raw
}

func unflat(raw []byte) (path []deal.Commitment) {
	for ; len(raw) >= 32; raw = raw[32:] {
		path = append(path, deal.Commitment(raw[:32]))
	}
	return path
}

func BenchmarkAppend(b *testing.B) {
	ctx, db := context.Background(), open(b)
	tx, err := db.Begin()
	check(b, err)
	defer func() { _ = tx.Rollback() }()
	entry := make([]byte, 300)
	for b.Loop() {
		if _, err := Append(ctx, tx, entry); err != nil {
			b.Fatal(err)
		}
	}
}
