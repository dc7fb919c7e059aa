package records

import (
	"slices"

	"cession/deal"
	"cession/policies"
)

// WithEditions returns a pack with the editions of its live lists that a
// decision used, for [ReplayConfig.Judge]. Content returns a list's file by its
// digest; what it does not have is an error of kind notfound. A pack that has
// the editions already is returned as it is.
func WithEditions(p *policies.Pack, used []deal.ListUsed, content func(deal.Commitment) ([]byte, error)) (*policies.Pack, error) {
	for _, u := range used {
		if slices.ContainsFunc(p.Lists(), func(l policies.ListInfo) bool {
			return l.Name == u.Name && l.Digest == u.Digest && l.AsOf.Equal(u.AsOf)
		}) {
			continue
		}
		file, err := content(u.Digest)
		if err != nil {
			return nil, err
		}
		if p, err = p.WithList(u.Name, file, u.AsOf); err != nil {
			return nil, err
		}
	}
	return p, nil
}
