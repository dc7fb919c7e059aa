package lane

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"cession/deal"
)

// weather is what a storm may do, by seed. What no lane can survive is kept
// apart: a chain that goes back further than what counts as final may mine a
// canceled transaction after all, or the one whose nonce a stranger used.
type weather struct {
	lanes    int
	rewinds  bool // the chain forgets final blocks, and operators cancel nothing
	foreign  bool // strangers use the keys
	shallow  bool // blocks that are not final are exchanged
	lagging  bool
	finality []Finality
}

var weathers = []weather{
	{lanes: 1, rewinds: true, finality: []Finality{"0", "1", "2"}},
	{lanes: 3, foreign: true, finality: []Finality{"0", "2", Safe}},
	{lanes: 3, shallow: true, finality: []Finality{"1", "2", "3", Safe, Finalized}},
	{lanes: 2, lagging: true, finality: []Finality{"0", Safe, Finalized}},
}

// depth returns how many blocks may be exchanged without touching what is final.
func depth(f Finality) int {
	switch f {
	case Safe:
		return 2
	case Finalized:
		return 4
	}
	n, _ := strconv.Atoi(string(f))
	return n
}

// storm drives lanes through random faults: replies lost, nodes down, late
// repetitions of old actions, restarts from JSON, blocks reorganized, the chain
// rewound, prices out of reach - and through operators who do anything.
type storm struct {
	t *testing.T
	weather
	rand    *rand.Rand
	ledger  *fakeLedger
	lanes   []*stormLane
	depth   int // blocks that may be exchanged
	now     time.Time
	intents []deal.Intent
	told    map[deal.Commitment]deal.Receipt
	heard   map[deal.Commitment]deal.Standing
	drawn   int // ids of commands
	acts    int // commands that were carried out
}

// stormLane is a lane under way.
type stormLane struct {
	cfg     Config
	chain   *fakeChain
	state   *State
	going   []Action // handed out, no event yet
	past    []Action // everything ever handed out
	alarm   time.Time
	changed bool
	calls   []Command // carried out
	answers []Answer
	entries map[uint64]Entry
}

func newStorm(t *testing.T, seed uint64) *storm {
	r := rand.New(rand.NewPCG(seed, 7))
	s := &storm{t: t, weather: weathers[seed%4], rand: r, ledger: &fakeLedger{base: 100}, now: time.Unix(1_800_000_000, 0),
		told: map[deal.Commitment]deal.Receipt{}, heard: map[deal.Commitment]deal.Standing{}}
	f := s.finality[r.IntN(len(s.finality))]
	s.depth = depth(f)
	steps := map[string]Rule{"urgent": {Urgency: High}, "reverts": {Urgency: Low}}
	if s.shallow {
		steps["urgent"] = Rule{Urgency: High, Finality: "3"}
		s.depth = min(s.depth, 3)
	}
	var ids []string
	for i := range s.weather.lanes {
		cfg := Config{ChainID: 1, Address: deal.Address{byte(i + 1)}, Finality: f, Steps: steps, MaxInFlight: 1 + r.IntN(16),
			BumpAfter: 20 * time.Second, HandAfter: 40 * time.Second, Limits: Limits{PerGas: 1 << 30, PerDay: 1 << 50}}
		if s.rewinds {
			cfg.HandAfter = 1000 * time.Hour
		}
		ids = append(ids, cfg.ID())
		s.lanes = append(s.lanes, &stormLane{cfg: cfg, chain: s.ledger.join(cfg.Address), entries: map[uint64]Entry{}})
	}
	for _, l := range s.lanes {
		if s.foreign && r.IntN(2) == 0 { // a stranger's, which the lane starts behind
			l.chain.put(fakeTx{Call: "foreign", Tip: 10, Cap: 300})
		}
		l.cfg.Siblings = ids
		l.state = New(Input{Config: l.cfg})
	}
	return s
}

func (s *storm) any() *stormLane { return s.lanes[s.rand.IntN(len(s.lanes))] }

func (s *storm) lane(id string) *stormLane {
	for _, l := range s.lanes {
		if l.cfg.ID() == id {
			return l
		}
	}
	s.t.Fatalf("no lane %s", id)
	return nil
}

func (s *storm) submit() {
	n := len(s.intents)
	in := testIntent(n)
	switch s.rand.IntN(12) {
	case 0:
		in.Step = "reverts"
	case 1:
		in.Step = "urgent"
	case 2:
		in.By = s.now.Add(time.Duration(s.rand.IntN(300)) * time.Second)
	}
	if n > 0 && s.rand.IntN(4) == 0 {
		in = s.intents[s.rand.IntN(n)] // the same again
	} else {
		s.intents = append(s.intents, in)
	}
	l := s.lane(For(in.Deal, s.lanes[0].cfg.Siblings))
	l.state.Submit(Submission{Intent: in}, s.now)
	l.changed = true
}

