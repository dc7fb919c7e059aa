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
// Its files are named for the part they belong to: intake, documents, additions
// and uploads bring documents in; tape, rows, delta and perimeter are about what
// is sold of them; room and teaser about reading; thread, messages, faq and
// reveal about questions; ticket, handover, send, pull, attempt, fetch, partial
// and receive about handing over; log and tally about who did what; erase and
// retain about the end. Acts are made in acts, draft and completions, and what
// others say is checked in scene and verify.
//
// File names, texts and salts are in the node's own store and in answers to its
// own customer or to the counterparty entitled to them; they are in no log, no
// error and no request to the operator.
package node
