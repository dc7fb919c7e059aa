package deal

import (
	"crypto/sha256"
	"encoding/binary"
	"math/big"
	"strconv"
	"time"
)

// Key is how the deal is known on chain: SHA-256 of its identifier, whose 100
// random bits keep it from being guessed.
func (id ID) Key() Commitment { return sha256.Sum256([]byte(id)) }

// Intent is one effect wanted on chain. Its ID makes it idempotent: the same
// intent submitted again has the outcome of the first.
type Intent struct {
	ID    Commitment `json:"id"`
	Deal  ID         `json:"deal"`
	Step  string     `json:"step"`
	Call  Call       `json:"call"`
	Reply string     `json:"reply"`          // workflow that is told the outcome, by signal "receipt"
	By    time.Time  `json:"by,omitzero"`    // of no use after; zero: always
	Lane  string     `json:"lane,omitempty"` // id of the lane that has it; "" before one does
}

// Notice says that an effect the chain had is no longer certain, or is again. It
// changes no [Receipt].
type Notice struct {
	Intent Commitment `json:"intent"`
	State  Standing   `json:"state"`
}

// Standing is how an effect stands that was in a block before.
type Standing string

// The standings.
const (
	Reorged  Standing = "reorged"  // its block is no longer part of the chain; it is sent again
	Restored Standing = "restored" // it is in the chain again
	Undone   Standing = "undone"   // it cannot be had again: the chain went another way
)

// NewIntent names an intent after what causes it: an act, or a deadline.
func NewIntent(id ID, step string, cause Commitment, call Call, reply string) Intent {
	sum := sha256.Sum256([]byte(string(id) + "\x00" + step + "\x00" + cause.String() + "\x00" + call.Name()))
	return Intent{ID: sum, Deal: id, Step: step, Call: call, Reply: reply}
}

// Call is what a transaction does: exactly one member is set.
type Call struct {
	Anchor *Anchor     `json:"anchor,omitempty"`
	Mint   *Mint       `json:"mint,omitempty"`
	Append *Append     `json:"append,omitempty"`
	Open   *EscrowOpen `json:"open,omitempty"`
	Fund   *EscrowFund `json:"fund,omitempty"`
	Settle *EscrowEnd  `json:"settle,omitempty"`
	Refund *EscrowEnd  `json:"refund,omitempty"`
	Payout *Payout     `json:"payout,omitempty"`
}

// Name returns the name of the call, as logs and boards show it.
func (c Call) Name() string {
	switch {
	case c.Anchor != nil:
		return "notary.anchor"
	case c.Mint != nil:
		return "receivable.mint"
	case c.Append != nil:
		return "receivable.append"
	case c.Open != nil:
		return "escrow.open"
	case c.Fund != nil:
		return "escrow.fund"
	case c.Settle != nil:
		return "escrow.settle"
	case c.Refund != nil:
		return "escrow.refund"
	case c.Payout != nil:
		return "escrow.withdraw"
	}
	return ""
}

// Anchor notarizes a Merkle root over count commitments; one commitment is its own root.
type Anchor struct {
	Root  Commitment `json:"root"`
	Count uint64     `json:"count"`
}

// Mint makes the title, under the creditor's signature.
type Mint struct {
	Terms     MintTerms `json:"terms"`
	Signature Bytes     `json:"signature"`
}

// MintTerms is what a title stands for. Its EIP-712 struct hash is the token id.
type MintTerms struct {
	Deal     Commitment `json:"deal"` // ID.Key
	Creditor Address    `json:"creditor"`
	Root     Commitment `json:"root"` // Merkle root over the salted document commitments
	Count    uint64     `json:"count"`
	Face     Amount     `json:"face"` // minor units
	Due      time.Time  `json:"due"`
	Salt     Commitment `json:"salt"`
}

