package node

import (
	"cession/deal"
	"cession/deal/strict"
)

// unambiguous refuses a request body that two readers could understand
// differently.
func unambiguous(body []byte) error {
	if err := strict.Check(body, 0); err != nil {
		return deal.Errorf(deal.Invalid, "request body has %w: want one JSON value of the documented form", err)
	}
	return nil
}
