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

	"cession/deal"
	"cession/node/blob"
	"cession/node/vault"
)

// PlannedDocument is a document as the client hashed it, before anything is
// uploaded.
type PlannedDocument struct {
	vault.Description
	vault.Sum
}

// IntakeSet is what the seller commits to: the salted leaves of the documents
// in order, and their RFC 6962 Merkle root.
type IntakeSet struct {
	Root    deal.Commitment   `json:"root"`
	Count   uint64            `json:"count"`
	Leaves  []deal.Commitment `json:"leaves"`
	Indexes []uint64          `json:"indexes"` // of the documents that were given, in their order
}

// maxDocuments bounds a set.
const maxDocuments = 10_000

// Plan draws a salt for every document and returns the set to notarize. The
// same list again is the same set. Once a set of the deal is notarized there is
// no other one, but for what [Node.PlanMore] adds to it: conflict.
func (n *Node) Plan(ctx context.Context, id deal.ID, docs []PlannedDocument) (IntakeSet, error) {
	o, err := n.mayPlan(ctx, id, docs)
	if err != nil {
		return IntakeSet{}, err
	}
	unlock, err := n.filling.lock(ctx, string(id))
	if err != nil {
		return IntakeSet{}, err
	}
	defer unlock()
	list, err := arrange(o.Plan, nil, docs)
	if err != nil {
		return IntakeSet{}, err
	}
	set, err := n.ownSet(ctx, id)
	if err != nil && deal.KindOf(err) != deal.NotFound {
		return IntakeSet{}, err
	}
	if err == nil {
		have, err := n.state.catalog(ctx, set.id)
		if err != nil {
			return IntakeSet{}, err
		}
		if sameDocuments(have, list.added) {
			return intakeSet(set, have, list.indexes), nil
		}
	}
	if fixed, err := n.notarizedRoot(ctx, id); err != nil {
		return IntakeSet{}, err
	} else if !fixed.IsZero() {
		return IntakeSet{}, deal.Errorf(deal.Conflict, "the documents of %s were notarized: their list can no longer change; once the title is minted, more can be added", id)
	}
	return n.drawSet(ctx, o, docSet{}, list)
}

func (n *Node) mayPlan(ctx context.Context, id deal.ID, docs []PlannedDocument) (deal.Opening, error) {
	o, err := n.knownOpening(ctx, id)
	if err != nil {
		return o, err
	}
	if o.Seller.ID != n.Party {
		return o, deal.Errorf(deal.Refused, "documents of %s: they are the seller's to bring", id)
	}
	if len(docs) == 0 || len(docs) > maxDocuments {
		return o, deal.Errorf(deal.Invalid, "%d documents: want 1 to %d", len(docs), maxDocuments)
	}
	return o, checkPlanned(docs)
}

func checkPlanned(docs []PlannedDocument) error {
	paths, numbers := map[string]bool{}, map[string]bool{}
	for i, d := range docs {
		if err := d.Check(); err != nil {
			return fmt.Errorf("document %d: %w", i, err)
		}
		if paths[d.Path()] {
			return deal.Errorf(deal.Invalid, "document %d has folder and name of an earlier one: give each a name of its own", i)
		}
		if d.Number != "" && numbers[d.Number] {
			return deal.Errorf(deal.Invalid, "document %d has the index number of an earlier one, %s", i, d.Number)
		}
		if d.Size <= 0 || d.Size > vault.MaxSize {
			return deal.Errorf(deal.Invalid, "document %d has %d bytes: want 1 to %d", i, d.Size, vault.MaxSize)
		}
		paths[d.Path()], numbers[d.Number] = true, true
	}
	return nil
}

// drawSet draws salts for the documents added and stores the set they are in,
// after those of the set it goes on from.
func (n *Node) drawSet(ctx context.Context, o deal.Opening, base docSet, list planning) (IntakeSet, error) {
	for i := range list.added {
		d := &list.added[i]
		d.Salt = deal.NewSalt()
		d.Leaf = n.leaf(o.Plan, *d)
	}
	all := slices.Concat(list.have, list.added)
	set := docSet{Deal: o.ID, Root: n.rootOf(all), Count: uint64(len(all))}
	err := n.state.tx(ctx, func(tx *sql.Tx) (err error) {
		if set.id, err = n.state.insertSet(ctx, tx, set, list.added); err == nil && base.id != 0 {
			err = n.state.shareDocuments(ctx, tx, base.id, set.id)
		}
		return err
	})
	return intakeSet(set, all, list.indexes), err
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
	if err := n.notHeld(ctx, d); reasonOf(err) == Erased {
		return err
	}
	if err := n.takeIn(ctx, id, d, body); err != nil {
		return err
	}
	return n.dropUpload(ctx, d) // what came of it in parts
}

// takeIn takes a document in that is not held yet.
func (n *Node) takeIn(ctx context.Context, id deal.ID, d document, body io.Reader) error {
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
	if _, err := n.Blobs.Put(ctx, key, ciphertext{cipher}); err != nil {
		return fmt.Errorf("store document %d: %w", d.Index, err)
	}
	v, err := cipher.Finish(vault.PDF)
	if err != nil {
		return err
	}
	if v.Manifest.MediaType, err = n.inspect(ctx, d.About.Name, key, v); err != nil {
		return fmt.Errorf("document %d: %w", d.Index, err)
	}
	if err := n.scan(ctx, key, v); err != nil {
		return fmt.Errorf("document %d: %w", d.Index, err)
	}
	wrapped, err := vault.WrapKey(v.Key, v.Manifest, n.identity.Recipient())
	if err != nil {
		return err
	}
	return n.state.hold(ctx, d, storedVersion{v.Manifest, v.Chunks, wrapped})
}

// ciphertext is what is stored of a document; its hash is made once.
type ciphertext struct{ *vault.Encryptor }

// BlobSum implements [blob.Summed].
func (c ciphertext) BlobSum() blob.Sum {
	sum := c.CipherSum()
	return blob.Sum{Size: sum.Size, SHA256: sum.SHA256}
}

func (n *Node) inspect(ctx context.Context, name, key string, v vault.Version) (vault.MediaType, error) {
	plain, err := vault.Open(blob.ReaderAt(ctx, n.Blobs, key), v.Manifest, v.Key)
	if err != nil {
		return "", err
	}
	return vault.Inspect(plain, v.Manifest.Size, name)
}

// scan has a stored document looked at for malware, before it counts as held.
func (n *Node) scan(ctx context.Context, key string, v vault.Version) error {
	if n.Scanner == nil {
		return nil
	}
	plain, err := vault.Open(blob.ReaderAt(ctx, n.Blobs, key), v.Manifest, v.Key)
	if err != nil {
		return err
	}
	return n.Scanner.Scan(ctx, io.NewSectionReader(plain, 0, v.Manifest.Size))
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
