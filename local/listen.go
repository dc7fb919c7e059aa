package local

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"

	"cession/deal"
)

const anyLoopbackPort = "127.0.0.1:0"

// loopback parses "host:port" and accepts loopback hosts only; "" means any
// free port of 127.0.0.1. The embedded parts speak clear text, so a remote node
// must reach them through a proxy or tunnel that encrypts.
func loopback(listen string) (netip.AddrPort, error) {
	if listen == "" {
		listen = anyLoopbackPort
	}
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return netip.AddrPort{}, deal.Errorf(deal.Invalid, "listen address %.60q: want host:port", listen)
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	addr, err := netip.ParseAddr(host)
	if err != nil || !addr.IsLoopback() {
		return netip.AddrPort{}, deal.Errorf(deal.Invalid, "listen address %.60q: want a loopback host such as 127.0.0.1", listen)
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return netip.AddrPort{}, deal.Errorf(deal.Invalid, "listen address %.60q: want a port of 0 to 65535", listen)
	}
	return netip.AddrPortFrom(addr, uint16(n)), nil
}

// reserve finds out that each address can be listened on and replaces port 0
// by a free one. The ports are free again when it returns: the Temporal server
// opens its listeners itself.
func reserve(addrs ...netip.AddrPort) ([]netip.AddrPort, error) {
	out := make([]netip.AddrPort, len(addrs))
	for i, a := range addrs {
		l, err := net.Listen("tcp", a.String())
		if err != nil {
			return nil, explain(fmt.Sprintf("listen on %s", a), err)
		}
		defer l.Close()
		out[i] = l.Addr().(*net.TCPAddr).AddrPort()
	}
	return out, nil
}
