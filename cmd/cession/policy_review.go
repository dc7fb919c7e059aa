package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"

	"cession/deal"
	"cession/policies"
	"cession/policies/records"
)

func (a *app) policyDiff() *cobra.Command {
	return &cobra.Command{
		Use: "diff OLD NEW", Short: "Say in plain words what differs between two packs", Args: cobra.ExactArgs(2),
		Example: "  cession policy diff current house",
		RunE: func(c *cobra.Command, args []string) error {
			before, filesBefore, err := a.openPack(c.Context(), args[0])
			if err != nil {
				return err
			}
			after, filesAfter, err := a.openPack(c.Context(), args[1])
			if err != nil {
				return err
			}
			diff, err := records.Diff(before, after)
			if err == nil {
				err = diff.CompareFiles(filesBefore, filesAfter)
			}
			if err != nil {
				return err
			}
			return a.show(diff, diff.Text())
		},
	}
}

// backtestFlags say what is asked again.
type backtestFlags struct {
	records, against string
	replay           bool
}

func (a *app) policyBacktest() *cobra.Command {
	var f backtestFlags
	c := &cobra.Command{
		Use: "backtest PACK", Short: "Ask a pack about every recorded decision: what it would have refused or allowed otherwise", Args: cobra.ExactArgs(1),
		Long: `Ask a pack about every recorded decision, and say what it would have decided
otherwise: newly refused, newly allowed, obligations changed, and the value of
the deals affected. Records come from the desk, or from a file that cession
policy export wrote. Records hold no names: screening stands as it was recorded.

With --replay nothing is compared with another pack: the decisions made under
PACK are made again, and must come out the same, byte for byte.`,
		Example: "  cession policy backtest house\n  cession policy backtest house --records decisions.jsonl --against current",
		RunE:    func(c *cobra.Command, args []string) error { return a.backtest(c.Context(), args[0], f) },
	}
	c.Flags().StringVar(&f.records, "records", "", "file of decision records (default: those of the desk)")
	c.Flags().StringVar(&f.against, "against", "", "pack to compare with (default: what was decided)")
	c.Flags().BoolVar(&f.replay, "replay", false, "make the decisions again under the pack they were made under")
	return c
}

func (a *app) backtest(ctx context.Context, name string, f backtestFlags) error {
	defer debug.SetGCPercent(debug.SetGCPercent(batchGC))
	pack, files, err := a.openPack(ctx, name)
	if err != nil {
		return err
	}
	lines, done, err := a.recordLines(ctx, f.records)
	if err != nil {
		return err
	}
	defer done()
	if f.replay {
		replayed, err := records.Replay(ctx, records.ReplayConfig{Lines: lines, Judge: judgeOf(pack, files)})
		if err != nil {
			return err
		}
		if err := a.show(replayed, replayed.Text()); err != nil {
			return err
		}
		if replayed.Different > 0 {
			return deal.Errorf(deal.Conflict, "%d of %d decisions come out differently", replayed.Different, replayed.Decisions)
		}
		return nil
	}
	config := records.BacktestConfig{Candidate: pack, Lines: lines}
	if f.against != "" {
		config.Base, _, err = a.openPack(ctx, f.against)
	} else {
		config.Lines, config.Narrow, err = a.narrow(ctx, lines, pack, files)
	}
	if err != nil {
		return err
	}
	report, err := records.Backtest(ctx, config)
	if err != nil {
		return err
	}
	return a.show(report, report.Text())
}

// show prints JSON, or words.
func (a *app) show(v any, text string) error {
	if a.json {
		return printJSON(a.out, v)
	}
	_, err := io.WriteString(a.out, text)
	return err
}

// batchGC is how much garbage a batch may leave, in percent of what it uses: it
// has the machine to itself.
const batchGC = 400

// narrow looks at the first record for the pack that decided, so that only rules
// that differ from that one's have to be asked. Without that pack all are.
func (a *app) narrow(ctx context.Context, lines iter.Seq2[[]byte, error], candidate *policies.Pack, files fs.FS) (iter.Seq2[[]byte, error], *records.Narrowing, error) {
	next, stop := iter.Pull2(lines)
	first, err, ok := next()
	first = bytes.Clone(first)
	again := func(yield func([]byte, error) bool) {
		defer stop()
		for line := first; ok && yield(line, err); line, err, ok = next() {
		}
	}
	if !ok || err != nil {
		return again, nil, nil
	}
	r, err := records.Decode(first)
	if err != nil {
		return nil, nil, err
	}
	base, baseFiles, err := a.packOf(ctx, r.Decision.Pack)
	if err != nil || base == nil {
		return again, nil, err
	}
	n, err := records.Narrow(base, candidate, baseFiles, files)
	return again, n, err
}

