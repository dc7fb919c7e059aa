package node

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"cession/deal"
)

// lie is what a seller without scruples makes of a proposal over rows: other
// fields in the act, another text behind it, other answers of its node.
type lie struct {
	fields  func(w *world, fields map[string]deal.Value)
	delta   func(d *Delta)
	proof   func(w *world, p *RowsProof)
	content func(rows []string) []string // lines of the excerpt, the header first
	want    Reason
}

// proposeLie has the seller make a proposal again that its node made honestly,
// with a lie in it, past its own node; the seller's node answers what is asked
// about the second as about the first, until the line is restored.
func (w *world) proposeLie(honest deal.Act, l lie) (restore func()) {
	w.t.Helper()
	d, err := w.members[seller].node.delta(context.Background(), honest)
	check(w.t, err)
	if l.delta != nil {
		l.delta(&d)
	}
	text := deal.Seal(d.Canonical())
	fields := cloneFields(honest.Fields)
	fields["delta"], err = deal.NewValue(deal.KindSealed, deal.Commitment(text.Commit(fakeKeccak)).String())
	check(w.t, err)
	if l.fields != nil {
		l.fields(w, fields)
	}
	w.force(w.members[seller].wallet, deal.Act{Deal: honest.Deal, Room: buyer, Step: "perimeter", Action: "propose", Party: seller, Fields: fields})
	forged := w.desk.rooms[honest.Deal][buyer].Last("perimeter", "propose").Act
	peer, err := w.members[buyer].node.peer(context.Background(), seller)
	check(w.t, err)
	line := peer.http.Transport
	peer.http.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		if !strings.Contains(r.URL.Path, forged.ID.String()) {
			return line.RoundTrip(r)
		}
		r = r.Clone(r.Context())
		r.URL.Path = strings.Replace(r.URL.Path, forged.ID.String(), honest.ID.String(), 1)
		resp, err := line.RoundTrip(r)
		if err != nil || resp.StatusCode >= 300 {
			return resp, err
		}
		b, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(w.lied(l, r.URL.Path, text, b))), -1
		return resp, err
	})
	return func() { peer.http.Transport = line }
}

func allPrices() (list []RowPrice) {
	for row := range uint64(tapeRows) {
		if row != goneRow {
			list = append(list, RowPrice{Row: row, Minor: 1000_00})
		}
	}
	return list
}

// lied changes an answer of the seller's node.
func (w *world) lied(l lie, path string, sealed deal.Sealed, b []byte) []byte {
	switch {
	case strings.HasSuffix(path, "/delta"):
		text, salt := sealed.Open()
		b, _ = json.Marshal(Message{Text: text, Salt: salt})
	case strings.Contains(path, "/tapes/") && l.content != nil:
		b = []byte(strings.Join(l.content(strings.SplitAfter(string(b), "\r\n")), ""))
	case !strings.Contains(path, "/tapes/") && l.proof != nil:
		var p RowsProof
		if err := json.Unmarshal(b, &p); err != nil {
			w.t.Error(err)
		}
		l.proof(w, &p)
		b, _ = json.Marshal(p)
	}
	return b
}