// Append has a title stand for a longer list of documents, under its owner's
// signature.
type Append struct {
	Token     Commitment `json:"token"`
	Old       Commitment `json:"old"`   // root the title has
	New       Commitment `json:"new"`   // root over the same documents and those added
	Count     uint64     `json:"count"` // documents under the new root
	Signature Bytes      `json:"signature"`
}

// EscrowTerms is what both parties sign before title and money move.
// Its EIP-712 struct hash is the escrow's id.
type EscrowTerms struct {
	Deal       Commitment `json:"deal"` // ID.Key
	Seller     Address    `json:"seller"`
	Buyer      Address    `json:"buyer"`
	Receivable Address    `json:"receivable"`
	Token      Commitment `json:"token"`
	Currency   Address    `json:"currency"`
	Price      string     `json:"price"`    // decimal, smallest unit of the ERC-20
	Digest     Commitment `json:"digest"`   // [TermsDigest]: plan, pack, offer, perimeter and retention
	FundBy     time.Time  `json:"fundBy"`   // money must be in by then
	SettleBy   time.Time  `json:"settleBy"` // receipt must be given by then
	Arbiter    Address    `json:"arbiter"`
	ArbiterBy  time.Time  `json:"arbiterBy"` // an open dispute is refunded after
}

// TermsDigest commits to what is agreed off chain. How long the seller keeps its
// copy is part of it only where that was agreed, so that terms without it have
// the digest they always had.
func TermsDigest(plan, pack, offer, perimeter Commitment, retain time.Time) Commitment {
	h := sha256.New()
	for _, c := range []Commitment{plan, pack, offer, perimeter} {
		h.Write(c[:])
	}
	if !retain.IsZero() {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(retain.Unix())))
	}
	return Commitment(h.Sum(nil))
}

// EscrowOpen takes the title into escrow.
type EscrowOpen struct {
	Terms       EscrowTerms `json:"terms"`
	SellerSig   Bytes       `json:"sellerSig"`
	BuyerSig    Bytes       `json:"buyerSig"`
	TokenPermit Permit      `json:"tokenPermit"`
}

// EscrowFund takes the price into escrow.
type EscrowFund struct {
	Terms  EscrowTerms `json:"terms"`
	Permit Permit      `json:"permit"`
}

// EscrowEnd settles under the buyer's receipt, or refunds after a deadline
// without any signature.
type EscrowEnd struct {
	Terms     EscrowTerms `json:"terms"`
	Documents Commitment  `json:"documents,omitzero"` // root the buyer's receipt names
	Signature Bytes       `json:"signature,omitempty"`
}

// Payout pays what the escrow owes a party, to that party only.
type Payout struct {
	Currency Address `json:"currency"`
	Party    Address `json:"party"`
}

// Permit lets the escrow take a token (EIP-4494) or money (EIP-2612) until Deadline.
type Permit struct {
	Deadline  time.Time `json:"deadline"`
	Signature Bytes     `json:"signature"`
}

// Receipt is what the chain did with an intent.
type Receipt struct {
	Intent   Commitment `json:"intent"`
	Call     string     `json:"call"`
	OK       bool       `json:"ok"`
	Reason   string     `json:"reason,omitempty"` // why not: a reason of the lane's closed list, or the contract's error name
	Tx       Commitment `json:"tx,omitzero"`
	Block    uint64     `json:"block,omitempty"`
	Time     time.Time  `json:"time,omitzero"`
	LogIndex uint64     `json:"logIndex,omitempty"`
	Gas      uint64     `json:"gas,omitempty"`
	GasPrice uint64     `json:"gasPrice,omitempty"` // wei
	Result   Commitment `json:"result,omitzero"`    // token id of a mint, escrow id of an opening, root of an anchor or of documents appended
}