// packOf is the pack of a digest, if it is the shipped one or the desk has it.
func (a *app) packOf(ctx context.Context, digest deal.Commitment) (*policies.Pack, fs.FS, error) {
	if p, err := policies.Standard(); err != nil || p.Digest() == digest {
		return p, policies.StandardFS(), err
	}
	p, files, err := a.openPack(ctx, digest.String())
	if err != nil { // nobody to ask, or nobody who has it
		return nil, nil, nil
	}
	return p, files, nil
}

// judgeOf judges again what a pack judged; what another did is not at hand.
func judgeOf(p *policies.Pack, files fs.FS) func(deal.Decision) (records.Judge, error) {
	return func(d deal.Decision) (records.Judge, error) {
		if d.Pack != p.Digest() {
			return nil, deal.Errorf(deal.NotFound, "pack %s is not at hand", d.Pack.Short())
		}
		return records.WithEditions(p, d.Lists, func(digest deal.Commitment) ([]byte, error) {
			for _, l := range p.Lists() {
				if l.Digest == digest {
					return fs.ReadFile(files, l.File)
				}
			}
			return nil, deal.Errorf(deal.NotFound, "the edition %s of a list is not at hand", digest.Short())
		})
	}
}

// recordLines are records in a file, or those of the desk.
func (a *app) recordLines(ctx context.Context, file string) (lines iter.Seq2[[]byte, error], done func(), err error) {
	if file == "" {
		all, err := a.allDecisions(ctx, "")
		return all, func() {}, err
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, nil, deal.Errorf(deal.NotFound, "%s: no records there: cession policy export --out %s writes them", file, file)
	}
	return records.Lines(f), func() { _ = f.Close() }, nil
}

func (a *app) policyExport() *cobra.Command {
	var out, check string
	c := &cobra.Command{
		Use: "export [DEAL]", Short: "Write the decision records, once their chain of hashes holds", Args: cobra.MaximumNArgs(1), ValidArgsFunction: a.completeDeals,
		Long: `Write the records of all decisions, or of a deal's: one line of JSON each, as they
were sealed. Before a line is written the chain of hashes is followed; a record
that was changed, left out or moved is named, and nothing is written. The hash
of its decision is in every outcome the parties hold.`,
		RunE: func(c *cobra.Command, args []string) error {
			if check != "" {
				return a.checkRecords(check)
			}
			chain := ""
			if len(args) == 1 {
				chain = args[0]
			}
			return a.export(c.Context(), chain, out)
		},
	}
	c.Flags().StringVar(&out, "out", "", "file to write (default: the terminal)")
	c.Flags().StringVar(&check, "check", "", "only follow the chains in a file that was written before")
	return c
}

func (a *app) export(ctx context.Context, chain, file string) error {
	lines, err := a.allDecisions(ctx, chain)
	if err != nil {
		return err
	}
	var all []records.Record
	for line, err := range lines {
		if err != nil {
			return err
		}
		r, err := records.Decode(line)
		if err != nil {
			return err
		}
		all = append(all, r)
	}
	if err := records.Verify(records.Of(all...)); err != nil {
		return err
	}
	if file == "" {
		return records.Write(a.out, records.Of(all...))
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return deal.Errorf(deal.Conflict, "%s cannot be made: is it there already?", file)
	}
	if err := records.Write(f, records.Of(all...)); err != nil {
		_ = f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return a.exported(file, all)
}

func (a *app) exported(file string, all []records.Record) error {
	chains := map[string]bool{}
	for _, r := range all {
		chains[r.Chain] = true
	}
	if a.json {
		return printJSON(a.out, map[string]any{"file": file, "records": len(all), "chains": len(chains)})
	}
	_, err := fmt.Fprintf(a.out, "%s: %d decisions in %d chains, none changed, left out or moved\n", file, len(all), len(chains))
	return err
}

func (a *app) checkRecords(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return deal.Errorf(deal.NotFound, "%s is not there", file)
	}
	defer f.Close()
	var all []records.Record
	for r, err := range records.Read(f) {
		if err != nil {
			return err
		}
		r.Document = nil
		all = append(all, r)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := records.Verify(records.Read(f)); err != nil {
		return err
	}
	return a.exported(file, all)
}
