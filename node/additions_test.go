package node

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"slices"
	"testing"

	"cession/deal"
	"cession/node/vault"
)

// described plans a file under a path.
func described(t *testing.T, folder, name, body string) PlannedDocument {
	t.Helper()
	sum, err := vault.Hash(bytes.NewReader([]byte(body)))
	check(t, err)
	return PlannedDocument{vault.Description{Folder: folder, Name: name}, sum}
}

// numbers returns the index numbers of a list.
func numbersOf(list []DocumentInfo) (numbers []string) {
	for _, d := range list {
		numbers = append(numbers, d.Number)
	}
	return numbers
}

// bring uploads what is not held yet, each found by its index.
func (w *world) bring(id deal.ID, set IntakeSet, bodies ...string) {
	w.t.Helper()
	for i, body := range bodies {
		check(w.t, w.upload(id, set.Indexes[i], []byte(body)))
	}
}

// supplemented has documents added to a minted title.
func (w *world) supplemented(id deal.ID, bodies []string, docs ...PlannedDocument) IntakeSet {
	w.t.Helper()
	set, err := w.members[seller].client.PlanMore(context.Background(), id, docs)
	check(w.t, err)
	w.act(seller, id, "", "supplements.notarize")
	w.bring(id, set, bodies...)
	w.act(seller, id, "", "supplements.append")
	return set
}

// A document is renamed, another moved, a third gets another date: each is
// another leaf, so that what was notarized cannot be told differently.
func TestLeafBindsDescription(t *testing.T) {
	w := newWorld(t)
	n := w.members[seller].node
	d := document{Salt: deal.Commitment{1}, Sum: vault.Sum{Size: 1}, About: vault.Description{Name: "a.txt"}}
	plan := deal.Standard()
	leaves := []deal.Commitment{n.leaf(plan, d)}
	for _, about := range []vault.Description{{Name: "b.txt"}, {Name: "a.txt", Folder: "f"}, {Name: "a.txt", Dated: "2026-01-01"}, {Name: "a.txt", ViewOnly: true}} {
		d.About = about
		leaves = append(leaves, n.leaf(plan, d))
	}
	slices.SortFunc(leaves, func(a, b deal.Commitment) int { return bytes.Compare(a[:], b[:]) })
	if len(slices.Compact(leaves)) != 5 {
		t.Error("two descriptions have one leaf")
	}
	plan.Steps = slices.DeleteFunc(plan.Steps, func(s deal.Step) bool { return s.ID == "supplements" })
	if n.leaf(plan, d) != vault.ContentLeaf(fakeKeccak, d.Salt, d.Sum.SHA256) {
		t.Error("a deal under an older plan has leaves of another form")
	}
}

// Documents get index numbers by folder, or those they are given.
func TestPlanNumbers(t *testing.T) {
	w := newWorld(t)
	ctx, c := context.Background(), w.members[seller].client
	o, err := c.Open(ctx)
	check(t, err)
	docs := []PlannedDocument{described(t, "b", "x.txt", "1"), described(t, "", "z.txt", "2"), described(t, "a/c", "y.txt", "3")}
	docs[1].Number = "7"
	preview, err := c.Preview(ctx, o.ID, docs)
	check(t, err)
	if have := numbersOf(preview); !slices.Equal(have, []string{"9.1", "7", "8.1.1"}) {
		t.Errorf("numbers %v", have)
	}
	_, err = c.Documents(ctx, o.ID)
	wantKind(t, err, deal.NotFound) // a preview plans nothing
	_, err = c.Plan(ctx, o.ID, docs)
	check(t, err)
	list, err := c.Documents(ctx, o.ID)
	check(t, err)
	if !slices.Equal(numbersOf(list), numbersOf(preview)) {
		t.Errorf("planned as %v, previewed as %v", numbersOf(list), numbersOf(preview))
	}
	docs[0].Number = "7"
	_, err = c.Plan(ctx, o.ID, docs)
	wantKind(t, err, deal.Invalid)
	docs[0].Number, docs[0].Supersedes = "", new(uint64)
	_, err = c.Plan(ctx, o.ID, docs)
	wantKind(t, err, deal.Invalid)
	docs[0].Supersedes, docs[1].Number = nil, "999999" // the next has too many digits for a number
	_, err = c.Plan(ctx, o.ID, docs)
	wantKind(t, err, deal.Invalid)
}

