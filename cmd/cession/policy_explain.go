package main

import (
	"context"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"cession/deal"
	"cession/desk"
	"cession/policies"
	"cession/policies/cases"
	"cession/policies/records"
)

// explained is a decision with all that is needed to answer for it.
type explained struct {
	records.Record
	pack *policies.Pack
}

func (a *app) policyExplain() *cobra.Command {
	return &cobra.Command{
		Use: "explain DEAL ACT | PACK CASE", Short: "Explain why an act was allowed or refused, and what would have been allowed", Args: cobra.ExactArgs(2), ValidArgsFunction: a.completeDeals,
		Long: `Explain the decision on record for an act, or on a case of a pack: each rule that
did not pass, with its citation, what was found and what was wanted, and what
would have passed. That is found by deciding again, so it is true. ACT is its id,
or as much of its beginning as tells it apart, as deal history shows it.`,
		RunE: func(c *cobra.Command, args []string) error {
			e, err := a.decided(c.Context(), args[0], args[1])
			if err != nil {
				return err
			}
			return a.explainDecision(c.Context(), e)
		},
	}
}

func (a *app) explainDecision(ctx context.Context, e explained) error {
	var found []records.Suggestion
	if e.pack != nil && len(e.Document) > 0 {
		var err error
		if found, err = records.Suggest(ctx, e.pack, e.Document); err != nil {
			return err
		}
	}
	if a.json {
		return printJSON(a.out, struct {
			deal.Decision
			Suggestions []records.Suggestion `json:"suggestions,omitempty"`
		}{e.Decision, found})
	}
	var rules []policies.Rule
	if e.pack != nil {
		rules = e.pack.Rules()
	}
	_, err := fmt.Fprint(a.out, records.Explain(e.Record, rules, found))
	return err
}

func idsOf(rules []deal.RuleResult) (ids []string) {
	for _, r := range rules {
		ids = append(ids, r.ID)
	}
	return ids
}

// decided finds the decision on an act of a deal, or on a case of a pack.
func (a *app) decided(ctx context.Context, where, what string) (explained, error) {
	if deal.ID(where).Check() == nil {
		return a.recorded(ctx, deal.ID(where), what)
	}
	p, fsys, err := a.openPack(ctx, where)
	if err != nil {
		return explained{}, err
	}
	all, err := cases.Read(fsys)
	if err != nil {
		return explained{}, err
	}
	i := slices.IndexFunc(all, func(c cases.Case) bool { return c.Name == what })
	if i < 0 {
		return explained{}, deal.Errorf(deal.NotFound, "%s has no case %.80q", where, what)
	}
	if p, err = all[i].Pack(p); err != nil {
		return explained{}, err
	}
	document, err := all[i].Bytes(p.Digest())
	if err != nil {
		return explained{}, err
	}
	d, err := p.Again(ctx, document)
	return explained{records.Record{Name: all[i].Act(), At: d.At, Act: d.Act, Decision: d, Document: document}, p}, err
}

// recorded finds the decision on an act of a deal at the desk, and the pack that
// made it, if the desk still has it.
func (a *app) recorded(ctx context.Context, id deal.ID, act string) (explained, error) {
	list, err := a.dealDecisions(ctx, id)
	if err != nil {
		return explained{}, err
	}
	list = slices.DeleteFunc(list, func(r records.Record) bool { return !strings.HasPrefix(r.Act.String(), strings.ToLower(act)) })
	switch len(list) {
	case 0:
		return explained{}, deal.Errorf(deal.NotFound, "no decision on an act %s in that deal: see cession deal history", act)
	case 1:
		p, fsys, err := a.openPack(ctx, list[0].Decision.Pack.String())
		if err != nil && deal.KindOf(err) != deal.NotFound {
			return explained{}, err
		}
		if p != nil {
			p, err = withEditions(p, fsys, list[0].Decision)
		}
		return explained{list[0], p}, err
	}
	return explained{}, deal.Errorf(deal.Conflict, "%d acts begin with %s: give more of the id", len(list), act)
}

