package policies

// Match says how a name resembles an entry of the sanctions list.
type Match string

// The matches, strongest first. A weak one is a person's one-word alias, or the
// name of a ship or an aircraft.
const (
	MatchExact      Match = "exact"      // the entry's name as it is written
	MatchAlias      Match = "alias"      // one of its aliases as it is written
	MatchNormalized Match = "normalized" // the same words in another order, or with another legal form
	MatchWeak       Match = "weak"
	MatchNone       Match = "none"
)

// Screening is what the comparison of a name with the sanctions list found. It
// is all that rules see of a name.
type Screening struct {
	Entry uint64 `json:"entry"` // the list's own number of the entry, 0 for none
	Score uint64 `json:"score"` // of 100
	Match Match  `json:"match"`
}

// matches are the matches by their scores.
var matches = map[int]Match{scoreName: MatchExact, scoreAlias: MatchAlias, scoreLoose: MatchNormalized, scoreWeak: MatchWeak}

// screen compares a name with the list. It returns nil if there is nothing to
// compare: the name has letters that are not Latin, or the list is empty. The
// name as it is written counts before its normalized form.
func (l *sanctions) screen(text string) *Screening {
	n := normalize(text)
	if n.exact == "" || n.loose == "" || l.Entries == 0 {
		return nil
	}
	best, loose := l.Exact[n.exact], l.Loose[n.loose]
	if loose.Score > best.Score {
		best = loose
	}
	if best.Score == 0 {
		return &Screening{Match: MatchNone}
	}
	return &Screening{Entry: uint64(best.Entry), Score: uint64(best.Score), Match: matches[best.Score]}
}
