package main

import (
	"slices"
	"strings"

	"cession/deal"
)

// private reports whether a rule of a pack looks at what the acting party does
// in other deals: its figure is not for who it deals with. So are all of a pack
// that is not at hand.
func (s *shelf) private(pack deal.Commitment, rule string) bool {
	p, ok := s.Pack(pack)
	if !ok {
		return true
	}
	input, _ := p.Reads(rule)
	return slices.ContainsFunc(input, func(path string) bool {
		return path == "exposure" || strings.HasPrefix(path, "exposure.day")
	})
}
