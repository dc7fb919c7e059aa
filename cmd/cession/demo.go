//go:build !slim

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"cession/chain"
	"cession/deal"
	"cession/demo"
	"cession/examples"
	"cession/node"
)

// demoFlags says what is played and what stays.
type demoFlags struct {
	portfolio, data string
	keep            bool
	rpcListen       string
	deadline        time.Duration
}

func newDemoCommand(a *app) *cobra.Command {
	var f demoFlags
	c := &cobra.Command{
		Use:   "demo",
		Short: "Play a whole deal with a seller and two bidders, and watch it",
		Long: `Start everything on this machine, as cession up does, and play a whole deal
with a seller and two bidders, each with a node of its own: from the documents
to the settled escrow. On a terminal the deal is shown as it goes; --json prints
one object with the result instead.

It ends well only if the deal settled, the chain says that the title is the
buyer's, and every document at the buyer's node is what the seller hashed.`,
		Example: `  cession demo
  cession demo --portfolio ~/invoices --data ~/cession-data --keep
  cession demo --json | jq .owner`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.demo(c.Context(), f) },
	}
	flags := c.Flags()
	flags.StringVar(&f.portfolio, "portfolio", "", "folder of documents to sell (default: eight real invoices that are shipped)")
	flags.StringVar(&f.data, "data", "", "folder of all state (default: a temporary one, removed at the end)")
	flags.BoolVar(&f.keep, "keep", false, "leave everything up until interrupted, and say how to connect")
	flags.StringVar(&f.rpcListen, "rpc-listen", "", "loopback address of the Ethereum JSON-RPC (default: a free port)")
	flags.DurationVar(&f.deadline, "deadline", 15*time.Minute, "how long the deal may take")
	return c
}

// demo plays a deal. What goes wrong with the portfolio is found before
// anything is started.
func (a *app) demo(ctx context.Context, f demoFlags) (err error) {
	docs, forget, err := openPortfolio(f.portfolio)
	defer forget()
	if err != nil {
		return err
	}
	temporary := f.data == ""
	if temporary {
		if f.data, err = os.MkdirTemp("", "cession-demo-"); err != nil {
			return err
		}
		defer func() { a.removeData(ctx, f.data, err) }()
	}
	if f.data, err = filepath.Abs(f.data); err != nil {
		return err
	}
	view := a.view()
	up, err := startUp(ctx, f)
	if err != nil {
		return err
	}
	defer up.stop()
	result, err := a.play(up, f, docs, view)
	if result.Deal != "" && (!temporary || f.keep || err != nil) {
		result.Data = f.data
	}
	if shown := a.showResult(result, f, up, err); err == nil {
		err = shown
	}
	if err == nil && f.keep {
		fmt.Fprintln(a.err, "Everything stays up until you interrupt this.")
		<-up.ctx.Done()
		return up.failure()
	}
	return err
}

// openPortfolio reads a folder of documents, or the ones that are shipped.
func openPortfolio(dir string) (docs []demo.Document, forget func(), err error) {
	forget = func() {}
	if dir == "" {
		if dir, err = os.MkdirTemp("", "cession-portfolio-"); err != nil {
			return nil, forget, err
		}
		written := dir
		forget = func() { _ = os.RemoveAll(written) }
		if err := examples.WritePortfolio(dir); err != nil {
			return nil, forget, err
		}
	}
	docs, err = demo.ReadPortfolio(dir)
	return docs, forget, err
}

// removeData removes a temporary data folder, unless there is something to find
// out from it.
func (a *app) removeData(ctx context.Context, dir string, failed error) {
	if failed != nil && ctx.Err() == nil {
		fmt.Fprintln(a.err, "What is left of it, logs included, is in", dir)
		return
	}
	if err := os.RemoveAll(dir); err != nil {
		fmt.Fprintln(a.err, "cession: remove temporary data:", err)
	}
}

// viewer shows events.
type viewer interface {
	Report(demo.Event)
	Close()
}

// view returns a starter of the view for where the output goes: the live one on
// a terminal, lines elsewhere. With --json nothing but the result is on stdout.
func (a *app) view() func(seller deal.PartyID, bidders [2]deal.PartyID) viewer {
	var out io.Writer = a.out
	if a.json {
		out = a.err
	}
	file, ok := out.(*os.File)
	live := ok && term.IsTerminal(int(file.Fd())) && os.Getenv("TERM") != "dumb"
	return func(seller deal.PartyID, bidders [2]deal.PartyID) viewer {
		if live {
			return demo.NewLive(out, seller, bidders)
		}
		return demo.NewLines(out, seller, bidders)
	}
}

