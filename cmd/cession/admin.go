package main

import (
	"context"
	"net/http"
	"time"

	"cession/desk"
)

// adminServer serves health and metrics in clear text until it is closed.
type adminServer struct {
	url    string
	server *http.Server
}

// serveAdmin listens on an address; "" is a free port of the loopback interface.
func serveAdmin(address string, h http.Handler) (*adminServer, error) {
	l, err := listenOn(address)
	if err != nil {
		return nil, err
	}
	a := &adminServer{"http://" + l.Addr().String(), desk.HTTPServer(h)}
	go a.server.Serve(l)
	return a, nil
}

func (a *adminServer) close() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if a.server.Shutdown(ctx) != nil {
		_ = a.server.Close()
	}
}
