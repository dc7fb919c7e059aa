package desk

import (
	"strings"
	"testing"

	"cession/deal"
)

// Figures that concern the acting party alone are shown to it and the operator,
// and with them goes what they could be guessed from.
func TestPrivateFigures(t *testing.T) {
	h := newHarness(t, func(c *Config) {
		c.Private = func(pack deal.Commitment, rule string) bool { return pack == counted("pack", 1) && rule == "money.day" }
	})
	s, best := negotiated()
	s.selectBuyer(winner, best)
	for _, by := range []deal.PartyID{seller, winner} {
		a := s.act(s.deal, by, "terms", "approve", fields{"price": best.Field("price")})
		d := figures(a.ID, true, "SHARED-"+string(by))
		d.Pack, d.Input = counted("pack", 1), counted("input", 1)
		d.Rules = append(d.Rules, deal.RuleResult{ID: "money.day", State: deal.Pass, Actual: "PRIVATE-" + string(by), Threshold: "LIMIT"})
		s.deal.Apply(a, d, nil, s.now)
		r := s.act(s.deal, by, "terms", "propose", nil)
		d.Act, d.Allow = r.ID, false
		s.deal.Refuse(r, d, s.now)
	}
	s.publish(t, h.store)
	s.decide(t, h.store)
	path := "/v1/deals/" + string(s.deal.Opening.ID)
	input := counted("input", 1).String()
	for _, p := range []string{path, path + "/history?limit=500", path + "/decisions?limit=500"} {
		for _, who := range []deal.PartyID{"", seller, winner} {
			text := h.send(who, "GET", p, "").body
			for _, by := range []deal.PartyID{seller, winner} {
				if !strings.Contains(text, "SHARED-"+string(by)) || !strings.Contains(text, "LIMIT") {
					t.Errorf("%s as %q: what %s was asked is not there", p, who, by)
				}
				if strings.Contains(text, "PRIVATE-"+string(by)) != (who == "" || who == by) {
					t.Errorf("%s as %q: the figures of %s", p, who, by)
				}
			}
			own := strings.Count(text, input)
			if all := strings.Count(h.send("", "GET", p, "").body, input); who != "" && own*2 > all+1 {
				t.Errorf("%s as %q: %d of %d hashes of what was judged", p, who, own, all)
			}
		}
	}
	if s.deal.Records[len(s.deal.Records)-1].Decision.Input.IsZero() {
		t.Error("showing a deal changed it")
	}
}
