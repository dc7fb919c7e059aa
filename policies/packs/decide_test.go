package packs

import (
	"testing"
	"time"

	"cession/deal"
	"cession/policies"
)

// offer is a bid of so many minor units, by somebody of a name.
func offer(t testing.TB, minor int64, name string, now time.Time) policies.Input {
	t.Helper()
	act := deal.Act{
		Step: "offers", Action: "submit", Deal: "d-aaaaaaaaaaaaaaaaaaaa", Party: "fund", Room: "fund", Deadline: now.Add(time.Hour),
		Fields: map[string]deal.Value{"price": deal.Money(minor, "EUR")},
	}
	until := now.AddDate(1, 0, 0)
	profile := policies.Profile{Name: name, Jurisdiction: "de", Kind: "fund", KYCClass: "standard", KYCUntil: &until, KYCSince: &now}
	return policies.Input{
		Question: deal.Question{
			Act: act, Role: deal.BidderAs, Now: now, Opened: now.Add(-time.Hour), Seller: "bank", Bidder: "fund", Currency: "EUR",
			Face: deal.Amount{Currency: "EUR"}, Price: deal.Amount{Currency: "EUR"},
		},
		Parties: map[deal.PartyID]policies.Profile{"fund": with(profile, "fund"), "bank": with(profile, "bank")},
	}
}

func with(p policies.Profile, id deal.PartyID) policies.Profile {
	p.ID = id
	return p
}

func decided(t testing.TB, p *policies.Pack, in policies.Input) deal.Decision {
	t.Helper()
	d, err := p.Decide(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// stillDecides makes sure that a pack of the small kind is in force and decides
// as it did: 1000 is allowed, 1001 is not, and neither is a listed name.
func stillDecides(t testing.TB, l *Library, digest deal.Commitment, limit int64) {
	t.Helper()
	p, err := l.Current()
	if err != nil || p.Digest() != digest {
		t.Fatalf("in force is %s, %v, want %s", nameOf(p), err, digest.Short())
	}
	now := l.config.Now()
	for _, c := range []struct {
		minor int64
		name  string
		allow bool
	}{{limit, "Honest Fund", true}, {limit + 1, "Honest Fund", false}, {limit, "BANCO NACIONAL DE CUBA", false}} {
		if d := decided(t, p, offer(t, c.minor, c.name, now)); d.Allow != c.allow || d.Pack != digest {
			t.Errorf("%d of %s: allowed is %v by %s, want %v; %v", c.minor, c.name, d.Allow, d.Pack.Short(), c.allow, d.Reasons())
		}
	}
}

// nameOf keeps a pack from being printed with all it holds.
func nameOf(p *policies.Pack) string {
	if p == nil {
		return "none"
	}
	return p.Name() + " " + p.Version() + " " + p.Digest().Short()
}
