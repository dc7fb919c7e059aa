//go:build !slim

package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"testing"
)

const (
	http2Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
	http2Frame   = 9 // bytes of a frame's header
	grpcPrefix   = 5 // bytes: compressed or not, length
)

// messages reads one direction of a connection as gRPC over HTTP/2 and returns
// the messages in it, unpacked: packed, nothing is found in them. Of anything
// else it returns nothing.
func messages(b []byte) (out []byte) {
	b = bytes.TrimPrefix(b, []byte(http2Preface))
	bodies := map[uint32][]byte{}
	for len(b) >= http2Frame {
		size := int(b[0])<<16 | int(b[1])<<8 | int(b[2])
		kind, flags, id := b[3], b[4], binary.BigEndian.Uint32(b[5:])&(1<<31-1)
		if len(b) < http2Frame+size {
			break
		}
		body := b[http2Frame : http2Frame+size]
		b = b[http2Frame+size:]
		if kind != 0 { // not DATA
			continue
		}
		if pad := 0; flags&8 != 0 && size > 0 {
			if pad = int(body[0]); pad >= size {
				break
			}
			body = body[1 : size-pad]
		}
		bodies[id] = append(bodies[id], body...)
	}
	for _, body := range bodies {
		for len(body) >= grpcPrefix {
			size := int(binary.BigEndian.Uint32(body[1:]))
			if size < 0 || len(body) < grpcPrefix+size {
				break
			}
			message := body[grpcPrefix : grpcPrefix+size]
			if body[0] == 1 {
				if r, err := gzip.NewReader(bytes.NewReader(message)); err == nil {
					message, _ = io.ReadAll(r) // what can be read of it
				}
			}
			out = append(append(out, message...), '\n')
			body = body[grpcPrefix+size:]
		}
	}
	return out
}

// TestMessages finds a packed message in two frames, with another stream's
// between them.
func TestMessages(t *testing.T) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte("The question: Müller?")); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	body := binary.BigEndian.AppendUint32([]byte{1}, uint32(packed.Len()))
	body = append(body, packed.Bytes()...)
	frame := func(kind byte, id uint32, part []byte) []byte {
		return append(binary.BigEndian.AppendUint32([]byte{0, 0, byte(len(part)), kind, 0}, id), part...)
	}
	var b []byte
	for _, part := range [][]byte{
		[]byte(http2Preface), frame(4, 0, nil), frame(0, 1, body[:9]), frame(0, 3, []byte("\x00\x00\x00\x00\x05other")), frame(1, 5, []byte("header")), frame(0, 1, body[9:]),
	} {
		b = append(b, part...)
	}
	for _, want := range []string{"The question: Müller?", "other"} {
		if got := messages(b); !bytes.Contains(got, []byte(want)) {
			t.Errorf("have %q, want %q in it", got, want)
		}
	}
	if got := messages([]byte("GET / HTTP/1.1\r\nHost: nobody\r\n\r\n")); len(got) != 0 {
		t.Errorf("have %q of HTTP/1.1", got)
	}
}
