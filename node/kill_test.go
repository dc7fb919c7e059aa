package node

import (
	"math/rand/v2"
	"testing"
	"time"

	"cession/deal"
)

// The node of one side, then of the other, is killed at every chunk boundary:
// the handover completes, and no chunk that was verified is sent again.
func TestHandoverKilledAtEveryChunk(t *testing.T) {
	t.Parallel()
	for _, side := range []deal.PartyID{buyer, seller} {
		t.Run(string(side), func(t *testing.T) {
			x := toTransfer(t, matrixSize(t), 0, 1) // one chunk after the other: one kill for each
			x.learn()
			for chunks := len(x.asked); x.have.count() < chunks; x.lives++ {
				if x.lives > 2*chunks {
					t.Fatalf("after %d kills the buyer's node has %d of %d chunks", x.lives, x.have.count(), chunks)
				}
				x.rise(side == seller, side == buyer)
				dying := map[deal.PartyID]*child{seller: x.seller, buyer: x.buyer}[side]
				x.watch(x.children, func() { dying.killed(2*time.Minute, x.arrived) })
				x.look()
			}
			x.seller.kill()
			x.buyer.kill()
			x.finish()
		})
	}
}

// Both nodes are killed at random instants.
func TestHandoverKilledAtRandom(t *testing.T) {
	t.Parallel()
	size := matrixSize(t)
	x := toTransfer(t, size, max(size/16, minTransferLimit), 0) // so that it lasts
	x.learn()
	for kills := max(24, len(x.asked)/16); x.lives < kills && x.have.count() < len(x.asked); x.lives++ {
		x.rise(false, false)
		x.watch(x.children, func() { time.Sleep(time.Duration(50+rand.IntN(700)) * time.Millisecond) })
		if victim := x.children()[rand.IntN(2)]; victim.alive() {
			victim.kill()
		}
		x.look()
	}
	x.seller.kill()
	x.buyer.kill()
	x.finish()
}
