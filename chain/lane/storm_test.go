package lane

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"cession/deal"
)

// storm drives a lane through random faults: replies lost, nodes down, late
// repetitions of old actions, restarts from JSON, blocks reorganized, the
// chain rewound, prices out of reach.
type storm struct {
	t       *testing.T
	rand    *rand.Rand
	chain   *fakeChain
	cfg     Config
	state   *State
	now     time.Time
	going   []Action // handed out, no event yet
	past    []Action // everything ever handed out
	intents []deal.Intent
	told    map[deal.Commitment]deal.Receipt
	alarm   time.Time // when the lane wants to be asked
	changed bool

	rewinds, foreign bool
}

func newStorm(t *testing.T, seed uint64) *storm {
	r := rand.New(rand.NewPCG(seed, 7))
	cfg := Config{ChainID: 1, Address: deal.Address{1}, Finality: uint64(r.IntN(3)), MaxInFlight: 1 + r.IntN(16),
		BumpAfter: 20 * time.Second, Ceiling: 1 << 30}
	return &storm{t: t, rand: r, chain: newFakeChain(), cfg: cfg, state: New(Input{Config: cfg}),
		now: time.Unix(1_800_000_000, 0), told: map[deal.Commitment]deal.Receipt{},
		rewinds: seed%2 == 0, foreign: seed%2 == 1}
}

func (s *storm) submit() {
	n := len(s.intents)
	in := testIntent(n)
	if s.rand.IntN(10) == 0 {
		in.Step = "reverts"
	}
	if n > 0 && s.rand.IntN(4) == 0 {
		in = s.intents[s.rand.IntN(n)] // the same again
	} else {
		s.intents = append(s.intents, in)
	}
	s.state.Submit(in, s.now)
	s.changed = true
}

// step is one thing that happens.
func (s *storm) step(calm bool) {
	s.now = s.now.Add(time.Duration(s.rand.IntN(1500)) * time.Millisecond)
	s.ask()
	if len(s.going) > 0 && s.rand.IntN(4) > 0 {
		i := s.rand.IntN(len(s.going))
		a := s.going[i]
		s.going = append(s.going[:i:i], s.going[i+1:]...)
		s.finish(a, calm)
	}
	if calm {
		if s.rand.IntN(3) == 0 {
			s.chain.seal()
		}
		return
	}
	s.fault()
}

// ask lets the lane hand out actions, but only when the workflow would: after
// something was applied, or when the lane said that something would be due.
func (s *storm) ask() {
	if !s.changed && (s.alarm.IsZero() || s.now.Before(s.alarm)) {
		return
	}
	next := s.state.Next(s.now)
	s.going, s.past = append(s.going, next...), append(s.past, next...)
	s.alarm, _ = s.state.Due(s.now)
	s.changed = false
}

// finish has an action take effect and tells the lane, or loses one or the other.
func (s *storm) finish(a Action, calm bool) {
	s.changed = true
	if r, ok := a.(Report); ok {
		s.hear(r)
		s.state.Apply(Reported{Intent: r.Receipt.Intent}, s.now)
		return
	}
	event, err := s.chain.do(a)
	if !calm && s.rand.IntN(4) == 0 { // the reply is lost
		if s.rand.IntN(2) == 0 {
			event, err = s.chain.do(a) // and the action repeated
		} else {
			err = errDown
		}
	}
	if err != nil {
		event = Failure{Action: a, Reason: RPCDown}
	}
	s.state.Apply(event, s.now)
}

func (s *storm) hear(r Report) {
	if old, ok := s.told[r.Receipt.Intent]; ok && old != r.Receipt {
		s.t.Fatalf("outcome of %s changed from %+v to %+v", r.Receipt.Intent.Short(), old, r.Receipt)
	}
	s.told[r.Receipt.Intent] = r.Receipt
}

func (s *storm) fault() {
	switch s.rand.IntN(24) {
	case 0, 1, 2, 3:
		s.submit()
	case 4, 5, 6, 7, 8:
		s.chain.seal()
	case 9:
		s.restart()
	case 10: // late, when nobody waits for it any more
		_, _ = s.chain.do(s.past[s.rand.IntN(len(s.past))])
	case 11:
		s.chain.down = !s.chain.down
	case 12:
		s.chain.indexing = !s.chain.indexing
	case 13:
		s.chain.minTip = uint64(10 + s.rand.IntN(40))
	case 14:
		s.chain.pool = map[uint64]fakeTx{} // the node forgets
	case 15:
		if s.rewinds {
			s.chain.cut(1+s.rand.IntN(4), true)
			s.chain.seal()
		}
	case 16:
		if s.rewinds {
			s.chain.cut(1+s.rand.IntN(8), false)
		}
	case 17:
		if s.foreign && s.rand.IntN(2) == 0 {
			s.chain.foreign()
		}
	}
}

// restart continues from JSON; what was under way is forgotten.
func (s *storm) restart() {
	b, err := json.Marshal(Input{Config: s.cfg, State: s.state})
	if err != nil {
		s.t.Fatal(err)
	}
	var in Input
	if err := json.Unmarshal(b, &in); err != nil {
		s.t.Fatal(err)
	}
	s.state, s.going, s.changed = New(in), nil, true
}

// TestStorm lets each seed blow, then calms it, and counts the effects.
func TestStorm(t *testing.T) {
	for seed := range uint64(300) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			s := newStorm(t, seed)
			s.submit()
			s.ask()
			for range 300 {
				s.step(false)
			}
			s.chain.down, s.chain.indexing, s.chain.minTip = false, false, 10
			s.state.Rouse()
			s.changed = true
			for range 6000 {
				if s.quiet() {
					break
				}
				s.step(true)
			}
			s.check()
		})
	}
}

func (s *storm) quiet() bool {
	return len(s.state.Open) == 0 && len(s.going) == 0 && len(s.state.restoring()) == 0 && !s.state.Roused &&
		len(s.told) == len(s.intents)
}

func (s *storm) check() {
	if !s.quiet() {
		s.t.Fatalf("stuck: %s; %d of %d told, pool %v, mined %d", s.state.Headline(), len(s.told), len(s.intents), s.chain.pool, s.chain.mined())
	}
	effects := s.chain.effects()
	for _, in := range s.intents {
		want := 1
		if in.Step == "reverts" {
			want = 0
		}
		if got := effects[in.ID]; got != want {
			s.t.Errorf("%s %s took effect %d times, want %d", in.Call.Name(), in.ID.Short(), got, want)
		}
		if out := s.told[in.ID]; out.OK != (want == 1) {
			s.t.Errorf("%s %s: told %+v", in.Call.Name(), in.ID.Short(), out)
		}
	}
	if len(s.chain.pool) != 0 {
		s.t.Errorf("%d transactions wait behind a gap", len(s.chain.pool))
	}
}

func testIntent(n int) deal.Intent {
	call := deal.Call{Anchor: &deal.Anchor{Root: deal.Commitment{byte(n), byte(n >> 8), 1}, Count: 1}}
	if n%2 == 1 {
		call = deal.Call{Mint: &deal.Mint{}}
	}
	id := deal.ID("d-aaaaaaaaaaaaaaaaaaa" + "abcdefgh"[n%8:n%8+1])
	return deal.NewIntent(id, "step", deal.Commitment{byte(n), byte(n >> 8)}, call, "deal/"+string(id))
}
