//go:build !slim

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"cession/demo"
	"cession/examples"
)

// search looks for everything that only the parties may know in what went over
// the operator's links.
func (p *play) search(captures map[string]*capture, moved int64) {
	p.t.Helper()
	docs, err := demo.ReadPortfolio(p.docs)
	if err != nil {
		p.t.Fatal(err)
	}
	c := &collection{t: p.t, seen: map[string]bool{}}
	for _, d := range docs {
		c.words(fileName, d.Name, d.Name)
		if d.Sum.Size < bigDocument {
			c.document(d)
		}
	}
	c.words(agreement, "NDA", string(examples.NDA()))
	for party := range hostOf { // what they say to the operator to be let in goes to it, in a tunnel
		c.words(organization, string(party), p.profile(party).Name)
		c.party(party, p.m.home(party))
	}
	c.list = slices.DeleteFunc(c.list, func(n canary) bool {
		return n.kind == secret && (strings.HasSuffix(n.name, " "+deskToken) || strings.HasSuffix(n.name, " "+nodeKey))
	})
	for i, line := range p.secrets {
		c.words(docContent, fmt.Sprintf("line %d of the large document", i), line)
	}
	c.words(talk, "teaser", hostsTeaser)
	c.words(talk, "question", hostsQuestion)
	windows := p.ciphertext(c)
	found, organizations := newDetector(c.list), 0
	deals := newDetector([]canary{{witness, "id of the deal", []byte(p.id), true}})
	for link, one := range captures {
		total, packed, seen := 0, 0, 0
		for f, b := range streams(p.t, one.stop()) {
			total += len(b)
			unpacked := messages(b)
			packed += len(unpacked)
			b = append(b, unpacked...)
			seen += len(deals.find(b))
			for hit := range found.find(b) {
				if hit.kind == organization { // the desk's directory tells who is in the market
					organizations++
					continue
				}
				p.t.Errorf("%s, %s:%d to %s:%d: %s (%s)", link, f.from, f.fromPort, f.to, f.toPort, hit.kind, hit.name)
			}
		}
		p.t.Logf("%-4s of the operator: %d kB of TCP, %d kB of gRPC unpacked, %d streams with the deal's id, none of %d canaries, %d of them pieces of ciphertext",
			link, total>>10, packed>>10, seen, len(c.list), windows)
		if seen == 0 || total < 100<<10 || packed < 100<<10 {
			p.t.Errorf("%s: %d bytes, the deal in %d streams: the search does not see what is there", link, total, seen)
		}
	}
	p.searchLogs(found)
	p.t.Logf("%d kB over the operator's link, for documents of %d kB", moved>>10, bigDocument>>10)
}

// searchLogs looks in what the nodes have logged, debugging included: a log is
// for operations, and goes to places where documents must not.
func (p *play) searchLogs(d *detector) {
	p.t.Helper()
	for _, file := range p.logs {
		said := mustRead(p.t, file)
		for hit := range d.find(said) {
			p.t.Errorf("log of a node: %s (%s)", hit.kind, hit.name)
		}
		for line := range bytes.Lines(said) {
			if !json.Valid(line) {
				p.t.Errorf("log of a node: not JSON: %.100s", line)
			}
		}
		if bytes.Count(said, []byte("\n")) < 3 {
			p.t.Errorf("log of a node: only %d bytes", len(said))
		}
	}
}

// ciphertext adds pieces of the documents as the nodes store them.
func (p *play) ciphertext(c *collection) (n int) {
	p.t.Helper()
	for party := range hostOf {
		err := filepath.WalkDir(in(p.m.home(party), "blobs"), func(file string, e fs.DirEntry, err error) error {
			if err != nil || !e.Type().IsRegular() {
				return err
			}
			b := mustRead(p.t, file)
			for at := 0; at+24 <= len(b); at += max(4<<10, len(b)/256) {
				c.add("ciphertext", "blob", b[at:at+24])
				n++
			}
			return nil
		})
		if err != nil {
			p.t.Fatal(err)
		}
	}
	if n < 256 {
		p.t.Errorf("only %d pieces of ciphertext", n)
	}
	return n
}
