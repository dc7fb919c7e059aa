package vault

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"
)

func TestAhead(t *testing.T) {
	content := random(3*aheadBytes*aheadPieces + 17)
	for name, wrap := range map[string]func(io.Reader) io.Reader{
		"as it comes": func(r io.Reader) io.Reader { return r }, "in halves": iotest.HalfReader, "end with data": iotest.DataErrReader,
	} {
		r, stop := Ahead(wrap(bytes.NewReader(content)))
		if have, err := io.ReadAll(iotest.HalfReader(r)); err != nil || !bytes.Equal(have, content) {
			t.Errorf("%s: read %d bytes, %v", name, len(have), err)
		}
		stop()
		r, stop = Ahead(wrap(bytes.NewReader(content)))
		var have bytes.Buffer
		if n, err := io.Copy(&have, r); err != nil || n != int64(len(content)) || !bytes.Equal(have.Bytes(), content) {
			t.Errorf("%s: copied %d bytes, %v", name, n, err)
		}
		stop()
	}
}

// What came before an error comes, then the error, as it is; and nothing is read
// any more once it was stopped.
func TestAheadEnds(t *testing.T) {
	failure := errors.New("disk failed")
	for _, want := range []error{failure, io.ErrUnexpectedEOF} {
		r, stop := Ahead(io.MultiReader(bytes.NewReader(make([]byte, aheadBytes+5)), iotest.ErrReader(want)))
		if b, err := io.ReadAll(r); len(b) != aheadBytes+5 || err != want {
			t.Errorf("%d bytes, %v, want %v", len(b), err, want)
		}
		stop()
	}
	endless := &counting{}
	r, stop := Ahead(endless)
	if _, err := io.ReadFull(r, make([]byte, 3*aheadBytes)); err != nil {
		t.Fatal(err)
	}
	stop()
	stop()
	read := endless.bytes
	if _, err := io.Copy(io.Discard, r); !errors.Is(err, io.ErrClosedPipe) || endless.bytes != read {
		t.Errorf("read %d bytes more after it was stopped, %v", endless.bytes-read, err)
	}
}

// counting is endless. It is not locked: the race detector tells if it is read
// after a stop.
type counting struct{ bytes int }

func (c *counting) Read(p []byte) (int, error) {
	c.bytes += len(p)
	return len(p), nil
}
