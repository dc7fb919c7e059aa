// Package deal is the language of receivable deals: the plan a deal follows,
// the acts parties sign, the questions put to policy and the decisions that
// come back, and what the parties authorize on chain.
//
// The package knows nothing but the standard library. It decides who may act,
// when, in what order and with which fields; whether an act is allowed is the
// policy's business, and what else happens is an effect named by the plan.
//
// Nothing in this package can carry free text: values are amounts, times,
// commitments, counts, choices, addresses, keys, signatures and identifiers.
// Text lives in [Sealed] values, which refuse to be serialized, so that what
// belongs on a customer's node cannot reach the operator by accident.
package deal
