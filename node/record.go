package node

import (
	"context"
	"encoding/json"
	"math"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"cession/deal"
)

// Record is how a party's node is found and recognized. The party's wallet
// signs it, so a directory can withhold it but not forge it.
type Record struct {
	Party     deal.PartyID    `json:"party"`
	Wallet    deal.Address    `json:"wallet"`
	Signers   []deal.Address  `json:"signers"` // whose acts are the party's; the wallet is one of them
	Endpoint  string          `json:"endpoint"`
	SPKI      deal.Commitment `json:"spki"`      // SHA-256 of the TLS public key, as server and as client
	Recipient string          `json:"recipient"` // age recipient
	Sequence  uint64          `json:"sequence"`  // a higher one replaces a lower one
	Expires   time.Time       `json:"expires"`
	Revoked   bool            `json:"revoked,omitempty"` // the node is not to be trusted any more, until a higher sequence says so
	Signature deal.Bytes      `json:"signature"`
}

const (
	// recordLifetime is how long a directory can hide a newer record from a party
	// that the node itself cannot reach.
	recordLifetime = 14 * 24 * time.Hour
	recordFresh    = 30 * time.Second // how long a record is used before the directory is asked again
	revokedFor     = 10 * 365 * 24 * time.Hour
)

// TypedData returns the EIP-712 message that the party's wallet signs: a
// NodeRecord, or a NodeRevocation with the same members.
func (r Record) TypedData(chainID uint64) deal.TypedData {
	kind, statement := "NodeRecord", "This is where my node is and by which keys it is known"
	if r.Revoked {
		kind, statement = "NodeRevocation", "My node is not to be trusted any more"
	}
	signers := make([]string, len(r.Signers))
	for i, s := range r.Signers {
		signers[i] = s.String()
	}
	return deal.TypedData{
		PrimaryType: kind,
		Types: map[string][]deal.Member{
			"EIP712Domain": {{Name: "name", Type: "string"}, {Name: "version", Type: "string"}, {Name: "chainId", Type: "uint256"}},
			kind: {
				{Name: "statement", Type: "string"}, {Name: "party", Type: "string"}, {Name: "wallet", Type: "address"},
				{Name: "signers", Type: "string"}, {Name: "endpoint", Type: "string"}, {Name: "spki", Type: "bytes32"},
				{Name: "recipient", Type: "string"}, {Name: "sequence", Type: "uint64"}, {Name: "expires", Type: "uint64"},
			},
		},
		Domain: map[string]any{"name": "Cession Node", "version": "1", "chainId": strconv.FormatUint(chainID, 10)},
		Message: map[string]any{
			"statement": statement, "party": string(r.Party), "wallet": r.Wallet.String(),
			"signers": strings.Join(signers, ","), "endpoint": r.Endpoint, "spki": r.SPKI.String(),
			"recipient": r.Recipient, "sequence": strconv.FormatUint(r.Sequence, 10), "expires": strconv.FormatInt(max(0, r.Expires.Unix()), 10),
		},
	}
}

func (r Record) party() deal.Party {
	return deal.Party{ID: r.Party, Wallet: r.Wallet, Signers: r.Signers}
}

// Publish signs the node's record for an endpoint, https://host:port, and gives
// it to the directory. An unchanged record is given again as it is.
func (n *Node) Publish(ctx context.Context, endpoint string) error {
	unlock, err := n.acting.lock(ctx, "record") // or keys that are being replaced, or revoked, would be published anew
	if err != nil {
		return err
	}
	defer unlock()
	return n.publishOwn(ctx, endpoint)
}

func (n *Node) publishOwn(ctx context.Context, endpoint string) error {
	self := n.self()
	r := Record{
		Party: n.Party, Wallet: self.Wallet, Signers: self.Signers, Endpoint: endpoint,
		SPKI: n.Pin(), Recipient: n.identity.Recipient().String(),
		Sequence: uint64(n.now().Unix()), Expires: n.now().Add(recordLifetime).Truncate(time.Second),
	}
	n.endpoint.Store(endpoint)
	last, ok, err := n.storedRecord(ctx, n.Party)
	if err != nil {
		return err
	}
	if ok && last.Revoked && last.SPKI == r.SPKI {
		return n.Directory.Publish(ctx, last) // until its keys are rotated
	}
	if ok && last.sameAs(r) && last.Expires.Sub(n.now()) > recordLifetime/2 {
		return n.Directory.Publish(ctx, last)
	}
	r.Sequence = max(r.Sequence, last.Sequence+1) // the clock, so that a node that lost its state still counts on
	return n.publish(ctx, r)
}

func (n *Node) publish(ctx context.Context, r Record) (err error) {
	if r.Signature, err = n.Wallet.SignTypedData(r.TypedData(n.Market.ChainID)); err != nil {
		return err
	}
	if err := n.storeRecord(ctx, r); err != nil {
		return err
	}
	return n.Directory.Publish(ctx, r)
}

