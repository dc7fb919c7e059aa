package node

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"cession/deal"
	"cession/node/vault"
)

// Chunks are made durable in groups: after so many bytes, and once in a while.
const (
	groupBytes = 16 << 20
	groupTime  = time.Second
)

// writeBytes is how much is written at once: Linux takes three times as long for
// a page of a megabyte as for its quarters.
const writeBytes = 256 << 10

// partial is a document's ciphertext on its way in: a file into which chunks
// are written, in any order, once they are verified.
type partial struct {
	file   *os.File
	m      vault.Manifest
	chunks vault.ChunkList
	save   func(b bitmap, bytes int64) error // notes what is durable

	mu      sync.Mutex
	here    bitmap // verified and written
	claimed bitmap // here, or being fetched
	unsaved int64  // bytes here that are not durable
	grown   chan struct{}
	full    chan struct{}
}

// openPartial opens the file at path, with the chunks that are durable in it.
// Others may have got onto the disk before the node was killed: they are
// verified anew, and not fetched again.
func openPartial(path string, c Consignment, durable bitmap, save func(bitmap, int64) error) (*partial, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open partial document: %w", pathless(err))
	}
	p := &partial{
		file: file, m: c.Manifest, chunks: c.Chunks, save: save,
		here: newBitmap(c.Manifest.Chunks()), grown: make(chan struct{}, 1), full: make(chan struct{}, 1),
	}
	if len(durable) == len(p.here) {
		copy(p.here, durable)
	}
	_, err = p.recheck(func(i int) bool { return !p.here.has(i) })
	if err == nil {
		err = p.flush()
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	p.claimed = slices.Clone(p.here)
	return p, nil
}

// recheck looks at the chunks on disk that which selects, and notes whether
// each is right. It returns how many were noted as here and are not.
func (p *partial) recheck(which func(int) bool) (lost int, err error) {
	info, err := p.file.Stat()
	if err != nil {
		return 0, fmt.Errorf("read partial document: %w", pathless(err))
	}
	buffer := make([]byte, p.m.ChunkSize)
	for i := range p.m.Chunks() {
		offset, size := p.m.Chunk(i)
		beyond := offset+size > info.Size()
		if !beyond && !which(i) {
			continue
		}
		right := !beyond && (p.here.has(i) || !p.blank(offset))
		if right {
			if _, err := p.file.ReadAt(buffer[:size], offset); err != nil {
				return lost, fmt.Errorf("read partial document: %w", pathless(err))
			}
			right = p.chunks.Verify(i, buffer[:size]) == nil
		}
		if lost += p.note(i, right); right {
			p.unsaved += size
		}
	}
	return lost, nil
}

// blank tells whether nothing was written where a chunk begins. The last chunk
// comes first, so all that is missing is a hole in the file. Ciphertext that
// begins with zeros is no more than fetched again.
func (p *partial) blank(offset int64) bool {
	var head [64]byte
	_, err := p.file.ReadAt(head[:], offset)
	return err == nil && head == [64]byte{}
}

// note sets or clears a chunk; it returns 1 if one that was here is not.
func (p *partial) note(i int, right bool) int {
	switch {
	case right:
		p.here.set(i)
	case p.here.has(i):
		p.here.clear(i)
		return 1
	}
	return 0
}

// claim reserves a run of missing chunks, the last chunk before all others: a
// document is opened from its end. Length 0: none is missing.
func (p *partial) claim(limit int) (first, length int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if first, length = p.m.Chunks()-1, 1; p.claimed.has(first) {
		first, length = p.claimed.run(p.m.Chunks(), limit)
	}
	for i := first; i < first+length; i++ {
		p.claimed.set(i)
	}
	return first, length
}

// missing returns how many chunks are neither here nor being fetched.
func (p *partial) missing() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.m.Chunks() - p.claimed.count()
}

// keep writes a chunk that was verified.
func (p *partial) keep(i int, chunk []byte) error {
	offset, size := p.m.Chunk(i)
	for piece := range slices.Chunk(chunk, writeBytes) {
		if _, err := p.file.WriteAt(piece, offset); err != nil {
			return fmt.Errorf("write chunk: %w", pathless(err))
		}
		offset += int64(len(piece))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.here.set(i)
	signal(p.grown)
	if p.unsaved += size; p.unsaved >= groupBytes {
		signal(p.full)
	}
	return nil
}

func signal(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

// flush makes durable what is here, then notes it.
func (p *partial) flush() error {
	p.mu.Lock()
	here, unsaved := slices.Clone(p.here), p.unsaved
	p.unsaved = 0
	p.mu.Unlock()
	if unsaved == 0 {
		return nil
	}
	if err := p.file.Sync(); err != nil {
		return fmt.Errorf("make chunks durable: %w", pathless(err))
	}
	return p.save(here, p.bytes(here))
}

func (p *partial) bytes(b bitmap) (sum int64) {
	sum = int64(b.count()) * p.m.ChunkSize
	if last := p.m.Chunks() - 1; b.has(last) {
		_, size := p.m.Chunk(last)
		sum += size - p.m.ChunkSize
	}
	return sum
}

// flushing makes chunks durable, group by group, until all are here: then the
// store makes them durable, or what is not noted is found on the disk again.
func (p *partial) flushing(ctx context.Context, done <-chan struct{}) error {
	tick := time.NewTicker(groupTime)
	defer tick.Stop()
	for {
		select {
		case <-p.full:
		case <-tick.C:
		case <-done:
			return nil
		case <-ctx.Done():
			return p.flush()
		}
		if err := p.flush(); err != nil {
			return err
		}
	}
}

// verify opens the document as its chunks come in, and checks the plaintext.
func (p *partial) verify(ctx context.Context, key vault.FileKey) error {
	err := vault.Verify(&behind{ctx: ctx, partial: p}, p.m, key)
	if deal.KindOf(err) == deal.Invalid {
		return deal.Errorf(deal.Refused, "%w: %w", WrongDocument, err)
	}
	return err
}

// behind reads the ciphertext, waiting for what is not here yet, until ctx ends.
// It has one reader: a chunk that comes wakes one.
type behind struct {
	ctx context.Context
	*partial
}

// ReadAt implements [io.ReaderAt].
func (b *behind) ReadAt(buf []byte, offset int64) (int, error) {
	for b.ctx.Err() == nil && !b.has(offset, min(int64(len(buf)), b.m.CipherSize-offset)) {
		select {
		case <-b.grown:
		case <-b.ctx.Done():
		}
	}
	if b.ctx.Err() != nil { // also when all is here: a node that ends does not wait for a large document
		return 0, context.Cause(b.ctx)
	}
	n, err := b.file.ReadAt(buf, offset)
	return n, pathless(err)
}

// has tells whether all chunks of a range of the ciphertext are here.
func (p *partial) has(offset, length int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for at := offset / p.m.ChunkSize; at*p.m.ChunkSize < offset+length; at++ {
		if !p.here.has(int(at)) {
			return false
		}
	}
	return true
}

// repair looks at every chunk again, after the document as a whole was found
// wrong: if the disk lost some, they are to be fetched anew.
func (p *partial) repair() (lost int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if lost, err = p.recheck(func(int) bool { return true }); err != nil || lost == 0 {
		return lost, err
	}
	return lost, p.save(p.here, p.bytes(p.here))
}
