package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"cession/deal"
)

// actHelp writes the plan as help: every step, its actions, their fields.
func actHelp(plan deal.Plan) string {
	var b strings.Builder
	b.WriteString(`Take an action in a deal: your node completes it, checks what it commits you
to, has your wallet sign it and hands it in. If policy refuses, the exit code is
3 and the rules, the figures and what would help are printed.

Amounts have two decimals ("212500.00 EUR"). Times are RFC 3339, or +72h, +30d
from now. @FILE and @- (standard input) give a text without it being seen in the
process list; for a commitment they give the SHA-256 of what is read. Fields in
brackets may be left out; those the node fills in itself are not listed.

The steps of the ` + plan.Name + ` plan:
`)
	for _, s := range plan.Steps {
		scope := ""
		if s.Scope == deal.PerBidder {
			scope = " (--room BIDDER)"
		}
		fmt.Fprintf(&b, "\n  %s%s\n", s.ID, scope)
		for _, action := range s.Actions {
			fmt.Fprintf(&b, "    %-12s %s, by the %s\n", action.ID, action.Title, roleWords(action.By))
			for _, f := range action.Fields {
				if !filledIn(s.ID+"."+action.ID, f) {
					fmt.Fprintf(&b, "      %s\n", fieldHelp(f))
				}
			}
		}
	}
	return strings.TrimRight(b.String(), "\n")
}

func roleWords(by []deal.Role) string {
	words := make([]string, len(by))
	for i, r := range by {
		words[i] = string(r)
	}
	return strings.Join(words, " or the ")
}

func fieldHelp(f deal.Field) string {
	kind := string(f.Kind)
	if f.Kind == deal.KindChoice {
		kind = "one of " + strings.Join(f.Choices, ", ")
		if len(f.Choices) > 8 {
			kind = "one of " + strings.Join(f.Choices[:5], ", ") + ", …"
		}
	}
	if f.Kind == deal.KindSealed {
		kind = "text"
	}
	name := f.ID
	if f.Optional {
		name = "[" + f.ID + "]"
	}
	return fmt.Sprintf("%s: %s (%s)", name, f.Title, kind)
}

// byNode are the fields a node fills in itself, by act; signatures it always does.
var byNode = map[string][]string{
	"draft.open":           {"plan", "pack"},
	"documents.notarize":   {"root", "count", "tape_rows", "tape_missing", "tape_root"},
	"mint.mint":            {"title_salt"},
	"supplements.notarize": {"root", "count", "tape_rows", "tape_missing", "tape_root"},
	"supplements.append":   {"root", "count"},
	"nda.countersign":      {"text", "until"},
	"questions.ask":        {"thread"},
	"questions.answer":     {"thread"},
	"perimeter.propose":    {"root", "count", "rows_root", "rows", "delta", "price"},
	"perimeter.agree":      {"root", "count", "face", "rows_root", "rows", "delta", "price"},
	"selection.select":     {"offer", "price"},
	"terms.propose":        {"escrow"},
	"terms.accept":         {"escrow"},
	"escrow.deposit":       {"permit_until"},
	"escrow.fund":          {"permit_until"},
	"handover.request":     {"key"},
	"handover.release":     {"key", "root", "until"},
	"handover.receipt":     {"root", "count", "log"},
	"archive.archive":      {"record"},
	"rules.adopt":          {"number"},
	"room_rules.adopt":     {"number"},
}

func filledIn(act string, f deal.Field) bool {
	return f.Kind == deal.KindSignature || slices.Contains(byNode[act], f.ID)
}

// exampleOf writes a value of the field's kind, for a command to be filled in.
func exampleOf(f deal.Field) string {
	switch f.Kind {
	case deal.KindAmount:
		return "0.00 EUR"
	case deal.KindTime:
		return "+72h"
	case deal.KindSealed:
		return "@-"
	case deal.KindCommitment:
		if f.ID == "pack" {
			return "DIGEST"
		}
		return "@FILE"
	case deal.KindChoice:
		return f.Choices[0]
	case deal.KindCount:
		return "1"
	case deal.KindParty:
		return "PARTY"
	}
	return "0x…"
}

// completeAct offers deals, then the plan's steps, then the step's actions.
func (a *app) completeAct(c *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	plan := deal.Standard()
	var words []string
	switch len(args) {
	case 0:
		return a.completeDeals(c, args, word)
	case 1:
		for _, s := range plan.Steps {
			words = append(words, s.ID+"\t"+s.Title)
		}
	case 2:
		step, _ := plan.Step(args[1])
		for _, action := range step.Actions {
			words = append(words, action.ID+"\t"+action.Title)
		}
	}
	return words, cobra.ShellCompDirectiveNoFileComp
}

// completeFields offers the fields of the action that was typed.
func completeFields(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) < 3 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	_, action, err := deal.Standard().Action(args[1], args[2])
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var words []string
	for _, f := range action.Fields {
		if !filledIn(args[1]+"."+args[2], f) {
			words = append(words, f.ID+"=\t"+f.Title)
		}
	}
	return words, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}