// The bidder's node signs no proposal of which one figure, row, salt, leaf or
// document is not what it comes to by itself.
func TestRowsAgreeHostile(t *testing.T) {
	amount := func(field string, by int64) func(*world, map[string]deal.Value) {
		return func(_ *world, f map[string]deal.Value) { f[field] = deal.Money(f[field].Amount().Minor+by, "USD") }
	}
	swap := func(i, j int) func([]string) []string {
		return func(rows []string) []string { rows[i], rows[j] = rows[j], rows[i]; return rows }
	}
	w := newWorld(t)
	id := w.tapeListed()
	honest := w.mustRows(id, RowChange{Remove: []uint64{goneRow}, Prices: allPrices()})
	for name, l := range map[string]lie{
		"face one minor unit more":     {fields: amount("face", 1), want: PerimeterDiffers},
		"face one minor unit less":     {fields: amount("face", -1), want: PerimeterDiffers},
		"face of the whole tape":       {fields: amount("face", goneFace), want: PerimeterDiffers},
		"price one minor unit more":    {fields: amount("price", 1), want: PerimeterDiffers},
		"price left out":               {fields: func(_ *world, f map[string]deal.Value) { delete(f, "price") }, want: PerimeterDiffers},
		"price of a row left out":      {delta: func(d *Delta) { d.Prices = d.Prices[1:] }, want: PerimeterDiffers},
		"another root over rows":       {fields: func(_ *world, f map[string]deal.Value) { f["rows_root"] = deal.Digest(deal.Commitment{1}) }, want: PerimeterDiffers},
		"another number of rows":       {fields: func(_ *world, f map[string]deal.Value) { f["rows"] = deal.Number(400) }, want: PerimeterDiffers},
		"no rows said":                 {fields: func(_ *world, f map[string]deal.Value) { delete(f, "rows"); delete(f, "rows_root") }, want: PerimeterDiffers},
		"another root":                 {fields: func(_ *world, f map[string]deal.Value) { f["root"] = deal.Digest(deal.Commitment{1}) }, want: PerimeterDiffers},
		"another count":                {fields: func(_ *world, f map[string]deal.Value) { f["count"] = deal.Number(1) }, want: PerimeterDiffers},
		"another tape":                 {delta: func(d *Delta) { d.Tape[0]++ }, want: PerimeterDiffers},
		"a longer tape":                {delta: func(d *Delta) { d.Rows++ }, want: PerimeterDiffers},
		"out but not removed":          {delta: func(d *Delta) { d.Out = append(d.Out, 12) }, want: PerimeterDiffers},
		"removed but not out":          {delta: func(d *Delta) { d.Remove = append(d.Remove, 12) }, want: PerimeterDiffers},
		"a base that is no proposal":   {delta: func(d *Delta) { d.Base[0]++ }, want: PerimeterDiffers},
		"a column of smaller amounts":  {delta: func(d *Delta) { d.Face = "SBA_Appv" }, want: PerimeterDiffers},
		"a column that is not there":   {delta: func(d *Delta) { d.Face = "Face" }, want: PerimeterDiffers},
		"another excerpt":              {delta: func(d *Delta) { d.Excerpts[0].Leaf[0]++ }, want: PerimeterDiffers},
		"the excerpt under a new name": {delta: func(d *Delta) { d.Excerpts[0].About.Name = "other.csv" }, want: PerimeterDiffers},
		"no excerpt":                   {delta: func(d *Delta) { d.Excerpts = nil }, want: PerimeterDiffers},
		"an excerpt more":              {delta: func(d *Delta) { d.Excerpts = append(d.Excerpts, d.Excerpts[0]) }, want: PerimeterDiffers},

		"two rows swapped":         {content: swap(3, 4), want: PerimeterDiffers},
		"a row twice":              {content: func(r []string) []string { r[3] = r[4]; return r }, want: PerimeterDiffers},
		"a row more":               {content: func(r []string) []string { return slices.Insert(r, 5, r[4]) }, want: PerimeterDiffers},
		"a row less":               {content: func(r []string) []string { return slices.Delete(r, 5, 6) }, want: PerimeterDiffers},
		"an amount changed":        {content: func(r []string) []string { r[5] = strings.Replace(r[5], ",", ",0", 1); return r }, want: PerimeterDiffers},
		"a column renamed":         {content: func(r []string) []string { r[0] = "X" + r[0]; return r }, want: PerimeterDiffers},
		"text behind the rows":     {content: func(r []string) []string { return append(r, "\r\n\r\n") }, want: PerimeterDiffers},
		"the removed row smuggled": {content: smuggle, want: PerimeterDiffers},

		"a salt changed":           {proof: func(_ *world, p *RowsProof) { p.Salts[3][0]++ }, want: PerimeterDiffers},
		"a salt more":              {proof: func(_ *world, p *RowsProof) { p.Salts = append(p.Salts, deal.NewSalt()) }, want: PerimeterDiffers},
		"a leaf changed":           {proof: func(_ *world, p *RowsProof) { p.Leaves[3][0]++ }, want: PerimeterDiffers},
		"a leaf less":              {proof: func(_ *world, p *RowsProof) { p.Leaves = p.Leaves[1:] }, want: PerimeterDiffers},
		"the excerpt's salt":       {proof: func(_ *world, p *RowsProof) { p.Tapes[0].Salt[0]++ }, want: PerimeterDiffers},
		"another tape's rows":      {proof: func(_ *world, p *RowsProof) { p.Tapes[0].Rows-- }, want: PerimeterDiffers},
		"no tape":                  {proof: func(_ *world, p *RowsProof) { p.Tapes = nil }, want: PerimeterDiffers},
		"a tape twice":             {proof: func(_ *world, p *RowsProof) { p.Tapes = append(p.Tapes, p.Tapes[0]) }, want: PerimeterDiffers},
		"a tape of endless rows":   {proof: func(_ *world, p *RowsProof) { p.Tapes[0].Rows = 1 << 63 }, want: PerimeterDiffers},
		"a document left out":      {proof: func(_ *world, p *RowsProof) { p.Documents = nil }, want: PerimeterDiffers},
		"a document not in it":     {proof: func(_ *world, p *RowsProof) { p.Documents[0].Leaf[0]++ }, want: PerimeterDiffers},
		"a document twice":         {proof: func(_ *world, p *RowsProof) { p.Documents = append(p.Documents, p.Documents[0]) }, want: PerimeterDiffers},
		"the whole tape with it":   wholeTapeToo(),
		"another act":              {proof: func(w *world, p *RowsProof) { p.Notarized = w.desk.deals[w.onlyDeal()].Last("mint", "mint").Act }, want: ForgedAct},
		"an act altered":           {proof: func(_ *world, p *RowsProof) { p.Notarized.Fields["tape_rows"] = deal.Number(399) }, want: ForgedAct},
		"an act of somebody else":  {proof: func(w *world, p *RowsProof) { p.Notarized = w.notarizedBy(loser, p.Notarized) }, want: ForgedAct},
		"an act that is not there": {proof: func(w *world, p *RowsProof) { p.Notarized.Signature[0]++ }, want: ForgedAct},
	} {
		t.Run(name, func(t *testing.T) {
			defer w.proposeLie(honest, l)()
			_, err := w.try(buyer, id, buyer, "perimeter.agree")
			wantReason(t, err, l.want)
			if w.desk.rooms[id][buyer].Last("perimeter", "agree") != nil {
				t.Fatal("the bidder agreed")
			}
		})
	}
	defer w.proposeLie(honest, lie{})() // without a lie it does
	w.act(buyer, id, buyer, "perimeter.agree")
}

