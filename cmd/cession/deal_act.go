package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cession/deal"
	"cession/node"
	"cession/policies"
)

// actFlags is an act as it stands on a command line.
type actFlags struct {
	room, signer, key string
	fields            []string
	documents         []uint
	rows              rowFlags
}

func (a *app) dealAct() *cobra.Command {
	var f actFlags
	c := &cobra.Command{
		Use:   "act DEAL STEP ACTION",
		Short: "Take an action in a deal, through your own node",
		Long:  actHelp(deal.Standard()),
		Example: `  cession deal act d-… offers submit --room borealis-fund --field 'price=212500.00 EUR' --field until=+7d
  cession deal act d-… nda sign --room borealis-fund --field text=@nda.md --field until=+365d
  cession deal act d-… questions ask --room borealis-fund --field question=@-
  cession deal act d-… perimeter propose --room borealis-fund --documents 0,1,3 --field 'face=212500.00 EUR'
  cession deal act d-… perimeter propose --room borealis-fund --remove-row 17 --substitute 18=203 --price 5=1250.00
  cession deal act d-… terms approve --signer second --field 'price=212500.00 EUR'`,
		Args: cobra.ExactArgs(3), ValidArgsFunction: a.completeAct,
		RunE: func(c *cobra.Command, args []string) error {
			return a.act(c.Context(), c, deal.ID(args[0]), args[1], args[2], f)
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.room, "room", "", "the bidder in whose room it is taken; needed for steps of a room")
	flags.StringArrayVarP(&f.fields, "field", "f", nil, "a field, as ID=VALUE; @FILE or @- reads the value")
	flags.UintSliceVar(&f.documents, "documents", nil, "of perimeter propose: the documents that remain, by their index from 0")
	f.rows.add(flags)
	flags.StringVar(&f.signer, "signer", "wallet", "who signs: wallet, or second for the second pair of eyes")
	flags.StringVar(&f.key, "key", "", "idempotency key: the same key again is the same request")
	complete(c, "signer", "wallet", "second")
	_ = c.RegisterFlagCompletionFunc("field", completeFields)
	return c
}

func (a *app) act(ctx context.Context, c *cobra.Command, id deal.ID, step, action string, f actFlags) error {
	if err := id.Check(); err != nil {
		return usageError{err}
	}
	def, what, err := deal.Standard().Action(step, action)
	if err != nil {
		return usageError{err}
	}
	if def.Scope == deal.PerBidder && f.room == "" {
		return usageError{fmt.Errorf("%s.%s is taken in a bidder's room: give --room BIDDER", step, action)}
	}
	fields, err := parseFields(what, f.fields, c.InOrStdin(), time.Now())
	if err != nil {
		return usageError{err}
	}
	rows, err := f.rows.change(c.InOrStdin())
	if err != nil {
		return usageError{err}
	}
	client, _, err := a.node()
	if err != nil {
		return err
	}
	defer client.Close()
	outcome, err := client.Act(ctx, node.ActRequest{
		Deal: id, Room: deal.PartyID(f.room), Step: step, Action: action, Fields: fields, Signer: f.signer, Key: f.key,
		Documents: indexes(f.documents), Rows: rows,
	})
	if err != nil {
		return err
	}
	return a.showOutcome(outcome, step+"."+action)
}

func indexes(numbers []uint) (list []uint64) {
	for _, n := range numbers {
		list = append(list, uint64(n))
	}
	return list
}

// showOutcome writes what became of an act. A refusal is an error of kind
// refused, after it was explained.
func (a *app) showOutcome(o deal.Outcome, name string) error {
	if a.json {
		if err := printJSON(a.out, o); err != nil {
			return err
		}
	} else if o.Verdict == deal.Accepted {
		fmt.Fprintf(a.out, "%s is taken: act %s, %d rules passed, the deal is %s\n", name, o.Act, len(o.Decision.Rules), o.State)
		for _, r := range o.Receipts {
			if !r.Tx.IsZero() {
				fmt.Fprintf(a.out, "  %s in %s, block %d, gas %d\n", r.Call, r.Tx, r.Block, r.Gas)
			}
		}
	} else {
		fmt.Fprint(a.out, policies.Explain(o.Decision))
	}
	if o.Verdict != deal.Accepted {
		return deal.Errorf(deal.Refused, "%s was refused by policy: %s", name, strings.Join(ruleIDs(o.Decision), ", "))
	}
	return nil
}

func ruleIDs(d deal.Decision) (ids []string) {
	for _, r := range d.Reasons() {
		ids = append(ids, r.ID)
	}
	return ids
}
