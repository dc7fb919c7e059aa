// Package records keeps what policy decided, and asks it again.
//
// A [Record] is one decision with the document it was made on. The records of
// a deal form a hash chain: each commits to the one before it, so that whoever
// holds the newest hash can tell whether any of them was changed, taken out,
// moved or cut off ([Verify]). Documents hold no name of a party, so records
// may leave the operator.
//
// Because rules see only the document and the pack, a recorded decision can be
// made again: [Replay] shows that the same pack still answers the same, byte
// for byte; [Backtest] shows what another pack would have answered, after
// [Narrow] without asking rules that cannot answer otherwise; [Counterfactual]
// looks for the least change that lets a rule pass.
// [Diff] says in words how two packs differ, [DiffSanctions] how two editions
// of a sanctions list do.
package records
