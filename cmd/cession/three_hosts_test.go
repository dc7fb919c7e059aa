//go:build !slim

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"cession/deal"
	"cession/demo"
	"cession/examples"
	"cession/node"
)

const (
	bigDocument = 64 << 20  // bytes
	slowly      = "6MiB"    // a second: the handover lasts long enough to be cut in
	nodeMost    = 128 << 20 // bytes resident, program text included
)

// TestThreeHosts plays a deal with seller, buyer, operator and chain on hosts of
// their own. In the middle of the handover the operator is taken off the network:
// it completes nevertheless. What went over the operator's links in all that time
// holds nothing of the documents, in the clear or encrypted.
func TestThreeHosts(t *testing.T) {
	t.Parallel()
	h := newHosts(t, "operator", "chain", "seller", "buyer")
	p := newPlay(t, h)
	captures := map[string]*capture{"eth0": h.capture("operator", "eth0"), "lo": h.capture("operator", "lo")}
	p.begin()
	p.untilTerms()
	p.untilReleased()

	before := p.awaitBytes(bigDocument / 4)
	h.plug("operator", "down")
	if p.asked("http://"+p.stage.Desk+"/openapi.json") == nil {
		t.Error("the buyer still reaches the operator")
	}
	cut := time.Now()
	p.awaitVerified()
	t.Logf("the operator was gone at %d of %d MiB; all was verified %.1f s later, without it", before>>20, bigDocument>>20, time.Since(cut).Seconds())
	h.plug("operator", "up")
	p.untilSettled()
	p.sameDocuments()

	moved := h.traffic("operator")
	if moved > bigDocument/2 || h.traffic("buyer") < bigDocument {
		t.Errorf("%d MiB went over the operator's link, %d over the buyer's", moved>>20, h.traffic("buyer")>>20)
	}
	for _, pid := range p.nodes {
		if peak := h.peak(pid); peak > nodeMost {
			t.Errorf("a node had %d MiB resident, want at most %d", peak>>20, nodeMost>>20)
		} else {
			t.Logf("a node had at most %d MiB resident, program text included", peak>>20)
		}
	}
	p.search(captures, moved)
}

// play is a deal between hosts.
type play struct {
	t       *testing.T
	ctx     context.Context
	h       *hosts
	m       *market
	stage   stageFile
	env     []string
	docs    string   // folder of the portfolio
	logs    []string // of the nodes
	nodes   []int    // their processes
	secrets []string
	id      deal.ID
}

const (
	hostsSeller = deal.PartyID("alpine-bank")
	hostsBuyer  = deal.PartyID("borealis-fund")
)

// hostOf is where a party's node and people are.
var hostOf = map[deal.PartyID]string{hostsSeller: "seller", hostsBuyer: "buyer"}

func newPlay(t *testing.T, h *hosts) *play {
	t.Helper()
	p := &play{t: t, h: h, ctx: limit(t, 6*time.Minute), m: &market{t: t, data: t.TempDir()}, docs: t.TempDir()}
	p.stage = stageFile{
		Data: p.m.data, Chain: t.TempDir(), Desk: "10.77.0.1:8080", Admin: "127.0.0.1:8081", Queue: "10.77.0.1:7233", RPC: "10.77.0.2:8545",
	}
	file := in(t.TempDir(), "stage.json")
	p.env = []string{stageEnv + "=" + file}
	s := stageStack(p.stage) // the wallets are there before the chain, which gives them ether
	defer s.close()
	for _, step := range []func(context.Context) error{s.open, s.makeWallets} {
		if err := step(p.ctx); err != nil {
			t.Fatal(err)
		}
	}
	deployer, err := s.deployer()
	if err != nil {
		t.Fatal(err)
	}
	p.stage.Alloc = []deal.Address{deployer.Address()}
	for _, w := range s.relayers {
		p.stage.Alloc = append(p.stage.Alloc, w.Address())
	}
	if err := writeJSON(file, p.stage); err != nil {
		t.Fatal(err)
	}
	p.portfolio()
	return p
}

// portfolio writes the documents that are shipped and a large one, whose lines
// are all different.
func (p *play) portfolio() {
	if err := examples.WritePortfolio(p.docs); err != nil {
		p.t.Fatal(err)
	}
	var b bytes.Buffer
	b.Grow(bigDocument + 200)
	for i := 0; b.Len() < bigDocument; i++ {
		fmt.Fprintf(&b, "Konto %08d: Schuldner Xaver Zwiebelhuber %016x schuldet %d EUR aus Rechnung R-%d\n", i, rand.Uint64(), rand.IntN(100_000), i)
	}
	if err := os.WriteFile(in(p.docs, "Kreditakte Zwiebelhuber GmbH & Söhne.txt"), b.Bytes(), 0o600); err != nil {
		p.t.Fatal(err)
	}
	for at := 1 << 16; at < b.Len()-100; at += b.Len() / 64 {
		p.secrets = append(p.secrets, string(b.Bytes()[at:at+48]))
	}
}

