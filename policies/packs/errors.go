package packs

import "errors"

// Why a bundle, an activation or a list is not accepted. The errors that wrap
// these say in words what was found and what is wanted.
var (
	ErrArchive  = errors.New("not a bundle")
	ErrTooLarge = errors.New("too large")
	ErrUnsigned = errors.New("unsigned")
	ErrTampered = errors.New("changed after it was signed")
	ErrSigner   = errors.New("not signed by who may")

	ErrActivation = errors.New("not an activation")
	ErrOther      = errors.New("about something else") // another market, pack or version
	ErrOwnCheck   = errors.New("maker and checker are the same person")
	ErrCheckers   = errors.New("not enough checkers")
	ErrDowngrade  = errors.New("older than what is in force")
	ErrPrevious   = errors.New("made for another predecessor")
	ErrExpired    = errors.New("expired")
	ErrEarly      = errors.New("too early")

	ErrRules  = errors.New("rules do not hold")
	ErrProof  = errors.New("could let through what it refuses")
	ErrList   = errors.New("list cannot be used")
	ErrStale  = errors.New("list too old")
	ErrSource = errors.New("source does not deliver")
)