// TypedData returns the message the creditor signs to have the title minted.
func (t MintTerms) TypedData(m Market) TypedData {
	d := newTyped("Cession Receivable", m.ChainID, m.Receivable, "Terms")
	d.add("deal", "bytes32", t.Deal.String())
	d.add("creditor", "address", t.Creditor.String())
	d.add("root", "bytes32", t.Root.String())
	d.add("count", "uint32", strconv.FormatUint(t.Count, 10))
	d.add("faceAmount", "uint128", strconv.FormatInt(t.Face.Minor, 10))
	d.add("currency", "bytes3", Bytes(t.Face.Currency).String())
	d.add("dueDate", "uint64", seconds(t.Due))
	d.add("salt", "bytes32", t.Salt.String())
	return d.TypedData
}

// TypedData returns the message the title's owner signs to have documents
// appended; nonce is the token's.
func (a Append) TypedData(m Market, nonce uint64) TypedData {
	d := newTyped("Cession Receivable", m.ChainID, m.Receivable, "Append")
	d.add("tokenId", "uint256", tokenID(a.Token))
	d.add("oldRoot", "bytes32", a.Old.String())
	d.add("newRoot", "bytes32", a.New.String())
	d.add("newCount", "uint32", strconv.FormatUint(a.Count, 10))
	d.add("nonce", "uint256", strconv.FormatUint(nonce, 10))
	return d.TypedData
}

// TypedData returns the message both parties sign before the escrow opens.
func (t EscrowTerms) TypedData(m Market) TypedData {
	d := newTyped("Cession Escrow", m.ChainID, m.Escrow, "Terms")
	d.add("deal", "bytes32", t.Deal.String())
	d.add("seller", "address", t.Seller.String())
	d.add("buyer", "address", t.Buyer.String())
	d.add("receivable", "address", t.Receivable.String())
	d.add("tokenId", "uint256", tokenID(t.Token))
	d.add("currency", "address", t.Currency.String())
	d.add("price", "uint256", t.Price)
	d.add("digest", "bytes32", t.Digest.String())
	d.add("fundBy", "uint64", seconds(t.FundBy))
	d.add("settleBy", "uint64", seconds(t.SettleBy))
	d.add("arbiter", "address", t.Arbiter.String())
	d.add("arbiterBy", "uint64", seconds(t.ArbiterBy))
	return d.TypedData
}

// ReceiptTypedData returns the message the buyer signs when the documents are
// received; it releases title and price.
func ReceiptTypedData(m Market, escrow, documents Commitment) TypedData {
	d := newTyped("Cession Escrow", m.ChainID, m.Escrow, "Receipt")
	d.add("id", "bytes32", escrow.String())
	d.add("documents", "bytes32", documents.String())
	return d.TypedData
}

// TokenPermitTypedData returns the EIP-4494 message that lets the escrow take
// the token; nonce is the token's.
func TokenPermitTypedData(m Market, token Commitment, nonce uint64, deadline time.Time) TypedData {
	d := newTyped("Cession Receivable", m.ChainID, m.Receivable, "Permit")
	d.add("spender", "address", m.Escrow.String())
	d.add("tokenId", "uint256", tokenID(token))
	d.add("nonce", "uint256", strconv.FormatUint(nonce, 10))
	d.add("deadline", "uint256", seconds(deadline))
	return d.TypedData
}

// PaymentPermitTypedData returns the EIP-2612 message that lets the escrow take
// value smallest units of the currency, whose EIP-712 name is given.
func PaymentPermitTypedData(m Market, currencyName string, owner Address, value string, nonce uint64, deadline time.Time) TypedData {
	d := newTyped(currencyName, m.ChainID, m.Currency, "Permit")
	d.add("owner", "address", owner.String())
	d.add("spender", "address", m.Escrow.String())
	d.add("value", "uint256", value)
	d.add("nonce", "uint256", strconv.FormatUint(nonce, 10))
	d.add("deadline", "uint256", seconds(deadline))
	return d.TypedData
}

func seconds(t time.Time) string { return strconv.FormatInt(max(0, unix(t)), 10) }

func tokenID(c Commitment) string { return new(big.Int).SetBytes(c[:]).String() }