// Documents are added while the title is offered, one of them a newer version:
// nothing is replaced, the data room has all, and the buyer gets all.
func TestSupplements(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	w.invited(id, buyer)
	ctx, s, b := context.Background(), w.members[seller].client, w.members[buyer].client
	before, err := s.Documents(ctx, id)
	check(t, err)
	body := "invoice seven, corrected: 900.00\n"
	w.supplemented(id, []string{body, "minutes\n"}, described(t, "", files()[0].name, body), described(t, "board", "minutes.txt", "minutes\n"))

	list, err := b.RoomDocuments(ctx, id)
	check(t, err)
	wantSupplements(t, before, list)
	w.sold(id)
	check(t, w.pull(id, w.released(id)))
	list, err = b.Documents(ctx, id)
	check(t, err)
	wantSupplements(t, before, list)
	w.sameFiles(buyer, b.Content, id) // the earlier ones, where they were
	for index, want := range map[uint64]string{3: body, 4: "minutes\n"} {
		r, err := b.Content(ctx, id, index)
		check(t, err)
		have, err := io.ReadAll(r)
		r.Close()
		if err != nil || string(have) != want {
			t.Errorf("document %d is %q, %v", index, have, err)
		}
	}
	w.act(buyer, id, "", "handover.receipt")
	w.act(buyer, id, "", "settlement.settle")
}

// wantSupplements wants the documents of before as they were, a second version
// of the first, and a document in a folder.
func wantSupplements(t *testing.T, before, list []DocumentInfo) {
	t.Helper()
	if len(list) != 5 {
		t.Fatalf("%d documents, want 5", len(list))
	}
	slices.SortFunc(list, func(a, b DocumentInfo) int { return cmp.Compare(a.Index, b.Index) })
	for i, d := range before {
		if list[i].Leaf != d.Leaf || list[i].Version != 1 || list[i].Latest == (i == 0) || !list[i].Held {
			t.Errorf("document %d is now %+v", i, list[i])
		}
	}
	second, minutes := list[3], list[4]
	if second.Supersedes == nil || *second.Supersedes != 0 || second.Version != 2 || !second.Latest || second.Number != list[0].Number || !second.Held {
		t.Errorf("the newer version is %+v", second)
	}
	if minutes.Folder != "board" || minutes.Version != 1 || minutes.Number != "4.1" {
		t.Errorf("the document added is %+v", minutes)
	}
}

// The same additions again are the same set; documents that are there are not
// added again; a list that never became whole can be given up.
func TestPlanMoreAgain(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	ctx, c := context.Background(), w.members[seller].client
	old := planned(t, files())
	set, err := c.PlanMore(ctx, id, old)
	check(t, err)
	if set.Count != 3 || !slices.Equal(set.Indexes, []uint64{0, 1, 2}) {
		t.Errorf("nothing added makes %d documents, %v", set.Count, set.Indexes)
	}
	more := append(old, described(t, "", "more.txt", "more"))
	first, err := c.PlanMore(ctx, id, more)
	check(t, err)
	again, err := c.PlanMore(ctx, id, more)
	check(t, err)
	if first.Root != again.Root || first.Count != 4 || !slices.Equal(first.Leaves[:3], set.Leaves) || !slices.Equal(again.Indexes, []uint64{0, 1, 2, 3}) {
		t.Errorf("the same additions are %s of %d, then %s %v", first.Root, first.Count, again.Root, again.Indexes)
	}
	w.act(seller, id, "", "supplements.notarize")
	again, err = c.PlanMore(ctx, id, more)
	check(t, err)
	_, err = w.try(seller, id, "", "supplements.append")
	wantReason(t, err, NotHeld)
	other, err := c.PlanMore(ctx, id, []PlannedDocument{described(t, "", "other.txt", "other")})
	check(t, err)
	if again.Root != first.Root || other.Count != 4 || other.Indexes[0] != 3 || other.Root == first.Root {
		t.Errorf("instead of %s it is %s of %d", first.Root, other.Root, other.Count)
	}
	w.act(seller, id, "", "supplements.notarize")
	w.bring(id, other, "other")
	w.act(seller, id, "", "supplements.append")
}

