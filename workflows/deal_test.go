package workflows

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"cession/activities"
	"cession/chain/lane"
	"cession/deal"
	"cession/policies"
)

// market is a deal in the test environment, with fakes for everything outside.
type market struct {
	t   *testing.T
	env *testsuite.TestWorkflowEnvironment

	opening deal.Opening
	parties map[deal.PartyID]deal.Party
	mu      sync.Mutex
	boards  map[string]deal.Progress         // guarded by mu; by workflow: newest published
	calls   []string                         // what was sent to the chain
	intents []deal.Intent                    // the same
	done    map[deal.Commitment]deal.Receipt // by intent: the same one again has the outcome of the first
	signed  map[string]uint64                // sequence by room and party

	refuse  map[string]string // "step.action" -> rule that fails
	revert  map[string]string // call -> reason
	stumble map[string]string // "step.action" -> call that is given up the first time
	second  map[string]bool   // "step.action" -> signed by the party's second signer
	needs   func(deal.Question) []deal.Need
	judged  map[deal.Commitment]deal.Commitment // guarded by mu; by act: pack it was judged by
	offline map[string]bool                     // activity -> node is away
	missing uint64                              // documents that the seller's node does not have
	pull    *testsuite.MockCallWrapper
	revoked []deal.PartyID // whose reading rights were taken back
	asked   int            // acts that are to be taken
	heard   int            // of those, answers that were checked
	at      time.Duration

	packs    []*policies.Pack // asked instead of refuse, if there are any; by number
	profiles map[deal.PartyID]policies.Profile
}

func address(name string) (a deal.Address) {
	sum := sha256.Sum256([]byte(name))
	copy(a[:], sum[:])
	return a
}

func party(id deal.PartyID) deal.Party {
	w := address(string(id))
	return deal.Party{ID: id, Wallet: w, Signers: []deal.Address{w, address(string(id) + " second")}}
}

func newMarket(t *testing.T) *market {
	var suite testsuite.WorkflowTestSuite
	m := &market{
		t: t, env: suite.NewTestWorkflowEnvironment(), boards: map[string]deal.Progress{}, signed: map[string]uint64{},
		done: map[deal.Commitment]deal.Receipt{}, refuse: map[string]string{}, revert: map[string]string{}, offline: map[string]bool{},
		second: map[string]bool{}, judged: map[deal.Commitment]deal.Commitment{},
		parties: map[deal.PartyID]deal.Party{},
	}
	for _, id := range []deal.PartyID{"seller-bank", "blue-fund", "red-fund"} {
		m.parties[id] = party(id)
	}
	plan := deal.Standard()
	m.opening = deal.Opening{
		ID: deal.NewID(), Plan: plan, PlanHash: plan.Hash(), Seller: m.parties["seller-bank"], Opened: m.env.Now(),
		Market: deal.Market{ChainID: 1, Symbol: "EUR", Decimals: 6, Escrow: address("escrow"), Receivable: address("receivable")},
	}
	m.env.RegisterWorkflow(Deal)
	m.env.RegisterWorkflow(Room)
	m.env.RegisterActivity(&activities.Gate{Verifier: m, Policy: m, Directory: m, Hasher: m})
	m.env.RegisterActivity(&activities.Board{ReadModel: m})
	m.env.RegisterActivity(&activities.Submitter{})
	m.env.RegisterActivity(&activities.Documents{})
	m.env.RegisterActivity(&activities.Handover{})
	m.env.SetTestTimeout(time.Minute)
	m.env.SetWorkerOptions(patient)
	m.env.SetStartWorkflowOptions(startOptions(DealID(m.opening.ID)))
	m.mockNodes()
	return m
}

func (m *market) VerifyAct(context.Context, deal.Act, deal.Plan, deal.Market) error { return nil }
func (m *market) VerifyDigest(context.Context, deal.Address, deal.Commitment, deal.Bytes) error {
	return nil
}
func (m *market) Party(_ context.Context, id deal.PartyID) (deal.Party, error) {
	p, ok := m.parties[id]
	if !ok {
		return p, deal.Errorf(deal.NotFound, "no party %s", id)
	}
	return p, nil
}
func (m *market) Digest(t deal.TypedData) (deal.Commitment, error)     { return m.StructHash(t) }
func (m *market) StructHash(t deal.TypedData) (deal.Commitment, error) { return hashOf(t), nil }

func hashOf(v any) deal.Commitment {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return sha256.Sum256(b)
}

