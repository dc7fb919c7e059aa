// Package node is a customer's own node: it keeps the customer's documents,
// texts, salts and keys, signs the customer's acts with the customer's wallet,
// lets bidders read while their grant lasts, and hands documents over to the
// buyer's node.
//
// A node trusts nobody. Whatever the operator or another node tells it, it
// verifies itself: every act's signature and its turn, the plan and the market
// a deal was opened under, the escrow and the title on its own view of the
// chain, and its own policy. What does not verify gets nothing, and the attempt
// is logged.
//
// File names, texts and salts are in the node's own store and in answers to its
// own customer or to the counterparty entitled to them; they are in no log, no
// error and no request to the operator.
package node