// sameAs compares all but sequence, expiry and signature.
func (r Record) sameAs(o Record) bool {
	r.Sequence, r.Expires, r.Signature = o.Sequence, o.Expires, o.Signature
	return jsonColumn(r) == jsonColumn(o)
}

// Record returns a party's node record, verified: it is signed by the wallet
// this node knows for the party, not expired and not older than one seen
// before. A directory that is silent is replaced by the last record seen.
func (n *Node) Record(ctx context.Context, party deal.PartyID) (Record, error) {
	if r, ok := n.known.fresh(party, n.now()); ok {
		return r, nil
	}
	return n.refresh(ctx, party)
}

func (n *Node) refresh(ctx context.Context, party deal.PartyID) (Record, error) {
	last, seen, err := n.storedRecord(ctx, party)
	if err != nil {
		return Record{}, err
	}
	asked, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	r, err := n.Directory.Record(asked, party)
	if err != nil && !seen {
		return Record{}, err
	}
	if err != nil || (last.Revoked && r.Sequence < last.Sequence) { // or it hides a revocation
		r = last
	}
	if err := n.learnRecord(ctx, party, r, last); err != nil {
		if reasonOf(err) != "" {
			e := ViewEntry{Party: party, What: "record", Own: true}
			if failed := n.tally(ctx, "record/"+string(party)+"/"+resultOf(err), e, err); failed != nil {
				return Record{}, failed
			}
		}
		return Record{}, err
	}
	return r, nil
}

// learnRecord verifies a record and keeps it if it is newer than the last one,
// also one that revokes the node. It refuses a node that is revoked, until it has
// another key.
func (n *Node) learnRecord(ctx context.Context, party deal.PartyID, r, last Record) error {
	if err := n.verifyRecord(ctx, party, r, last); err != nil {
		return err
	}
	if last.Revoked && !r.Revoked && r.SPKI == last.SPKI { // a node that came back from a backup, say
		return refuse(RevokedRecord, string(party)+" has revoked its node, and shows the same key again")
	}
	if r.Sequence != last.Sequence {
		if err := n.storeRecord(ctx, r); err != nil {
			return err
		}
	}
	n.known.put(r, n.now())
	if r.Revoked {
		return refuse(RevokedRecord, string(party)+" has revoked its node")
	}
	return nil
}

func (n *Node) verifyRecord(ctx context.Context, party deal.PartyID, r, last Record) error {
	wallet, ok, err := n.walletOf(ctx, party)
	if err != nil {
		return err
	}
	if !ok {
		return refuse(UnknownPeer, "this node has no dealings with "+string(party))
	}
	endpoint, err := url.Parse(r.Endpoint)
	if err != nil || endpoint.Scheme != "https" || endpoint.Host == "" || r.Party != party || !r.party().May(r.Wallet) || r.Sequence > math.MaxInt64 {
		return refuse(ForgedRecord, "the node record of "+string(party)+" is malformed")
	}
	if r.Wallet != wallet {
		return refuse(WalletChanged, "the node record of "+string(party)+" names another wallet")
	}
	digest, err := n.Hashes.Digest(r.TypedData(n.Market.ChainID))
	if err != nil {
		return err
	}
	if err := n.Verifier.VerifyDigest(ctx, wallet, digest, r.Signature); err != nil {
		if deal.KindOf(err) == "" {
			return err
		}
		return refuse(ForgedRecord, "the node record of "+string(party)+" is not signed by its wallet")
	}
	if r.Sequence < last.Sequence || !n.now().Before(r.Expires) {
		return refuse(StaleRecord, "the node record of "+string(party)+" is expired or was replaced")
	}
	return nil
}

func (n *Node) storedRecord(ctx context.Context, party deal.PartyID) (r Record, ok bool, err error) {
	var text string
	if ok, err = n.state.row(ctx, []any{&text}, "SELECT record FROM records WHERE party = ?", party); !ok || err != nil {
		return r, false, err
	}
	return r, true, json.Unmarshal([]byte(text), &r)
}

func (n *Node) storeRecord(ctx context.Context, r Record) error {
	return n.state.exec(ctx, `INSERT INTO records (party, sequence, record) VALUES (?, ?, ?) ON CONFLICT (party) DO UPDATE
		SET sequence = excluded.sequence, record = excluded.record, previous = record WHERE excluded.sequence > sequence`,
		r.Party, int64(r.Sequence), jsonColumn(r))
}

// recordCache keeps verified records for a moment.
type recordCache struct {
	mu   sync.Mutex
	seen map[deal.PartyID]seenRecord
}

type seenRecord struct {
	Record
	at time.Time
}

func (c *recordCache) fresh(party deal.PartyID, now time.Time) (Record, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, ok := c.seen[party]
	return r.Record, ok && !r.Revoked && now.Sub(r.at) < recordFresh && now.Before(r.Expires)
}

func (c *recordCache) put(r Record, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen == nil {
		c.seen = map[deal.PartyID]seenRecord{}
	}
	c.seen[r.Party] = seenRecord{r, now}
}
