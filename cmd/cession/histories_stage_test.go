//go:build !slim

package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	sdk "go.temporal.io/sdk/worker"

	"cession/activities"
	"cession/chain/lane"
	"cession/deal"
	"cession/local"
	"cession/worker"
	"cession/workflows"
)

// stage is a real Temporal server with a real worker that runs the real
// workflows. What lies outside of them is played: policy, lane, nodes.
type stage struct {
	client client.Client

	mu     sync.Mutex
	sent   map[deal.Commitment]int   // intents by how often a deal asked for them
	refuse map[deal.ID]string        // act that policy refuses, once
	revert map[deal.ID]string        // call that the chain refuses, once
	lose   map[deal.ID]string        // call of whose outcome the deal does not hear, once
	within map[deal.ID]time.Duration // in which what was refused wants the approval of a second person
}

const stageSeller, stageBidder, stageLoser = deal.PartyID("seller-bank"), deal.PartyID("blue-fund"), deal.PartyID("red-fund")

// openStage starts the server, the operator's worker and the nodes of seller
// and bidders.
func openStage(t *testing.T) *stage {
	t.Helper()
	const key = "the key of the operator of the stage"
	server, err := local.StartTemporal(limit(t, time.Minute), local.TemporalConfig{Dir: t.TempDir(), OperatorKey: key})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	c, err := client.NewLazyClient(client.Options{
		HostPort: server.Address(), Namespace: local.Namespace, Identity: "recorder",
		Credentials:       client.NewAPIKeyStaticCredentials(key),
		ConnectionOptions: client.ConnectionOptions{TLSDisabled: true},
		Logger:            sdklog.NewStructuredLogger(slog.New(slog.NewTextHandler(io.Discard, nil))),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	s := &stage{
		client: c, sent: map[deal.Commitment]int{}, refuse: map[deal.ID]string{}, revert: map[deal.ID]string{}, lose: map[deal.ID]string{},
		within: map[deal.ID]time.Duration{},
	}
	w := sdk.New(c, workflows.TaskQueue, sdk.Options{})
	w.RegisterWorkflow(workflows.Deal)
	w.RegisterWorkflow(workflows.Room)
	w.RegisterActivity(&activities.Gate{Verifier: s, Policy: s, Directory: s, Hasher: s})
	w.RegisterActivity(&activities.Board{ReadModel: s})
	w.RegisterActivity(&stageLane{s})
	runWorker(t, w)
	for _, id := range []deal.PartyID{stageSeller, stageBidder, stageLoser} {
		s.startNode(t, id)
	}
	return s
}

func (s *stage) startNode(t *testing.T, id deal.PartyID) {
	t.Helper()
	runWorker(t, worker.NewNode(s.client, id, &activities.Documents{Node: s}, &activities.Handover{Seller: s, Buyer: s}))
}

func runWorker(t *testing.T, w sdk.Worker) {
	t.Helper()
	if err := w.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Stop)
}

// set has the named thing of a deal fail the next time.
func (s *stage) set(hook map[deal.ID]string, id deal.ID, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	hook[id] = name
}

// once reports whether it is the named thing's turn to fail.
func (s *stage) once(hook map[deal.ID]string, id deal.ID, name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if hook[id] != name {
		return false
	}
	delete(hook, id)
	return true
}

func stageParty(id deal.PartyID) deal.Party {
	wallet, second := stageAddress(string(id)), stageAddress(string(id)+" second")
	return deal.Party{ID: id, Wallet: wallet, Signers: []deal.Address{wallet, second}}
}

func stageAddress(name string) (a deal.Address) {
	sum := sha256.Sum256([]byte(name))
	copy(a[:], sum[:])
	return a
}

func stageHash(v any) deal.Commitment {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return sha256.Sum256(b)
}

func (s *stage) VerifyAct(context.Context, deal.Act, deal.Plan, deal.Market) error { return nil }

func (s *stage) VerifyDigest(context.Context, deal.Address, deal.Commitment, deal.Bytes) error {
	return nil
}

func (s *stage) Party(_ context.Context, id deal.PartyID) (deal.Party, error) {
	return stageParty(id), nil
}

func (s *stage) Digest(t deal.TypedData) (deal.Commitment, error)     { return stageHash(t), nil }
func (s *stage) StructHash(t deal.TypedData) (deal.Commitment, error) { return stageHash(t), nil }

func (s *stage) Decide(_ context.Context, q deal.Question) (deal.Decision, error) {
	d := deal.Decision{Act: q.Act.ID, Allow: true, At: q.Now}
	if s.once(s.refuse, q.Act.Deal, q.Act.Name()) {
		d.Allow, d.Rules = false, []deal.RuleResult{{ID: "money.limit", State: deal.Fail}}
		d.Needs = s.needs(q)
	}
	return d, nil
}

// needs asks for the approval of a second person, if the deal is to be asked.
func (s *stage) needs(q deal.Question) []deal.Need {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.within[q.Act.Deal]
	if !ok {
		return nil
	}
	return []deal.Need{{Kind: deal.NeedApproval, Rule: "terms.four_eyes", Act: "terms.approve", Party: q.Act.Party, Persons: 1, Until: q.Now.Add(d)}}
}

func (s *stage) Publish(context.Context, deal.Progress) error    { return nil }
func (s *stage) PublishLane(context.Context, lane.Publish) error { return nil }

func (s *stage) Held(_ context.Context, _ deal.ID, root deal.Commitment) (held, count uint64, err error) {
	for more, list := range stageLists {
		if root == stageHash(list) {
			count = stageDocuments + uint64(more)
		}
	}
	return max(count, stageDocuments), max(count, stageDocuments), nil
}
func (s *stage) Grant(context.Context, *deal.Progress, deal.Act) error { return nil }
func (s *stage) Revoke(context.Context, deal.ID, deal.PartyID) error   { return nil }
func (s *stage) Arm(context.Context, *deal.Progress, deal.Act) error   { return nil }
func (s *stage) Delivered(context.Context, deal.Commitment) (uint64, bool, error) {
	return stageDocuments, true, nil
}

func (s *stage) Pull(_ context.Context, sale *deal.Progress, _ deal.Act, _ func(documents, bytes uint64)) (deal.Commitment, uint64, error) {
	root, count := sale.Documents()
	if count == 0 {
		return root, 0, deal.Errorf(deal.Refused, "the deal's documents were never notarized")
	}
	return root, count, nil
}

// stageLane answers for the lane: an intent is done a moment after it is taken.
type stageLane struct{ stage *stage }

// SubmitIntent has the name of the activity it stands for.
func (l *stageLane) SubmitIntent(ctx context.Context, in deal.Intent) (activities.Submitted, error) {
	receipt := deal.Receipt{Intent: in.ID, Call: in.Call.Name(), OK: true, Result: in.ID, Block: 1}
	if l.stage.once(l.stage.revert, in.Deal, in.Call.Name()) {
		receipt.OK, receipt.Reason = false, "WOULD_REVERT/InvalidSignature"
	}
	l.stage.mu.Lock()
	l.stage.sent[in.ID]++
	l.stage.mu.Unlock()
	if l.stage.once(l.stage.lose, in.Deal, in.Call.Name()) {
		return activities.Submitted{}, nil
	}
	return activities.Submitted{}, l.stage.client.SignalWorkflow(ctx, in.Reply, "", workflows.SignalReceipt, receipt)
}