func (a *app) play(up *upProcess, f demoFlags, docs []demo.Document, view func(deal.PartyID, [2]deal.PartyID) viewer) (demo.Result, error) {
	list, err := readParties("")
	if err != nil {
		return demo.Result{}, err
	}
	cfg := demo.Config{
		Nodes: up.node, Desk: up.desk, Owner: up.owner, Portfolio: docs, NDA: examples.NDA(),
		Seller: list[0].ID, Bidders: [2]deal.PartyID{list[1].ID, list[2].ID},
	}
	shown := view(cfg.Seller, cfg.Bidders)
	defer shown.Close()
	cfg.Report = shown.Report
	shown.Report(demo.Event{Kind: demo.Waiting, Text: "Starting Temporal, Ethereum, the desk and three nodes in " + f.data})
	if err := up.await(); err != nil {
		return demo.Result{}, err
	}
	ctx, cancel := context.WithTimeout(up.ctx, f.deadline)
	defer cancel()
	result, err := demo.Run(ctx, cfg)
	if stopped := up.failure(); err != nil && stopped != nil {
		err = stopped
	}
	return result, err
}

func (a *app) showResult(r demo.Result, f demoFlags, up *upProcess, failed error) error {
	if r.Deal == "" {
		return nil
	}
	if a.json {
		return printLine(a.out, r)
	}
	if failed == nil {
		demo.WriteSummary(a.out, r, nextCommands(r, f, up))
	}
	return nil
}

// nextCommands are the commands to look at a deal that was played.
func nextCommands(r demo.Result, f demoFlags, up *upProcess) []demo.Command {
	if r.Data == "" {
		return []demo.Command{{Line: "cession demo --keep", Shows: "Play again and leave everything up, to look around:"}}
	}
	var list []demo.Command
	if !f.keep {
		list = append(list, demo.Command{Line: "cession up --data " + quoted(r.Data), Shows: "Start it again:"})
	}
	home := "cession --home " + quoted(r.Data)
	list = append(list,
		demo.Command{Line: home + " deal show " + string(r.Deal), Shows: "Where the deal stands, as the operator sees it:"},
		demo.Command{Line: home + " deal history " + string(r.Deal), Shows: "Every act, every verdict, every refusal:"},
		demo.Command{Line: home + " tx ls --deal " + string(r.Deal), Shows: "The transactions:"})
	if o, err := readOperator(f.data); err == nil && f.keep {
		if market, err := up.market(); err == nil {
			list = append(list, demo.Command{Shows: "The owner of the title, from the chain itself:", Line: fmt.Sprintf(
				`curl -s -H 'content-type: application/json' -d '{"jsonrpc":"2.0","id":1,"method":"eth_call","params":[{"to":"%s","data":"0x6352211e%s"},"latest"]}' %s`,
				market.Receivable, r.Token.String()[2:], o.RPC)})
		}
	}
	return list
}

// node returns the client of a party's node, as it can be reached now.
func (u *upProcess) node(id deal.PartyID) (demo.NodeAPI, error) {
	o, err := readOperator(u.data)
	if err != nil {
		return nil, err
	}
	dir, ok := o.Parties[id]
	if !ok {
		return nil, deal.Errorf(deal.NotFound, "%s is not in this market", id)
	}
	home := filepath.Join(u.data, filepath.FromSlash(dir))
	var f nodeFile
	if err := readJSON(filepath.Join(home, nodeName), &f); err != nil {
		return nil, err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if known, ok := u.nodes[f.URL]; ok {
		return known, nil
	}
	c, err := node.Dial(node.ClientConfig{Dir: home, URL: f.URL})
	if err == nil {
		u.nodes[f.URL] = c
	}
	return c, err
}

// desk returns the client of the desk, as the operator.
func (u *upProcess) desk() (demo.DeskAPI, error) {
	o, err := readOperator(u.data)
	if err != nil {
		return nil, err
	}
	return deskClient(o.Desk, filepath.Join(u.data, operatorToken))
}

func (u *upProcess) market() (m deal.Market, err error) {
	return m, readJSON(filepath.Join(u.data, marketName), &m)
}

// owner asks the chain, not the desk, whose a title is.
func (u *upProcess) owner(ctx context.Context, token deal.Commitment) (deal.Address, error) {
	o, err := readOperator(u.data)
	if err != nil {
		return deal.Address{}, deal.Errorf(deal.Lost, "find the chain: %w", err)
	}
	market, err := u.market()
	if err != nil {
		return deal.Address{}, err
	}
	client, err := chain.Dial(ctx, o.RPC)
	if err != nil {
		return deal.Address{}, err
	}
	defer client.Close()
	return chain.NewLedger(client, market).OwnerOf(ctx, token)
}
