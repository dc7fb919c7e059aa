package node

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"filippo.io/age"

	"cession/deal"
	"cession/node/blob"
	"cession/node/vault"
)

// loneNode is a seller's node that nobody else is needed for.
func loneNode(tb testing.TB) *Node {
	tb.Helper()
	dir := tb.TempDir()
	store, err := blob.OpenFile(filepath.Join(dir, "blobs"))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { store.Close() })
	signers := &fakeSigners{secrets: map[deal.Address][]byte{}}
	n, err := Open(context.Background(), Config{
		Party: seller, Dir: dir, Market: testMarket, Wallet: signers.wallet("lone"), Verifier: signers, Blobs: store,
		Hashes: Hashes{Keccak: fakeKeccak, Digest: fakeDigest, StructHash: fakeStruct}, Chain: &fakeChain{anchors: map[deal.Commitment]bool{}},
		Desk: deskOf{}, Directory: &fakeDirectory{}, Policy: &fakePolicy{}, Recorder: (&fakeRecorder{}).record,
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { n.Close() })
	return n
}

// expecting has a deal of one document that the node awaits.
func expecting(tb testing.TB, n *Node, d PlannedDocument) deal.ID {
	tb.Helper()
	o := deal.Opening{ID: deal.NewID(), Plan: deal.Standard(), Seller: deal.Party{ID: seller}}
	if err := n.state.exec(context.Background(), "INSERT INTO openings VALUES (?, ?)", o.ID, jsonColumn(o)); err != nil {
		tb.Fatal(err)
	}
	set, err := n.Plan(context.Background(), o.ID, []PlannedDocument{d})
	if err != nil {
		tb.Fatal(err)
	}
	n.Chain.(*fakeChain).set(func() { n.Chain.(*fakeChain).anchors[set.Root] = true })
	return o.ID
}

// longPDF is a PDF of so many bytes as far as an intake looks.
type longPDF struct {
	size int64
}

var (
	pdfBegin = []byte("%PDF-1.7\n")
	pdfTail  = []byte("\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n")
)

func (p *longPDF) ReadAt(b []byte, offset int64) (int, error) {
	n := int(min(int64(len(b)), p.size-offset))
	if n <= 0 {
		return 0, io.EOF
	}
	for i := range b[:n] {
		b[i] = 'x'
	}
	for _, piece := range []struct {
		text []byte
		at   int64
	}{{pdfBegin, 0}, {pdfTail, p.size - int64(len(pdfTail))}} {
		if from, to := max(offset, piece.at), min(offset+int64(n), piece.at+int64(len(piece.text))); from < to {
			copy(b[from-offset:], piece.text[from-piece.at:to-piece.at])
		}
	}
	return n, nil
}

func (p *longPDF) reader() io.Reader { return io.NewSectionReader(p, 0, p.size) }

func (p *longPDF) planned(tb testing.TB) PlannedDocument {
	tb.Helper()
	sum, err := vault.Hash(p.reader())
	if err != nil {
		tb.Fatal(err)
	}
	return PlannedDocument{vault.Description{Name: "long.pdf"}, sum}
}

// inParts brings a document in parts, one after the other.
func (p *longPDF) inParts(ctx context.Context, n *Node, id deal.ID) error {
	for i := range vault.Parts(p.size) {
		offset, length := vault.Part(p.size, i)
		sum, err := vault.Hash(io.NewSectionReader(p, offset, length))
		if err != nil {
			return err
		}
		if err := n.UploadPart(ctx, id, 0, i, sum.SHA256, io.NewSectionReader(p, offset, length)); err != nil {
			return err
		}
	}
	return n.FinishUpload(ctx, id, 0)
}

// BenchmarkIntake takes a document of 256 MiB in, whole and in parts, beside
// hashing and encrypting the same bytes into a file on the same disk.
func BenchmarkIntake(b *testing.B) {
	doc := &longPDF{size: 256 << 20}
	planned := doc.planned(b)
	n, ctx := loneNode(b), context.Background()
	for _, c := range []struct {
		name string
		do   func(id deal.ID) error
	}{
		{"sha256+age alone", func(deal.ID) error { return hashAndEncrypt(n, doc.reader()) }},
		{"whole", func(id deal.ID) error { return n.Upload(ctx, id, 0, doc.reader()) }},
		{"parts", func(id deal.ID) error { return doc.inParts(ctx, n, id) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(doc.size)
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				id := expecting(b, n, planned)
				b.StartTimer()
				if err := c.do(id); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func hashAndEncrypt(n *Node, src io.Reader) error {
	f, err := os.CreateTemp(n.Dir, "alone-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return err
	}
	w, err := age.Encrypt(f, identity.Recipient())
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, io.TeeReader(src, sha256.New())); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return f.Sync()
}

// What an intake allocates does not grow with the document, but for 32 bytes
// per MiB; in parts, for the buffer age makes for every 64 KiB it decrypts, of
// which one is in use at a time.
func TestIntakeMemory(t *testing.T) {
	n, ctx := loneNode(t), context.Background()
	measure := func(size int64, take func(*longPDF, deal.ID) error) uint64 {
		doc := &longPDF{size: size}
		id := expecting(t, n, doc.planned(t))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		check(t, take(doc, id))
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	whole := func(d *longPDF, id deal.ID) error { return n.Upload(ctx, id, 0, d.reader()) }
	parts := func(d *longPDF, id deal.ID) error { return d.inParts(ctx, n, id) }
	measure(96<<20, whole) // what is only made once
	for name, c := range map[string]struct {
		take  func(*longPDF, deal.ID) error
		extra uint64 // bytes for 96 MiB more
	}{"whole": {whole, 1 << 20}, "parts": {parts, 112 << 20}} {
		small, big := measure(96<<20, c.take), measure(192<<20, c.take)
		t.Logf("%s: 96 MiB allocate %d KiB, 192 MiB %d KiB", name, small>>10, big>>10)
		if big > small+c.extra {
			t.Errorf("%s: 96 MiB allocate %d bytes in all, 192 MiB %d", name, small, big)
		}
	}
}

// The stand-in is a PDF to the node.
func TestLongPDF(t *testing.T) {
	doc := &longPDF{size: 96 << 20}
	media, err := vault.Inspect(doc, doc.size, "long.pdf")
	head, _ := io.ReadAll(io.NewSectionReader(doc, 0, 9))
	if err != nil || media != vault.PDF || !bytes.Equal(head, pdfBegin) {
		t.Errorf("%q, %v", media, err)
	}
}