// step is one thing that happens.
func (s *storm) step(calm bool) {
	s.now = s.now.Add(time.Duration(s.rand.IntN(1500)) * time.Millisecond)
	for _, l := range s.lanes {
		l.ask(s.now)
	}
	if l := s.any(); len(l.going) > 0 && s.rand.IntN(4) > 0 {
		i := s.rand.IntN(len(l.going))
		a := l.going[i]
		l.going = append(l.going[:i:i], l.going[i+1:]...)
		s.finish(l, a, calm)
	}
	if !calm {
		s.fault()
	} else if s.rand.IntN(3) == 0 {
		s.ledger.seal()
	}
}

// ask lets the lane hand out actions, but only when the workflow would: after
// something was applied, or when the lane said that something would be due.
func (l *stormLane) ask(now time.Time) {
	if !l.changed && (l.alarm.IsZero() || now.Before(l.alarm)) {
		return
	}
	next := l.state.Next(now)
	l.going, l.past = append(l.going, next...), append(l.past, next...)
	l.alarm, _ = l.state.Due(now)
	l.changed = false
}

// finish has an action take effect and tells the lane, or loses one or the other.
func (s *storm) finish(l *stormLane, a Action, calm bool) {
	l.changed = true
	event, err := s.do(l, a)
	if !calm && s.rand.IntN(4) == 0 { // the reply is lost
		if s.rand.IntN(2) == 0 {
			event, err = s.do(l, a) // and the action repeated
		} else {
			err = errDown
		}
	}
	if err != nil {
		event = Failure{Action: a, Reason: RPCDown}
	}
	l.state.Apply(event, s.now)
}

// do carries an action out, also long after it was handed out.
func (s *storm) do(l *stormLane, a Action) (Event, error) {
	switch a := a.(type) {
	case Report:
		s.hear(a)
		return Reported{Intent: a.Receipt.Intent}, nil
	case Warn:
		s.heard[a.Notice.Intent] = a.Notice.State
		return Warned{Notice: a.Notice}, nil
	case Publish:
		for _, e := range a.Entries {
			l.entries[e.Seq] = e
		}
		return kept(a), nil
	case Hand:
		to := s.lane(a.To)
		if err := to.state.Check(a.Submission); err != nil {
			return nil, err
		}
		to.state.Submit(a.Submission, s.now)
		to.changed = true
		return Handed{Intent: a.Submission.Intent.ID}, nil
	}
	return l.chain.do(a)
}

func (s *storm) hear(r Report) {
	old, ok := s.told[r.Receipt.Intent]
	if ok && old != r.Receipt {
		s.t.Fatalf("outcome of %s changed from %+v to %+v", r.Receipt.Intent.Short(), old, r.Receipt)
	}
	if !ok {
		delete(s.heard, r.Receipt.Intent) // an outcome says more than what was heard before
	}
	s.told[r.Receipt.Intent] = r.Receipt
}

// restart continues from JSON; what was under way is forgotten.
func (s *storm) restart(l *stormLane) {
	b, err := json.Marshal(Input{Config: l.cfg, State: l.state})
	if err != nil {
		s.t.Fatal(err)
	}
	var in Input
	if err := json.Unmarshal(b, &in); err != nil {
		s.t.Fatal(err)
	}
	l.state, l.going, l.changed = New(in), nil, true
}

// TestStorm lets each seed blow, then calms it, and counts the effects. The
// environment's CESSION_SEEDS says how many, if not as many as take some seconds.
func TestStorm(t *testing.T) {
	seeds := uint64(160)
	if n, err := strconv.ParseUint(os.Getenv("CESSION_SEEDS"), 10, 32); err == nil {
		seeds = n
	}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			s := newStorm(t, seed)
			s.submit()
			for range 400 {
				s.step(false)
			}
			s.calm()
			for n := range 8000 {
				if s.quiet() {
					break
				}
				if n%200 == 199 {
					s.attend()
				}
				s.step(true)
			}
			s.check()
		})
	}
}

func testIntent(n int) deal.Intent {
	root := deal.Commitment{byte(n), byte(n >> 8), 1}
	call := deal.Call{Anchor: &deal.Anchor{Root: root, Count: 1}}
	if n%2 == 1 {
		call = deal.Call{Mint: &deal.Mint{Terms: deal.MintTerms{Root: root}}}
	}
	id := deal.ID("d-aaaaaaaaaaaaaaaaaaa" + "abcdefgh"[n%8:n%8+1])
	return deal.NewIntent(id, "step", deal.Commitment{byte(n), byte(n >> 8)}, call, "deal/"+string(id))
}
