package policies

import (
	"strings"

	"cession/deal"
)

// withheld stands where a rule showed what a decision must not hold.
const withheld = "withheld"

// maxFigure bounds what a rule can show.
const maxFigure = 200

// withhold keeps names out of a decision, whatever a pack's rules show: a
// figure that holds a party's name, as written or as screened, is replaced.
// The identifier of a party is no name.
func withhold(d deal.Decision, parties map[deal.PartyID]Profile) deal.Decision {
	var names []string
	for _, p := range parties {
		n := normalize(p.Name)
		for _, form := range []string{n.exact, n.loose, strings.ToUpper(strings.TrimSpace(p.Name))} {
			if form != "" {
				names = append(names, form)
			}
		}
	}
	for i, r := range d.Rules {
		d.Rules[i].Actual = withholdFigure(r.Actual, names, parties)
		d.Rules[i].Threshold = withholdFigure(r.Threshold, names, parties)
	}
	return d
}

func withholdFigure(figure string, names []string, parties map[deal.PartyID]Profile) string {
	if _, id := parties[deal.PartyID(strings.TrimPrefix(figure, "not "))]; id {
		return figure
	}
	if len(figure) > maxFigure {
		return withheld
	}
	upper := strings.ToUpper(figure)
	for _, n := range names {
		if strings.Contains(upper, n) {
			return withheld
		}
	}
	return figure
}
