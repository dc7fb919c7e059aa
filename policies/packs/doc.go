// Package packs carries policy packs from the officer who makes them to those
// who decide by them, so that nobody on the way can change them.
//
// A pack travels as a bundle in the format of Open Policy Agent, signed by its
// maker. It takes effect by an activation: a statement over the pack's digest
// that other officers, the checkers, sign. Whom a desk or a node believes is
// in its own trust file. A [Library] reads both from sources it need not trust
// (a folder, a web server, an S3 bucket), checks everything, and keeps all
// packs ever in force, because deals stay with the pack they were opened
// under. Whatever fails a check changes nothing: what was in force stays.
//
// The pack that is part of the program needs no signature; it has the number 0
// and is in force until the first activation.
package packs