// smuggle puts a row of the loan that was taken out in the place of another.
func smuggle(rows []string) []string {
	rows[goneRow] = "1032004005,EVANS TRANSPORTATION CO.," + strings.SplitN(rows[goneRow], ",", 3)[2]
	return rows
}

// wholeTapeToo hands over the whole tape beside its excerpt, under a root that
// says so.
func wholeTapeToo() lie {
	return lie{
		fields: func(w *world, f map[string]deal.Value) {
			docs := w.sellersDocuments(w.onlyDeal())
			excerpts, err := w.members[seller].node.state.excerpts(context.Background(), w.onlyDeal(), f["root"].Commitment())
			check(w.t, err)
			f["root"] = deal.Digest(w.members[seller].node.rootOf(append(docs, excerpts...)))
			f["count"] = deal.Number(3)
		},
		proof: func(w *world, p *RowsProof) {
			n := w.members[seller].node
			proofs, err := n.proofs(context.Background(), w.onlyDeal(), deal.Commitment{})
			check(w.t, err)
			docs := w.sellersDocuments(w.onlyDeal())
			p.Documents = []KeptDocument{{0, docs[0].Leaf, proofs[0]}, {1, docs[1].Leaf, proofs[1]}}
		},
		want: PerimeterDiffers,
	}
}

