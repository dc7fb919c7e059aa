package vault

import (
	"io"
	"sync"
)

// What is read ahead: so many pieces of so many bytes.
const (
	aheadPieces = 4
	aheadBytes  = 512 << 10
)

// Ahead reads r beside what is done with it: on another core, if there is one.
// Call stop when done: when it returns, nothing is read of r any more. The reader
// has one user.
func Ahead(r io.Reader) (beside io.Reader, stop func()) {
	a := &ahead{read: make(chan []byte, aheadPieces), spare: make(chan []byte, aheadPieces)}
	for range aheadPieces {
		a.spare <- make([]byte, aheadBytes)
	}
	stopped := make(chan struct{})
	go a.pump(r, stopped)
	return a, sync.OnceFunc(func() {
		close(stopped)
		for range a.read { // until the pump has ended
		}
	})
}

type ahead struct {
	read, spare chan []byte
	err         error  // what r ended with, once read is closed
	piece, rest []byte // being given out, and what is left of it
}

func (a *ahead) pump(r io.Reader, stopped <-chan struct{}) {
	defer close(a.read)
	for a.err == nil {
		var piece []byte
		select {
		case <-stopped:
			a.err = io.ErrClosedPipe
			return
		case piece = <-a.spare:
		}
		n := 0
		for n < len(piece) && a.err == nil {
			var more int
			more, a.err = r.Read(piece[n:])
			n += more
		}
		a.read <- piece[:n] // has room for all pieces
	}
}

// next makes rest what comes next; it returns false at the end.
func (a *ahead) next() bool {
	for len(a.rest) == 0 {
		if a.piece != nil {
			a.spare <- a.piece[:cap(a.piece)] // has room for all pieces
			a.piece = nil
		}
		piece, ok := <-a.read
		if !ok {
			return false
		}
		a.piece, a.rest = piece, piece
	}
	return true
}

// Read implements [io.Reader].
func (a *ahead) Read(p []byte) (int, error) {
	if !a.next() {
		return 0, a.err
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

// WriteTo implements [io.WriterTo].
func (a *ahead) WriteTo(w io.Writer) (sum int64, err error) {
	for a.next() {
		n, err := w.Write(a.rest)
		sum += int64(n)
		a.rest = a.rest[n:]
		if err != nil {
			return sum, err
		}
	}
	if a.err != io.EOF {
		err = a.err
	}
	return sum, err
}
