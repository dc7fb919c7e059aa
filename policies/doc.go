// Package policies decides whether an act is allowed.
//
// A pack is a folder of rules in Rego, the manifest that says which act must
// pass which of them, and the lists they consult. A gate needs positive
// evidence: every rule listed for an act must answer pass, and a rule that
// gives no answer is not evaluated, which refuses. An input that is not what
// its schema says, or an engine that fails, refuses in the same way and shows
// it.
//
// A pack is known by the digest of its files, and a deal is judged by the pack
// it was opened under. Rules see only the input and the pack: no clock, no
// network, no randomness, so a decision can be repeated for ever.
package policies
