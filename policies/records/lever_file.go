package records

import (
	"maps"
	"slices"
	"strconv"

	"cession/policies"
)

// group0 writes a number as documents do.
func group0(n int64) string { return strconv.FormatInt(n, 10) }

// parties finds what is known of who deals. What is not known is a lever, too:
// a rule that could not be evaluated may pass once it is. A party that plays two
// parts is looked at once, and changes in both.
func (f *finder) parties() {
	parties, _ := f.document["parties"].(tree)
	seen := map[string]bool{}
	for _, part := range slices.Sorted(maps.Keys(parties)) {
		p := path{"parties", part}
		party, _ := parties[part].(tree)
		if id := text(party["id"]); p.touches(f.reads) && !seen[id] {
			seen[id] = true
			f.party(p, party)
		}
	}
}

// enter changes what is known of a party, wherever it stands.
func enter(t tree, id, member string, v any) {
	parties, _ := t["parties"].(tree)
	for _, part := range parties {
		if party, ok := part.(tree); ok && text(party["id"]) == id {
			party[member] = cloneValue(v)
		}
	}
}

func (f *finder) party(p path, party tree) {
	id, of := text(party["id"]), " of the "+p.last()
	if p.last() == "acting" {
		of = " of who acts"
	}
	for _, m := range []struct{ name, what string }{
		{"kycUntil", "end of the identification"}, {"kycSince", "day of the identification"}, {"licenseUntil", "end of the license"},
	} {
		ms, known := whole(party[m.name])
		l := lever{means: ByFile, path: p.to(m.name), what: m.what + of, have: f.now, missing: !known}
		if known {
			l.have = seconds(ms)
		}
		l.set = func(t tree, n int64) { enter(t, id, m.name, n*1000) }
		f.time(l)
	}
	for _, m := range []struct {
		name, what string
		words      []string
	}{
		{"jurisdiction", "country", f.keys("jurisdictions")}, {"kind", "kind", f.keys("licenses")},
		{"kycClass", "class of identification", f.keys("kyc")}, {"license", "license", f.keys("licenses", text(party["kind"]))},
		{"group", "group of companies", []string{"another"}},
	} {
		words := slices.DeleteFunc(m.words, func(w string) bool { return w == text(party[m.name]) || w == "none" && m.name == "license" })
		say := func(t tree, word string) { enter(t, id, m.name, word) }
		f.add(lever{means: ByFile, path: p.to(m.name), what: m.what + of, words: words, say: say})
	}
	f.screening(p.to("screening"), id, of)
}

// screening finds how closely a name may resemble a listed one.
func (f *finder) screening(p path, id, of string) {
	f.add(lever{
		means: ByFile, path: p, what: "screening" + of, words: []string{"no match"},
		say: func(t tree, _ string) {
			enter(t, id, "screening", tree{"entry": int64(0), "score": int64(0), "match": string(policies.MatchNone)})
		},
	})
	if score, ok := whole(p.to("score").at(f.document)); ok {
		f.add(lever{
			means: ByFile, path: p.to("score"), what: "resemblance, of 100, of the name" + of, unit: Count, have: score, most: 100,
			set: func(t tree, n int64) {
				found := clone(p.at(t).(tree))
				found["score"] = n
				enter(t, id, "screening", found)
			},
		})
	}
}

// keys are the keys of a list, which are the words it knows.
func (f *finder) keys(list ...string) []string {
	t, _ := path(list).at(f.data).(tree)
	return slices.Sorted(maps.Keys(t))
}

// room finds where the talks with a bidder stand, and the part that is played.
func (f *finder) room() {
	for _, m := range []struct {
		at   path
		what string
	}{
		{path{"room", "confirmed"}, "the offer is the bidder's last word"}, {path{"room", "cleared"}, "the bidder is cleared"},
		{path{"room", "nda"}, "the agreement on confidentiality is signed by both"}, {path{"wanted", "active"}, "the wanted rules are in force"},
	} {
		if have, ok := m.at.at(f.document).(bool); ok {
			words := map[bool]string{true: "no", false: "yes"}
			f.add(lever{means: ByFacts, path: m.at, what: m.what, words: []string{words[have]}, say: func(t tree, word string) { m.at.put(t, word == "yes") }})
		}
	}
	if ms, known := whole(path{"room", "until"}.at(f.document)); known {
		f.time(lever{means: ByFacts, path: path{"room", "until"}, what: "end of the bidder's offer", have: seconds(ms)})
	}
	role := path{"role"}
	parts := slices.DeleteFunc([]string{"seller", "bidder", "buyer"}, func(s string) bool { return s == text(f.document["role"]) })
	f.add(lever{means: ByAct, path: role, what: "part of who acts", words: parts, say: func(t tree, word string) { role.put(t, word) }})
}
