package clamd

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"cession/deal"
)

// daemon is a stand-in for clamd that finds "EVIL" and takes at most limit bytes.
type daemon struct {
	t      *testing.T
	limit  int
	answer func(verdict string) string // instead of the verdict and a zero byte
	silent bool                        // takes everything, answers nothing
	got    chan int                    // bytes of each document
}

const testSignature = "Test.Evil-1"

func (d *daemon) serve(network string) *Client {
	d.t.Helper()
	address := "127.0.0.1:0"
	if network == "unix" {
		address = filepath.Join(d.t.TempDir(), "clamd")
	}
	l, err := net.Listen(network, address)
	if err != nil {
		d.t.Fatal(err)
	}
	d.got = make(chan int, 10)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			d.talk(conn)
			conn.Close()
		}
	}()
	d.t.Cleanup(func() { l.Close(); <-done })
	c, err := New(network + ":" + l.Addr().String())
	if err != nil {
		d.t.Fatal(err)
	}
	c.dial, c.stall, c.scan = time.Second, 2*time.Second, 2*time.Second
	return c
}

func (d *daemon) talk(conn net.Conn) {
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	r := bufio.NewReader(conn)
	command, err := r.ReadString(0)
	if err != nil {
		return
	}
	if command == "zPING\x00" {
		d.say(conn, "PONG")
		return
	}
	if command != "zINSTREAM\x00" {
		d.say(conn, "UNKNOWN COMMAND")
		return
	}
	content, whole := d.receive(r)
	d.got <- len(content)
	switch {
	case d.silent:
		io.Copy(io.Discard, conn) // until the client gives up
	case !whole:
		d.say(conn, "INSTREAM size limit exceeded. ERROR")
	case bytes.Contains(content, []byte("EVIL")):
		d.say(conn, "stream: "+testSignature+" FOUND")
	default:
		d.say(conn, "stream: OK")
	}
}

func (d *daemon) say(conn net.Conn, verdict string) {
	text := verdict + "\x00"
	if d.answer != nil {
		text = d.answer(verdict)
	}
	io.WriteString(conn, text)
}

func (d *daemon) receive(r io.Reader) (content []byte, whole bool) {
	for {
		var size uint32
		if binary.Read(r, binary.BigEndian, &size) != nil {
			return content, false
		}
		if size == 0 {
			return content, true
		}
		if len(content)+int(size) > d.limit {
			return content, false
		}
		chunk := make([]byte, size)
		if _, err := io.ReadFull(r, chunk); err != nil {
			return content, false
		}
		content = append(content, chunk...)
	}
}

func TestScan(t *testing.T) {
	long := bytes.Repeat([]byte("a harmless line\n"), 30_000)
	for _, network := range []string{"unix", "tcp"} {
		d := &daemon{t: t, limit: 1 << 20}
		c := d.serve(network)
		if err := c.Ping(t.Context()); err != nil {
			t.Errorf("ping over %s: %v", network, err)
		}
		for name, content := range map[string][]byte{"short": []byte("fine"), "several chunks": long, "one chunk": long[:chunkSize]} {
			if err := c.Scan(t.Context(), iotest.HalfReader(bytes.NewReader(content))); err != nil {
				t.Errorf("%s over %s: %v", name, network, err)
			}
			if got := <-d.got; got != len(content) {
				t.Errorf("%s over %s: the daemon got %d bytes, want %d", name, network, got, len(content))
			}
		}
		err := c.Scan(t.Context(), io.MultiReader(bytes.NewReader(long), strings.NewReader("EVIL")))
		if !errors.Is(err, ErrFound) || deal.KindOf(err) != deal.Invalid || !strings.Contains(err.Error(), testSignature) {
			t.Errorf("malware over %s: %v", network, err)
		}
		<-d.got
		err = c.Scan(t.Context(), bytes.NewReader(bytes.Repeat(long, 20))) // 9.6 MB: the daemon hangs up in the middle
		if !errors.Is(err, ErrLimit) || deal.KindOf(err) != deal.Invalid {
			t.Errorf("too large over %s: %v", network, err)
		}
	}
}

// Whatever goes wrong on the way, a document does not pass.
func TestScanFails(t *testing.T) {
	for name, d := range map[string]*daemon{
		"no answer":         {silent: true},
		"hangs up":          {answer: func(string) string { return "" }},
		"cut answer":        {answer: func(v string) string { return v[:len(v)-1] }},
		"no end of answer":  {answer: func(v string) string { return v }},
		"endless answer":    {answer: func(string) string { return strings.Repeat("stream: OK ", 1000) }},
		"an error":          {answer: func(string) string { return "stream: Can't allocate memory ERROR\x00" }},
		"unknown answer":    {answer: func(string) string { return "stream: OKAY\x00" }},
		"answer in advance": {limit: -1, answer: func(string) string { return "stream: OK\x00" }},
	} {
		d.t = t
		size := 900 << 10
		if d.limit == 0 {
			d.limit = 1 << 20
		} else {
			size = 16 << 20 // more than sockets take in
		}
		c := d.serve("tcp")
		c.stall, c.scan = time.Second, 300*time.Millisecond
		if err := c.Scan(t.Context(), bytes.NewReader(make([]byte, size))); deal.KindOf(err) != deal.Lost {
			t.Errorf("%s: %v, want lost", name, err)
		}
	}
	c, err := New("unix:" + filepath.Join(t.TempDir(), "none"))
	if err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{"scan": c.Scan(t.Context(), strings.NewReader("x")), "ping": c.Ping(t.Context())} {
		if deal.KindOf(err) != deal.Lost {
			t.Errorf("%s without a daemon: %v, want lost", what, err)
		}
	}
}

// What is scanned cannot be read, or nobody waits any more.
func TestScanStops(t *testing.T) {
	c := (&daemon{t: t, limit: 1 << 20}).serve("tcp")
	failure := errors.New("disk failed")
	if err := c.Scan(t.Context(), io.MultiReader(strings.NewReader("x"), iotest.ErrReader(failure))); err != failure {
		t.Errorf("a document that cannot be read: %v", err)
	}
	c = (&daemon{t: t, limit: 1 << 20, silent: true}).serve("tcp")
	c.scan = time.Minute
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := c.Scan(ctx, strings.NewReader("x")); deal.KindOf(err) != deal.Lost {
		t.Errorf("cancelled: %v, want lost", err)
	}
}

func TestNew(t *testing.T) {
	for _, bad := range []string{"", "unix:", "tcp:host", "tcp:host:", "/run/clamd", "udp:1.2.3.4:5", "host:3310"} {
		if _, err := New(bad); deal.KindOf(err) != deal.Invalid {
			t.Errorf("address %q: %v, want invalid", bad, err)
		}
	}
}

func TestFindingIsShownClean(t *testing.T) {
	err := verdict("stream: A\x1b[2J"+strings.Repeat("b", 500)+" FOUND", nil)
	if !errors.Is(err, ErrFound) || strings.Contains(err.Error(), "\x1b") || len(err.Error()) > 300 {
		t.Errorf("finding shown as %q", err)
	}
}
