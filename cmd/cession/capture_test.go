//go:build !slim

package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// capture is what tcpdump takes from one link of a host.
type capture struct {
	t    *testing.T
	file string
	cmd  *exec.Cmd
	said *bytes.Buffer
}

// capture takes everything that goes over a link from now on.
func (h *hosts) capture(host, link string) *capture {
	h.t.Helper()
	c := &capture{t: h.t, file: in(h.t.TempDir(), host+"-"+link+".pcap"), said: &bytes.Buffer{}}
	// -U: nothing waits in a buffer; -s 0: whole packets; as root, or it could not write here
	c.cmd = h.on(context.Background(), host, "tcpdump", "-i", link, "-s", "0", "-U", "-B", "32768", "-Z", "root", "-w", c.file)
	c.cmd.Stderr = c.said
	if err := c.cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = c.cmd.Process.Kill() })
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if info, err := os.Stat(c.file); err == nil && info.Size() >= pcapHeader {
			return c
		}
	}
	h.t.Fatalf("tcpdump did not begin on %s of %s: %s", link, host, c.said)
	return nil
}

var dropped = regexp.MustCompile(`(\d+) packets dropped by kernel`)

// stop ends the capture and returns it; nothing may be missing.
func (c *capture) stop() []byte {
	c.t.Helper()
	_ = c.cmd.Process.Signal(syscall.SIGINT)
	_ = c.cmd.Wait()
	if m := dropped.FindSubmatch(c.said.Bytes()); m == nil || string(m[1]) != "0" {
		c.t.Errorf("the capture is not whole: %s", c.said)
	}
	b, err := os.ReadFile(c.file)
	if err != nil {
		c.t.Fatal(err)
	}
	return b
}

const (
	pcapHeader    = 24 // bytes
	packetHeader  = 16
	ethernetLink  = 1
	ethernetFrame = 14
)

// flow is one direction of a TCP connection.
type flow struct {
	from, to         string
	fromPort, toPort uint16
}

// streams puts the payloads of a capture together by TCP connection and
// direction, in their order, so that nothing hides across packets.
func streams(t *testing.T, pcap []byte) map[flow][]byte {
	t.Helper()
	if len(pcap) < pcapHeader || binary.LittleEndian.Uint32(pcap) != 0xa1b2c3d4 || binary.LittleEndian.Uint32(pcap[20:]) != ethernetLink {
		t.Fatalf("not a capture of Ethernet frames: % x", pcap[:min(len(pcap), pcapHeader)])
	}
	parts := map[flow]map[uint32][]byte{}
	order := map[flow][]uint32{}
	for rest := pcap[pcapHeader:]; len(rest) >= packetHeader; {
		size := int(binary.LittleEndian.Uint32(rest[8:]))
		if len(rest) < packetHeader+size {
			break
		}
		f, at, payload := segment(rest[packetHeader : packetHeader+size])
		rest = rest[packetHeader+size:]
		if len(payload) == 0 {
			continue
		}
		if parts[f] == nil {
			parts[f] = map[uint32][]byte{}
		}
		if len(parts[f][at]) == 0 {
			order[f] = append(order[f], at)
		}
		if len(payload) > len(parts[f][at]) {
			parts[f][at] = payload
		}
	}
	whole := map[flow][]byte{}
	for f, list := range order {
		first := list[0]
		slices.SortFunc(list, func(a, b uint32) int { return int(int32(a-first) - int32(b-first)) })
		for _, at := range list {
			whole[f] = append(whole[f], parts[f][at]...)
		}
	}
	return whole
}

// segment reads an Ethernet frame with TCP over IPv4.
func segment(frame []byte) (f flow, at uint32, payload []byte) {
	if len(frame) < ethernetFrame+20 || binary.BigEndian.Uint16(frame[12:]) != 0x0800 {
		return f, 0, nil
	}
	ip := frame[ethernetFrame:]
	header, total := int(ip[0]&15)*4, int(binary.BigEndian.Uint16(ip[2:]))
	if total == 0 || total > len(ip) { // segmentation left to the link
		total = len(ip)
	}
	if ip[9] != 6 || total < header+20 {
		return f, 0, nil
	}
	tcp := ip[header:total]
	data := int(tcp[12]>>4) * 4
	if data > len(tcp) {
		return f, 0, nil
	}
	dotted := func(b []byte) string { return fmt.Sprintf("%d.%d.%d.%d", b[0], b[1], b[2], b[3]) }
	f = flow{dotted(ip[12:16]), dotted(ip[16:20]), binary.BigEndian.Uint16(tcp), binary.BigEndian.Uint16(tcp[2:])}
	return f, binary.BigEndian.Uint32(tcp[4:]), tcp[data:]
}

// TestStreams: a text in three packets, out of order and one of them twice, is
// one text.
func TestStreams(t *testing.T) {
	var pcap bytes.Buffer
	pcap.Write(binary.LittleEndian.AppendUint32(nil, 0xa1b2c3d4))
	pcap.Write(make([]byte, 16))
	pcap.Write(binary.LittleEndian.AppendUint32(nil, ethernetLink))
	packet := func(at uint32, text string) {
		frame := make([]byte, ethernetFrame+40)
		binary.BigEndian.PutUint16(frame[12:], 0x0800)
		ip := frame[ethernetFrame:]
		ip[0], ip[9] = 0x45, 6
		binary.BigEndian.PutUint16(ip[2:], uint16(40+len(text)))
		copy(ip[12:], []byte{10, 0, 0, 1, 10, 0, 0, 2})
		binary.BigEndian.PutUint16(ip[20:], 1000)
		binary.BigEndian.PutUint16(ip[22:], 80)
		binary.BigEndian.PutUint32(ip[24:], at)
		ip[32] = 5 << 4
		frame = append(frame, text...)
		pcap.Write(make([]byte, 8))
		pcap.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(frame))))
		pcap.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(frame))))
		pcap.Write(frame)
	}
	const start = 1<<32 - 3 // the numbers wrap around
	packet(start&0xffffffff, "The que")
	packet(11, "Müller?")
	packet(4, "stion: ")
	packet(4, "stion: ")
	got := streams(t, pcap.Bytes())
	text := strings.Join(slices.Collect(func(yield func(string) bool) {
		for b := range maps.Values(got) {
			if !yield(string(b)) {
				return
			}
		}
	}), "|")
	if text != "The question: Müller?" {
		t.Errorf("have %q", text)
	}
}
