package deal

import "testing"

func TestTitleStandsForTheDocumentsAppendedLast(t *testing.T) {
	c := newCourse(t, Standard(), nil)
	c.takeAll("draft.open", "documents.notarize")
	want := func(when string, root Commitment, count uint64) {
		t.Helper()
		if haveRoot, have := c.Documents(); haveRoot != root || have != count {
			t.Errorf("%s: the title stands for %d documents under %s", when, have, haveRoot.Short())
		}
		if c.Perimeter() != root || c.PerimeterCount() != count {
			t.Errorf("%s: %d documents are sold under %s", when, c.PerimeterCount(), c.Perimeter().Short())
		}
		if mint := c.MintTerms(nil); mint.Root != (Commitment{3}) || mint.Count != 42 {
			t.Errorf("%s: the title was minted for %d documents under %s", when, mint.Count, mint.Root.Short())
		}
	}
	want("notarized", Commitment{3}, 42)
	c.take("mint.mint", nil, mintReceipt)
	list := func(root byte, count uint64) map[string]Value {
		return map[string]Value{"root": Digest(Commitment{root}), "count": Number(count)}
	}
	c.take("supplements.notarize", list(61, 43))
	want("not yet appended", Commitment{3}, 42)
	c.take("supplements.append", list(61, 43))
	want("appended", Commitment{61}, 43)
	c.take("supplements.notarize", list(62, 45))
	c.take("supplements.append", list(62, 45))
	want("appended again", Commitment{62}, 45)
	c.takeAll("listing.publish", "selection.select", "terms.propose")
	if err := c.Check(c.act("supplements.notarize", list(63, 46)), c.now); KindOf(err) != Conflict {
		t.Errorf("documents are added to terms that are signed: %v, want kind conflict", err)
	}
	c.Hear(Report{Bidder: fund, Perimeter: Commitment{77}, PerimeterCount: 9})
	if c.Perimeter() != (Commitment{77}) || c.PerimeterCount() != 9 {
		t.Error("what was appended hides the perimeter that was agreed")
	}
}

func TestARoomKnowsOfTheTitleWhatItsDealTold(t *testing.T) {
	c := newCourse(t, Standard(), nil)
	c.takeAll("draft.open", "documents.notarize")
	if title := c.ForSale(); title != nil {
		t.Errorf("for sale before the mint: %+v", title)
	}
	c.take("mint.mint", nil, mintReceipt)
	title := c.ForSale()
	if want := (Portfolio{Face: Amount{12500000, "EUR"}, Root: Commitment{3}, Count: 42}); title == nil || *title != want {
		t.Fatalf("for sale: %+v, want %+v", title, want)
	}
	room := newCourse(t, Standard(), &fund)
	accept := room.act("invitation.accept", nil)
	if q := room.Question(accept, room.now); q.Title != nil || q.Face != (Amount{}) {
		t.Errorf("a room that was told nothing asks about %+v", q.Title)
	}
	before := room.Version
	room.Learn(*title)
	room.Learn(*title)
	if room.Version != before+1 {
		t.Errorf("told the same twice: version from %d to %d", before, room.Version)
	}
	if q := room.Question(accept, room.now); q.Title == nil || *q.Title != *title || q.Face != title.Face {
		t.Errorf("the room asks about %+v", q.Title)
	}
}

func TestAppendNeedsADocumentAdded(t *testing.T) {
	c := newCourse(t, Standard(), nil)
	c.takeAll("draft.open", "documents.notarize")
	c.take("mint.mint", nil, mintReceipt)
	if err := c.Check(c.act("supplements.append", nil), c.now); KindOf(err) != Conflict {
		t.Errorf("append before notarize: %v, want kind conflict", err)
	}
}

func TestRetentionIsPartOfTheTerms(t *testing.T) {
	c := newCourse(t, Standard(), nil)
	c.toTerms()
	settleBy := start.Add(2 * day)
	fields := map[string]Value{"fund_by": At(start.Add(day)), "settle_by": At(settleBy)}
	without, err := c.EscrowTerms(fields)
	if err != nil {
		t.Fatal(err)
	}
	fields["retain_until"] = At(settleBy.Add(day))
	with, err := c.EscrowTerms(fields)
	if err != nil || with.Digest == without.Digest {
		t.Errorf("the terms do not tell how long the seller keeps its copy: %v", err)
	}
	for _, until := range []Value{At(settleBy), At(start)} {
		fields["retain_until"] = until
		if _, err := c.EscrowTerms(fields); KindOf(err) != Invalid {
			t.Errorf("retention until %s: %v, want kind invalid", until, err)
		}
	}
}

func TestTapeIsOfTheDocumentsTheTitleStandsFor(t *testing.T) {
	c := newCourse(t, Standard(), nil)
	want := func(when string, root Commitment, rows uint64) {
		t.Helper()
		if haveRoot, have := c.Tape(); haveRoot != root || have != rows {
			t.Errorf("%s: %d rows under %s", when, have, haveRoot.Short())
		}
	}
	want("at first", Commitment{}, 0)
	c.takeAll("draft.open")
	c.take("documents.notarize", map[string]Value{"tape_root": Digest(Commitment{51}), "tape_rows": Number(400)})
	c.take("mint.mint", nil, mintReceipt)
	longer := map[string]Value{"root": Digest(Commitment{61}), "count": Number(43), "tape_root": Digest(Commitment{52}), "tape_rows": Number(500)}
	c.take("supplements.notarize", longer)
	want("not yet appended", Commitment{51}, 400)
	c.take("supplements.append", map[string]Value{"root": longer["root"], "count": longer["count"]})
	want("appended", Commitment{52}, 500)
}
