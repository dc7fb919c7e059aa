package zz

import (
	"context"
	"fmt"
	"math/big"
	"testing"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"cession/activities"
	"cession/chain"
	"cession/chain/lane"
	"cession/deal"
	"cession/local"
	"cession/workflows"
)

var sub *activities.Submitter

func Asker(ctx workflow.Context, n int) (time.Duration, error) {
	ch := workflow.GetSignalChannel(ctx, "receipt")
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: 20 * time.Second})
	start := workflow.Now(ctx)
	for i := range n {
		root := deal.NewSalt()
		var in deal.Intent
		workflow.SideEffect(ctx, func(workflow.Context) any { return root }).Get(&root)
		id := deal.ID("d-" + "aaaaaaaaaaaaaaaaaaaa")
		in = deal.NewIntent(id, "s", root, deal.Call{Anchor: &deal.Anchor{Root: root, Count: 1}}, workflow.GetInfo(ctx).WorkflowExecution.ID)
		if i < 0 { continue }
		if err := workflow.ExecuteActivity(ctx, sub.SubmitIntent, in).Get(ctx, nil); err != nil {
			return 0, err
		}
		for {
			var r deal.Receipt
			ch.Receive(ctx, &r)
			if r.Intent == in.ID {
				if !r.OK { return 0, fmt.Errorf("%+v", r) }
				break
			}
		}
	}
	return workflow.Now(ctx).Sub(start), nil
}

func TestE2E(t *testing.T) {
	ctx := t.Context()
	dir := t.TempDir()
	w, err := chain.NewWallet(dir, "x", chain.Light())
	if err != nil { t.Fatal(err) }
	dep, err := chain.NewWallet(dir, "x", chain.Light())
	if err != nil { t.Fatal(err) }
	eth := new(big.Int).Exp(big.NewInt(10), big.NewInt(20), nil)
	e, err := local.StartEthereum(ctx, local.EthereumConfig{Dir: t.TempDir(), Alloc: map[deal.Address]*big.Int{w.Address(): eth, dep.Address(): eth}})
	if err != nil { t.Fatal(err) }
	defer e.Close()
	c, err := chain.Dial(ctx, e.URL())
	if err != nil { t.Fatal(err) }
	m, err := chain.Deploy(ctx, c, dep, chain.DeployConfig{Symbol: "EUR"})
	if err != nil { t.Fatal(err) }
	ts, err := local.StartTemporal(ctx, local.TemporalConfig{Dir: t.TempDir(), OperatorKey: "0123456789abcdef0123"})
	if err != nil { t.Fatal(err) }
	defer ts.Close()
	cl, err := client.Dial(client.Options{HostPort: ts.Address(), Credentials: client.NewAPIKeyStaticCredentials("0123456789abcdef0123"), Namespace: "cession", ConnectionOptions: client.ConnectionOptions{TLSDisabled: true}})
	if err != nil { t.Fatal(err) }
	cfg := lane.Config{ChainID: e.ChainID(), Address: w.Address()}
	sub = &activities.Submitter{Client: cl, Lanes: []lane.Config{cfg}, TaskQueue: "cession"}
	start := func() worker.Worker {
		wk := worker.New(cl, "cession", worker.Options{})
		wk.RegisterWorkflow(workflows.Lane)
		wk.RegisterWorkflow(Asker)
		wk.RegisterActivity(&activities.Lane{Chain: chain.NewSender(chain.NewLedger(c, m), w)})
		wk.RegisterActivity(sub)
		if err := wk.Start(); err != nil { t.Fatal(err) }
		return wk
	}
	wk := start()
	ask := func(id string, n int) client.WorkflowRun {
		r, err := cl.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: id, TaskQueue: "cession"}, Asker, n)
		if err != nil { t.Fatal(err) }
		return r
	}
	for i := range 4 {
		var d time.Duration
		tctx, cancel := context.WithTimeout(ctx, 60*time.Second)
		if err := ask(fmt.Sprintf("one-%d", i), 1).Get(tctx, &d); err != nil { t.Fatal(err) }
		cancel()
		fmt.Println("one intent:", d)
		time.Sleep(1500*time.Millisecond)
	}
	begin := time.Now()
	var runs []client.WorkflowRun
	for i := range 40 { runs = append(runs, ask(fmt.Sprintf("many-%d", i), 1)) }
	time.Sleep(700*time.Millisecond)
	wk.Stop()
	wk = start()
	for _, r := range runs {
		tctx, cancel := context.WithTimeout(ctx, 90*time.Second)
		var d time.Duration
		if err := r.Get(tctx, &d); err != nil { t.Fatal(err) }
		cancel()
	}
	fmt.Println("40 intents, worker restarted:", time.Since(begin))
	mined, _ := c.Nonce(ctx, w.Address())
	fmt.Println("nonce", mined, "want 44")
	v, err := cl.QueryWorkflow(ctx, cfg.ID(), "", workflows.QueryIntents)
	if err != nil { t.Fatal(err) }
	var l lane.Listing
	_ = v.Get(&l)
	fmt.Println(len(l.Items), l.Reasons, l.Nonce, l.Fees)
	var h historypb.History
	it := cl.GetWorkflowHistory(ctx, cfg.ID(), "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	size := 0
	for it.HasNext() { ev, err := it.Next(); if err != nil { t.Fatal(err) }; h.Events = append(h.Events, ev); size += ev.Size() }
	fmt.Println("history events", len(h.Events), "bytes", size)
	rp := worker.NewWorkflowReplayer()
	rp.RegisterWorkflow(workflows.Lane)
	if err := rp.ReplayWorkflowHistory(nil, &h); err != nil { t.Fatal("replay", err) }
	wk.Stop()
}