// withEditions takes the live lists of a pack as of when those were that a
// decision used. Their content matters for screening only, which stands as it
// was recorded.
func withEditions(p *policies.Pack, fsys fs.FS, d deal.Decision) (*policies.Pack, error) {
	for _, l := range p.Lists() {
		i := slices.IndexFunc(d.Lists, func(used deal.ListUsed) bool { return used.Name == l.Name })
		if i < 0 || !l.Live {
			continue
		}
		content, err := fs.ReadFile(fsys, l.File)
		if err != nil {
			return nil, err
		}
		if p, err = p.WithList(l.Name, content, d.Lists[i].AsOf); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// dealDecisions reads all decisions in a deal that the caller may see.
func (a *app) dealDecisions(ctx context.Context, id deal.ID) (list []records.Record, err error) {
	client, err := a.desk()
	if err != nil {
		return nil, err
	}
	for after := ""; ; {
		page, err := client.DealDecisions(ctx, id, after)
		if err != nil {
			return nil, err
		}
		for _, e := range page.Decisions {
			list = append(list, recordOf(e))
		}
		if page.Next == "" || page.Next == after {
			return list, nil
		}
		after = page.Next
	}
}

func recordOf(e desk.DecisionEntry) records.Record {
	return records.Record{
		Chain: e.Chain, Seq: e.Seq, Hash: e.Hash, At: e.At, Side: records.Market, Room: e.Room, Act: e.Act, Name: e.Name,
		Decision: e.Decision, Document: e.Document,
	}
}

// allDecisions are the records of the desk, a page at a time; of one chain, or
// of all.
func (a *app) allDecisions(ctx context.Context, chain string) (iter.Seq2[[]byte, error], error) {
	client, err := a.desk()
	if err != nil {
		return nil, err
	}
	return func(yield func([]byte, error) bool) {
		for cursor := ""; ; {
			page, err := client.Decisions(ctx, desk.DecisionFilter{Chain: chain, Cursor: cursor, Limit: 1000})
			if err != nil {
				yield(nil, err)
				return
			}
			for _, e := range page.Decisions {
				if !yield(e.Record, nil) {
					return
				}
			}
			if page.Next == "" {
				return
			}
			cursor = page.Next
		}
	}, nil
}

func (a *app) policyCapture() *cobra.Command {
	var name, why string
	c := &cobra.Command{
		Use: "capture DEAL STEP[.ACTION]", Short: "Make a case of a real decision: YAML for a pack's cases folder", Args: cobra.ExactArgs(2), ValidArgsFunction: a.completeDeals,
		Long: `Make a case of the newest decision on a step, or on one of its actions: YAML to be
put into a pack's cases folder. It holds no names, like the record it is made of.`,
		Example: "  cession policy capture DEAL terms.propose >> house/cases/real.yaml",
		RunE: func(c *cobra.Command, args []string) error {
			list, err := a.dealDecisions(c.Context(), deal.ID(args[0]))
			if err != nil {
				return err
			}
			for _, r := range slices.Backward(list) {
				if (r.Name == args[1] || strings.HasPrefix(r.Name, args[1]+".")) && len(r.Document) > 0 {
					return a.capture(r, name, why)
				}
			}
			return deal.Errorf(deal.NotFound, "no decision on %s in that deal whose document you may see: see cession deal history", args[1])
		},
	}
	c.Flags().StringVar(&name, "name", "", "name of the case (default: act and deal)")
	c.Flags().StringVar(&why, "why", "", "what it shows")
	return c
}

func (a *app) capture(r records.Record, name, why string) error {
	if name == "" {
		name = fmt.Sprintf("%s in %s", r.Name, r.Chain)
	}
	text, err := cases.Capture(name, why, r.Document, r.Decision)
	if err != nil {
		return err
	}
	return a.show(map[string]string{"name": name, "case": string(text)}, string(text))
}