// notarizedBy is the same act, signed by another party for itself.
func (w *world) notarizedBy(party deal.PartyID, act deal.Act) deal.Act {
	return w.sign(w.members[party].wallet, act, func(a *deal.Act) { a.Fields["tape_rows"] = deal.Number(tapeRows) })
}

// A bidder that agrees past its own node to what that node would not have taken
// gets no terms from it.
func TestRowsAgreedPastNode(t *testing.T) {
	w := newWorld(t)
	id := w.tapeListed()
	honest := w.mustRows(id, RowChange{Remove: []uint64{goneRow}, Prices: allPrices()})
	defer w.proposeLie(honest, lie{fields: func(_ *world, f map[string]deal.Value) { f["face"] = deal.Money(tapeFace, "USD") }})()
	p := w.desk.rooms[id][buyer].Last("perimeter", "propose").Act
	w.force(w.members[buyer].wallet, deal.Act{Deal: id, Room: buyer, Step: "perimeter", Action: "agree", Party: buyer, Fields: cloneFields(p.Fields)})
	w.selected(id)
	w.forceTerms(id)
	_, err := w.try(buyer, id, "", "terms.accept")
	wantReason(t, err, PerimeterDiffers)
}

// What was agreed on stays, whatever is proposed after; and no price is binding
// for what was not agreed on.
func TestRowsProposedAfterAgreement(t *testing.T) {
	w := newWorld(t)
	id := w.tapeListed()
	agreed := w.mustRows(id, RowChange{Remove: []uint64{goneRow}})
	w.act(buyer, id, buyer, "perimeter.agree")
	later := w.mustRows(id, RowChange{Remove: []uint64{11}})
	if later.Field("root") == agreed.Field("root") {
		t.Fatal("the later proposal is the same")
	}
	until := "until=" + w.in(100*time.Hour)
	w.act(buyer, id, buyer, "offers.submit", "price=90000 USD", until)
	_, err := w.try(buyer, id, buyer, "offers.confirm", "price=90000 USD", until)
	wantReason(t, err, PerimeterDiffers)
	w.act(buyer, id, buyer, "offers.confirm", "price=90000 USD", until, "perimeter="+agreed.ID.String())
	w.act(seller, id, "", "selection.select", "bidder="+string(buyer))
	check(t, w.proposeTerms(id))
	w.act(buyer, id, "", "terms.accept")
	release := w.released(id)
	if release.Field("root") != agreed.Field("root") {
		t.Errorf("released is %s, want what was agreed on: %s", release.Field("root"), agreed.Field("root"))
	}
	check(t, w.pull(id, release))
	w.excerptIs(id, excerptIndex(0))
}

// A bidder that binds itself, past its own node, to a price for a part that it
// never agreed to gets neither that part nor the whole at that price.
func TestPriceOfWhatWasNotAgreed(t *testing.T) {
	w := newWorld(t)
	id := w.tapeListed()
	part := w.mustRows(id, RowChange{Remove: []uint64{goneRow}})
	until := w.in(100 * time.Hour)
	w.act(buyer, id, buyer, "offers.submit", "price=90000 USD", "until="+until)
	offer := w.desk.rooms[id][buyer].Last("offers", "submit").Act
	if offer.Field("perimeter").Commitment() != part.ID {
		t.Fatal("the offer is not for the part")
	}
	w.force(w.members[buyer].wallet, deal.Act{Deal: id, Room: buyer, Step: "offers", Action: "confirm", Party: buyer, Fields: cloneFields(offer.Fields)})
	_, err := w.try(seller, id, "", "selection.select", "bidder="+string(buyer))
	wantReason(t, err, PerimeterDiffers)
	named, err := deal.NewValue(deal.KindAct, w.desk.rooms[id][buyer].Last("offers", "confirm").Act.ID.String())
	check(t, err)
	w.force(w.members[seller].wallet, deal.Act{Deal: id, Step: "selection", Action: "select", Party: seller, Fields: map[string]deal.Value{
		"bidder": deal.Bidder(buyer), "offer": named, "price": offer.Field("price"),
	}})
	wantReason(t, w.proposeTerms(id), PerimeterDiffers)
}
