package records

import (
	"context"
	"encoding/json"

	"cession/deal"
)

// Judge makes a decision on a recorded document. A *policies.Pack is one.
type Judge interface {
	// Again decides on a document as it was recorded. A document it cannot read
	// is an error of kind invalid.
	Again(ctx context.Context, document []byte) (deal.Decision, error)
	// Digest is of the rules and lists it decides by.
	Digest() deal.Commitment
}

// subject is what a report needs of a document.
type subject struct {
	Act struct {
		Fields map[string]struct {
			Minor    *int64 `json:"minor"`
			Currency string `json:"currency"`
		} `json:"fields"`
	} `json:"act"`
	Price deal.Amount `json:"price"`
	Face  deal.Amount `json:"face"`
	Room  struct {
		Price deal.Amount `json:"price"`
	} `json:"room"`
}

// worth is what a deal is about, as far as one document of it shows.
type worth struct {
	deal.Amount
	rank int // 1: agreed price, 2: price of the act, 3: the bidder's last offer, 4: face amount; 0: nothing shown
	line int
}

// appraise reads the worth from a document.
func appraise(document json.RawMessage, line int) worth {
	var s subject
	if json.Unmarshal(document, &s) != nil {
		return worth{}
	}
	amounts := []deal.Amount{s.Price, {}, s.Room.Price, s.Face}
	for id, f := range s.Act.Fields {
		if f.Minor == nil {
			continue
		}
		if a := (deal.Amount{Minor: *f.Minor, Currency: f.Currency}); id == "price" {
			amounts[1] = a
		} else if id == "face" {
			amounts[3] = a
		}
	}
	for i, a := range amounts {
		if a.Minor > 0 {
			return worth{a, i + 1, line}
		}
	}
	return worth{}
}

// better returns the worth that tells more of a deal: of the better rank, and
// of two of the same rank the later one.
func better(a, b worth) worth {
	if a.rank == 0 || b.rank > 0 && (b.rank < a.rank || b.rank == a.rank && b.line > a.line) {
		return b
	}
	return a
}
