package desk

import (
	"context"
	"strconv"
	"time"

	"cession/deal"
)

// Packs are the market's policy packs as the desk serves them. Errors have the
// kinds of [deal.Kind].
type Packs interface {
	// List returns every pack that is known, in a fixed order.
	List(ctx context.Context) []PackInfo
	// Bundle returns the bytes of a pack's signed bundle and their entity tag,
	// without quotes, or notfound.
	Bundle(digest deal.Commitment) (content []byte, etag string, err error)
	// Activation returns the same of its activation of a number, 0 for the newest:
	// a pack that is gone back to is activated once more.
	Activation(digest deal.Commitment, number uint64) (content []byte, etag string, err error)
	// Submit takes a bundle with its activation in, if every signature that it
	// needs is there. The same again changes nothing.
	Submit(ctx context.Context, bundle, activation []byte) (PackInfo, error)
}

// PackState says where a pack stands.
type PackState string

// The states of a pack.
const (
	PackActive  PackState = "active"  // in force: new deals are pinned to it
	PackLoaded  PackState = "loaded"  // for the deals that are pinned to it
	PackPending PackState = "pending" // in force later
	PackExpired PackState = "expired"
	PackRefused PackState = "refused" // Why says what is wrong with it
)

// PackInfo is a pack or list of the market.
type PackInfo struct {
	Name     string          `json:"name"`
	Version  string          `json:"version"`
	Kind     string          `json:"kind"` // pack, list or addition
	Digest   deal.Commitment `json:"digest"`
	Number   uint64          `json:"number"` // of its activation; 0: shipped with the program
	State    PackState       `json:"state"`
	Maker    string          `json:"maker,omitempty"`    // id of the officer who signed the bundle
	Checkers []string        `json:"checkers,omitempty"` // ids of those who activated it
	Why      string          `json:"why,omitempty"`      // it is refused or out of force
	Since    time.Time       `json:"since,omitzero"`     // it is in this state
	Until    time.Time       `json:"until,omitzero"`     // it is in force
	Lists    []PackList      `json:"lists,omitempty"`
}

// PackList is a list in a pack, in the edition that is used.
type PackList struct {
	Name       string          `json:"name"`
	Entries    int             `json:"entries"`
	Digest     deal.Commitment `json:"digest"` // SHA-256 of its file
	AsOf       time.Time       `json:"asOf,omitzero"`
	MaximumAge int64           `json:"maximumAge,omitempty" doc:"seconds after which rules that read it are no longer evaluated; absent: it does not age"`
	Live       bool            `json:"live,omitempty" doc:"newer editions replace it in packs that are in use"`
}

// PackIndex is the list of bundles of an HTTP source of packs. Paths are
// relative to the index.
type PackIndex []PackFiles

// PackFiles says where the files of a pack are.
type PackFiles struct {
	Name       string          `json:"name"`
	Kind       string          `json:"kind,omitempty"`
	Digest     deal.Commitment `json:"digest"`
	Number     uint64          `json:"number"`
	Bundle     string          `json:"bundle"`
	Activation string          `json:"activation"`
}

// indexOf lists the packs that were activated: what ships with the program
// needs no fetching, and what was refused is handed to nobody.
func indexOf(packs []PackInfo) PackIndex {
	index := PackIndex{}
	for _, p := range packs {
		if p.Number > 0 && p.State != PackRefused {
			activation := "/activations/" + strconv.FormatUint(p.Number, 10)
			index = append(index, PackFiles{p.Name, p.Kind, p.Digest, p.Number, p.Digest.String() + "/bundle", p.Digest.String() + activation})
		}
	}
	return index
}

// PolicyInfo names the rules that new deals are pinned to.
type PolicyInfo struct {
	Pack    deal.Commitment `json:"pack"` // digest of the policy pack
	Name    string          `json:"name,omitempty"`
	Version string          `json:"version,omitempty"`
	Number  uint64          `json:"number,omitempty"` // of its activation; absent: shipped with the program
}

// policy returns the rules that new deals are pinned to now.
func (s *Server) policy(ctx context.Context) PolicyInfo {
	info := PolicyInfo{Pack: s.pack()}
	if s.packs == nil {
		return info
	}
	for _, p := range s.packs.List(ctx) {
		if p.Digest == info.Pack {
			info.Name, info.Version, info.Number = p.Name, p.Version, p.Number
			break
		}
	}
	return info
}
