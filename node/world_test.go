package node

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"cession/deal"
	"cession/node/vault"
)

var (
	testPack   = deal.Commitment{9}
	newPack    = deal.Commitment{10}
	testMarket = deal.Market{ChainID: 1, Receivable: deal.Address{1}, Notary: deal.Address{2}, Escrow: deal.Address{3}, Currency: deal.Address{4}, Symbol: "USD", Decimals: 6, Arbiter: deal.Address{5}}
)

const (
	seller = deal.PartyID("north-factor")
	buyer  = deal.PartyID("alpine-bank")
	loser  = deal.PartyID("delta-fund")
)

// world is a market of three parties, each with a node that serves TLS; the
// loser's is started by the tests that need it.
type world struct {
	t         testing.TB
	clock     *clock
	signers   *fakeSigners
	chain     *fakeChain
	desk      *fakeDesk
	directory *fakeDirectory
	policy    *fakePolicy
	recorder  *fakeRecorder
	packs     map[deal.Commitment]uint64 // in every node's library, with their numbers
	members   map[deal.PartyID]*member
	pause     time.Duration // of broken handovers; an hour: the tests take them up
}

type member struct {
	dir    string
	wallet *fakeWallet
	second *fakeWallet
	blobs  *failingBlobs
	node   *Node
	client *Client
	stop   func()
}

func newWorld(t testing.TB) *world {
	w := &world{
		t: t, clock: &clock{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}, signers: &fakeSigners{secrets: map[deal.Address][]byte{}},
		chain:     &fakeChain{anchors: map[deal.Commitment]bool{}, titles: map[deal.Commitment]deal.Commitment{}, escrows: map[deal.Commitment]string{}},
		directory: &fakeDirectory{records: map[deal.PartyID]Record{}},
		policy:    &fakePolicy{refuse: map[string]bool{}, own: map[string]bool{}, liftable: map[string]bool{}},
		recorder:  &fakeRecorder{},
		packs:     map[deal.Commitment]uint64{testPack: 1, newPack: 2},
		members:   map[deal.PartyID]*member{},
	}
	w.desk = &fakeDesk{world: w, deals: map[deal.ID]*deal.Progress{}, rooms: map[deal.ID]map[deal.PartyID]*deal.Progress{}}
	for _, id := range []deal.PartyID{seller, buyer, loser} {
		dir := t.TempDir()
		w.members[id] = &member{dir: dir, wallet: w.signers.wallet(string(id)), second: w.signers.wallet(string(id) + " second"), blobs: &failingBlobs{Store: openBlobs(t, dir)}}
	}
	w.start(seller)
	w.start(buyer)
	return w
}

func (w *world) library(pack deal.Commitment) (string, uint64, bool) {
	number, ok := w.packs[pack]
	return "standard", number, ok
}

// start opens a member's node on its directory and serves it.
func (w *world) start(id deal.PartyID) {
	m := w.members[id]
	var err error
	m.node, err = Open(context.Background(), Config{
		Party: id, Dir: m.dir, Market: testMarket, Wallet: m.wallet, Second: m.second,
		Hashes: Hashes{Keccak: fakeKeccak, Digest: fakeDigest, StructHash: fakeStruct}, Verifier: w.signers, Chain: w.chain,
		Desk: deskOf{w.desk, id}, Directory: w.directory, Policy: w.policy, Blobs: m.blobs, Retry: time.Millisecond, TransferPause: cmp.Or(w.pause, time.Hour), Now: w.clock.Now,
		Recorder: w.recorder.record, Packs: w.library, Tape: testTape,
	})
	check(w.t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(w.t, err)
	address := "https://" + l.Addr().String()
	check(w.t, m.node.Publish(context.Background(), address))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- m.node.Serve(ctx, l) }()
	m.client, err = Dial(ClientConfig{URL: address, Dir: m.dir})
	check(w.t, err)
	var stopped bool
	m.stop = func() {
		if stopped {
			return
		}
		stopped = true
		m.client.Close()
		for _, other := range w.members {
			if other.node != nil {
				other.node.peers.close()
			}
		}
		cancel()
		if err := <-done; err != nil {
			w.t.Errorf("serve %s: %v", id, err)
		}
		check(w.t, m.node.Close())
	}
	w.t.Cleanup(m.stop)
}

func (w *world) restart(id deal.PartyID) {
	w.members[id].stop()
	w.start(id)
}

func (w *world) partyOf(id deal.PartyID) deal.Party {
	m := w.members[id]
	return deal.Party{ID: id, Wallet: m.wallet.address, Signers: []deal.Address{m.wallet.address, m.second.address}}
}

// act takes an action through the party's own node and wants it accepted.
func (w *world) act(by deal.PartyID, id deal.ID, room deal.PartyID, name string, fields ...string) deal.Outcome {
	w.t.Helper()
	o, err := w.try(by, id, room, name, fields...)
	if err != nil || o.Verdict != deal.Accepted {
		w.t.Fatalf("%s by %s: %v %s", name, by, err, o.Verdict)
	}
	return o
}

func (w *world) try(by deal.PartyID, id deal.ID, room deal.PartyID, name string, fields ...string) (deal.Outcome, error) {
	step, action, _ := strings.Cut(name, ".")
	req := ActRequest{Deal: id, Room: room, Step: step, Action: action, Fields: map[string]string{}}
	for _, f := range fields {
		k, v, _ := strings.Cut(f, "=")
		req.Fields[k] = v
	}
	return w.members[by].client.Act(context.Background(), req)
}

func (w *world) in(d time.Duration) string { return w.clock.Now().Add(d).Format(time.RFC3339) }

