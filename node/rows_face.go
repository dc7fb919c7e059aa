package node

import (
	"fmt"
	"slices"
	"strings"

	"cession/deal"
	"cession/node/vault"
)

// faceFields are the fields of a pack that may be the face amount, the first
// that a tape has before the others.
var faceFields = []string{"loan.principal_amount", "loan.legal_balance"}

// The fields of a pack that say which loan a row is about, and in which currency.
const (
	loanField     = "loan.loan_identifier"
	currencyField = "loan.currency"
)

// faceAdder returns a function that adds the face amounts of the rows of one
// tape to a total, in minor units. Amounts of different currencies have no sum:
// a row that names another than the deal's is refused. Errors are of kind invalid.
func (n *Node) faceAdder(pack deal.Commitment, column, currency string, total *int64) func(number uint64, header, row []string) error {
	face, in := -1, -1
	return func(number uint64, header, row []string) error {
		if face < 0 { // the header is the same in all rows
			if said := n.faceBy(pack, header); said != "" && said != column {
				return deal.Errorf(deal.Invalid, "the face amount is in column %.60q by the rules in effect, not in %.60q", said, column)
			}
			if face = slices.Index(header, column); face < 0 {
				return deal.Errorf(deal.Invalid, "the data tape has no column %.60q", column)
			}
			in = n.columnOf(pack, header, currencyField)
		}
		if in >= 0 && !vault.Missing(row[in]) && !strings.EqualFold(strings.TrimSpace(row[in]), currency) {
			return deal.Errorf(deal.Invalid, "row %d is in another currency than the deal's, %s: take it out", number, currency)
		}
		minor, err := vault.ParseMinor(row[face])
		if err != nil {
			return fmt.Errorf("row %d, column %.60q: %w", number, column, err)
		}
		if minor < 0 {
			return deal.Errorf(deal.Invalid, "row %d, column %.60q: the face amount is below zero", number, column)
		}
		if *total += minor; *total < 0 {
			return deal.Errorf(deal.Invalid, "the face amounts add up to more than an amount can be")
		}
		return nil
	}
}

// faceBy returns the column of the face amount by a pack, or "".
func (n *Node) faceBy(pack deal.Commitment, header []string) string {
	if i := n.columnOf(pack, header, faceFields...); i >= 0 {
		return header[i]
	}
	return ""
}

// columnOf returns in which column, from 0, a tape has the first of the fields
// that it has; -1: it has none.
func (n *Node) columnOf(pack deal.Commitment, header []string, fields ...string) int {
	if n.Tape == nil {
		return -1
	}
	columns, _ := n.Tape(pack, header)
	for _, field := range fields {
		if i, ok := columns[field]; ok && i >= 0 && i < len(header) {
			return i
		}
	}
	return -1
}
