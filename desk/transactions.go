package desk

import (
	"cession/chain/lane"
	"cession/deal"
)

// Transaction is an intent of a lane at a glance.
type Transaction struct {
	Lane   string       `json:"lane"`
	Signer deal.Address `json:"signer,omitzero"`
	Live   bool         `json:"live" doc:"as its lane has it now; otherwise as it was kept"`
	lane.Item
	Advice *lane.Advice `json:"advice,omitempty" doc:"for its reason"`
}

// TransactionFilter selects transactions. The zero filter selects all.
type TransactionFilter struct {
	Deal   deal.ID     // "" for any
	Lane   string      // id; "" for any
	Status lane.Status // "" for any
	Stuck  bool        // only those that do not go on as they should
	Limit  int         // 1 to 1000; 0 is 100
	Cursor string      // TransactionPage.Next of the page before
}

// TransactionPage is a part of the list of transactions: stuck ones first,
// oldest first; then what is open, oldest first; then what ended, newest first.
type TransactionPage struct {
	Transactions []Transaction `json:"transactions"`
	Silent       []string      `json:"silent,omitempty" doc:"lanes that did not answer: what they have in flight is missing"`
	Next         string        `json:"next,omitempty" doc:"cursor of the next page; absent on the last"`
}

// TransactionDetail is everything that is known of an intent.
type TransactionDetail struct {
	Transaction Transaction  `json:"transaction"`
	Record      *lane.Record `json:"record,omitempty" doc:"every attempt and the trail, without signed bytes; absent if its lane does not answer or has forgotten it"`
	Arguments   []Argument   `json:"arguments,omitempty" doc:"of the decoded call; absent once the lane has forgotten it"`
	Blocks      []Blocked    `json:"blocks,omitempty" doc:"open intents that cannot end before it does"`
	Silent      []string     `json:"silent,omitempty" doc:"lanes that did not answer"`
	Links       []string     `json:"links,omitempty" doc:"paths of this API: the deal, its transactions, what operators did to it"`
}

// Argument is one argument of a call. Amounts of money are decimal in the
// smallest unit, times RFC 3339; of a signature there is the length only.
type Argument struct {
	Name  string `json:"name"` // path of its member, such as "terms.fundBy"
	Value string `json:"value"`
}

// Blocked is an intent that waits for another one.
type Blocked struct {
	Intent deal.Commitment `json:"intent"`
	Deal   deal.ID         `json:"deal,omitempty"`
	Step   string          `json:"step"`
	Call   string          `json:"call"`
	Status lane.Status     `json:"status"`
	Nonce  *uint64         `json:"nonce,omitempty"`
}
