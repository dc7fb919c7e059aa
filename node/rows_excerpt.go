package node

import (
	"context"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"cession/deal"
	"cession/node/vault"
)

// An excerpt stands for a data tape of which rows are not sold: a CSV document
// of its own, with the header and the rows that remain, to the byte as they were.

// excerptIndex is the index of an excerpt among a perimeter's documents: behind
// all that a title can have.
func excerptIndex(k int) uint64 { return maxDocuments + uint64(k) }

// planExcerpt hashes the excerpt of a tape and draws its salt.
func (d *draft) planExcerpt(ctx context.Context, t tapeOf, tape rowTape, whole document, sold func(uint64) bool) (document, error) {
	text, err := d.excerptOf(ctx, t, tape, whole, sold)
	if err != nil {
		return document{}, err
	}
	e := document{About: excerptAbout(whole.About), Salt: deal.NewSalt()}
	if e.Sum, err = vault.Hash(text); err != nil {
		return e, err
	}
	e.Leaf = d.leaf(d.p.Opening.Plan, e)
	return e, nil
}

// excerptAbout describes an excerpt as the tape it stands for, under a name of
// its own.
func excerptAbout(tape vault.Description) vault.Description {
	e := tape
	e.Supersedes = nil
	ext := path.Ext(tape.Name)
	stem := strings.TrimSuffix(tape.Name, ext)
	for len(stem)+len(" (excerpt)")+len(ext) > 255 {
		runes := []rune(stem)
		stem = string(runes[:len(runes)-1])
	}
	e.Name = stem + " (excerpt)" + ext
	return e
}

// excerptOf reads the rows of a tape that are sold.
func (n *Node) excerptOf(ctx context.Context, t tapeOf, tape rowTape, whole document, sold func(uint64) bool) (io.Reader, error) {
	content, err := n.plaintext(ctx, whole)
	if err != nil {
		return nil, err
	}
	here := t.numbers(tape, t.here)
	return vault.Excerpt(content, func(i uint64) bool { return i < uint64(len(here)) && sold(here[i]) }), nil
}

// storeExcerpts encrypts the excerpts of a perimeter that are not stored yet.
func (d *draft) storeExcerpts(ctx context.Context, root deal.Commitment, t tapeOf, docs []document, part perimeterPart, sold func(uint64) bool) error {
	excerpts, err := d.state.excerpts(ctx, d.act.Deal, root)
	if err != nil {
		return err
	}
	for i, e := range excerpts {
		if e.Held {
			continue
		}
		tape, ok := tapeAt(t.tapes, part.Excerpts[i].Document)
		if !ok {
			return deal.Errorf(deal.Conflict, "document %d is no data tape any more", part.Excerpts[i].Document)
		}
		text, err := d.excerptOf(ctx, t, tape, docs[tape.document], sold)
		if err != nil {
			return err
		}
		if err := d.store(ctx, e, text); err != nil {
			return fmt.Errorf("store the excerpt of document %d: %w", tape.document, err)
		}
	}
	return nil
}

func tapeAt(tapes []rowTape, document uint64) (rowTape, bool) {
	i := slices.IndexFunc(tapes, func(t rowTape) bool { return t.document == document })
	if i < 0 {
		return rowTape{}, false
	}
	return tapes[i], true
}
