package node

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"syscall"

	"cession/node/blob"
	"cession/node/vault"
)

// die ends the process as kill -9 does.
func die() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {}
}

// boundary dies when a chunk of a range has gone by and more, or the end, is
// asked for: then the chunk was dealt with.
type boundary struct {
	io.ReadCloser
	passed int64
}

func (b *boundary) Read(p []byte) (int, error) {
	if b.passed > 0 && b.passed%vault.ChunkSize == 0 {
		die()
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), vault.ChunkSize-b.passed%vault.ChunkSize)])
	b.passed += int64(n)
	return n, err
}

func (b *boundary) Close() error {
	if b.passed > 0 {
		die()
	}
	return b.ReadCloser.Close()
}

// deadly kills the buyer's node at the first chunk boundary.
type deadly struct{ next http.RoundTripper }

func (d *deadly) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := d.next.RoundTrip(r)
	if err == nil && resp.StatusCode == http.StatusPartialContent {
		resp.Body = &boundary{ReadCloser: resp.Body}
	}
	return resp, err
}

// ledgerBlobs writes down every range that the seller's node reads, and kills it
// at the first chunk boundary if it dies.
type ledgerBlobs struct {
	blob.Store
	ledger *os.File
	dies   bool
}

func (b *ledgerBlobs) ReadRange(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	r, err := b.Store.ReadRange(ctx, key, offset, length)
	if err == nil && length >= vault.ChunkSize/2 { // not the small reads of an inspection
		if _, err := fmt.Fprintln(b.ledger, offset, length); err != nil {
			return nil, err
		}
		r = &passing{ReadCloser: r, ledger: b.ledger, at: offset}
		if b.dies {
			r = &boundary{ReadCloser: r}
		}
	}
	return r, err
}

// passing writes down every chunk that was read to its end.
type passing struct {
	io.ReadCloser
	ledger *os.File
	at     int64
}

func (p *passing) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	for i := p.at / vault.ChunkSize; i < (p.at+int64(n))/vault.ChunkSize; i++ {
		fmt.Fprintln(p.ledger, "whole", i)
	}
	p.at += int64(n)
	return n, err
}
