package workflows

import (
	"testing"
	"time"

	"cession/deal"
)

// say has a lane say how the newest effect of a call stands.
func (m *market) say(call string, states ...deal.Standing) {
	m.later(func() { m.tell(call, states...) })
}

func (m *market) tell(call string, states ...deal.Standing) {
	for i := len(m.intents) - 1; i >= 0; i-- {
		if in := m.intents[i]; in.Call.Name() == call {
			for _, s := range states {
				if err := m.env.SignalWorkflowByID(in.Reply, SignalNotice, deal.Notice{Intent: in.ID, State: s}); err != nil {
					m.t.Error(err)
				}
			}
			return
		}
	}
	m.t.Errorf("no %s was sent", call)
}

// troubled checks which troubles people see now.
func (m *market) troubled(board string, want ...string) {
	m.later(func() {
		var have []string
		for _, x := range m.board(board).Troubles {
			have = append(have, x.Kind)
		}
		if len(have) != len(want) || len(want) == 1 && have[0] != want[0] {
			m.t.Errorf("troubles of %s: %v, want %v", board, have, want)
		}
	})
}

// TestReorgHoldsTheDeal: while an effect is in doubt nothing more is sent; what
// people do meanwhile is done when the effect is back.
func TestReorgHoldsTheDeal(t *testing.T) {
	m := newMarket(t)
	m.toListing()
	m.toOffer(red, 1_000_000)
	m.toTerms(red, 1_000_000)
	m.toEscrow(red)
	m.say("escrow.fund", deal.Reorged, deal.Reorged)
	m.troubled("deal", deal.ChainReorg)
	sent, answered := 0, false
	m.later(func() { sent = len(m.calls) })
	m.act("", red, "handover.request", fields{"key": value(deal.KindKey, "age1"+string(make64('q')))}, func(out deal.Outcome, err error) {
		answered = true
		if err != nil || out.Verdict != deal.Accepted {
			t.Errorf("after the effect was back: %v, %v", out.Verdict, err)
		}
	})
	m.later(func() {
		if answered || len(m.calls) != sent {
			t.Errorf("sent on what was in doubt: %v", m.calls[sent:])
		}
	})
	m.say("escrow.fund", deal.Restored)
	m.troubled("deal")
	m.run()
	m.state("deal", deal.Refunded)
	if !answered {
		t.Error("the act was never answered")
	}
}

func make64(c byte) []byte {
	out := make([]byte, 58)
	for i := range out {
		out[i] = c
	}
	return out
}

// TestReorgWhileWaiting: the effect that a deal waits for itself may be in doubt
// and back any number of times before it is final.
func TestReorgWhileWaiting(t *testing.T) {
	m := newMarket(t)
	m.later(func() {
		m.env.RegisterDelayedCallback(func() { m.tell("notary.anchor", deal.Reorged, deal.Restored, deal.Reorged, deal.Restored) }, 10*time.Minute+500*time.Millisecond)
	})
	m.toListing()
	m.troubled("deal")
	m.ok("", seller, "cancellation.cancel", nil)
	m.run()
	m.state("deal", deal.Cancelled)
}

// TestNoticeOfAFailure: a notice that comes late, for what failed in the end or
// was never asked for, holds nothing up.
func TestNoticeOfAFailure(t *testing.T) {
	m := newMarket(t)
	m.stumble = map[string]string{"documents.notarize": "notary.anchor"}
	m.later(func() {
		m.env.RegisterDelayedCallback(func() { m.tell("notary.anchor", deal.Reorged) }, 40*time.Minute+500*time.Millisecond)
		m.env.RegisterDelayedCallback(func() { m.tell("notary.anchor", deal.Reorged) }, 45*time.Minute)
	})
	m.later(func() {
		if err := m.env.SignalWorkflowByID(DealID(m.opening.ID), SignalNotice, deal.Notice{Intent: hashOf("another"), State: deal.Reorged}); err != nil {
			t.Error(err)
		}
	})
	m.toListing()
	m.troubled("deal")
	m.ok("", seller, "cancellation.cancel", nil)
	m.run()
	m.state("deal", deal.Cancelled)
}

// TestReorgHoldsTheDeadline: a deadline takes nothing out of an escrow that is
// in doubt, and goes by what became of it.
func TestReorgHoldsTheDeadline(t *testing.T) {
	for name, test := range map[string]struct {
		then    deal.Standing
		want    deal.State
		refunds int
	}{
		"restored": {deal.Restored, deal.Refunded, 1},
		"undone":   {deal.Undone, deal.Expired, 0},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMarket(t)
			m.toListing()
			m.toOffer(red, 1_000_000)
			m.toTerms(red, 1_000_000)
			m.ok("", seller, "escrow.deposit", fields{"permit_until": m.soon(48 * time.Hour), "permit": sig()})
			m.say("escrow.open", deal.Reorged)
			m.env.RegisterDelayedCallback(func() {
				if p := m.board("deal"); p.Ended != nil || count(m.calls, "escrow.refund") != 0 {
					t.Errorf("the deadline did not wait: %s, sent %v", p.State, m.calls)
				}
				m.tell("escrow.open", test.then)
			}, m.at+200*time.Hour)
			m.run()
			m.state("deal", test.want)
			if n := count(m.calls, "escrow.refund"); n != test.refunds {
				t.Errorf("%d refunds were sent, want %d", n, test.refunds)
			}
		})
	}
}

