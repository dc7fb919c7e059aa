package main

import (
	"cmp"
	"fmt"
	"regexp"
	"time"

	"github.com/spf13/cobra"

	"cession/chain"
	"cession/deal"
	"cession/desk"
)

// newMarketCommand sets up what [up] makes by itself: the contracts of a
// market on any chain that has a test currency of ours.
func newMarketCommand(a *app) *cobra.Command {
	var rpc, symbol string
	var arbiter string
	deploy := &cobra.Command{
		Use:   "deploy",
		Short: "Deploy title, notary and escrow contracts, with a test currency, and write market.json",
		Long: `Deploy title, notary and escrow contracts, with a test currency, to the chain
behind --rpc-url, from the wallet in --home (deployer/ and deployer.pass), which
needs ether for gas. A run that was cut off is taken up where it stopped.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if a.home == "" || rpc == "" {
				return usageError{deal.Errorf(deal.Invalid, "want --home and --rpc-url")}
			}
			cfg := chain.DeployConfig{Symbol: symbol, Save: func(m deal.Market) error { return writeJSON(in(a.home, marketName), m) }}
			if arbiter != "" {
				var err error
				if cfg.Arbiter, err = deal.ParseAddress(arbiter); err != nil {
					return usageError{err}
				}
			}
			if err := readJSON(in(a.home, marketName), &cfg.Known); err != nil && deal.KindOf(err) != deal.NotFound {
				return err
			}
			wallet, err := openWallet(in(a.home, "deployer"), in(a.home, "deployer.pass"))
			if err != nil {
				return err
			}
			client, err := chain.Dial(c.Context(), rpc)
			if err != nil {
				return err
			}
			defer client.Close()
			market, err := chain.Deploy(c.Context(), client, wallet, cfg)
			if err != nil {
				return err
			}
			return printLine(a.out, market)
		},
	}
	deploy.Flags().StringVar(&rpc, "rpc-url", "", "JSON-RPC of an Ethereum node")
	deploy.Flags().StringVar(&symbol, "symbol", "EUR", "ISO 4217 code that the test currency stands for")
	deploy.Flags().StringVar(&arbiter, "arbiter", "", "address that decides disputes (default: none)")
	c := &cobra.Command{Use: "market", Short: "Set a market up: chain and contracts"}
	c.AddCommand(deploy)
	return c
}

// subjectForm is what a lane takes for an actor.
var subjectForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$`)

// newTokenCommand issues tokens for the desk's API, straight in its database.
func newTokenCommand(a *app) *cobra.Command {
	var database, party, subject string
	var operator bool
	var ttl time.Duration
	c := &cobra.Command{
		Use:   "token",
		Short: "Issue a token for the desk's API and print it once",
		Long: `Issue a token for the desk's API and print it once. Each operator has one of his
own: what two of them must agree on, one cannot do with two tokens of one subject.`,
		Example: "  cession --home DATA desk token --operator --subject night-shift > night-shift.token",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if operator == (party != "") || (database == "" && a.home == "") {
				return usageError{deal.Errorf(deal.Invalid, "want --operator or --party, and --database-url or --home")}
			}
			if !subjectForm.MatchString(subject) {
				return usageError{deal.Errorf(deal.Invalid, "--subject %.70q: want an identifier of 1 to 64 letters, digits, dots, dashes, underscores and @", subject)}
			}
			who := desk.Caller{Operator: operator, Party: deal.PartyID(party), Subject: subject}
			if !operator {
				if err := who.Party.Check(); err != nil {
					return usageError{err}
				}
			}
			store, err := desk.OpenStore(c.Context(), cmp.Or(database, "sqlite:"+in(a.home, "desk.db")))
			if err != nil {
				return err
			}
			defer store.Close()
			token, err := store.NewToken(c.Context(), who, ttl)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(a.out, token)
			return err
		},
	}
	flags := c.Flags()
	flags.StringVar(&database, "database-url", "", "sqlite:PATH or postgres://… (default: a file in --home)")
	flags.StringVar(&party, "party", "", "the party the token is for")
	flags.BoolVar(&operator, "operator", false, "a token for the operator")
	flags.StringVar(&subject, "subject", "operator", "whose token it is, as it stands in the record of what operators do; an identifier, the same for one person always")
	flags.DurationVar(&ttl, "ttl", 90*24*time.Hour, "how long it is valid")
	return c
}
