package node

import (
	"context"
	"encoding/json"
	"testing"

	"cession/deal"
	"cession/node/vault"
)

// What a hostile seller's node lists or says of rows in the handover is refused,
// and no receipt is signed.
func TestTapeListing(t *testing.T) {
	for name, c := range map[string]struct {
		change func(w *world, l *Listing)
		want   Reason
	}{
		"no rows":                 {func(_ *world, l *Listing) { l.Tape = nil }, AlteredManifest},
		"another root":            {func(_ *world, l *Listing) { l.Tape.Root[0]++ }, AlteredManifest},
		"a leaf changed":          {func(_ *world, l *Listing) { l.Tape.Leaves[3][0]++ }, AlteredManifest},
		"a leaf less":             {func(_ *world, l *Listing) { l.Tape.Leaves = l.Tape.Leaves[1:] }, AlteredManifest},
		"other rows out":          {func(_ *world, l *Listing) { l.Tape.Out = []uint64{11} }, AlteredManifest},
		"no rows out":             {func(_ *world, l *Listing) { l.Tape.Out = nil }, AlteredManifest},
		"a salt less":             {func(_ *world, l *Listing) { l.Tape.Tapes[0].Salts = l.Tape.Tapes[0].Salts[1:] }, AlteredManifest},
		"brought by the invoice":  {func(_ *world, l *Listing) { l.Tape.Tapes[0].By = &l.Documents[0].Index }, AlteredManifest},
		"brought by nothing":      {func(_ *world, l *Listing) { l.Tape.Tapes[0].By, l.Tape.Tapes[0].Salts = nil, nil }, AlteredManifest},
		"brought by nothing else": {func(_ *world, l *Listing) { l.Tape.Tapes[0] = TapeParcel{Document: 7, Rows: tapeRows} }, AlteredManifest},
		"no tape":                 {func(_ *world, l *Listing) { l.Tape.Tapes = nil }, AlteredManifest},
		"the excerpt in front":    {func(_ *world, l *Listing) { l.Documents[1].Index = 0 }, AlteredManifest},
		"the excerpt elsewhere":   {func(_ *world, l *Listing) { l.Documents[1].Index++ }, AlteredManifest},
		"the excerpt's salt":      {func(_ *world, l *Listing) { l.Documents[1].Salt[0]++ }, AlteredManifest},
		"the excerpt's name":      {func(_ *world, l *Listing) { l.Documents[1].About.Title = "all of them" }, AlteredManifest},
		"the excerpt left out":    {func(_ *world, l *Listing) { l.Documents = l.Documents[:1] }, AlteredManifest},
		"the whole tape instead":  {func(w *world, l *Listing) { l.Documents[1] = w.tapeConsigned(l) }, AlteredManifest},
		"the whole tape with it":  {func(w *world, l *Listing) { l.Documents = append([]Consignment{w.tapeConsigned(l)}, l.Documents...) }, AlteredManifest},
		"a salt changed":          {func(_ *world, l *Listing) { l.Tape.Tapes[0].Salts[3][0]++ }, WrongDocument},
		"two salts swapped":       {func(_ *world, l *Listing) { s := l.Tape.Tapes[0].Salts; s[3], s[4] = s[4], s[3] }, WrongDocument},
		"the salt of the row out": {func(w *world, l *Listing) { l.Tape.Tapes[0].Salts[goneRow] = w.saltOf(w.onlyDeal(), goneRow) }, WrongDocument},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := w.tapeListed()
			w.mustRows(id, RowChange{Remove: []uint64{goneRow}})
			w.act(buyer, id, buyer, "perimeter.agree")
			w.sold(id)
			release := w.released(id)
			w.network(buyer, tamper("/handover", func(b []byte) []byte {
				var l Listing
				if json.Unmarshal(b, &l) != nil || l.Release.IsZero() {
					return b
				}
				c.change(w, &l)
				return w.signedListing(l)
			}))
			wantReason(t, w.pull(id, release), c.want)
			if _, err := w.try(buyer, id, "", "handover.receipt"); deal.KindOf(err) != deal.Conflict {
				t.Errorf("receipt for rows that do not verify: %v", err)
			}
		})
	}
}

// tapeConsigned is the whole tape as a seller's node without scruples could list
// it.
func (w *world) tapeConsigned(l *Listing) Consignment {
	n, docs := w.members[seller].node, w.sellersDocuments(w.onlyDeal())
	d := docs[0]
	key, err := n.identity.Unwrap(d.version.Wrapped, d.version.Manifest)
	check(w.t, err)
	to, err := vault.ParseRecipient(w.desk.deals[w.onlyDeal()].Value("handover", "request", "key").String())
	check(w.t, err)
	wrapped, err := vault.WrapKey(key, d.version.Manifest, to)
	check(w.t, err)
	proofs, err := n.proofs(context.Background(), w.onlyDeal(), l.Root)
	check(w.t, err)
	return Consignment{Index: 0, Proof: proofs[0], About: d.About, Salt: d.Salt, Manifest: d.version.Manifest, Chunks: d.version.Chunks, Key: wrapped}
}

// A seller's node that keeps the salts of the whole tape back is refused: the
// buyer could prove no row.
func TestTapeListingOfTheWhole(t *testing.T) {
	for name, change := range map[string]func(l *Listing){
		"no rows":          func(l *Listing) { l.Tape = nil },
		"of no document":   func(l *Listing) { l.Tape.Tapes[0] = TapeParcel{Document: 7, Rows: tapeRows} },
		"of a place apart": func(l *Listing) { l.Tape.Tapes[0].Document = excerptIndex(0) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := w.tapeListed()
			w.sold(id)
			release := w.released(id)
			w.network(buyer, tamper("/handover", func(b []byte) []byte {
				var l Listing
				if json.Unmarshal(b, &l) != nil || l.Release.IsZero() {
					return b
				}
				change(&l)
				return w.signedListing(l)
			}))
			wantReason(t, w.pull(id, release), AlteredManifest)
		})
	}
}
