package main

import (
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"cession/deal"
	"cession/desk"
)

// laneCommands are what transcripts of cession tx have besides commands: a
// desk with its policy and two lanes, and a chain that does as it is told.
//
//	market [TRUST]   starts it; cession finds it, a second operator has second.token, and
//	                 whose packs it takes is in a trust file
//	intent LANE STEP gives a lane (0 or 1) a transaction of a deal
//	block BASE       makes a block at a base fee, such as 20gwei
//	pass TIME        lets time pass, such as 3m; it begins a quarter of an hour ago
//	signer LANE on|off
//	lanes on|off     off: they do not answer
//	proposal NAME    sets a variable to the name of the proposal that waits
//	scrub FILE       takes times and drawn names out of what was printed, into a file
func laneCommands() map[string]func(*testscript.TestScript, bool, []string) {
	commands := map[string]func(*testscript.TestScript, *fakeLanes, []string) error{
		"intent": func(_ *testscript.TestScript, f *fakeLanes, args []string) error { return f.want(args[0], args[1]) },
		"block": func(_ *testscript.TestScript, f *fakeLanes, args []string) error {
			var base wei
			err := base.Set(args[0])
			f.mine(uint64(base))
			return err
		},
		"pass": func(_ *testscript.TestScript, f *fakeLanes, args []string) error {
			d, err := time.ParseDuration(args[0])
			f.pass(d)
			return err
		},
		"signer": func(_ *testscript.TestScript, f *fakeLanes, args []string) error {
			i, err := strconv.Atoi(args[0])
			if err == nil {
				f.lanes[i].signer = args[1] == "on"
			}
			return err
		},
		"proposal": func(ts *testscript.TestScript, f *fakeLanes, args []string) error {
			for _, l := range f.lanes {
				for _, c := range l.state.List().Pending {
					ts.Setenv(args[0], c.ID)
				}
			}
			return nil
		},
		"lanes": func(_ *testscript.TestScript, f *fakeLanes, args []string) error {
			f.silent = nil
			if args[0] == "off" {
				f.silent = errNoWorker
			}
			return nil
		},
	}
	all := map[string]func(*testscript.TestScript, bool, []string){
		"market": func(ts *testscript.TestScript, _ bool, args []string) { startMarket(ts, args) },
		"scrub":  scrubOutput,
	}
	for name, do := range commands {
		all[name] = func(ts *testscript.TestScript, _ bool, args []string) {
			f, ok := ts.Value(laneKey{}).(*laneBox)
			if !ok || f.lanes == nil || len(args) == 0 {
				ts.Fatalf("%s: want market first, and arguments", name)
			}
			ts.Check(do(ts, f.lanes, args))
		}
	}
	return all
}

// laneKey is where a script keeps its lanes.
type laneKey struct{}

type laneBox struct{ lanes *fakeLanes }

// startMarket serves a desk with fake lanes and policy packs, for the command as
// it is typed.
func startMarket(ts *testscript.TestScript, trust []string) {
	home := ts.MkAbs("data")
	ts.Check(os.MkdirAll(home, 0o700))
	store, err := desk.OpenStore(context.Background(), "sqlite:"+filepath.Join(home, "desk.db"))
	ts.Check(err)
	ts.Defer(func() { _ = store.Close() })
	rules := policyFlags{sample: true}
	for _, file := range trust {
		rules.trust = ts.MkAbs(file)
	}
	library, err := rules.open(context.Background(), "", deal.Market{}, nil)
	ts.Check(err)
	lanes := newFakeLanes(store)
	lanes.behind = 15 * time.Minute
	o := &operator{rules: &shelf{Library: library}, store: store}
	server, err := desk.New(desk.Config{
		Store: store, Deals: noDeals{}, Signatures: noDeals{}, Auth: desk.NewBearer(store), NodeRecords: o.checkRecord,
		Lanes: lanes, Operate: o.decideOperation, Market: deal.Market{ChainID: 20261},
		Pack: o.rules.current, Packs: packShelf{o.rules}, Seal: sealRecord, Private: o.rules.private,
	})
	ts.Check(err)
	web := httptest.NewUnstartedServer(nil)
	web.Config = desk.HTTPServer(server.Handler())
	web.Start()
	ts.Defer(web.Close)
	for file, who := range map[string]string{operatorToken: "alice", "second.token": "bob"} {
		token, err := store.NewToken(context.Background(), desk.Caller{Operator: true, Subject: who}, time.Hour)
		ts.Check(err)
		ts.Check(writeFile(filepath.Join(home, file), []byte(token+"\n")))
	}
	ts.Check(writeJSON(filepath.Join(home, operatorName), operatorFile{Desk: web.URL, Ready: true}))
	ts.Setenv("CESSION_HOME", home)
	ts.Value(laneKey{}).(*laneBox).lanes = lanes
}

// want gives a lane the transaction of a step, of another deal each time.
func (f *fakeLanes) want(laneIndex, step string) error {
	i, err := strconv.Atoi(laneIndex)
	if err != nil {
		return err
	}
	id := deal.ID("d-" + strings.Repeat(string(rune('a'+f.deals)), 20))
	f.deals++
	call := deal.Call{Anchor: &deal.Anchor{Root: id.Key(), Count: 8}}
	if step == "escrow" {
		call = deal.Call{Fund: &deal.EscrowFund{Terms: deal.EscrowTerms{Deal: id.Key(), Price: "21250000"}}}
	}
	f.submit(i, deal.NewIntent(id, step, id.Key(), call, "deal/"+string(id)))
	return nil
}

// noDeals is an engine of no deals, and knows no signatures.
type noDeals struct{}

var errNoDeals = errors.New("no deals here")

func (noDeals) Open(context.Context, deal.Opening) error { return errNoDeals }
func (noDeals) Act(context.Context, deal.Act) (deal.Outcome, error) {
	return deal.Outcome{}, errNoDeals
}
func (noDeals) Progress(context.Context, deal.ID, deal.PartyID) (deal.Progress, error) {
	return deal.Progress{}, errNoDeals
}
func (noDeals) VerifyAct(context.Context, deal.Act, deal.Plan, deal.Market) error { return errNoDeals }
func (noDeals) VerifyDigest(context.Context, deal.Address, deal.Commitment, deal.Bytes) error {
	return errNoDeals
}

var scrubbed = []struct {
	form *regexp.Regexp
	with string
}{
	{regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d( UTC)?`), "TIME"},
	{regexp.MustCompile(`\d\d:\d\d:\d\d UTC`), "CLOCK"},
	{regexp.MustCompile(`\bop-[0-9a-f]{32}\b`), "PROPOSAL"},
	{regexp.MustCompile(`\b1[4-7]m\b`), "15m"},
}

// scrubOutput writes what was printed to a file, without what differs each time.
func scrubOutput(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: scrub FILE")
	}
	text := ts.ReadFile("stdout")
	for _, s := range scrubbed {
		text = s.form.ReplaceAllString(text, s.with)
	}
	ts.Check(writeFile(ts.MkAbs(args[0]), []byte(text)))
}
