package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cession/deal"
	"cession/demo"
	"cession/policies"
)

func (a *app) policyWhy() *cobra.Command {
	return &cobra.Command{
		Use: "why DEAL ACT RULE | PACK CASE RULE", Short: "Show one rule of a decision in full: who owns it, what it read, how it is written", Args: cobra.ExactArgs(3), ValidArgsFunction: a.completeDeals,
		RunE: func(c *cobra.Command, args []string) error {
			e, err := a.decided(c.Context(), args[0], args[1])
			if err != nil {
				return err
			}
			return a.why(e, args[2])
		},
	}
}

// ruleInFull is all there is to say about one rule of a decision.
type ruleInFull struct {
	Result deal.RuleResult   `json:"result"`
	Rule   policies.Rule     `json:"rule"`
	File   string            `json:"file"`
	Row    int               `json:"row"`
	Text   string            `json:"text"`
	Input  map[string]string `json:"input"` // what it read of the act and the deal
	Data   []string          `json:"data"`  // which lists
}

func (a *app) why(e explained, rule string) error {
	i := slices.IndexFunc(e.Decision.Rules, func(r deal.RuleResult) bool { return r.ID == rule })
	if i < 0 {
		return deal.Errorf(deal.NotFound, "the decision has no rule %.60q: it has %s", rule, strings.Join(idsOf(e.Decision.Rules), ", "))
	}
	full := ruleInFull{Result: e.Decision.Rules[i], Input: map[string]string{}}
	if e.pack == nil {
		return deal.Errorf(deal.NotFound, "the pack %s that decided is not at hand: the desk has it", e.Decision.Pack.Short())
	}
	for _, r := range e.pack.Rules() {
		if r.ID == rule {
			full.Rule = r
		}
	}
	full.File, full.Row, full.Text = e.pack.Source(rule)
	paths, data := e.pack.Reads(rule)
	full.Data = data
	for _, path := range paths {
		if v, ok := member(e.Document, path); ok {
			full.Input[path] = v
		}
	}
	if a.json {
		return printJSON(a.out, full)
	}
	return a.showRule(full)
}

func (a *app) showRule(f ruleInFull) error {
	fmt.Fprintf(a.out, "%s: %s\n", f.Result.ID, f.Rule.Title)
	fmt.Fprintf(a.out, "  answer    %s\n", strings.ReplaceAll(string(f.Result.State), "_", " "))
	fmt.Fprintf(a.out, "  found     %s\n  wanted    %s\n", orDash(policies.Readable(f.Result.Actual)), orDash(policies.Readable(f.Result.Threshold)))
	fmt.Fprintf(a.out, "  owner     %s\n  citation  %s\n", f.Rule.Owner, f.Rule.Citation)
	fmt.Fprintf(a.out, "  lists     %s\n", orDash(strings.Join(f.Data, ", ")))
	fmt.Fprintln(a.out, "  read")
	for _, path := range slices.Sorted(maps.Keys(f.Input)) {
		fmt.Fprintf(a.out, "    %-32s %s\n", path, cut(f.Input[path], 80))
	}
	fmt.Fprintf(a.out, "  written in %s, line %d\n", f.File, f.Row)
	for line := range strings.Lines(f.Text) {
		fmt.Fprint(a.out, "    "+line)
	}
	fmt.Fprintln(a.out)
	return nil
}

// member reads a path such as "act.fields.price.minor" in a document.
func member(document json.RawMessage, path string) (string, bool) {
	var whole map[string]any
	d := json.NewDecoder(bytes.NewReader(document))
	d.UseNumber()
	if d.Decode(&whole) != nil {
		return "", false
	}
	node := any(whole)
	for part := range strings.SplitSeq(path, ".") {
		below, ok := node.(map[string]any)
		if !ok {
			return "", false
		}
		if node, ok = below[part]; !ok {
			return "", false
		}
	}
	currency, _ := whole["currency"].(string)
	return readWords(path, node, currency)
}

// instants are the members of a document that are times, in milliseconds.
var instants = []string{"now", "opened", "due", "deadline", "at", "until", "ms", "kycUntil", "kycSince", "licenseUntil"}

// readWords writes what a rule read for people: amounts and times in words, the
// rest as the document has it. What the parties have open is in the currency of
// the deal.
func readWords(path string, node any, currency string) (string, bool) {
	where, last := path[:max(0, strings.LastIndexByte(path, '.'))], path[strings.LastIndexByte(path, '.')+1:]
	switch v := node.(type) {
	case string:
		return v, true
	case json.Number:
		n, err := v.Int64()
		switch {
		case err != nil:
			return v.String(), true
		case where == "exposure":
			return demo.Money(deal.Amount{Minor: n, Currency: currency}), true
		case slices.Contains(instants, last):
			return moment(time.UnixMilli(n)) + " UTC", true
		}
		return v.String(), true
	case map[string]any:
		minor, amount := v["minor"].(json.Number)
		if in, _ := v["currency"].(string); amount && in != "" {
			n, err := minor.Int64()
			return demo.Money(deal.Amount{Minor: n, Currency: in}), err == nil
		} else if amount {
			return "none", true
		}
	}
	b, err := json.Marshal(node)
	return string(b), err == nil
}