func (m *market) Decide(ctx context.Context, q deal.Question) (deal.Decision, error) {
	m.mu.Lock()
	m.judged[q.Act.ID] = q.Pack
	m.mu.Unlock()
	if m.packs != nil {
		return m.judge(ctx, q)
	}
	d := deal.Decision{Act: q.Act.ID, Allow: true, At: q.Now}
	if rule := m.refuse[q.Act.Name()]; rule != "" {
		d.Allow, d.Rules = false, []deal.RuleResult{{ID: rule, State: deal.Fail}}
	}
	if m.needs != nil {
		d.Needs = m.needs(q)
		d.Allow = d.Allow && len(d.Needs) == 0
	}
	return d, nil
}

func (m *market) PublishLane(context.Context, lane.Publish) error { return nil }

func (m *market) Publish(_ context.Context, p deal.Progress) error {
	name := "deal"
	if p.Scope == deal.PerBidder {
		name = string(p.Bidder.ID)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if last, ok := m.boards[name]; ok && last.Version > p.Version {
		return fmt.Errorf("version %d after %d", p.Version, last.Version)
	}
	m.boards[name] = p
	return nil
}

// board returns the newest that was published of the deal, or of a bidder's room.
func (m *market) board(name string) deal.Progress {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.boards[name]
}

// act has a party take an act at a later moment; the outcome goes to check.
func (m *market) act(room, by deal.PartyID, name string, fields map[string]deal.Value, check func(deal.Outcome, error)) deal.Act {
	step, action, _ := strings.Cut(name, ".")
	key := string(room) + "/" + string(by)
	act := deal.Act{
		Deal: m.opening.ID, Room: room, Step: step, Action: action, Party: by, Fields: fields,
		Salt: deal.NewSalt(), Signer: m.parties[by].Wallet, Sequence: m.signed[key] + 1,
	}
	if m.second[name] {
		act.Signer = m.parties[by].Signers[1]
	}
	m.asked++
	m.later(func() {
		act.Sequence = m.signed[key] + 1
		act.Deadline = m.env.Now().Add(time.Hour)
		act.ID = hashOf(act)
		m.send(act, func(out deal.Outcome, err error) {
			m.heard++
			if err == nil && out.Verdict == deal.Accepted {
				m.signed[key]++
			}
			check(out, err)
		})
	})
	return act
}

func (m *market) send(act deal.Act, check func(deal.Outcome, error)) {
	id := DealID(act.Deal)
	if act.Room != "" {
		id = RoomID(act.Deal, act.Room)
	}
	err := m.env.UpdateWorkflowByID(id, UpdateAct, act.ID.String(), &testsuite.TestUpdateCallback{
		OnAccept: func() {},
		OnReject: func(err error) { check(deal.Outcome{}, err) },
		OnComplete: func(result any, err error) {
			out, _ := result.(deal.Outcome)
			check(out, err)
		},
	}, act)
	if err != nil {
		check(deal.Outcome{}, err)
	}
}

// later runs a function ten minutes after the one before.
func (m *market) later(f func()) {
	m.at += 10 * time.Minute
	m.env.RegisterDelayedCallback(f, m.at)
}

// ok takes an act that must be accepted, the second time if it is to stumble.
func (m *market) ok(room, by deal.PartyID, name string, fields map[string]deal.Value) {
	if call := m.stumble[name]; call != "" {
		m.giveUp(call)
		m.no(room, by, name, fields, deal.Conflict)
		m.later(func() {
			if p := m.board("deal"); !p.Troubled(deal.ChainRefuse, "") {
				m.t.Errorf("%s was given up, and nobody sees it: %+v", call, p.Troubles)
			}
			m.revert = map[string]string{}
		})
	}
	m.act(room, by, name, fields, func(out deal.Outcome, err error) {
		if err != nil || out.Verdict != deal.Accepted {
			m.t.Errorf("%s by %s: %v, %v", name, by, out.Verdict, err)
		}
	})
}

// no takes an act that must fail with an error of the kind.
func (m *market) no(room, by deal.PartyID, name string, fields map[string]deal.Value, want deal.Kind) {
	m.act(room, by, name, fields, func(_ deal.Outcome, err error) {
		var failed *temporal.ApplicationError
		if !errors.As(err, &failed) || failed.Type() != string(want) {
			m.t.Errorf("%s by %s: have %v, want kind %s", name, by, err, want)
		}
	})
}

func (m *market) run() {
	m.env.ExecuteWorkflow(Deal, DealInput{Opening: m.opening})
	if !m.env.IsWorkflowCompleted() {
		m.t.Fatal("the deal did not end")
	}
	if err := m.env.GetWorkflowError(); err != nil {
		m.t.Fatal(err)
	}
	if m.heard != m.asked {
		m.t.Errorf("%d of %d acts were answered before the deal ended", m.heard, m.asked)
	}
}

func (m *market) state(name string, want deal.State) {
	m.t.Helper()
	if have := m.board(name).State; have != want {
		m.t.Errorf("state of %s: have %q, want %q", name, have, want)
	}
}
