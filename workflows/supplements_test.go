package workflows

import (
	"testing"

	"cession/chain/lane"
	"cession/deal"
)

// longer is a list of documents of the portfolio by its name.
func longer(name string, count uint64) fields {
	return fields{"root": deal.Digest(hashOf(name)), "count": deal.Number(count)}
}

// appended is the act that has the title stand for it.
func appended(name string, count uint64) fields {
	f := longer(name, count)
	f["authorization"] = sig()
	return f
}

// TestSupplements: documents are added twice, and the deal is settled for all of
// them.
func TestSupplements(t *testing.T) {
	m := newMarket(t)
	m.toListing()
	m.ok("", seller, "supplements.notarize", longer("nine", 9))
	m.toOffer(red, 1_000_000)
	m.ok("", seller, "supplements.append", appended("nine", 9))
	m.ok("", seller, "supplements.notarize", longer("ten", 10))
	m.ok("", seller, "supplements.append", appended("ten", 10))
	m.toTerms(red, 1_000_000)
	m.no("", seller, "supplements.notarize", longer("eleven", 11), deal.Conflict)
	m.toEscrow(red)
	m.toSettlement(red)
	m.ok("", seller, "archive.archive", fields{"record": deal.Digest(hashOf("record"))})
	m.run()
	m.state("deal", deal.Archived)
	if n := count(m.calls, "receivable.append"); n != 2 {
		t.Errorf("%d lists were appended: %v", n, m.calls)
	}
	var lists []deal.Append
	var settled deal.Commitment
	for _, i := range m.intents {
		if i.Call.Append != nil {
			lists = append(lists, *i.Call.Append)
		}
		if i.Call.Settle != nil {
			settled = i.Call.Settle.Documents
		}
	}
	p := m.board("deal")
	token := p.ReceiptOf("receivable.mint").Result
	root, nine, ten := hashOf("root"), hashOf("nine"), hashOf("ten")
	want := []deal.Append{{Token: token, Old: root, New: nine, Count: 9}, {Token: token, Old: nine, New: ten, Count: 10}}
	for i := range lists {
		if lists[i].Signature = nil; i < len(want) && (lists[i].Token != want[i].Token || lists[i].Old != want[i].Old || lists[i].New != want[i].New || lists[i].Count != want[i].Count) {
			t.Errorf("appended %+v, want %+v", lists[i], want[i])
		}
	}
	if settled != ten {
		t.Errorf("settled for the documents under %s, want the list appended last", settled.Short())
	}
}

// TestRoomsLearnOfSupplements: every room knows what is for sale, from its
// invitation on and after each list that is appended; a room that is over is
// told in vain.
func TestRoomsLearnOfSupplements(t *testing.T) {
	m := newMarket(t)
	m.toListing()
	m.toOffer(blue, 1_000_000)
	m.toOffer(red, 1_000_000)
	m.ok(blue, blue, "leave.withdraw", nil)
	stands := func(when string, want uint64) {
		m.later(func() {
			if p := m.board(string(red)); p.Title == nil || p.Title.Count != want || p.Title.Face != (deal.Amount{Minor: 25_000_000, Currency: "EUR"}) {
				t.Errorf("%s: the room knows of %+v, want %d documents", when, p.Title, want)
			}
		})
	}
	stands("invited", 8)
	list := longer("nine", 9)
	list["tape_rows"], list["tape_root"] = deal.Number(400), deal.Digest(hashOf("rows"))
	m.ok("", seller, "supplements.notarize", list)
	stands("notarized", 8)
	m.ok("", seller, "supplements.append", appended("nine", 9))
	stands("appended", 9)
	m.later(func() {
		if p := m.board(string(red)); p.Title == nil || p.Title.TapeRows != 400 || p.Title.TapeRoot != hashOf("rows") {
			t.Errorf("the room knows of the tape %+v", p.Title)
		}
		if p := m.board(string(blue)); p.Title == nil || p.Title.Count != 8 {
			t.Errorf("a room that is over has learned of %+v", p.Title)
		}
	})
	m.run()
}

// TestAppendRefused: the title takes only the list that was notarized last, once
// the seller's node holds it, and the deal goes on after every refusal.
func TestAppendRefused(t *testing.T) {
	m := newMarket(t)
	m.toListing()
	m.ok("", seller, "supplements.notarize", longer("nine", 9))
	m.no("", seller, "supplements.append", appended("another", 9), deal.Conflict)
	m.no("", seller, "supplements.append", appended("nine", 8), deal.Conflict)
	m.later(func() { m.missing = 1 })
	m.no("", seller, "supplements.append", appended("nine", 9), deal.Conflict)
	m.later(func() { m.missing = 0; m.revert = map[string]string{"receivable.append": "WOULD_REVERT/StaleRoot"} })
	m.no("", seller, "supplements.append", appended("nine", 9), deal.Conflict)
	m.later(func() {
		if p := m.board("deal"); len(p.Troubles) != 1 || p.Troubles[0].Kind != deal.ChainRefuse || p.Last("supplements", "append") != nil {
			t.Errorf("troubles %+v", p.Troubles)
		}
		m.revert = map[string]string{"receivable.append": lane.GivenUp}
	})
	m.no("", seller, "supplements.append", appended("nine", 9), deal.Conflict)
	m.later(func() { m.revert = map[string]string{} })
	m.ok("", seller, "supplements.append", appended("nine", 9))
	m.no("", seller, "supplements.append", appended("nine", 9), deal.Conflict)
	m.ok("", seller, "cancellation.cancel", nil)
	m.run()
	p := m.board("deal")
	if root, n := p.Documents(); root != hashOf("nine") || n != 9 || len(p.Troubles) != 0 {
		t.Errorf("the title stands for %d documents; troubles %+v", n, p.Troubles)
	}
}

// TestAppendWithoutTheNode: the seller's node is away when it is asked what it
// holds; nothing is appended until it is back.
func TestAppendWithoutTheNode(t *testing.T) {
	m := newMarket(t)
	m.toListing()
	m.ok("", seller, "supplements.notarize", longer("nine", 9))
	m.later(func() { m.offline = map[string]bool{"HoldDocuments": true} })
	m.no("", seller, "supplements.append", appended("nine", 9), deal.Conflict)
	m.later(func() {
		p := m.board("deal")
		if !p.Troubled(deal.NodeOffline, seller) || count(m.calls, "receivable.append") != 0 {
			t.Errorf("troubles %+v, sent %v", p.Troubles, m.calls)
		}
		m.offline = map[string]bool{}
	})
	m.ok("", seller, "supplements.append", appended("nine", 9))
	m.run()
	p := m.board("deal")
	if _, n := p.Documents(); n != 9 || len(p.Troubles) != 0 {
		t.Errorf("the title stands for %d documents; troubles %+v", n, p.Troubles)
	}
}
