package main

import (
	"bytes"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"cession/deal"
	"cession/node"
)

func (a *app) faqList() *cobra.Command {
	return &cobra.Command{
		Use: "ls DEAL", Short: "Show what the seller told all bidders", Args: cobra.ExactArgs(1), ValidArgsFunction: a.completeDeals,
		RunE: func(c *cobra.Command, args []string) error {
			return a.withNode(func(client *node.Client, _ nodeFile) error {
				f, err := client.FAQ(c.Context(), deal.ID(args[0]))
				if err != nil {
					return err
				}
				if a.json {
					return printJSON(a.out, f)
				}
				for _, e := range f.Entries {
					fmt.Fprintf(a.out, "%d  %s  %s\n", e.Number, moment(e.At), replacedWords(e))
					fmt.Fprintf(a.out, "   asked     %q\n   answered  %q\n", e.Question, e.Answer)
				}
				if len(f.Entries) == 0 {
					fmt.Fprintln(a.out, "no entries yet")
				}
				if f.Unheard != "" {
					fmt.Fprintf(a.out, "Nothing newer was taken from the seller's node now (%s).\n", f.Unheard)
				}
				return nil
			})
		},
	}
}

func replacedWords(e node.FAQEntry) string {
	if e.Replaces == 0 {
		return "signed by " + e.Wallet.String()
	}
	return fmt.Sprintf("replaces %d, signed by %s", e.Replaces, e.Wallet)
}

func (a *app) faqPublish() *cobra.Command {
	var question, answer string
	var replaces uint64
	c := &cobra.Command{
		Use: "publish DEAL ACT", Short: "Tell all bidders what one was answered, without who asked", Args: cobra.ExactArgs(2), ValidArgsFunction: a.completeDeals,
		Long: `Tell all bidders with an open data room what one of them was answered: ACT is the
act that answered. Put the question in your own words with --question where the
bidder's would tell who asks. Your wallet signs the entry; which answer it was
made from stays at your node, and can be shown to an arbiter later with
cession node reveal --faq.`,
		RunE: func(c *cobra.Command, args []string) error {
			act, err := deal.ParseCommitment(args[1])
			if err != nil {
				return usageError{err}
			}
			req := node.FAQRequest{Act: act, Replaces: replaces}
			for _, f := range []struct {
				given string
				into  *string
			}{{question, &req.Question}, {answer, &req.Answer}} {
				if *f.into, err = parseField(deal.Field{Kind: deal.KindSealed}, f.given, c.InOrStdin(), time.Now()); err != nil {
					return usageError{err}
				}
			}
			return a.withNode(func(client *node.Client, _ nodeFile) error {
				e, err := client.PublishFAQ(c.Context(), deal.ID(args[0]), req)
				if err != nil {
					return err
				}
				if a.json {
					return printJSON(a.out, e)
				}
				_, err = fmt.Fprintf(a.out, "entry %d is signed: bidders with an open data room see it\n", e.Number)
				return err
			})
		},
	}
	flags := c.Flags()
	flags.StringVar(&question, "question", "", "the question in other words, or @FILE (default: the bidder's)")
	flags.StringVar(&answer, "answer", "", "the answer in other words, or @FILE (default: as it was given)")
	flags.Uint64Var(&replaces, "replaces", 0, "number of an earlier entry that this one corrects")
	return c
}

func (a *app) nodeReveal() *cobra.Command {
	var field, file string
	var faq uint64
	c := &cobra.Command{
		Use: "reveal DEAL ACT", Short: "Make a file that shows one question or answer to a third party, and nothing else", Args: cobra.ExactArgs(2), ValidArgsFunction: a.completeDeals,
		Long: `Make a file that shows one text to a third party, such as an arbiter: the text,
the signed act that commits to it, and its path in the thread. The other texts
of the thread stay hidden. Whoever gets the file checks it with cession verify.`,
		RunE: func(c *cobra.Command, args []string) error {
			act, err := deal.ParseCommitment(args[1])
			if err != nil {
				return usageError{err}
			}
			return a.withNode(func(client *node.Client, _ nodeFile) error {
				r, err := client.Reveal(c.Context(), deal.ID(args[0]), node.RevealRequest{Act: act, Field: field, FAQ: faq})
				if err != nil {
					return err
				}
				var b bytes.Buffer
				if err := printJSON(&b, r); err != nil {
					return err
				}
				return a.save(&b, file)
			})
		},
	}
	flags := c.Flags()
	flags.StringVar(&field, "field", "", "which text of the act, such as place (default: the question or the answer)")
	flags.Uint64Var(&faq, "faq", 0, "also show that this entry of the FAQ was made from it")
	flags.StringVarP(&file, "output", "o", "", "write to this file, which must not exist (default: standard output)")
	return c
}
