package cases

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cession/deal"
)

// write returns a case as YAML that [Read] takes.
func (c Case) write(b *strings.Builder) {
	fmt.Fprintf(b, "- name: %s\n", quoted(c.Name))
	if c.Why != "" {
		fmt.Fprintf(b, "  why: %s\n", quoted(c.Why))
	}
	b.WriteString("  document:\n")
	writer{b}.entries(root(c.Document), c.Document, "    ")
	c.Expect.write(b)
}

func (x Expectation) write(b *strings.Builder) {
	b.WriteString("  expect:\n")
	fmt.Fprintf(b, "    allow: %s\n", truthWord(x.Allow))
	if len(x.Rules) > 0 {
		b.WriteString("    rules:\n")
		for _, id := range sortedKeys(x.Rules) {
			fmt.Fprintf(b, "      %s: %s\n", id, x.Rules[id])
		}
	}
	if x.Obligations != nil {
		fmt.Fprintf(b, "    obligations: [%s]\n", strings.Join(x.Obligations, ", "))
	}
}

func truthWord(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// writer puts a document into the words that are read again.
type writer struct{ b *strings.Builder }

// entries writes one name a line; the act comes first.
func (w writer) entries(s spot, o object, indent string) {
	keys := sortedKeys(o)
	if i := slices.Index(keys, "act"); i > 0 {
		keys = slices.Concat([]string{"act"}, keys[:i], keys[i+1:])
	}
	for _, key := range keys {
		below, err := s.member(key)
		if err != nil { // nothing a pack evaluates has a member no schema knows
			continue
		}
		w.b.WriteString(indent + quoted(key) + ":")
		w.value(below, o[key], indent)
	}
}

func (w writer) value(s spot, v any, indent string) {
	switch v := v.(type) {
	case object:
		w.object(s, v, indent)
	case []any:
		w.list(s, v, indent)
	default:
		w.b.WriteString(" " + s.write(v) + "\n")
	}
}

func (w writer) object(s spot, o object, indent string) {
	switch {
	case s.form == amount:
		w.b.WriteString(" " + writeAmount(o) + "\n")
	case s.form == field:
		w.b.WriteString(" " + s.writeField(o) + "\n")
	case len(o) == 0:
		w.b.WriteString(" {}\n")
	default:
		w.b.WriteString("\n")
		w.entries(s, o, indent+"  ")
	}
}

func (w writer) list(s spot, all []any, indent string) {
	if len(all) == 0 || s.below.form == text {
		texts := make([]string, len(all))
		for i, v := range all {
			texts[i] = s.write(v)
		}
		w.b.WriteString(" [" + strings.Join(texts, ", ") + "]\n")
		return
	}
	w.b.WriteString("\n")
	for _, v := range all {
		var item strings.Builder
		writer{&item}.value(spot{shape: s.below, act: s.act}, v, indent+"  ")
		w.b.WriteString(indent + "  - " + strings.TrimLeft(item.String(), " \n"))
	}
}

func writeAmount(o object) string {
	minor, _ := integer(o["minor"])
	currency, _ := o["currency"].(string)
	if currency == "" {
		return "none"
	}
	return sum(minor) + " " + currency
}

func (s spot) writeField(f object) string {
	kind, _ := f["kind"].(string)
	value, ok := writeField(f)
	if !ok {
		value, _ = f["value"].(string)
	}
	if string(planned(s.act, s.id)) == kind {
		return quoted(value)
	}
	return "{kind: " + quoted(kind) + ", value: " + quoted(value) + "}"
}

// write is the text of a place with nothing below it.
func (s spot) write(v any) string {
	switch v := v.(type) {
	case bool:
		return truthWord(v)
	case json.Number:
		n, _ := integer(v)
		switch s.form {
		case moment:
			return writeMoment(n)
		case units:
			return sum(n)
		}
		return v.String()
	case string:
		return quoted(v)
	}
	return `""`
}

var plainText = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.+:/-]*( [A-Za-z0-9_.,+/-]+)*$`)

// quoted writes a text so that YAML reads it back.
func quoted(s string) string {
	if plainText.MatchString(s) && !strings.HasSuffix(s, ":") && !strings.EqualFold(s, "null") {
		return s
	}
	return strconv.Quote(s)
}

// bodyOf parses a document as it was evaluated, with exact numbers.
func bodyOf(document []byte) (object, error) {
	d := json.NewDecoder(strings.NewReader(string(document)))
	d.UseNumber()
	var doc object
	if err := d.Decode(&doc); err != nil {
		return nil, deal.Errorf(deal.Invalid, "read document: %w", err)
	}
	return doc, nil
}
