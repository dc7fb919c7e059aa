//go:build !slim

package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/tls"
	"database/sql"
	"encoding/hex"
	"encoding/xml"
	"io"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/keystore"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"cession/deal"
	"cession/demo"
	"cession/examples"
)

// collection gathers canaries.
type collection struct {
	t    *testing.T
	list []canary
	seen map[string]bool
}

func (c *collection) add(kind, name string, value []byte) { c.put(canary{kind, name, value, false}) }

// words adds a text, line by line. Short ones would be found by chance.
func (c *collection) words(kind, name, text string) {
	for line := range strings.Lines(text) {
		line = strings.Join(strings.Fields(line), " ")
		if len(line) < 12 && strings.Trim(line, "0123456789abcdef.-") == "" {
			continue // a number, which hex digits hold by chance
		}
		if r := []rune(line); len(r) > 40 {
			line = strings.TrimSpace(string(r[:40]))
		}
		c.put(canary{kind, name, []byte(line), true})
	}
}

// digests adds the hashes of a value that need no secret to compute.
func (c *collection) digests(name string, value []byte) {
	sum := sha256.Sum256(value)
	c.add(docDigest, "SHA-256 of "+name, sum[:])
	c.add(docDigest, "Keccak-256 of "+name, crypto.Keccak256(value))
}

func (c *collection) put(n canary) {
	if key := n.kind + "\x00" + string(n.value); len(n.value) >= 8 && !c.seen[key] {
		c.seen[key] = true
		c.list = append(c.list, n)
	}
}

// canariesOf gathers everything that only the parties of a deal may know.
func canariesOf(t *testing.T, m *market, docs []demo.Document) []canary {
	t.Helper()
	c := &collection{t: t, seen: map[string]bool{}}
	for _, d := range docs {
		c.document(d)
	}
	c.words(agreement, "NDA", string(examples.NDA()))
	c.digests("the NDA", examples.NDA())
	list, err := readParties("")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list {
		c.words(organization, string(p.ID), p.Name)
		c.party(p.ID, m.home(p.ID))
	}
	return c.list
}

// slicesOf is how many pieces of each document are looked for.
const slicesOf = 8

func (c *collection) document(d demo.Document) {
	c.t.Helper()
	content, err := os.ReadFile(d.Path)
	if err != nil {
		c.t.Fatal(err)
	}
	c.words(fileName, d.Name, d.Name)
	c.words(fileName, d.Name, strings.TrimSuffix(d.Name, filepath.Ext(d.Name)))
	c.digests(d.Name, content)
	c.digests("the name of "+d.Name, []byte(d.Name))
	for n := 0; n < slicesOf; {
		at := rand.IntN(len(content) - 32)
		if piece := content[at : at+32]; varied(piece) {
			c.add(docContent, d.Name+" at "+strconv.Itoa(at), piece)
			n++
		}
	}
	attached, err := api.ExtractAttachmentsRaw(bytes.NewReader(content), "", nil, model.NewDefaultConfiguration())
	if err != nil {
		c.t.Fatal(err)
	}
	for _, a := range attached {
		if a.FileName == "factur-x.xml" { // the name is the standard's, the content the invoice's
			c.invoice(d.Name, a)
		} else {
			c.words(fileName, d.Name, a.FileName)
		}
	}
}

// varied reports that bytes are not padding, which is found everywhere.
func varied(b []byte) bool {
	seen := map[byte]bool{}
	for _, x := range b {
		seen[x] = true
	}
	return len(seen) >= 16
}

// invoice takes the texts out of an invoice's Factur-X form: debtor, creditor,
// number, account, positions, remarks.
func (c *collection) invoice(name string, r io.Reader) {
	c.t.Helper()
	var path []string
	for decoder := xml.NewDecoder(r); ; {
		token, err := decoder.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			c.t.Fatal(err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			path = append(path, x.Name.Local)
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			c.words(docText, name, string(x))
			if at := strings.Join(path, "/"); strings.HasSuffix(at, "ExchangedDocument/ID") {
				c.put(canary{docText, "number of " + name, strconv.AppendQuote(nil, string(x)), true})
			}
		}
	}
}

// party adds what a party's node keeps: keys, tokens, salts, texts.
func (c *collection) party(id deal.PartyID, home string) {
	c.t.Helper()
	for _, name := range []string{"token", passphrase, "second.pass", nodeKey, deskToken} {
		s, err := readSecret(filepath.Join(home, name))
		if err != nil {
			c.t.Fatal(err)
		}
		c.add(secret, string(id)+"'s "+name, []byte(s))
	}
	c.keys(id, home)
	db := openDatabase(c.t, filepath.Join(home, "node.db"))
	defer db.Close()
	eachRow(c.t, db, "SELECT name, salt, sha256 FROM documents", func(v []string) {
		c.words(fileName, v[0], v[0])
		c.commitment(docSalt, "of "+v[0], v[1])
		c.commitment(docDigest, "SHA-256 of "+v[0], v[2])
	})
	eachRow(c.t, db, "SELECT field, salt, text FROM texts", func(v []string) {
		c.words(talk, v[0], v[2])
		c.digests("the "+v[0], []byte(v[2]))
		c.commitment(docSalt, "of the "+v[0], v[1])
	})
}

// keys adds the secret parts of the wallets, the certificate and the age identity.
func (c *collection) keys(id deal.PartyID, home string) {
	c.t.Helper()
	for dir, pass := range map[string]string{"wallet": passphrase, "second": "second.pass"} {
		file, err := walletFile(filepath.Join(home, dir))
		if err != nil {
			c.t.Fatal(err)
		}
		word, err := readSecret(filepath.Join(home, pass))
		if err != nil {
			c.t.Fatal(err)
		}
		key, err := keystore.DecryptKey(mustRead(c.t, file), word)
		if err != nil {
			c.t.Fatal(err)
		}
		c.add(secret, string(id)+"'s key of "+dir, crypto.FromECDSA(key.PrivateKey))
	}
	pair, err := tls.LoadX509KeyPair(filepath.Join(home, "tls.pem"), filepath.Join(home, "tls.pem"))
	if err != nil {
		c.t.Fatal(err)
	}
	scalar, err := pair.PrivateKey.(*ecdsa.PrivateKey).Bytes()
	if err != nil {
		c.t.Fatal(err)
	}
	c.add(secret, string(id)+"'s TLS key", scalar)
	lines := strings.Fields(string(mustRead(c.t, filepath.Join(home, "identity.age"))))
	c.add(secret, string(id)+"'s age identity", []byte(lines[len(lines)-1]))
}

// commitment adds 32 bytes given in hex.
func (c *collection) commitment(kind, name, text string) {
	c.t.Helper()
	b, err := hex.DecodeString(strings.TrimPrefix(text, "0x"))
	if err != nil || len(b) != 32 {
		c.t.Fatalf("%s %s: want 32 bytes in hex", kind, name)
	}
	c.add(kind, name, b)
}

// openDatabase opens an SQLite database that others are using.
func openDatabase(t *testing.T, file string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: file}).EscapedPath()+"?mode=ro&_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// eachRow calls do with the columns of every row of a query.
func eachRow(t *testing.T, db *sql.DB, query string, do func([]string)) {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	values, into := make([]sql.RawBytes, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		texts := make([]string, len(values))
		for i, v := range values {
			texts[i] = string(v)
		}
		do(texts)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

func mustRead(t *testing.T, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
