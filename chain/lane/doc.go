// Package lane decides what happens to the transactions of one signer on one
// chain. It is a pure machine: it does no I/O and reads no clock. [State.Next]
// says what to do, [State.Apply] takes what came of it, [State.Submit] takes a
// new intent. Whoever drives it persists the result of every action before the
// next one starts, which makes that record the write-ahead log.
//
// The rules are:
//
//   - An intent is done once. Its identifier is the key, for as long as its
//     outcome is among the last [Outcomes].
//   - A call is simulated before it gets a nonce. One that would certainly
//     revert never gets one.
//   - Sign, persist, broadcast, in that order. What is sent again is the stored
//     bytes; a signature is made anew only for a nonce that was never broadcast,
//     that a bump replaces, or that another transaction has used up.
//   - Every attempt is followed until one of them is in a canonical block as deep
//     as the chain's finality setting. A reorganization before that demotes the
//     intent; after it the outcome never changes.
//   - A transaction that reverted on chain is an outcome. It is never sent again,
//     unless the revert means that somebody did it before, which is success.
//   - Fees rise for the lowest unresolved nonce only, or where an operator says
//     so, within limits per gas, per transaction and per UTC day. What may still
//     be paid is reserved: it follows from the attempts in flight.
//   - A transaction that was never sent is canceled by giving its nonce back, or
//     filling it; one that was sent, by a transaction of nothing at its nonce. Both
//     are followed, and only when the one of nothing is final is the intent free.
//   - What a lane cannot get on with it hands to a sibling, if it was never sent,
//     and from then on does nothing about it. It comes back only through more
//     lanes than it had been in. One in the way of others steps aside.
//   - A command of an operator names the version it was decided by, and has an
//     identifier: sent again, it has its first answer. It is done whole or not at all.
//
// Running an action twice is harmless: of two signatures for one nonce only the
// persisted one is ever broadcast, and a broadcast repeats the same bytes.
package lane