// TestUndone: what a deal does when an effect it was told of is gone for good.
func TestUndone(t *testing.T) {
	root := deal.Digest(hashOf("root"))
	key := value(deal.KindKey, "age1"+string(make64('q')))
	for call, test := range map[string]struct {
		script  func(m *market)
		want    deal.State
		payouts int
	}{
		"notary.anchor": {func(m *market) {
			m.toSettlement(red)
			m.say("notary.anchor", deal.Reorged, deal.Undone)
			m.ok("", seller, "archive.archive", fields{"record": root})
		}, deal.Archived, 1},
		"receivable.mint": {func(m *market) {
			m.say("receivable.mint", deal.Reorged, deal.Undone)
		}, deal.Refunded, 1},
		"escrow.open": {func(m *market) {
			m.later(func() { m.tell("escrow.open", deal.Undone) })
		}, deal.Expired, 0},
		"escrow.fund": {func(m *market) {
			m.ok("", red, "handover.request", fields{"key": key})
			m.say("escrow.fund", deal.Reorged, deal.Undone)
			m.troubled("deal", deal.ChainUndone)
			m.no("", seller, "handover.release", fields{"key": key, "root": root, "until": m.soon(900 * time.Hour)}, deal.Conflict)
		}, deal.Refunded, 0},
		"escrow.settle": {func(m *market) {
			m.toSettlement(red)
			m.say("escrow.settle", deal.Reorged, deal.Undone)
			m.troubled("deal", deal.ChainUndone)
			m.ok("", seller, "archive.archive", fields{"record": root})
		}, deal.Archived, 1},
		"escrow.withdraw": {func(m *market) {
			m.toSettlement(red)
			m.say("escrow.withdraw", deal.Undone)
			m.ok("", seller, "archive.archive", fields{"record": root})
		}, deal.Archived, 1},
	} {
		t.Run(call, func(t *testing.T) {
			m := newMarket(t)
			m.toListing()
			m.toOffer(red, 1_000_000)
			m.toTerms(red, 1_000_000)
			m.toEscrow(red)
			test.script(m)
			m.run()
			m.state("deal", test.want)
			if n := count(m.calls, "escrow.withdraw"); n != test.payouts {
				t.Errorf("%d payouts, want %d: %v", n, test.payouts, m.calls)
			}
			if p := m.board("deal"); len(p.Troubles) != 1 || p.Troubles[0].Kind != deal.ChainUndone {
				t.Errorf("nobody sees that %s is gone: %+v", call, p.Troubles)
			}
		})
	}
}

// TestReorgInARoom: an effect of a room is the room's, and holds up nothing else.
func TestReorgInARoom(t *testing.T) {
	m := newMarket(t)
	m.toListing()
	m.toOffer(red, 1_000_000)
	var anchored deal.Intent
	m.later(func() {
		for _, i := range m.intents {
			if i.Reply == RoomID(m.opening.ID, red) {
				anchored = i
			}
		}
		if err := m.env.SignalWorkflowByID(anchored.Reply, SignalNotice, deal.Notice{Intent: anchored.ID, State: deal.Reorged}); err != nil {
			t.Error(err)
		}
	})
	m.troubled(string(red), deal.ChainReorg)
	m.troubled("deal")
	m.ok("", seller, "cancellation.cancel", nil)
	m.run()
	m.state("deal", deal.Cancelled)
	m.state(string(red), deal.Cancelled)
}

// TestNoticesRollOver: a notice goes along when a deal continues as new, also
// one that comes with the very task, and the next run waits too.
func TestNoticesRollOver(t *testing.T) {
	for name, early := range map[string]bool{"before": true, "in the task": false} {
		t.Run(name, func(t *testing.T) {
			m := newMarket(t)
			m.toListing()
			m.later(func() {
				if early {
					m.tell("receivable.mint", deal.Reorged)
				}
			})
			m.later(func() {
				if !early {
					n := deal.Notice{Intent: m.intents[len(m.intents)-1].ID, State: deal.Reorged}
					m.env.SignalWorkflowSkippingWorkflowTask(SignalNotice, n)
				}
			})
			m.later(func() { m.env.SetContinueAsNewSuggested(true) })
			m.env.ExecuteWorkflow(Deal, DealInput{Opening: m.opening})
			in := nextDeal(t, m.env.GetWorkflowError())
			if in.Progress == nil || !in.Progress.InDoubt() {
				t.Fatal("the next run knows nothing of the doubt")
			}
		})
	}
}
