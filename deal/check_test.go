package deal

import (
	"testing"
	"time"
)

func TestCheckRefusesAnAct(t *testing.T) {
	begin := func(t *testing.T) *course { return newCourse(t, Standard(), nil) }
	listed := func(t *testing.T) *course {
		c := begin(t)
		c.takeAll("draft.open", "documents.notarize", "mint.mint", "listing.publish")
		return c
	}
	tests := []struct {
		name  string
		start func(*testing.T) *course
		act   string
		edit  func(*Act)
		want  Kind
	}{
		{"no such step", begin, "draft.open", func(a *Act) { a.Step = "drafts" }, NotFound},
		{"no such action", begin, "draft.open", func(a *Act) { a.Action = "close" }, NotFound},
		{"another deal", begin, "draft.open", func(a *Act) { a.Deal = "d-aaaaaaaaaaaaaaaaaaaa" }, Invalid},
		{"in a room", begin, "draft.open", func(a *Act) { a.Room = fund.ID }, Invalid},
		{"a room's step in the deal", begin, "leave.dismiss", nil, Invalid},
		{"field missing", begin, "draft.open", func(a *Act) { delete(a.Fields, "plan") }, Invalid},
		{"field unknown", begin, "draft.open", func(a *Act) { a.Fields["note"] = Number(1) }, Invalid},
		{"field unknown instead of a known one", begin, "draft.open", func(a *Act) { delete(a.Fields, "plan"); a.Fields["plam"] = Digest(Commitment{1}) }, Invalid},
		{"field of another kind", begin, "draft.open", func(a *Act) { a.Fields["plan"] = Number(1) }, Invalid},
		{"field without value", begin, "draft.open", func(a *Act) { a.Fields["plan"] = Value{} }, Invalid},
		{"no fields", begin, "draft.open", func(a *Act) { a.Fields = nil }, Invalid},
		{"optional field of another kind", func(t *testing.T) *course {
			c := begin(t)
			c.takeAll("draft.open", "documents.notarize", "mint.mint")
			return c
		}, "listing.publish", func(a *Act) { a.Fields["guidance"] = Number(1) }, Invalid},
		{"wrong role", begin, "cancellation.withdraw", func(a *Act) { a.Party, a.Signer = vendor.ID, vendor.Wallet }, Refused},
		{"a stranger", begin, "draft.open", func(a *Act) { a.Party, a.Signer = fund.ID, fund.Wallet }, Refused},
		{"nobody", begin, "draft.open", func(a *Act) { a.Party, a.Signer = "", Address{} }, Refused},
		{"a signer of another party", begin, "draft.open", func(a *Act) { a.Signer = fund.Wallet }, Refused},
		{"no signer", begin, "draft.open", func(a *Act) { a.Signer = Address{} }, Refused},
		{"at its deadline", begin, "draft.open", func(a *Act) { a.Deadline = start }, Conflict},
		{"past its deadline", begin, "draft.open", func(a *Act) { a.Deadline = start.Add(-time.Second) }, Conflict},
		{"no deadline", begin, "draft.open", func(a *Act) { a.Deadline = time.Time{} }, Conflict},
		{"sequence behind", begin, "draft.open", func(a *Act) { a.Sequence = 0 }, Conflict},
		{"sequence ahead", begin, "draft.open", func(a *Act) { a.Sequence = 2 }, Conflict},
		{"sequence used", listed, "invitations.invite", func(a *Act) { a.Sequence = 1 }, Conflict},
		{"step not open", begin, "documents.notarize", nil, Conflict},
		{"step done", listed, "draft.open", nil, Conflict},
		{"step over", func(t *testing.T) *course { c := begin(t); c.toTerms(); return c }, "invitations.invite", nil, Conflict},
		{"action that needs another", func(t *testing.T) *course { c := begin(t); c.toTerms(); return c }, "terms.accept", nil, Conflict},
		{"twice", func(t *testing.T) *course { c := begin(t); c.toTerms(); c.take("terms.propose", nil); return c }, "terms.propose", nil, Conflict},
		{"after the end", func(t *testing.T) *course { c := begin(t); c.End(Expired, start); return c }, "draft.open", nil, Conflict},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := tt.start(t)
			a := c.act(tt.act, nil)
			if tt.edit != nil {
				tt.edit(&a)
			}
			version := c.Version
			if err := c.Check(a, c.now); KindOf(err) != tt.want {
				t.Errorf("have %v (kind %q), want kind %s", err, KindOf(err), tt.want)
			}
			if c.Version != version {
				t.Error("checking changed the deal")
			}
		})
	}
}

func TestCheckTakesAnActUntilItsDeadline(t *testing.T) {
	c := newCourse(t, Standard(), nil)
	a := c.act("draft.open", nil)
	if err := c.Check(a, a.Deadline.Add(-time.Nanosecond)); err != nil {
		t.Errorf("just before its deadline: %v", err)
	}
	a.Signer = vendor.Wallet
	if err := c.Check(a, c.now); err != nil {
		t.Errorf("signed by the wallet itself: %v", err)
	}
}

func TestCheckInARoom(t *testing.T) {
	tests := []struct {
		name string
		act  string
		edit func(*Act)
		want Kind
	}{
		{"its bidder", "invitation.accept", nil, ""},
		{"the seller in the bidder's place", "invitation.accept", func(a *Act) { a.Party, a.Signer = vendor.ID, vendor.Wallet }, Refused},
		{"another bidder", "invitation.accept", func(a *Act) { a.Party = "green-fund" }, Refused},
		{"another room", "invitation.accept", func(a *Act) { a.Room = "green-fund" }, Invalid},
		{"no room", "invitation.accept", func(a *Act) { a.Room = "" }, Invalid},
		{"a step of the deal", "draft.open", nil, Invalid},
	}
	for _, tt := range tests {
		c := newCourse(t, Standard(), &fund)
		a := c.act(tt.act, nil)
		if tt.edit != nil {
			tt.edit(&a)
		}
		if err := c.Check(a, c.now); (err == nil) != (tt.want == "") || KindOf(err) != tt.want {
			t.Errorf("%s: %v, want kind %q", tt.name, err, tt.want)
		}
	}
}

func TestChoiceMustBeOneOfTheField(t *testing.T) {
	c := newCourse(t, Standard(), &fund)
	c.take("invitation.accept", nil)
	for choice, want := range map[string]Kind{"fund": "", "bank": "", "charity": Invalid, "Fund": Invalid} {
		v, err := NewValue(KindChoice, choice)
		if err != nil {
			t.Fatal(err)
		}
		err = c.Check(c.act("clearance.declare", map[string]Value{"capacity": v}), c.now)
		if KindOf(err) != want {
			t.Errorf("capacity %s: %v, want kind %q", choice, err, want)
		}
	}
}

func TestRepeatableActsCount(t *testing.T) {
	c := newCourse(t, Standard(), nil)
	c.toTerms()
	for want := uint64(6); want < 9; want++ { // the seller took five acts before
		if a := c.take("terms.approve", nil); a.Sequence != want {
			t.Errorf("sequence %d, want %d", a.Sequence, want)
		}
	}
	if n := c.NextSequence(fund.ID); n != 1 {
		t.Errorf("the buyer's next sequence is %d, want 1: parties count for themselves", n)
	}
}

func TestPartyMay(t *testing.T) {
	if !fund.May(fund.Signers[1]) || fund.May(vendor.Wallet) || (Party{}).May(Address{}) {
		t.Error("only a party's own signers sign for it")
	}
}
