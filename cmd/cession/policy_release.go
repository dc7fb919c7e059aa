package main

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cession/deal"
	"cession/desk"
	"cession/policies"
	"cession/policies/cases"
	"cession/policies/packs"
)

// signerFlags say who signs.
type signerFlags struct{ officer, key string }

func (f *signerFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&f.officer, "officer", "", "id of who signs, as the trust file has it")
	c.Flags().StringVar(&f.key, "key", "", "file with the officer's key")
	_ = c.MarkFlagRequired("officer")
	_ = c.MarkFlagRequired("key")
}

func (a *app) policySign() *cobra.Command {
	var f signerFlags
	var to string
	c := &cobra.Command{
		Use: "sign DIR", Short: "Make a bundle of a pack and sign it, as its maker", Args: cobra.ExactArgs(1),
		Long: `Make a bundle of a pack, in the format of Open Policy Agent, and sign it (ES256).
What cession policy check finds is not signed.`,
		Example: "  cession policy sign house --officer anna --key anna.key --out house.tar.gz",
		RunE: func(c *cobra.Command, args []string) error {
			p, fsys, err := a.openPack(c.Context(), args[0])
			if err != nil {
				return err
			}
			key, err := packs.ReadKey(f.key)
			if err != nil {
				return err
			}
			if found := cases.Check(fsys); len(found) > 0 {
				return deal.Errorf(deal.Invalid, "%s is not signed, for it would not be accepted: %w; cession policy check tells all", args[0], found[0])
			}
			bundle, err := packs.Build(fsys)
			if err == nil {
				bundle, err = packs.Sign(bundle, f.officer, key)
			}
			if err == nil {
				err = os.WriteFile(to, bundle, 0o644)
			}
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(a.out, map[string]any{"name": p.Name(), "version": p.Version(), "digest": p.Digest(), "maker": f.officer, "bundle": to})
			}
			_, err = fmt.Fprintf(a.out, "%s: %s %s, %s, signed by %s\n", to, p.Name(), p.Version(), p.Digest().Short(), f.officer)
			return err
		},
	}
	f.add(c)
	c.Flags().StringVar(&to, "out", "", "file to write")
	_ = c.MarkFlagRequired("out")
	return c
}

// activateFlags say what is activated, and from when.
type activateFlags struct {
	signerFlags
	from, until string
	only        bool
}

func (a *app) policyActivate() *cobra.Command {
	var f activateFlags
	c := &cobra.Command{
		Use: "activate BUNDLE", Short: "Put a signed pack in force, as a checker: somebody else than its maker", Args: cobra.ExactArgs(1),
		Long: `Sign the activation of a pack, as a checker, and submit both to the desk. The
activation is kept beside the bundle (BUNDLE.activation.json); where more than
one checker is wanted, the next one runs the same command with the same files.
Desk and nodes verify all signatures against their own trust files.`,
		RunE: func(c *cobra.Command, args []string) error { return a.activate(c.Context(), args[0], f) },
	}
	f.add(c)
	c.Flags().StringVar(&f.from, "from", "", "when it takes effect: RFC 3339, or +24h from now (default: at once)")
	c.Flags().StringVar(&f.until, "until", "", "when it ends (default: when another takes its place)")
	c.Flags().BoolVar(&f.only, "sign-only", false, "do not submit it")
	return c
}

func (a *app) activate(ctx context.Context, file string, f activateFlags) error {
	bundle, err := os.ReadFile(file)
	if err != nil {
		return deal.Errorf(deal.NotFound, "%s is no bundle: make one with cession policy sign", file)
	}
	key, err := packs.ReadKey(f.key)
	if err != nil {
		return err
	}
	client, err := a.desk()
	if err != nil {
		return err
	}
	beside := file + ".activation.json"
	activation, err := os.ReadFile(beside)
	switch {
	case err == nil:
		activation, err = endorsed(activation, bundle, f.officer, key)
	case errors.Is(err, os.ErrNotExist):
		activation, err = a.propose(ctx, client, bundle, f)
	}
	if err != nil {
		return err
	}
	if err := os.WriteFile(beside, activation, 0o644); err != nil {
		return err
	}
	if f.only {
		_, err := fmt.Fprintf(a.out, "%s: signed by %s\n", beside, f.officer)
		return err
	}
	info, err := client.SubmitPack(ctx, bundle, activation)
	if err != nil {
		return fmt.Errorf("activate %s: %w", file, err)
	}
	if a.json {
		return printJSON(a.out, info)
	}
	_, err = fmt.Fprintf(a.out, "%s %s, number %d, is %s: made by %s, checked by %s\n", info.Name, info.Version, info.Number, info.State, info.Maker, strings.Join(info.Checkers, ", "))
	return err
}

