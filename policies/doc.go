// Package policies decides whether an act is allowed.
//
// A pack is a folder of rules in Rego, the manifest that says which act must
// pass which of them, and the lists they consult. A gate needs positive
// evidence: every rule listed for an act must answer pass, and a rule that
// gives no answer is not evaluated, which refuses. An input that is not what
// its schema says, a list that is too old, or an engine that fails, refuses in
// the same way and shows it.
//
// A pack is known by the digest of its files, and a deal is judged by the pack
// its parties agreed on. Rules see only a document and the pack's lists: no
// clock, no network, no randomness. The document holds no names, which are
// screened before the rules are asked, so it can be recorded, and a decision
// can be repeated for ever ([Pack.Again]).
package policies
