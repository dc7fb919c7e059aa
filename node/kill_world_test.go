package node

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"cession/deal"
	"cession/node/vault"
)

// transferred is a handover of one large document between two processes.
type transferred struct {
	*world
	id      deal.ID
	release deal.Act
	sum     vault.Sum
	dir     string
	nodes   stage
	c       Consignment

	seller, buyer *child
	have          bitmap // chunks that were verified on the buyer's disk when a node was killed
	seen          int64  // bytes of the seller's ledger that were looked at
	asked         []int  // how often each chunk was asked for
	whole         []int  // how often each chunk was read whole, to be sent
	lives         int
	peak          atomic.Int64 // bytes resident, of any node at any time
}

// matrixSize is the size of the document that is handed over while nodes are
// killed: 64 MiB, or CESSION_HANDOVER_MIB.
func matrixSize(t testing.TB) int64 {
	text := os.Getenv("CESSION_HANDOVER_MIB")
	if text == "" {
		return 64 << 20
	}
	mib, err := strconv.ParseInt(text, 10, 64)
	check(t, err)
	return mib << 20
}

// toTransfer has a deal as far as a release, and the buyer's node knows that it
// is to pull it. Then both nodes are processes; the seller's was one already
// while it took the document in.
func toTransfer(t testing.TB, size, limit int64, lines int) *transferred {
	t.Helper()
	w := newWorld(t)
	x := &transferred{world: w}
	x.id, x.sum = x.largeListed(size)
	w.invited(x.id, buyer)
	w.sold(x.id)
	x.release = w.released(x.id)
	x.dir, x.nodes = w.stage(limit, lines)
	shown := asSeenBy(w.desk.deals[x.id], buyer)
	check(t, w.members[buyer].node.state.keepJob(context.Background(), before(&shown, x.release.ID), x.release))
	w.members[seller].stop()
	w.members[buyer].stop()
	return x
}

// largeListed lists a deal with one large document, which a process takes in.
func (x *transferred) largeListed(size int64) (deal.ID, vault.Sum) {
	t, ctx := x.t, context.Background()
	sum, err := vault.Hash(bulk(size))
	check(t, err)
	o, err := x.members[seller].client.Open(ctx)
	check(t, err)
	x.act(seller, o.ID, "", "draft.open")
	_, err = x.members[seller].client.Plan(ctx, o.ID, []PlannedDocument{{Description: vault.Description{Name: "scan.jpg"}, Sum: sum}})
	check(t, err)
	x.act(seller, o.ID, "", "documents.notarize")
	dir, nodes := x.world.stage(0, 0)
	x.members[seller].stop()
	p := startChild(t, dir, seller, false)
	x.watch(func() []*child { return []*child{p} }, func() {
		c, err := Dial(ClientConfig{URL: "https://" + nodes.Nodes[seller].Address, Dir: x.members[seller].dir})
		check(t, err)
		defer c.Close()
		x.until(p, func() bool { _, err := c.Documents(ctx, o.ID); return err == nil })
		check(t, c.Upload(ctx, o.ID, 0, bulk(size), size))
	})
	p.kill() // what was taken in stays
	x.start(seller)
	x.act(seller, o.ID, "", "mint.mint", "face=100000 USD", "due="+x.in(900*time.Hour))
	x.act(seller, o.ID, "", "listing.publish", "until="+x.in(300*time.Hour))
	return o.ID, sum
}

// until waits for something, as long as a process lives.
func (x *transferred) until(p *child, what func() bool) {
	x.t.Helper()
	for end := time.Now().Add(20 * time.Minute); !what(); time.Sleep(20 * time.Millisecond) {
		if !p.alive() || time.Now().After(end) {
			x.t.Fatalf("the node did not get there: %v\n%s", p.err, tailOf(p.log.String()))
		}
	}
}

// watch notes the most memory that nodes have while do runs.
func (x *transferred) watch(nodes func() []*child, do func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			case <-time.After(50 * time.Millisecond):
			}
			for _, c := range nodes() {
				x.note(c)
			}
		}
	}()
	do()
	close(done)
	<-ended
	for _, c := range nodes() {
		x.note(c)
	}
}

func (x *transferred) note(c *child) {
	for peak := c.peak(); ; {
		if old := x.peak.Load(); peak <= old || x.peak.CompareAndSwap(old, peak) {
			return
		}
	}
}

