package records

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// lever is one thing about a document that could be otherwise: a figure, or
// one of several words.
type lever struct {
	means    Means
	path     path
	what     string // in words
	unit     Unit   // of a figure
	currency string
	have     int64 // the figure now
	missing  bool  // there is none now
	least    int64
	most     int64
	set      func(t tree, n int64)
	words    []string // that could stand there instead
	say      func(t tree, word string)
	twins    []path // amounts that are the same
}

// finder walks a document and collects its levers.
type finder struct {
	document tree
	reads    []string // by the rule
	data     tree
	now      int64 // seconds
	found    []lever
}

func levers(document, data tree, reads []string) []lever {
	now, _ := whole(document["now"])
	f := &finder{document: document, reads: reads, data: data, now: seconds(now)}
	f.walk(nil, document)
	f.parties()
	f.room()
	return f.found
}

// seconds rounds milliseconds down.
func seconds(ms int64) int64 {
	s := ms / 1000
	if ms%1000 < 0 {
		s--
	}
	return s
}

func (f *finder) add(l lever) {
	if l.path.touches(f.reads) {
		f.found = append(f.found, l)
	}
}

// walk finds amounts, fields, and the clock.
func (f *finder) walk(at path, t tree) {
	for _, name := range slices.Sorted(maps.Keys(t)) {
		p := at.to(name)
		switch v := t[name].(type) {
		case tree:
			switch {
			case v["kind"] != nil && v["value"] != nil:
				f.field(p, v)
			case v["minor"] != nil && v["currency"] != nil:
				f.amount(p, v)
			case name != "parties":
				f.walk(p, v)
			}
		default:
			f.plain(p, v)
		}
	}
}

// plain is a figure of its own.
func (f *finder) plain(p path, v any) {
	n, ok := whole(v)
	if !ok {
		return
	}
	switch p.String() {
	case "now":
		f.time(lever{means: ByWaiting, path: p, what: "now", have: f.now, least: f.now + 1, most: f.now + maxSeconds})
	case "act.deadline":
		f.time(lever{means: ByAct, path: p, what: "deadline of the signature", have: seconds(n)})
	case "due":
		f.time(lever{means: ByFacts, path: p, what: "date by which the step is due", have: seconds(n)})
	case "exposure.counterparty", "exposure.day":
		what := map[string]string{"counterparty": "what the two have agreed besides", "day": "what was agreed today besides"}[p.last()]
		f.add(lever{means: ByFacts, path: p, what: what, unit: Minor, currency: text(f.document["currency"]), have: n, most: maxMinor, set: p.number})
	case "wanted.number":
		f.add(lever{means: ByFacts, path: p, what: "number of the wanted rules", unit: Count, have: n, most: maxCount, set: p.number})
	case "room.perimeterCount":
		f.add(lever{means: ByFacts, path: p, what: "documents that remain in the sale", unit: Count, have: n, most: maxCount, set: p.number})
	}
}

// time completes a lever on a time in milliseconds, which is moved by seconds.
func (f *finder) time(l lever) {
	if l.most == 0 {
		l.least, l.most = max(0, f.now-maxSeconds), f.now+maxSeconds
	}
	p := l.path
	l.unit = Seconds
	if l.set == nil {
		l.set = func(t tree, n int64) { p.put(t, n*1000) }
	}
	f.add(l)
}

func (p path) number(t tree, n int64) { p.put(t, n) }

// amount finds where the deal stands in money. Its currency is no lever: only
// that of an act could have been another.
func (f *finder) amount(p path, v tree) {
	what := map[string]string{
		"price": "agreed price", "face": "face amount", "room.price": "the bidder's last offer", "room.perimeterFace": "face amount that remains in the sale",
	}[p.String()]
	minor, ok := whole(v["minor"])
	if what == "" || !ok {
		return
	}
	f.add(lever{
		means: ByFacts, path: p, what: what, unit: Minor, currency: text(v["currency"]), have: minor, most: maxMinor,
		set: p.to("minor").number, twins: f.same(p, minor, text(v["currency"])),
	})
}