// untilTerms plays the deal until its terms are signed.
func (p *play) untilTerms() {
	p.t.Helper()
	symbol := p.symbol()
	money := func(field string, units int) string { return fmt.Sprintf("%s=%d.00 %s", field, units, symbol) }
	p.id = deal.ID(strings.TrimSpace(string(p.must(hostsSeller, "deal", "open"))))
	p.act(hostsSeller, "draft.open")
	p.must(hostsSeller, "node", "add", string(p.id), p.docs)
	p.act(hostsSeller, "mint.mint", "-f", money("face", 250_000), "-f", "due=+60d")
	p.act(hostsSeller, "listing.publish", "-f", money("guidance", 220_000), "-f", "until=+30d", "-f", "teaser="+hostsTeaser)
	p.act(hostsSeller, "invitations.invite", "-f", "bidder="+string(hostsBuyer))
	p.act(hostsBuyer, "room invitation.accept")
	profile := p.profile(hostsBuyer)
	p.act(hostsBuyer, "room clearance.declare", "-f", "jurisdiction="+profile.Jurisdiction, "-f", "capacity="+profile.Kind)
	p.act(hostsSeller, "room clearance.clear")
	p.act(hostsBuyer, "room nda.sign", "-f", "text="+string(examples.NDA()), "-f", "until=+365d")
	p.act(hostsSeller, "room nda.countersign")
	p.act(hostsSeller, "room data_room.open", "-f", "until=+30d")
	p.must(hostsBuyer, "node", "room-ls", string(p.id))
	p.act(hostsBuyer, "room questions.ask", "-f", "question="+hostsQuestion)
	p.act(hostsBuyer, "room offers.submit", "-f", money("price", 205_000), "-f", "until=+7d")
	p.act(hostsBuyer, "room offers.confirm", "-f", money("price", 212_500), "-f", "until=+7d")
	p.act(hostsSeller, "selection.select", "-f", "bidder="+string(hostsBuyer))
	p.act(hostsSeller, "terms.approve", "--signer", "second", "-f", money("price", 212_500))
	p.act(hostsBuyer, "terms.approve", "--signer", "second", "-f", money("price", 212_500))
	p.act(hostsSeller, "terms.propose", "-f", "fund_by=+12h", "-f", "settle_by=+24h", "-f", "arbiter_by=+48h")
	p.act(hostsBuyer, "terms.accept")
}

const (
	hostsTeaser   = "Performing trade receivables of one Bavarian seller, all invoiced this year."
	hostsQuestion = "Has Xaver Zwiebelhuber disputed any of his invoices or asked for more time?"
)

func (p *play) untilReleased() {
	p.t.Helper()
	p.act(hostsSeller, "escrow.deposit")
	p.act(hostsBuyer, "escrow.fund")
	p.act(hostsBuyer, "handover.request")
	p.act(hostsSeller, "handover.release")
}

func (p *play) untilSettled() {
	p.t.Helper()
	p.act(hostsBuyer, "handover.receipt")
	p.act(hostsBuyer, "settlement.settle")
	p.await("the settlement", time.Minute, func() bool {
		out, err := p.cli(hostsBuyer, "deal", "show", string(p.id), "--json")
		return err == nil && bytes.Contains(out, []byte("settled"))
	})
}

func (p *play) symbol() string {
	var m deal.Market
	if err := readJSON(in(p.m.data, marketName), &m); err != nil {
		p.t.Fatal(err)
	}
	return m.Symbol
}

func (p *play) profile(id deal.PartyID) partyEntry {
	list, err := readParties("")
	if err != nil {
		p.t.Fatal(err)
	}
	for _, entry := range list {
		if entry.ID == id {
			return entry
		}
	}
	p.t.Fatalf("%s is in no list", id)
	return partyEntry{}
}

// transfer is how far the handover got, as the buyer's node tells on its host.
func (p *play) transfer() (t node.Transfer) {
	out, err := p.ask("https://10.77.0.4:9443", string(p.id), p.m.home(hostsBuyer))
	var list []node.Transfer
	if err != nil || json.Unmarshal(out, &list) != nil || len(list) == 0 {
		return t
	}
	return list[len(list)-1]
}

func (p *play) awaitBytes(n uint64) (have uint64) {
	p.t.Helper()
	p.await("the handover's beginning", time.Minute, func() bool { have = p.transfer().Bytes; return have >= n })
	if have > bigDocument*3/4 {
		p.t.Fatalf("%d MiB are there already: too late to cut the line", have>>20)
	}
	return have
}

func (p *play) awaitVerified() {
	p.t.Helper()
	p.await("the handover without the operator", 90*time.Second, func() bool { return p.transfer().Verified })
}

// sameDocuments reads the buyer's documents and compares them with the seller's.
func (p *play) sameDocuments() {
	p.t.Helper()
	docs, err := demo.ReadPortfolio(p.docs)
	if err != nil {
		p.t.Fatal(err)
	}
	for i, d := range docs {
		got := in(p.t.TempDir(), "document")
		p.must(hostsBuyer, "node", "get", string(p.id), fmt.Sprint(i), "--output", got)
		if want := mustRead(p.t, d.Path); !bytes.Equal(mustRead(p.t, got), want) {
			p.t.Errorf("document %d is not the seller's", i)
		}
	}
}