func TestPlanMoreRefuses(t *testing.T) {
	w := newWorld(t)
	ctx, c := context.Background(), w.members[seller].client
	more := described(t, "", "more.txt", "more")
	o, err := c.Open(ctx)
	check(t, err)
	_, err = c.PlanMore(ctx, o.ID, []PlannedDocument{more})
	wantKind(t, err, deal.Conflict) // nothing is notarized
	_, err = c.PlanMore(ctx, w.notarized(), []PlannedDocument{more})
	wantKind(t, err, deal.Conflict) // nothing of that is uploaded

	id := w.listed()
	w.supplemented(id, []string{"seven, again"}, described(t, "", files()[0].name, "seven, again"))
	supersedes := func(index uint64, name string) PlannedDocument {
		d := described(t, "", name, "v3")
		d.Supersedes = &index
		return d
	}
	numbered := more
	numbered.Number = "2"
	for name, c := range map[string]struct {
		doc  PlannedDocument
		want deal.Kind
	}{
		"no such document":    {supersedes(9, "x.txt"), deal.Invalid},
		"one superseded":      {supersedes(0, files()[0].name), deal.Conflict},
		"of another document": {supersedes(3, files()[1].name), deal.Conflict},
		"a number in use":     {numbered, deal.Invalid},
	} {
		if _, err := w.members[seller].client.PlanMore(ctx, id, []PlannedDocument{c.doc}); deal.KindOf(err) != c.want {
			t.Errorf("%s: have %v, want %s", name, err, c.want)
		}
	}
	renamed := supersedes(3, "seven.txt")
	renamed.Title = "Invoice 7"
	set, err := c.PlanMore(ctx, id, []PlannedDocument{renamed})
	if err != nil || set.Indexes[0] != 4 {
		t.Errorf("a version under another name: %v, %v", set.Indexes, err)
	}
	_, err = w.members[buyer].client.PlanMore(ctx, id, []PlannedDocument{more})
	if kind := deal.KindOf(err); kind != deal.Refused && kind != deal.NotFound {
		t.Errorf("the buyer adds documents: %v", err)
	}
}

// A node that is stopped after each step of an addition goes on with it.
func TestSupplementsResume(t *testing.T) {
	w := newWorld(t)
	id := w.listed()
	docs := []PlannedDocument{described(t, "", "more.txt", "more")}
	var root deal.Commitment
	again := func() IntakeSet {
		w.restart(seller)
		set, err := w.members[seller].client.PlanMore(context.Background(), id, docs)
		check(t, err)
		if !root.IsZero() && set.Root != root {
			t.Fatalf("the set is %s, it was %s", set.Root, root)
		}
		root = set.Root
		return set
	}
	again()
	again()
	w.act(seller, id, "", "supplements.notarize")
	w.bring(id, again(), "more")
	again()
	w.act(seller, id, "", "supplements.append")
	if set := again(); set.Count != 4 {
		t.Errorf("%d documents, want 4", set.Count)
	}
	if have, _ := w.desk.deals[id].Documents(); have != root {
		t.Errorf("the title stands for %s, want %s", have, root)
	}
}