// field finds what an act carries: this one, or one on record.
func (f *finder) field(p path, v tree) {
	l := lever{means: ByAct, path: p, what: readableName(p.last())}
	if p[0] == "taken" {
		l.means = ByRecord
		l.what += " of " + p[1]
	}
	switch text(v["kind"]) {
	case "amount":
		l.unit, l.currency, l.most = Minor, text(v["currency"]), maxMinor
		l.have, _ = whole(v["minor"])
		l.set = func(t tree, n int64) { setAmount(p, t, n, l.currency) }
		l.twins = f.same(p, l.have, l.currency)
		f.currency(p, l.have, l.currency)
		f.add(l)
	case "time":
		ms, _ := whole(v["ms"])
		l.unit, l.have, l.least, l.most = Seconds, seconds(ms), max(0, f.now-maxSeconds), f.now+maxSeconds
		l.set = func(t tree, n int64) {
			p.to("ms").put(t, n*1000)
			p.to("value").put(t, time.Unix(n, 0).UTC().Format(time.RFC3339))
		}
		f.add(l)
	case "count":
		l.unit, l.most = Count, maxCount
		l.have, _ = whole(v["count"])
		l.set = func(t tree, n int64) {
			p.to("count").put(t, n)
			p.to("value").put(t, group0(n))
		}
		f.add(l)
	default:
		l.words = f.values(text(v["kind"]), text(v["value"]))
		l.say = func(t tree, word string) { p.to("value").put(t, word) }
		f.add(l)
	}
}

func setAmount(p path, t tree, n int64, currency string) {
	p.to("minor").put(t, n)
	p.to("currency").put(t, currency)
	if p.to("value").at(t) != nil {
		p.to("value").put(t, group0(n)+" "+currency)
	}
}

// currency finds that an act's amount could be in the market's currency.
func (f *finder) currency(p path, minor int64, currency string) {
	if market := text(f.document["currency"]); market != currency && p[0] == "act" {
		f.add(lever{
			means: ByAct, path: p.to("currency"), what: "currency of " + readableName(p.last()), words: []string{market},
			say: func(t tree, word string) { setAmount(p, t, minor, word) },
		})
	}
}

// same finds other amounts that are equal, which usually have to stay so.
func (f *finder) same(self path, minor int64, currency string) (twins []path) {
	var look func(at path, t tree)
	look = func(at path, t tree) {
		for _, name := range slices.Sorted(maps.Keys(t)) {
			v, ok := t[name].(tree)
			if !ok {
				continue
			}
			p := at.to(name)
			if n, ok := whole(v["minor"]); ok && n == minor && text(v["currency"]) == currency && p.String() != self.String() {
				twins = append(twins, p)
			}
			look(p, v)
		}
	}
	look(nil, f.document)
	return twins
}

// values are the others of a kind that the document shows: what was agreed, or
// is on file.
func (f *finder) values(kind, have string) []string {
	all := map[string]bool{}
	var look func(t tree)
	look = func(t tree) {
		if text(t["kind"]) == kind && text(t["value"]) != "" {
			all[text(t["value"])] = true
		}
		for _, v := range t {
			switch v := v.(type) {
			case tree:
				look(v)
			case string:
				if shaped(kind, v) {
					all[v] = true
				}
			case []any:
				for _, item := range v {
					if s := text(item); shaped(kind, s) {
						all[s] = true
					}
				}
			}
		}
	}
	look(f.document)
	delete(all, have)
	return slices.Sorted(maps.Keys(all))
}

// shaped reports whether a text could be a value of the kind.
func shaped(kind, s string) bool {
	switch kind {
	case "commitment", "act", "sealed":
		return len(s) == 66 && strings.HasPrefix(s, "0x")
	case "party", "choice":
		return len(s) > 1 && len(s) <= 32 && !strings.ContainsAny(s, " .:")
	}
	return false
}

// readableName writes a field's identifier as words.
func readableName(id string) string { return strings.ReplaceAll(id, "_", " ") }
