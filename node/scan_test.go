package node

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"

	"cession/deal"
)

// fakeScanner finds "malware"; it fails when a test wants it to.
type fakeScanner struct {
	fail    error
	scanned int
}

var errFound = errors.New("Test.Signature")

func (s *fakeScanner) Scan(_ context.Context, r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.scanned += len(b)
	if s.fail != nil {
		return s.fail
	}
	if bytes.Contains(b, []byte("malware")) {
		return deal.Errorf(deal.Invalid, "%w", errFound)
	}
	return nil
}

// Nothing is accepted that was not scanned, or in which something was found.
func TestScanner(t *testing.T) {
	w := newWorld(t)
	bad := file{"bad.txt", []byte("there is malware in it")}
	id := w.drafted(files()[2], bad)
	w.act(seller, id, "", "documents.notarize")
	s := &fakeScanner{fail: deal.Errorf(deal.Lost, "not reached")}
	w.members[seller].node.Scanner = s

	wantKind(t, w.upload(id, 0, files()[2].body), deal.Lost)
	if n := w.stored(seller); n != 0 {
		t.Errorf("%d blobs are kept that were not scanned", n)
	}
	s.fail, s.scanned = nil, 0
	check(t, w.upload(id, 0, files()[2].body))
	if s.scanned != len(files()[2].body) {
		t.Errorf("%d bytes were scanned, want %d", s.scanned, len(files()[2].body))
	}
	err := w.members[seller].node.Upload(context.Background(), id, 1, bytes.NewReader(bad.body))
	if !errors.Is(err, errFound) || deal.KindOf(err) != deal.Invalid {
		t.Errorf("a document with malware in it: %v", err)
	}
	if n := w.stored(seller); n != 1 {
		t.Errorf("%d blobs are stored, want 1", n)
	}
}

// A scanner that cannot be reached costs no part that is there.
func TestScannerKeepsParts(t *testing.T) {
	w := newWorld(t)
	id := w.awaiting()
	s := &fakeScanner{fail: deal.Errorf(deal.Lost, "not reached")}
	n := w.members[seller].node
	n.Scanner = s
	for i := range 4 {
		check(t, w.putPart(id, i, partOf(i), partOf(i)))
	}
	wantKind(t, n.FinishUpload(context.Background(), id, 0), deal.Lost)
	s.fail = nil
	check(t, n.FinishUpload(context.Background(), id, 0))
	w.arrived(id)
}
