package node

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cession/deal"
	"cession/node/blob"
	"cession/node/vault"
)

// PlannedDocument is a document as the client hashed it, before anything is
// uploaded.
type PlannedDocument struct {
	Name string `json:"name"`
	vault.Sum
}

// IntakeSet is what the seller commits to: the salted leaves of the documents
// in order, and their RFC 6962 Merkle root.
type IntakeSet struct {
	Root   deal.Commitment   `json:"root"`
	Count  uint64            `json:"count"`
	Leaves []deal.Commitment `json:"leaves"`
}

// maxDocuments bounds a set.
const maxDocuments = 10_000

// CheckName reports a document name that is no plain file name: 1 to 255 bytes
// of printable UTF-8 without / and \.
func CheckName(name string) error {
	if name == "" || len(name) > 255 || !utf8.ValidString(name) || name == "." || name == ".." ||
		strings.ContainsAny(name, `/\`) || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return deal.Errorf(deal.Invalid, "document name: want a plain file name of 1 to 255 bytes, without folders and control characters")
	}
	return nil
}

// Plan draws a salt for every document and returns the set to notarize. The
// same list again is the same set. Once a set of the deal is notarized there is
// no other one: conflict.
func (n *Node) Plan(ctx context.Context, id deal.ID, docs []PlannedDocument) (IntakeSet, error) {
	if err := n.mayPlan(ctx, id, docs); err != nil {
		return IntakeSet{}, err
	}
	unlock, err := n.filling.lock(ctx, string(id))
	if err != nil {
		return IntakeSet{}, err
	}
	defer unlock()
	set, err := n.ownSet(ctx, id)
	if err != nil && deal.KindOf(err) != deal.NotFound {
		return IntakeSet{}, err
	}
	if err == nil {
		have, err := n.state.documents(ctx, set.id)
		if err != nil {
			return IntakeSet{}, err
		}
		if slices.EqualFunc(have, docs, func(d document, p PlannedDocument) bool { return d.Name == p.Name && d.Sum == p.Sum }) {
			return intakeSet(set, have), nil
		}
	}
	if fixed, err := n.notarizedRoot(ctx, id); err != nil {
		return IntakeSet{}, err
	} else if !fixed.IsZero() {
		return IntakeSet{}, deal.Errorf(deal.Conflict, "the documents of %s were notarized: their list can no longer change", id)
	}
	return n.drawSet(ctx, id, docs)
}

func (n *Node) mayPlan(ctx context.Context, id deal.ID, docs []PlannedDocument) error {
	o, err := n.knownOpening(ctx, id)
	if err != nil {
		return err
	}
	if o.Seller.ID != n.Party {
		return deal.Errorf(deal.Refused, "documents of %s: they are the seller's to bring", id)
	}
	if len(docs) == 0 || len(docs) > maxDocuments {
		return deal.Errorf(deal.Invalid, "%d documents: want 1 to %d", len(docs), maxDocuments)
	}
	seen := map[string]bool{}
	for i, d := range docs {
		if err := CheckName(d.Name); err != nil {
			return fmt.Errorf("document %d: %w", i, err)
		}
		if seen[d.Name] {
			return deal.Errorf(deal.Invalid, "document %d has the name of an earlier one: give each a name of its own", i)
		}
		if d.Size <= 0 || d.Size > vault.MaxSize {
			return deal.Errorf(deal.Invalid, "document %d has %d bytes: want 1 to %d", i, d.Size, int64(vault.MaxSize))
		}
		seen[d.Name] = true
	}
	return nil
}

func (n *Node) drawSet(ctx context.Context, id deal.ID, docs []PlannedDocument) (IntakeSet, error) {
	drawn := make([]document, len(docs))
	leaves := make([]deal.Commitment, len(docs))
	for i, d := range docs {
		salt := deal.NewSalt()
		leaves[i] = vault.Leaf(n.Hashes.Keccak, salt, d.SHA256)
		drawn[i] = document{Index: uint64(i), Name: d.Name, Sum: d.Sum, Salt: salt, Leaf: leaves[i]}
	}
	set := docSet{Deal: id, Root: vault.Root(n.Hashes.Keccak, leaves), Count: uint64(len(docs))}
	err := n.state.tx(ctx, func(tx *sql.Tx) error {
		_, err := n.state.insertSet(ctx, tx, set, drawn)
		return err
	})
	return intakeSet(set, drawn), err
}

func intakeSet(set docSet, docs []document) IntakeSet {
	s := IntakeSet{Root: set.Root, Count: set.Count}
	for _, d := range docs {
		s.Leaves = append(s.Leaves, d.Leaf)
	}
	return s
}

// notarizedRoot returns the root the customer signed for, or zero.
func (n *Node) notarizedRoot(ctx context.Context, id deal.ID) (root deal.Commitment, err error) {
	acts, err := n.state.acts(ctx, "deal = ? AND name = 'documents.notarize' AND status <> ?", id, statusFailed)
	for _, a := range acts {
		if a.Status == statusSigned || a.Outcome.Verdict == deal.Accepted {
			root = a.Act.Field("root").Commitment()
		}
	}
	return root, err
}

// ownSet returns the set that was notarized, or the newest that was planned.
func (n *Node) ownSet(ctx context.Context, id deal.ID) (docSet, error) {
	root, err := n.notarizedRoot(ctx, id)
	if err != nil {
		return docSet{}, err
	}
	where, args := "received = 0", []any{}
	if !root.IsZero() {
		where, args = "received = 0 AND root = ?", []any{root.String()}
	}
	set, ok, err := n.state.set(ctx, id, where, args...)
	if err == nil && !ok {
		err = deal.Errorf(deal.NotFound, "no documents are planned for %s: plan them first", id)
	}
	return set, err
}

// Upload takes a document's content in, after its root stands on chain. What is
// not exactly what was hashed is refused and nothing of it kept. When Upload
// returns, the document is encrypted and durable. The same document again is no
// error. Errors: conflict (not notarized yet, or changed since it was hashed),
// invalid (not a document this node takes).
func (n *Node) Upload(ctx context.Context, id deal.ID, index uint64, body io.Reader) error {
	set, err := n.ownSet(ctx, id)
	if err != nil {
		return err
	}
	unlock, err := n.filling.lock(ctx, fmt.Sprint(set.id, "/", index))
	if err != nil {
		return err
	}
	defer unlock()
	d, err := n.state.document(ctx, set.id, index)
	if err != nil {
		return err
	}
	if err := n.anchored(ctx, set.Root); err != nil {
		return err
	}
	if d.Held {
		return sameDocument(body, d.Sum)
	}
	if err := n.store(ctx, d, body); err != nil {
		return err
	}
	n.noteTape(ctx, id, d)
	return nil
}

func sameDocument(body io.Reader, want vault.Sum) error {
	sum, err := vault.Hash(io.LimitReader(body, want.Size+1))
	if err != nil {
		return err
	}
	if sum != want {
		return deal.Errorf(deal.Conflict, "%w: the node holds the one that was notarized", vault.ErrChanged)
	}
	return nil
}

// store encrypts a document into the blob store; plaintext never touches the disk.
func (n *Node) store(ctx context.Context, d document, body io.Reader) (err error) {
	if err := n.discard(ctx, d.blob); err != nil {
		return err
	}
	key := "documents/" + strings.ToLower(rand.Text())
	if err := n.state.begin(ctx, d, key); err != nil {
		return err
	}
	defer func() {
		if err != nil { // the next upload removes it if this cannot
			err = errors.Join(err, n.discard(context.WithoutCancel(ctx), key))
		}
	}()
	cipher, err := vault.NewEncryptor(body, &d.Sum)
	if err != nil {
		return err
	}
	if _, err := n.Blobs.Put(ctx, key, cipher); err != nil {
		return fmt.Errorf("store document %d: %w", d.Index, err)
	}
	v, err := cipher.Finish(vault.PDF)
	if err != nil {
		return err
	}
	if v.Manifest.MediaType, err = n.inspect(ctx, d.Name, key, v); err != nil {
		return fmt.Errorf("document %d: %w", d.Index, err)
	}
	wrapped, err := vault.WrapKey(v.Key, v.Manifest, n.identity.Recipient())
	if err != nil {
		return err
	}
	return n.state.hold(ctx, d, storedVersion{v.Manifest, v.Chunks, wrapped})
}

func (n *Node) inspect(ctx context.Context, name, key string, v vault.Version) (vault.MediaType, error) {
	plain, err := vault.Open(blob.ReaderAt(ctx, n.Blobs, key), v.Manifest, v.Key)
	if err != nil {
		return "", err
	}
	return vault.Inspect(plain, v.Manifest.Size, name)
}

func (n *Node) discard(ctx context.Context, key string) error {
	if key == "" {
		return nil
	}
	if err := n.Blobs.Delete(ctx, key); err != nil {
		return fmt.Errorf("remove an unfinished upload: %w", err)
	}
	return nil
}
