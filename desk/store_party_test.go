package desk

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"cession/deal"

	"github.com/google/go-cmp/cmp"
)

func testDirectory(t *testing.T, s *Store, _ string) {
	ctx, m := t.Context(), memberOf(seller, 1)
	if err := s.PutParty(ctx, m.Party, m.Profile); err != nil {
		t.Fatal(err)
	}
	p, who, err := s.Party(ctx, seller)
	m.Profile.Status = Active
	if err != nil || !cmp.Equal(p, m.Party) || !cmp.Equal(who, m.Profile) {
		t.Errorf("party %v %v %v; want %v", p, who, err, m)
	}
	testOptional(t, s, m)
	if _, _, err := s.Party(ctx, "nobody"); deal.KindOf(err) != deal.NotFound {
		t.Errorf("unknown party: %v", err)
	}
	revoked := m.Party.Signers[1]
	if err := s.RevokeSigner(ctx, seller, revoked); err != nil {
		t.Fatal(err)
	}
	if p, _, _ := s.Party(ctx, seller); p.May(revoked) || !p.May(m.Party.Wallet) {
		t.Error("a revoked signer still signs, or another no longer does")
	}
	if err := s.PutParty(ctx, m.Party, m.Profile); deal.KindOf(err) != deal.Conflict {
		t.Errorf("a revoked signer comes back: %v", err)
	}
	if err := s.Suspend(ctx, seller); err != nil {
		t.Fatal(err)
	}
	if p, who, _ := s.Party(ctx, seller); len(p.Signers) != 0 || who.Status != Suspended {
		t.Errorf("suspended: %d signers, status %s", len(p.Signers), who.Status)
	}
	m.Party.Signers = m.Party.Signers[:1]
	if err := s.PutParty(ctx, m.Party, m.Profile); err != nil {
		t.Fatal(err)
	}
	if _, who, _ := s.Party(ctx, seller); who.Status != Suspended {
		t.Error("entering a party again lifts its suspension")
	}
	if err := s.Reinstate(ctx, seller); err != nil {
		t.Fatal(err)
	}
	if list, err := s.Parties(ctx); err != nil || len(list) != 1 || len(list[0].Party.Signers) != 1 {
		t.Errorf("parties: %v %v", list, err)
	}
	if err := s.Suspend(ctx, "nobody"); deal.KindOf(err) != deal.NotFound {
		t.Errorf("suspending nobody: %v", err)
	}
}

// testOptional enters what a party need not have, and takes it back.
func testOptional(t *testing.T, s *Store, m Member) {
	t.Helper()
	since, until := start.AddDate(-1, 0, 0), start.AddDate(3, 0, 0)
	full := m
	full.Profile.KYCSince, full.Profile.License, full.Profile.LicenseUntil, full.Profile.Group = &since, "credit_servicer", &until, "alpine-group"
	for _, want := range []Member{full, m} {
		if err := s.PutParty(t.Context(), want.Party, want.Profile); err != nil {
			t.Fatal(err)
		}
		if _, who, err := s.Party(t.Context(), want.Party.ID); err != nil || !cmp.Equal(who, want.Profile) {
			t.Errorf("profile: %v\n%s", err, cmp.Diff(want.Profile, who))
		}
	}
}

func testTokens(t *testing.T, s *Store, _ string) {
	ctx := t.Context()
	token, err := s.NewToken(ctx, Caller{Party: seller, Subject: "cli"}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if c, err := s.tokenCaller(ctx, token); err != nil || c.Party != seller || c.Operator || c.Subject != "cli" {
		t.Errorf("caller of token: %v %v", c, err)
	}
	s.now = func() time.Time { return time.Now().Add(2 * time.Hour) }
	if _, err := s.tokenCaller(ctx, token); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("expired token: %v", err)
	}
	s.now = time.Now
	if err := s.RevokeToken(ctx, token); err != nil {
		t.Fatal(err)
	}
	if _, err := s.tokenCaller(ctx, token); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("revoked token: %v", err)
	}
	if _, err := s.NewToken(ctx, Caller{}, time.Hour); deal.KindOf(err) != deal.Invalid {
		t.Errorf("token for nobody: %v", err)
	}
	if _, err := s.NewToken(ctx, Caller{Party: seller, Operator: true}, time.Hour); deal.KindOf(err) != deal.Invalid {
		t.Errorf("token for a party that is the operator: %v", err)
	}
}

