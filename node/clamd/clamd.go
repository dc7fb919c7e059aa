// Package clamd has documents scanned for malware by a ClamAV daemon, with the
// command INSTREAM of its protocol (clamd(8)). The daemon gets the content, and
// nothing about it.
package clamd

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
	"unicode"

	"cession/deal"
)

var (
	// ErrFound is wrapped by the invalid error of a document with malware in it.
	ErrFound = errors.New("malware was found in the document")

	// ErrLimit is wrapped by the invalid error of a document that is larger than
	// the daemon takes.
	ErrLimit = errors.New("the document is larger than the malware scanner takes")
)

const (
	chunkSize  = 64 << 10 // bytes
	maxReply   = 4 << 10  // bytes
	maxFinding = 100      // bytes of a signature's name that are shown

	dialTimeout  = 5 * time.Second
	stallTimeout = time.Minute      // for a chunk to be taken
	scanTimeout  = 10 * time.Minute // from the last chunk to the answer
)

// Client talks to one daemon, over a connection for each document. It may be
// used concurrently.
type Client struct {
	network, address string
	dial, stall      time.Duration
	scan             time.Duration
}

// New returns a client of the daemon at "unix:PATH" or "tcp:HOST:PORT". It does
// not connect yet.
func New(address string) (*Client, error) {
	network, where, _ := strings.Cut(address, ":")
	ok := where != "" && network == "unix"
	if network == "tcp" {
		_, port, err := net.SplitHostPort(where)
		ok = err == nil && port != ""
	}
	if !ok {
		return nil, deal.Errorf(deal.Invalid, "address of clamd: want unix:PATH or tcp:HOST:PORT")
	}
	return &Client{network, where, dialTimeout, stallTimeout, scanTimeout}, nil
}

// Ping tells whether the daemon answers. Errors are of kind lost.
func (c *Client) Ping(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.send([]byte("zPING\x00")); err != nil {
		return errLost(err)
	}
	reply, err := s.reply(c.stall)
	if err == nil && reply != "PONG" {
		err = errors.New("it answered something else")
	}
	if err != nil {
		return errLost(err)
	}
	return nil
}

// Scan has a document scanned while it is read. Errors: invalid wrapping
// [ErrFound], with the name of the signature, or [ErrLimit]; lost (the daemon
// cannot be reached, fails, or does not answer in time: nothing is known about
// the document); those of r come back as they are.
func (c *Client) Scan(ctx context.Context, r io.Reader) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	input := &source{r: r}
	sent := s.stream(input)
	if input.err != nil {
		return input.err
	}
	// the daemon may have answered, and closed, before it had all
	reply, err := s.reply(c.scan)
	if err != nil {
		return errLost(errors.Join(sent, err))
	}
	return verdict(reply, sent)
}

// verdict reads "stream: OK", "stream: NAME FOUND" or "… ERROR".
func verdict(reply string, sent error) error {
	text := strings.TrimPrefix(reply, "stream: ")
	switch name, found := strings.CutSuffix(text, " FOUND"); {
	case found:
		return deal.Errorf(deal.Invalid, "%w: %s", ErrFound, shown(name))
	case strings.HasPrefix(text, "INSTREAM size limit exceeded"):
		return deal.Errorf(deal.Invalid, "%w: raise its StreamMaxLength, or leave the document out", ErrLimit)
	case text == "OK" && sent == nil:
		return nil
	case text == "OK":
		return errLost(errors.New("it answered before it had the whole document"))
	}
	return errLost(errors.New("it could not scan the document"))
}

// shown keeps a signature's name from doing anything to a terminal.
func shown(name string) string {
	clean := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, name)
	return clean[:min(len(clean), maxFinding)]
}

func errLost(err error) error {
	return deal.Errorf(deal.Lost, "the malware scanner did not scan the document, try again: %w", err)
}

// session is one connection.
type session struct {
	net.Conn
	stall time.Duration
	free  func() bool // from the context
}

func (c *Client) open(ctx context.Context) (*session, error) {
	d := net.Dialer{Timeout: c.dial}
	conn, err := d.DialContext(ctx, c.network, c.address)
	if err != nil {
		return nil, errLost(withoutAddress(err))
	}
	return &session{conn, c.stall, context.AfterFunc(ctx, func() { conn.Close() })}, nil
}

func (s *session) close() {
	s.free()
	s.Close()
}

func (s *session) send(b []byte) error {
	if err := s.SetWriteDeadline(time.Now().Add(s.stall)); err != nil {
		return err
	}
	_, err := s.Write(b)
	return err
}

// stream sends a document in chunks, each with its length before it, and ends
// with an empty one.
func (s *session) stream(r io.Reader) error {
	if err := s.send([]byte("zINSTREAM\x00")); err != nil {
		return withoutAddress(err)
	}
	chunk := make([]byte, 4+chunkSize)
	for {
		n, err := io.ReadFull(r, chunk[4:])
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return err
		}
		binary.BigEndian.PutUint32(chunk, uint32(n))
		if failed := s.send(chunk[:4+n]); failed != nil {
			return withoutAddress(failed)
		}
		if n == 0 {
			return nil
		}
	}
}

// reply reads up to the zero byte that ends an answer.
func (s *session) reply(within time.Duration) (string, error) {
	if err := s.SetReadDeadline(time.Now().Add(within)); err != nil {
		return "", withoutAddress(err)
	}
	var reply []byte
	buffer := make([]byte, 512)
	for len(reply) < maxReply {
		n, err := s.Read(buffer)
		reply = append(reply, buffer[:n]...)
		if i := bytes.IndexByte(reply, 0); i >= 0 {
			return string(reply[:i]), nil
		}
		if err == io.EOF {
			return "", errors.New("its answer was cut short")
		}
		if err != nil {
			return "", withoutAddress(err)
		}
	}
	return "", fmt.Errorf("its answer has more than %d bytes", maxReply)
}

// withoutAddress leaves out where the daemon is: that is configuration.
func withoutAddress(err error) error {
	var failed *net.OpError
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

// source remembers the error of what is scanned.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}
