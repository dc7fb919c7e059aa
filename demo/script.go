package demo

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"cession/deal"
)

// step is one move of the script.
type step struct {
	name  string
	party deal.PartyID
	// look returns what the step reports once it is done, or nil before that.
	look func(ctx context.Context) (*Event, error)
	// ready reports whether the step can be done yet; nil: at once.
	ready func(ctx context.Context) (bool, error)
	do    func(ctx context.Context) error
}

// phase is what is played at the same time: steps of one lane one after the
// other, the lanes side by side.
type phase [][]step

// script is a deal being played.
type script struct {
	Config
	id     deal.ID
	symbol string // currency of the market
	since  time.Time

	mu    sync.Mutex       // guards what follows, and Report
	seen  map[string]Event // what left no record in the deal, by step
	done  int
	total int
}

func newScript(cfg Config) *script {
	if cfg.Patience == 0 {
		cfg.Patience = 5 * time.Minute
	}
	return &script{Config: cfg, id: cfg.Deal, since: time.Now().UTC().Truncate(time.Second), seen: map[string]Event{}}
}

// Run plays the deal to its end. The error is nil only if the deal settled, the
// chain says that the title is the buyer's, and every document at the buyer's
// node is what the seller hashed.
func Run(ctx context.Context, cfg Config) (Result, error) {
	s := newScript(cfg)
	if err := s.meet(ctx); err != nil {
		return Result{}, err
	}
	phases := s.phases()
	s.total = count(phases)
	for _, p := range phases {
		if err := s.play(ctx, p); err != nil {
			return Result{Deal: s.id, Seconds: s.seconds()}, err
		}
	}
	return s.result(ctx)
}

// Steps returns the names of the steps in order, lane by lane.
func Steps(cfg Config) (names []string) {
	for _, p := range newScript(cfg).phases() {
		for _, lane := range p {
			for _, st := range lane {
				names = append(names, st.name)
			}
		}
	}
	return names
}

func count(phases []phase) (n int) {
	for _, p := range phases {
		for _, lane := range p {
			n += len(lane)
		}
	}
	return n
}

func (s *script) seconds() float64 { return time.Since(s.since).Round(10 * time.Millisecond).Seconds() }

// meet learns in which currency the market pays.
func (s *script) meet(ctx context.Context) error {
	return s.until(ctx, "market", func(ctx context.Context) error {
		api, err := s.desk()
		if err != nil {
			return err
		}
		market, err := api.Market(ctx)
		s.symbol = market.Symbol
		return err
	})
}

func (s *script) desk() (DeskAPI, error) {
	api, err := s.Config.Desk()
	if err != nil {
		return nil, deal.Errorf(deal.Lost, "find the desk: %w", err)
	}
	return api, nil
}

func (s *script) party(id deal.PartyID) Party { return Party{ID: id, Nodes: s.Nodes, Pause: s.Pause} }

func (s *script) play(ctx context.Context, p phase) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, lane := range p {
		g.Go(func() error {
			for _, st := range lane {
				if err := s.finish(ctx, st); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// errNotYet says that a step waits for somebody else.
var errNotYet = errors.New("waits for the other side")

// finish brings a step to its end: look, do it if it is not done, look again.
// Once it was done without an error it is only looked for.
func (s *script) finish(ctx context.Context, st step) error {
	acted := false
	return s.until(ctx, st.name, func(ctx context.Context) error {
		event, err := st.look(ctx)
		if err != nil {
			return err
		}
		if event != nil {
			s.report(*event, st)
			return nil
		}
		if acted {
			return errNotYet
		}
		if st.ready != nil {
			if ok, err := st.ready(ctx); err != nil {
				return err
			} else if !ok {
				return errNotYet
			}
		}
		if err := st.do(ctx); err != nil {
			return err
		}
		acted = true
		return errAgain
	})
}

// errAgain asks for another look at once.
var errAgain = errors.New("look again")

// until tries until there is no error, the error is final, or patience ends.
func (s *script) until(ctx context.Context, name string, try func(ctx context.Context) error) error {
	began, wait, told := time.Now(), newPause(s.Pause), false
	for {
		err := s.before(ctx, name)
		if err == nil {
			err = try(ctx)
		}
		waited := time.Since(began)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, errAgain):
			wait = newPause(s.Pause)
			continue
		case ctx.Err() != nil:
			return fmt.Errorf("%s: %w", name, ctx.Err())
		case waited > s.limit(err):
			return fmt.Errorf("%s: %w", name, err)
		case !told && waited > quiet:
			told = true
			s.tell(Event{Kind: Waiting, Name: name, Text: "still at " + name + ": " + err.Error()})
		}
		if err := wait.wait(ctx); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
}

// quiet is how long a step is tried before a word is said about it.
const quiet = 5 * time.Second

// hesitation is how long a node's own no is questioned: right after a restart
// its view of the others may be a moment old.
const hesitation = 10 * time.Second

// limit returns how long an error may last.
func (s *script) limit(err error) time.Duration {
	var final *finalError
	switch kind := deal.KindOf(err); {
	case errors.As(err, &final), kind == deal.Invalid:
		return 0
	case kind == deal.Refused:
		return min(hesitation, s.Patience)
	}
	return s.Patience
}

// finalError is an error that no waiting changes.
type finalError struct{ error }

func (e *finalError) Unwrap() error { return e.error }

func (s *script) before(ctx context.Context, name string) error {
	if s.Before == nil {
		return nil
	}
	return s.Before(ctx, name)
}

func (s *script) report(e Event, st step) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done++
	e.Name = st.name
	if e.Party == "" {
		e.Party = st.party
	}
	s.emit(e)
}

func (s *script) tell(e Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.emit(e)
}

func (s *script) emit(e Event) {
	if e.At.IsZero() {
		e.At = time.Now().UTC()
	}
	e.Done, e.Total = s.done, s.total
	if s.Report != nil {
		s.Report(e)
	}
}

// remember keeps what a step did that leaves no record in the deal.
func (s *script) remember(name string, e Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen[name] = e
}

// recall is the look of a step that leaves no record in the deal.
func (s *script) recall(name string) func(context.Context) (*Event, error) {
	return func(context.Context) (*Event, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if e, ok := s.seen[name]; ok {
			return &e, nil
		}
		return nil, nil
	}
}
