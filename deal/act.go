package deal

import "time"

// Act is what a party does: one action with its fields, signed by a wallet of
// the party. It is the unit of trust: the desk checks it, both nodes check it
// again, the chain records its commitment.
type Act struct {
	ID        Commitment       `json:"id"`             // the EIP-712 digest of [Act.TypedData]; what is signed and notarized
	Deal      ID               `json:"deal"`           //
	Room      PartyID          `json:"room,omitempty"` // the bidder in whose room it is taken; "" for the deal itself
	Step      string           `json:"step"`
	Action    string           `json:"action"`
	Party     PartyID          `json:"party"`
	Fields    map[string]Value `json:"fields,omitempty"`
	Sequence  uint64           `json:"sequence"` // 1 for the party's first act in this deal or room, then 2, …
	Salt      Commitment       `json:"salt"`     // random; keeps the digest from being guessed
	Deadline  time.Time        `json:"deadline"` // not accepted later; UTC, whole seconds
	Signer    Address          `json:"signer"`
	Signature Bytes            `json:"signature"` // EOA: 65 bytes r, s, v; contract wallet: as ERC-1271 wants it
}

// Name returns "step.action".
func (a Act) Name() string { return a.Step + "." + a.Action }

// Field returns a field's value, or no value.
func (a Act) Field(id string) Value { return a.Fields[id] }

// Market is where a deal is settled: a chain and the contracts on it. It binds
// every signature to one deployment (EIP-712 domain).
type Market struct {
	ChainID    uint64  `json:"chainId"`
	Receivable Address `json:"receivable"` // ERC-721 of titles
	Notary     Address `json:"notary"`
	Escrow     Address `json:"escrow"`
	Currency   Address `json:"currency"` // ERC-20 in which prices are paid
	Symbol     string  `json:"symbol"`   // ISO 4217 code the currency stands for
	Decimals   uint8   `json:"decimals"` // of the ERC-20; amounts have 2
	Arbiter    Address `json:"arbiter"`
}

// Party is an organization as the deal knows it: no name, only where its title
// and money live and whose signatures are its own.
type Party struct {
	ID      PartyID   `json:"id"`
	Wallet  Address   `json:"wallet"`  // holds tokens and money
	Signers []Address `json:"signers"` // may sign acts; the wallet is one of them
}

// May reports whether the address signs for the party.
func (p Party) May(signer Address) bool {
	for _, s := range p.Signers {
		if s == signer {
			return true
		}
	}
	return false
}

// Opening is what a deal starts with and keeps: the input of its workflow.
type Opening struct {
	ID       ID         `json:"id"`
	Plan     Plan       `json:"plan"`
	PlanHash Commitment `json:"planHash"`
	Pack     Commitment `json:"pack"` // digest of the policy pack the deal is pinned to
	Seller   Party      `json:"seller"`
	Market   Market     `json:"market"`
	Opened   time.Time  `json:"opened"`
}
