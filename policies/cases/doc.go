// Package cases is how a pack of policies is tried: fixtures an officer writes
// in YAML or CSV, a run of them that says in words what differs, a case made of
// a decision that was taken, and the proof that a pack fails closed.
//
// A fixture is a document as the rules see it, most often a base document of
// the pack with a few places set or dropped, and what is expected of it:
//
//   - name: offer a cent above the limit per deal
//     like: offers.submit
//     set: { act.fields.price: 50000000.01 EUR }
//     expect: { rules: { money.limit: fail } }
//   - name: selection within the standstill
//     like: selection.select
//     lists: { limits.standstill.hours: 240 }
//     expect: { allow: no, rules: { selection.standstill: fail } }
//
// Values are written as people write them: amounts as 125000.00 EUR or
// "125,000.00 EUR", times in RFC 3339, yes and no, and "this" for the digest of
// the pack itself. Beside set there is drop, a list of places, and beside lists,
// which changes the lists of the pack, without. The same fits into a table, one
// case in each row, with a column for each place. Cases are decided at the time
// they are of, whether the pack is in effect then and its lists are new or not.
//
// The proof takes every refused case, and takes away, empties or retypes each
// place of it and of the lists its rules read. A pack in which one of these
// turns the refusal into permission is not one to load: some day a field will
// be missing. Mutations that are right to allow are written into the pack, each
// with the reason.
package cases