// file is a document of a test portfolio.
type file struct {
	name string
	body []byte
}

// files has names that break careless code, and a document of several chunks.
func files() []file {
	return []file{
		{"Rechnung Nº 7 \"Müller & Söhne\".txt", []byte("invoice seven: 1,000.00 due by Müller & Söhne\n")},
		{"it's a tape; rm -rf.csv", []byte("id,amount\n1,100\n2,200\n")},
		{"请款单.txt", bytes.Repeat([]byte("a line of a long document, again and again\n"), 60_000)}, // 2.5 MB: 3 chunks
	}
}

func planned(t testing.TB, list []file) (docs []PlannedDocument) {
	for _, f := range list {
		sum, err := vault.Hash(bytes.NewReader(f.body))
		check(t, err)
		docs = append(docs, PlannedDocument{vault.Description{Name: f.name}, sum})
	}
	return docs
}

// listed brings a deal to where it is listed, with its documents at the node.
func (w *world) listed() deal.ID {
	w.t.Helper()
	ctx, c := context.Background(), w.members[seller].client
	o, err := c.Open(ctx)
	check(w.t, err)
	w.act(seller, o.ID, "", "draft.open")
	_, err = c.Plan(ctx, o.ID, planned(w.t, files()))
	check(w.t, err)
	w.act(seller, o.ID, "", "documents.notarize")
	for i, f := range files() {
		check(w.t, c.Upload(ctx, o.ID, uint64(i), bytes.NewReader(f.body), int64(len(f.body))))
	}
	w.act(seller, o.ID, "", "mint.mint", "face=100000 USD", "due="+w.in(900*time.Hour))
	w.act(seller, o.ID, "", "listing.publish", "until="+w.in(300*time.Hour))
	return o.ID
}

// invited brings a bidder into its data room.
func (w *world) invited(id deal.ID, bidder deal.PartyID) {
	w.t.Helper()
	w.act(seller, id, "", "invitations.invite", "bidder="+string(bidder))
	w.act(bidder, id, bidder, "invitation.accept")
	w.act(bidder, id, bidder, "clearance.declare", "jurisdiction=de", "capacity=bank")
	w.act(seller, id, bidder, "clearance.clear")
	w.act(bidder, id, bidder, "nda.sign", "text=Keep it to yourself.", "until="+w.in(400*time.Hour))
	w.act(seller, id, bidder, "nda.countersign")
	w.act(seller, id, bidder, "data_room.open", "until="+w.in(200*time.Hour))
}

// sold brings the deal to signed terms.
func (w *world) sold(id deal.ID) {
	w.t.Helper()
	w.act(buyer, id, buyer, "offers.submit", "price=80000 USD", "until="+w.in(100*time.Hour))
	w.act(buyer, id, buyer, "offers.confirm", "price=90000 USD", "until="+w.in(100*time.Hour))
	w.act(seller, id, "", "selection.select", "bidder="+string(buyer))
	w.act(seller, id, "", "terms.propose", "fund_by="+w.in(24*time.Hour), "settle_by="+w.in(48*time.Hour), "arbiter_by="+w.in(72*time.Hour))
	w.act(buyer, id, "", "terms.accept")
}

// released brings the deal to where the buyer's node may pull.
func (w *world) released(id deal.ID) deal.Act {
	w.t.Helper()
	w.act(seller, id, "", "escrow.deposit")
	w.act(buyer, id, "", "escrow.fund")
	w.act(buyer, id, "", "handover.request")
	w.act(seller, id, "", "handover.release")
	return w.desk.deals[id].Last("handover", "release").Act
}

// handover has a deal as far as a release.
func (w *world) handover() (deal.ID, deal.Act) {
	w.t.Helper()
	id := w.listed()
	w.invited(id, buyer)
	w.sold(id)
	return id, w.released(id)
}

// pull has the buyer's node fetch the documents.
func (w *world) pull(id deal.ID, release deal.Act) error {
	shown := asSeenBy(w.desk.deals[id], buyer)
	_, _, err := w.members[buyer].node.Pull(context.Background(), &shown, release, nil)
	return err
}

// sameFiles compares what a node holds with the portfolio.
func (w *world) sameFiles(of deal.PartyID, open func(context.Context, deal.ID, uint64) (io.ReadCloser, error), id deal.ID) {
	w.t.Helper()
	for i, f := range files() {
		r, err := open(context.Background(), id, uint64(i))
		check(w.t, err)
		b, err := io.ReadAll(r)
		r.Close()
		check(w.t, err)
		if !bytes.Equal(b, f.body) {
			w.t.Errorf("%s: document %d differs: %d bytes, want %d", of, i, len(b), len(f.body))
		}
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantReason wants a refusal of this reason, or of a kind if reason is one.
func wantReason(t testing.TB, err error, want error) {
	t.Helper()
	if r, ok := want.(Reason); ok && reasonOf(err) == r && deal.KindOf(err) == deal.Refused {
		return
	}
	t.Errorf("have error %v, want %v", err, want)
}

func wantKind(t testing.TB, err error, want deal.Kind) {
	t.Helper()
	if deal.KindOf(err) != want {
		t.Errorf("have error %v of kind %q, want kind %q", err, deal.KindOf(err), want)
	}
}

// logged reports whether a node's view log has an entry with this result.
func (w *world) logged(at deal.PartyID, what, result string) bool {
	list, err := w.members[at].client.Views(context.Background())
	check(w.t, err)
	for _, e := range list {
		if e.What == what && e.Result == result {
			return true
		}
	}
	return false
}

func (e ViewEntry) String() string {
	return fmt.Sprint(e.Party, " ", e.What, " ", e.Index, " ", e.Result)
}