// endorsed adds an officer's signature to the activation of a bundle, unless it
// is there: a submission whose answer was lost is made again.
func endorsed(activation, bundle []byte, officer string, key *ecdsa.PrivateKey) ([]byte, error) {
	drawn, officers, err := packs.ReadActivation(activation)
	if err != nil {
		return nil, err
	}
	p, err := bundled(bundle)
	if err != nil {
		return nil, err
	}
	if drawn.Pack != p.Digest() {
		return nil, deal.Errorf(deal.Refused, "the activation beside the bundle is about the pack %s, and the bundle is %s", drawn.Pack.Short(), p.Digest().Short())
	}
	if slices.Contains(officers, officer) {
		return activation, nil
	}
	return packs.Endorse(activation, officer, key)
}

// bundled reads the pack in a bundle, and verifies no signature.
func bundled(bundle []byte) (*policies.Pack, error) {
	fsys, err := packs.Unpack(bundle)
	if err != nil {
		return nil, err
	}
	return policies.Load(fsys)
}

// propose draws up the activation that follows what is in force at the desk.
func (a *app) propose(ctx context.Context, client *desk.Client, bundle []byte, f activateFlags) ([]byte, error) {
	p, err := bundled(bundle)
	if err != nil {
		return nil, err
	}
	now := time.Now().UTC().Truncate(time.Second)
	market, err := client.Market(ctx)
	if err != nil {
		return nil, err
	}
	activation := packs.Activation{
		Market: audience(market), Name: p.Name(), Kind: p.Kind(), Pack: p.Digest(), Version: p.Version(), From: now, At: now,
	}
	list, err := client.Packs(ctx)
	if err != nil {
		return nil, err
	}
	activation.Number, activation.Previous = after(list, p)
	if f.from != "" {
		if activation.From, err = parseTime(f.from, now); err != nil {
			return nil, usageError{err}
		}
	}
	if f.until != "" {
		if activation.Until, err = parseTime(f.until, now); err != nil {
			return nil, usageError{err}
		}
	}
	key, err := packs.ReadKey(f.key)
	if err != nil {
		return nil, err
	}
	return packs.Propose(activation, f.officer, key)
}

// after is the number and the predecessor of a pack, or of an edition of a list,
// that is to follow those at the desk.
func after(list []desk.PackInfo, p *policies.Pack) (number uint64, previous deal.Commitment) {
	number = 1
	for _, known := range list {
		if known.Kind != p.Kind() || p.Kind() == policies.KindList && known.Name != p.Name() {
			continue
		}
		if known.Number >= number && known.State != desk.PackRefused {
			number = known.Number + 1
		}
		if known.State == desk.PackActive {
			previous = known.Digest
		}
	}
	return number, previous
}

func (a *app) policyStatus() *cobra.Command {
	return &cobra.Command{
		Use: "status", Short: "Show the packs at the desk: what is in force, for what, and why others are not", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			client, err := a.desk()
			if err != nil {
				return err
			}
			market, err := client.Market(c.Context())
			if err != nil {
				return err
			}
			list, err := client.Packs(c.Context())
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(a.out, map[string]any{"market": audience(market), "packs": list})
			}
			return a.showPacks(audience(market), list)
		},
	}
}

func (a *app) showPacks(market string, list []desk.PackInfo) error {
	fmt.Fprintf(a.out, "market %s\n", market)
	rows := [][]string{{"PACK", "VERSION", "KIND", "NUMBER", "STATE", "DIGEST", "MAKER", "CHECKERS", "SINCE"}}
	for _, p := range list {
		rows = append(rows, []string{
			p.Name, p.Version, p.Kind, fmt.Sprint(p.Number), string(p.State), p.Digest.Short(), orDash(p.Maker), orDash(strings.Join(p.Checkers, ",")), dateOf(p.Since),
		})
	}
	if err := table(a.out, rows); err != nil {
		return err
	}
	for _, p := range list {
		if p.Why != "" {
			fmt.Fprintf(a.out, "%s %s: %s\n", p.Name, p.Version, p.Why)
		}
	}
	return nil
}

func dateOf(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return moment(t)
}