// look verifies, while a node is dead, which chunks the buyer's node has, and
// that none it had before was asked for since.
func (x *transferred) look() {
	x.t.Helper()
	x.read()
	f, err := os.Open(x.part())
	if err != nil { // nothing is here yet, or all of it is
		if x.arrived() {
			for i := range x.c.Manifest.Chunks() {
				x.have.set(i)
			}
		}
		return
	}
	defer f.Close()
	buffer := make([]byte, vault.ChunkSize)
	info, err := f.Stat()
	check(x.t, err)
	for i := range x.c.Manifest.Chunks() {
		offset, size := x.c.Manifest.Chunk(i)
		if x.have.has(i) || offset+size > info.Size() {
			continue
		}
		head := make([]byte, 64)
		if _, err := f.ReadAt(head, offset); err != nil || bytes.Equal(head, make([]byte, len(head))) {
			continue // a hole: not written yet
		}
		if _, err := f.ReadAt(buffer[:size], offset); err == nil && x.c.Chunks.Verify(i, buffer[:size]) == nil {
			x.have.set(i)
		}
	}
}

// read reads on in the ledger of the seller's node.
func (x *transferred) read() {
	f, err := os.Open(filepath.Join(x.dir, "ranges"))
	if err != nil {
		return
	}
	defer f.Close()
	_, err = f.Seek(x.seen, 0)
	check(x.t, err)
	for s := bufio.NewScanner(f); s.Scan(); {
		var offset, length int64
		x.seen += int64(len(s.Text())) + 1
		if n, _ := fmt.Sscanf(s.Text(), "whole %d", &offset); n == 1 {
			x.whole[offset]++
			continue
		}
		if _, err := fmt.Sscan(s.Text(), &offset, &length); err != nil {
			x.t.Fatalf("ledger of the seller's node: %v", err)
		}
		for i := offset / vault.ChunkSize; i <= (offset+length-1)/vault.ChunkSize; i++ {
			if x.asked[i]++; x.have.has(int(i)) {
				x.t.Errorf("chunk %d is sent again, though the buyer's node has it", i)
			}
		}
	}
}

func (x *transferred) part() string {
	return filepath.Join(x.members[buyer].dir, incomingDir, fmt.Sprintf("%x-0", x.release.ID[:]))
}

// arrived reports whether the document is in the buyer's store.
func (x *transferred) arrived() bool {
	_, err := os.Stat(filepath.Join(x.members[buyer].dir, "blobs", "blobs", "received", fmt.Sprintf("%x-0", x.release.ID[:])))
	return err == nil
}

// learn reads the document's consignment from the seller's node.
func (x *transferred) learn() {
	n, err := openState(context.Background(), filepath.Join(x.members[seller].dir, stateFile))
	check(x.t, err)
	defer n.db.Close()
	text, err := n.listing(context.Background(), x.release.ID)
	check(x.t, err)
	var l Listing
	check(x.t, json.Unmarshal([]byte(text), &l))
	x.c = l.Documents[0]
	chunks := x.c.Manifest.Chunks()
	x.have, x.asked, x.whole = newBitmap(chunks), make([]int, chunks), make([]int, chunks)
}

// finish lets both nodes come to the end and checks what arrived.
func (x *transferred) finish() {
	x.t.Helper()
	x.rise(false, false)
	c, err := Dial(ClientConfig{URL: "https://" + x.nodes.Nodes[buyer].Address, Dir: x.members[buyer].dir})
	check(x.t, err)
	defer c.Close()
	ctx := context.Background()
	x.watch(x.children, func() {
		x.until(x.buyer, func() bool {
			list, err := c.Handover(ctx, x.id)
			return err == nil && len(list) == 1 && list[0].Verified
		})
		body, err := c.Content(ctx, x.id, 0)
		check(x.t, err)
		defer body.Close()
		if sum, err := vault.Hash(body); err != nil || sum != x.sum {
			x.t.Errorf("the document arrived as %+v, %v; want %+v", sum, err, x.sum)
		}
	})
	x.read()
	var once, sent int
	for _, k := range x.whole[:len(x.whole)-1] { // the last is shorter
		if sent += k; k == 1 {
			once++
		}
	}
	if left, err := dirEntries(x.members[buyer].dir); err != nil || left != 0 {
		x.t.Errorf("%d partial files are left, %v", left, err)
	}
	x.t.Logf("%d chunks, %d kills: no chunk that had arrived was asked for again; %d of %d whole chunks were read to be sent just once, %d times in all; at most %d MiB resident",
		len(x.asked), x.lives, once, len(x.whole)-1, sent, x.peak.Load()>>20)
	if limit := int64(128 << 20); x.peak.Load() > limit {
		x.t.Errorf("a node had %d MiB resident, want at most 128", x.peak.Load()>>20)
	}
}

func (x *transferred) children() []*child { return []*child{x.seller, x.buyer} }

// rise starts the nodes that are not running.
func (x *transferred) rise(sellerDies, buyerDies bool) {
	if x.seller == nil || !x.seller.alive() {
		x.seller = startChild(x.t, x.dir, seller, sellerDies)
	}
	if x.buyer == nil || !x.buyer.alive() {
		x.buyer = startChild(x.t, x.dir, buyer, buyerDies)
	}
}
