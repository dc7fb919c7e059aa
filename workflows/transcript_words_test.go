package workflows

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"time"

	"cession/deal"
)

var (
	fieldStart = regexp.MustCompile(`(?:^| )([a-z_]+)=`)
	relative   = regexp.MustCompile(`^([+-])([0-9]+)(d|h)$`)
	minor      = regexp.MustCompile(`\b([0-9]+)([0-9]{2}) ([A-Z]{3})\b`)
	moment     = regexp.MustCompile(`[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z`)
	digest     = regexp.MustCompile(`0x[0-9a-f]{8,64}`)
	shortKey   = regexp.MustCompile(`\b[0-9a-f]{8}\b`)
	thousands  = regexp.MustCompile(`([0-9])([0-9]{3})\b`)
)

// parse reads the fields of a line: "price=215,000.00 EUR until=+30d".
func (s *stage) parse(l line) (fields, error) {
	step, action, _ := strings.Cut(l.act, ".")
	_, def, err := s.opening.Plan.Action(step, action)
	if err != nil {
		return nil, err
	}
	values := fields{}
	starts := fieldStart.FindAllStringSubmatchIndex(l.fields, -1)
	for i, at := range starts {
		end := len(l.fields)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		f, ok := def.Field(l.fields[at[2]:at[3]])
		if !ok {
			return nil, fmt.Errorf("no field %s", l.fields[at[2]:at[3]])
		}
		if values[f.ID], err = s.value(f, l.fields[at[1]:end]); err != nil {
			return nil, err
		}
	}
	if _, ok := values["escrow"]; ok && strings.Contains(l.fields, "escrow=terms") {
		values["escrow"], err = s.escrow(l, values)
	}
	return values, err
}

func (s *stage) value(f deal.Field, word string) (deal.Value, error) {
	text := word
	switch f.Kind {
	case deal.KindAmount:
		text = strings.NewReplacer(",", "", ".", "").Replace(word)
	case deal.KindTime:
		text = s.time(word).Format(time.RFC3339)
	case deal.KindCommitment, deal.KindSealed:
		text = s.name(word).String()
		switch f.ID + "=" + word {
		case "plan=standard":
			text = s.opening.PlanHash.String()
		case "pack=standard":
			text = s.packs[0].Digest().String()
		case "pack=second":
			text = s.packs[1].Digest().String()
		}
	case deal.KindAct:
		text = s.taken[word].String()
	case deal.KindSignature:
		text = "0x01"
	case deal.KindKey:
		sum := sha256.Sum256([]byte(word))
		text = "age1" + hex.EncodeToString(sum[:])
		sum = sha256.Sum256([]byte(text)) // as rules show keys
		s.names[hex.EncodeToString(sum[:4])] = word
	}
	return deal.NewValue(f.Kind, text)
}

// needWords says what would lift a refusal.
func needWords(n deal.Need) string {
	until := n.Until.UTC().Format(time.RFC3339)
	if n.Kind == deal.NeedWait {
		return "to wait until " + until
	}
	return fmt.Sprintf("to be lifted by %s of %d at %s until %s", n.Act, n.Persons, n.Party, until)
}

// name returns the commitment behind a word and remembers it for what is told.
func (s *stage) name(word string) (c deal.Commitment) {
	c = hashOf(word)
	s.names[c.Short()] = word
	return c
}

// time reads "+30d", "-1h" or a date.
func (s *stage) time(word string) time.Time {
	m := relative.FindStringSubmatch(word)
	if m == nil {
		t, err := time.Parse(time.DateOnly, word)
		if err != nil {
			s.t.Error(err)
		}
		return t
	}
	d, err := time.ParseDuration(m[1] + m[2] + "h")
	if err != nil {
		s.t.Error(err)
	}
	if m[3] == "d" {
		d *= 24
	}
	return s.env.Now().UTC().Add(d)
}

// escrow returns the id of the terms that a proposal makes or an acceptance takes.
func (s *stage) escrow(l line, values fields) (deal.Value, error) {
	sale := s.board("deal")
	terms, err := sale.EscrowTerms(values)
	if l.act == "terms.accept" {
		if terms, err = sale.SignedTerms(); deal.KindOf(err) == deal.Conflict {
			return deal.Digest(hashOf("terms")), nil // nothing is proposed yet
		}
	}
	if err != nil {
		return deal.Value{}, err
	}
	id := hashOf(terms.TypedData(s.opening.Market))
	s.names[id.Short()] = "terms"
	return deal.Digest(id), nil
}

// plain makes a figure or an error stable and readable: names for commitments
// and keys, times from now, amounts with their cents.
func (s *stage) plain(text string) string {
	text = moment.ReplaceAllStringFunc(text, func(at string) string {
		t, err := time.Parse(time.RFC3339Nano, at)
		if err != nil {
			s.t.Error(err)
		}
		return ago(t.Sub(s.env.Now()))
	})
	known := func(short, or string) string {
		if word, ok := s.names[short]; ok {
			return word
		}
		return or
	}
	text = digest.ReplaceAllStringFunc(text, func(c string) string { return known(c[:10], "<digest>") })
	text = shortKey.ReplaceAllStringFunc(text, func(k string) string { return known(k, k) })
	text = strings.ReplaceAll(text, string(s.opening.ID), "the deal")
	return minor.ReplaceAllStringFunc(text, func(amount string) string {
		m := minor.FindStringSubmatch(amount)
		whole := m[1]
		for thousands.MatchString(whole) {
			next := thousands.ReplaceAllString(whole, "$1,$2")
			if next == whole {
				break
			}
			whole = next
		}
		return whole + "." + m[2] + " " + m[3]
	})
}

// ago writes a span as the lines do; "now" is within the minute.
func ago(d time.Duration) string {
	d = d.Round(time.Minute)
	sign := "+"
	if d < 0 {
		sign, d = "-", -d
	}
	switch {
	case d == 0:
		return "now"
	case d%(24*time.Hour) == 0:
		return fmt.Sprintf("%s%dd", sign, d/(24*time.Hour))
	case d >= 24*time.Hour:
		return fmt.Sprintf("%s%dd%s", sign, d/(24*time.Hour), strings.TrimSuffix((d%(24*time.Hour)).String(), "0s"))
	}
	return sign + strings.TrimSuffix(d.String(), "0s")
}
