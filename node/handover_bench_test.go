package node

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"cession/deal"
)

// BenchmarkHandover hands one large document over, from the seller's node to the
// buyer's, and in turns with it copies the same ciphertext over TLS 1.3 with
// SHA-256 at both ends, a write and an fsync, on the same disk: the least that
// any handover does. It reports the medians of both and their ratio; the nodes
// do so much more as it takes to verify every chunk, decrypt and verify the
// plaintext, pass the gate at every range, and remember how far they are.
func BenchmarkHandover(b *testing.B) {
	const size = 512 << 20
	w := newWorld(b)
	for _, m := range w.members {
		if m.node != nil {
			m.node.Blobs = m.blobs.Store // as it is in a node, without the hook of tests
		}
	}
	id, release := w.largeHandover(size)
	part := w.oneDocument(release)
	b.SetBytes(size)
	var handed, bare []time.Duration
	var handedCPU, bareCPU time.Duration
	for b.Loop() {
		b.StopTimer()
		w.forget(id, release)
		before := cpuTime()
		bare = append(bare, w.bareCopy(part))
		between := cpuTime()
		b.StartTimer()
		begun := time.Now()
		check(b, w.pull(id, release))
		handed = append(handed, time.Since(begun))
		bareCPU += between - before
		handedCPU += cpuTime() - between
	}
	b.ReportMetric(throughput(size, handed), "handover-MB/s")
	b.ReportMetric(throughput(size, bare), "bare-MB/s")
	b.ReportMetric(throughput(size, handed)/throughput(size, bare), "ratio")
	b.ReportMetric(float64(handedCPU)/float64(len(handed))/size, "handover-cpu-ns/B")
	b.ReportMetric(float64(bareCPU)/float64(len(bare))/size, "bare-cpu-ns/B")
}

// cpuTime is what the process has used so far: of use where others use the
// machine as well.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func throughput(size int64, times []time.Duration) float64 {
	slices.Sort(times)
	return float64(size) / times[len(times)/2].Seconds() / 1e6
}

// oneDocument returns where the ciphertext of the only document is.
func (w *world) oneDocument(release deal.Act) string {
	w.t.Helper()
	t, _, err := w.members[seller].node.state.ticket(context.Background(), release.ID)
	check(w.t, err)
	list, err := w.members[seller].node.consignedOf(context.Background(), t)
	check(w.t, err)
	return filepath.Join(w.members[seller].dir, "blobs", "blobs", list[0].blob)
}

// forget undoes a handover at both nodes.
func (w *world) forget(id deal.ID, release deal.Act) {
	w.t.Helper()
	ctx, b := context.Background(), w.members[buyer].node
	for _, table := range []string{"pulls", "pulled", "jobs"} {
		check(w.t, b.state.exec(ctx, "DELETE FROM "+table))
	}
	check(w.t, b.state.exec(ctx, "DELETE FROM documents WHERE set_id IN (SELECT id FROM sets WHERE received = 1)"))
	check(w.t, b.state.exec(ctx, "DELETE FROM sets WHERE received = 1"))
	check(w.t, b.Blobs.Delete(ctx, fmt.Sprintf("received/%x-0", release.ID[:])))
	check(w.t, w.members[seller].node.state.exec(ctx, "UPDATE releases SET delivered = 0 WHERE deal = ?", id))
}

// bareCopy sends a file over TLS 1.3, hashing it at both ends, to a file that is
// synced.
func (w *world) bareCopy(from string) time.Duration {
	w.t.Helper()
	n := w.members[seller].node
	l, err := tls.Listen("tcp", "127.0.0.1:0", n.serverTLS())
	check(w.t, err)
	defer l.Close()
	sums := make(chan []byte, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		f, err := os.Open(from)
		if err != nil {
			return
		}
		defer f.Close()
		h := sha256.New()
		_, _ = io.CopyBuffer(io.MultiWriter(h, c), onlyReader{f}, make([]byte, 256<<10))
		sums <- h.Sum(nil)
	}()
	begun := time.Now()
	c, err := tls.Dial("tcp", l.Addr().String(), pinnedTransport(n.Pin(), w.members[buyer].node).TLSClientConfig)
	check(w.t, err)
	defer c.Close()
	to, err := os.Create(filepath.Join(w.members[buyer].dir, incomingDir, "bare"))
	check(w.t, err)
	defer func() { to.Close(); os.Remove(to.Name()) }()
	h := sha256.New()
	_, err = io.CopyBuffer(io.MultiWriter(h, to), onlyReader{c}, make([]byte, 256<<10))
	check(w.t, err)
	check(w.t, to.Sync())
	took := time.Since(begun)
	if !bytes.Equal(h.Sum(nil), <-sums) {
		w.t.Fatal("the copy differs")
	}
	return took
}

type onlyReader struct{ io.Reader }
