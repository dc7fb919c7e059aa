package lane

import "cession/deal"

func (s *storm) quiet() bool {
	for _, l := range s.lanes {
		if len(l.state.Open) > 0 || len(l.going) > 0 || len(l.state.restoring()) > 0 || l.state.Roused || l.state.Resync || l.state.unkept() {
			return false
		}
	}
	return len(s.told) == len(s.intents)
}

// check counts: each intent one effect over all lanes, none if it would revert
// or was given up, and the outcome that was told is that.
func (s *storm) check() {
	s.t.Helper()
	if !s.quiet() {
		for _, l := range s.lanes {
			s.t.Logf("%s: %s; nonce %d, mined %d, %d in the pool, %d lost, %d under way", l.cfg.ID(), l.state.Headline(),
				l.state.Nonce, l.chain.mined(), len(l.chain.pool), len(l.state.restoring()), len(l.going))
			for _, r := range append(l.state.Open, l.state.restoring()...) {
				s.t.Logf("  %s %s %s hold %q canceled %t to %q adopted %t anew %t", r.Intent.ID.Short(), r.Status, r.Reason, r.Hold,
					r.Canceled, r.To, !r.Adopted.IsZero(), r.Anew)
			}
		}
		s.t.Fatalf("stuck: %d of %d told", len(s.told), len(s.intents))
	}
	effects := s.ledger.effects()
	for _, in := range s.intents {
		out := s.told[in.ID]
		want := 0
		if out.OK {
			want = 1
		}
		if got := effects[in.ID]; got != want {
			s.t.Errorf("%s %s took effect %d times, and was told %+v", in.Call.Name(), in.ID.Short(), got, out)
		}
		if should := in.Step != "reverts" && out.Reason != GivenUp; out.OK != should {
			s.t.Errorf("%s %s: told %+v", in.Call.Name(), in.ID.Short(), out)
		}
		if last := s.heard[in.ID]; out.OK && last != "" && last != deal.Restored {
			s.t.Errorf("%s is done, and was last heard to be %s", in.ID.Short(), last)
		}
	}
	for _, l := range s.lanes {
		s.checkLane(l)
	}
}

// checkLane: no gap is left, nothing is reserved, what was paid is what the
// chain took, and every command is on the record.
func (s *storm) checkLane(l *stormLane) {
	s.t.Helper()
	if n := len(l.chain.pool); n != 0 {
		s.t.Errorf("%s: %d transactions wait behind a gap", l.cfg.ID(), n)
	}
	if got := l.state.reserved(); got != 0 {
		s.t.Errorf("%s: %d wei are reserved for nothing", l.cfg.ID(), got)
	}
	if got, want := l.state.Totals.Fees, l.chain.cost(); got != want && !s.rewinds {
		s.t.Errorf("%s: paid %d wei, and says %d", l.cfg.ID(), want, got)
	}
	for seq := uint64(1); seq <= l.state.Seq; seq++ {
		if l.entries[seq].Seq != seq {
			s.t.Errorf("%s: command %d was not published", l.cfg.ID(), seq)
		}
	}
}
