package lanetest

import (
	"cession/chain/lane"
	"cession/deal"
)

// finish goes on until the intents were told, and returns the outcomes.
func (r *rig) finish(intents ...deal.Intent) (out []deal.Receipt) {
	r.Helper()
	r.until("told", func() bool {
		for _, in := range intents {
			if _, ok := r.told[in.ID]; !ok {
				return false
			}
		}
		return true
	})
	for _, in := range intents {
		out = append(out, r.told[in.ID])
	}
	return out
}

// want fails the test unless each intent was told done and its effect is there once.
func (r *rig) want(intents ...deal.Intent) {
	r.Helper()
	for i, out := range r.finish(intents...) {
		if !out.OK {
			r.Errorf("%s: %+v, want done", intents[i].Call.Name(), out)
		}
		r.happened(intents[i].Call, 1)
	}
	r.even()
}

// failed fails the test unless the intent was told not done for the reason, and
// had no effect.
func (r *rig) failed(in deal.Intent, reason string) {
	r.Helper()
	if out := r.finish(in)[0]; out.OK || out.Reason != reason {
		r.Errorf("%s: %+v, want %s", in.Call.Name(), out, reason)
	}
	r.happened(in.Call, 0)
}

// happened fails the test unless the call had its effect so many times.
func (r *rig) happened(call deal.Call, times int) {
	r.Helper()
	n, err := r.effects(0, call)
	if err != nil {
		r.Fatal(err)
	}
	if n[0] != times {
		r.Errorf("%s took effect %d times, want %d", call.Name(), n[0], times)
	}
}

// even fails the test if the account has something pending.
func (r *rig) even() {
	r.Helper()
	mined, pending, err := r.nonces(r.signer.Address())
	if err != nil || mined != pending {
		r.Errorf("%d mined, %d pending, %v", mined, pending, err)
	}
}

// record returns what the lane knows of an intent.
func (r *rig) record(in deal.Intent) lane.Record {
	r.Helper()
	x, ok := r.state.Record(in.ID)
	if !ok {
		r.Fatalf("the lane does not know %s", in.ID.Short())
	}
	return x
}

// shows goes on until the intent shows the reason.
func (r *rig) shows(in deal.Intent, why lane.Reason) {
	r.Helper()
	r.until("shown as "+string(why), func() bool { return r.record(in).Reason == why })
}

// laneShows goes on until the lane as a whole shows the reason.
func (r *rig) laneShows(why lane.Reason) {
	r.Helper()
	r.until("shown as "+string(why), func() bool {
		for _, x := range r.state.List().Reasons {
			if x == why {
				return true
			}
		}
		return false
	})
}