func testNodeRecords(t *testing.T, s *Store, _ string) {
	ctx, m := t.Context(), memberOf(seller, 1)
	if err := s.PutParty(ctx, m.Party, m.Profile); err != nil {
		t.Fatal(err)
	}
	soon := time.Now().Add(time.Hour)
	put := func(record string, sequence uint64, expires time.Time) deal.Kind {
		return deal.KindOf(s.PutNodeRecord(ctx, seller, json.RawMessage(record), NodeMeta{sequence, expires}))
	}
	for _, step := range []struct {
		record   string
		sequence uint64
		want     deal.Kind
	}{{`{"n":2}`, 2, ""}, {`{"n":2}`, 2, ""}, {`{"m":2}`, 2, deal.Conflict}, {`{"n":1}`, 1, deal.Conflict}, {`{"n":3}`, 3, ""}} {
		if k := put(step.record, step.sequence, soon); k != step.want {
			t.Errorf("put %s: kind %q, want %q", step.record, k, step.want)
		}
	}
	if k := put(`{"n":9}`, math.MaxUint64, soon); k != deal.Invalid {
		t.Errorf("put of a sequence that cannot be stored: kind %q", k)
	}
	if k := put(`{"n":"`+strings.Repeat("n", maxNodeRecord)+`"}`, 9, soon); k != deal.Invalid {
		t.Errorf("put of a large record: kind %q", k)
	}
	if r, err := s.NodeRecord(ctx, seller); err != nil || string(r) != `{"n":3}` {
		t.Errorf("record %s, %v", r, err)
	}
	if put(`{"n":4}`, 4, time.Now().Add(-time.Second)) != "" {
		t.Error("put of an expired record failed")
	}
	if _, err := s.NodeRecord(ctx, seller); deal.KindOf(err) != deal.NotFound {
		t.Errorf("an expired record is handed out: %v", err)
	}
}

func testIdempotencyKeys(t *testing.T, s *Store, _ string) {
	ctx, fresh := t.Context(), savedRequest{hash: "h", ref: "r1"}
	r, first, err := s.claim(ctx, "a", "k", fresh)
	if err != nil || !first || r.ref != "r1" {
		t.Fatalf("first claim: %v %v %v", r, first, err)
	}
	if r, first, _ := s.claim(ctx, "a", "k", savedRequest{hash: "h", ref: "r2"}); first || r.status != 0 || r.ref != "r1" {
		t.Errorf("claim of what is being worked on: %v %v", r, first)
	}
	if _, first, _ := s.claim(ctx, "b", "k", fresh); !first {
		t.Error("another caller's key is taken")
	}
	if err := s.settle(ctx, "a", "k", savedRequest{}); err != nil {
		t.Fatal(err)
	}
	if r, first, _ := s.claim(ctx, "a", "k", savedRequest{hash: "h", ref: "r3"}); !first || r.ref != "r1" {
		t.Errorf("claim of what was let go: %v %v, want to work on r1", r, first)
	}
	if err := s.settle(ctx, "a", "k", savedRequest{status: 201, contentType: "application/json", response: "{}"}); err != nil {
		t.Fatal(err)
	}
	if r, first, _ := s.claim(ctx, "a", "k", fresh); first || r.status != 201 || r.response != "{}" {
		t.Errorf("claim of what is answered: %v %v", r, first)
	}
	s.now = func() time.Time { return time.Now().Add(25 * time.Hour) }
	if _, first, _ := s.claim(ctx, "a", "k", fresh); !first {
		t.Error("a key is remembered after a day")
	}
}
