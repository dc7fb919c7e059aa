//go:build !slim

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"cession/deal"
	"cession/demo"
	"cession/desk"
)

// TestRepinnedDeal has officers put another pack in force while a deal runs.
// The deal stays with the one it was opened under until seller and buyer have
// both adopted the new one, and settles under that. A party whose own trust file
// does not name those officers signs for nothing of theirs.
func TestRepinnedDeal(t *testing.T) {
	t.Parallel()
	m := openMarket(t)
	ctx := limit(t, 8*time.Minute)
	cfg := m.script()
	c := m.hire("cirrus-capital")
	var house deal.Commitment
	asked, adopted, met := false, false, false
	cfg.Before = func(ctx context.Context, step string) (err error) {
		switch step {
		case "listing.publish":
			if house.IsZero() {
				house, err = c.activate(ctx)
			}
		case "selection.select":
			if !asked {
				asked, err = true, m.distrusts(ctx, cfg.Bidders[1], house)
			}
		case "terms.propose/alone":
			if !adopted {
				adopted, err = true, errors.Join(m.adopts(ctx, cfg.Bidders[0], house, false), m.adopts(ctx, cfg.Seller, house, true))
			}
		case "terms.approve/" + string(cfg.Seller):
			if !met {
				met, err = true, m.meets(ctx, cfg.Seller)
			}
		}
		if err != nil {
			err = deal.Errorf(deal.Invalid, "%w", err) // a kind that is not tried again
		}
		return err
	}
	result, err := demo.Run(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if result.State != "settled" {
		t.Errorf("the deal is %s", result.State)
	}
	m.judgedBy(ctx, result.Deal, house)
}

// committee are the officers of a market, and where they keep their files.
type committee struct {
	*market
	dir string
}

// hire makes two officers that desk and nodes believe from the next start on,
// and has the market start again. One party's node believes somebody else.
func (m *market) hire(but deal.PartyID) committee {
	m.t.Helper()
	known, err := m.up.market()
	if err != nil {
		m.t.Fatal(err)
	}
	c := committee{m, m.t.TempDir()}
	for _, o := range []struct{ id, role, trust string }{
		{"anna", "maker", in(m.data, trustName)},
		{"ben", "checker", in(m.data, trustName)},
		{"eve", "checker", in(m.home(but), trustName)},
	} {
		if o.id == "eve" && but == "" {
			continue
		}
		err := m.run("policy", "key", in(c.dir, o.id+".key"), "--id", o.id, "--person", o.id, "--organization", "House", "--role", o.role,
			"--trust", o.trust, "--market", audience(known))
		if err != nil {
			m.t.Fatal(err)
		}
	}
	m.up.stop()
	m.start()
	return c
}

// activate puts a pack in force that differs from the shipped one, and returns
// its digest.
func (c committee) activate(ctx context.Context) (digest deal.Commitment, err error) {
	return c.activateChanged(ctx, func(string) error { return nil })
}

// activateChanged puts a pack in force that was changed in its folder.
func (c committee) activateChanged(ctx context.Context, change func(house string) error) (digest deal.Commitment, err error) {
	house, bundle := in(c.dir, "house"), in(c.dir, "house.tar.gz")
	if err := c.run("policy", "new", house, "--from", "current"); err != nil {
		return digest, err
	}
	if err := change(house); err != nil {
		return digest, err
	}
	for _, args := range [][]string{
		{"lists", "update", "ofac", in(house, "data", "ofac_sdn.csv"), "--as-of", "today", "--pack", house},
		{"sign", house, "--officer", "anna", "--key", in(c.dir, "anna.key"), "--out", bundle},
		{"activate", bundle, "--officer", "ben", "--key", in(c.dir, "ben.key")},
	} {
		if err := c.run(append([]string{"policy"}, args...)...); err != nil {
			return digest, err
		}
	}
	client, err := c.operator()
	if err != nil {
		return digest, err
	}
	list, err := client.Packs(ctx)
	for _, p := range list {
		if p.Name == "house" && p.State == desk.PackActive && p.Number == 1 {
			return p.Digest, nil
		}
	}
	return digest, errors.Join(err, errors.New("the pack is not in force"))
}

// operator is a client of the desk as the operator.
func (m *market) operator() (*desk.Client, error) {
	o, err := readOperator(m.data)
	if err != nil {
		return nil, err
	}
	return deskClient(o.Desk, in(m.data, operatorToken))
}

// run runs a command as the operator would.
func (m *market) run(args ...string) error {
	var out, errs bytes.Buffer
	if code := run(append([]string{"--home", m.data}, args...), &out, &errs); code != exitOK {
		return fmt.Errorf("cession %s: exit code %d: %s%s", strings.Join(args, " "), code, &out, &errs)
	}
	return nil
}

// distrusts checks that a node does not sign for a pack whose officers its own
// trust file does not name, whatever the desk says of it.
func (m *market) distrusts(ctx context.Context, id deal.PartyID, pack deal.Commitment) error {
	d, err := m.only(ctx)
	if err != nil {
		return err
	}
	out, err := demo.Party{ID: id, Nodes: m.up.node}.Act(ctx, demo.At{Deal: d.ID, Room: id}, "room_rules", "adopt", demo.Fields{"pack": pack.String()})
	if deal.KindOf(err) != deal.Refused {
		m.t.Errorf("%s signs for a pack of officers it does not know: %q, %v", id, out.Verdict, err)
	}
	d, err = m.only(ctx)
	if err == nil && d.Room(id).Last("room_rules", "adopt") != nil {
		m.t.Error("the room has an adoption of it")
	}
	return err
}

// adopts has a party adopt a pack, and checks whether it is in effect then.
func (m *market) adopts(ctx context.Context, id deal.PartyID, pack deal.Commitment, inEffect bool) error {
	d, err := m.only(ctx)
	if err != nil {
		return err
	}
	out, err := demo.Party{ID: id, Nodes: m.up.node}.Act(ctx, demo.At{Deal: d.ID}, "rules", "adopt", demo.Fields{"pack": pack.String()})
	if err != nil {
		return fmt.Errorf("%s adopts the pack: %w", id, err)
	}
	if out.Verdict != deal.Accepted {
		return &demo.RefusalError{Outcome: out}
	}
	if out.Decision.Pack != d.Deal.Opening.Pack {
		m.t.Errorf("the adoption was judged by %s, want the pack the deal was opened under", out.Decision.Pack.Short())
	}
	d, err = m.only(ctx)
	if err == nil && (d.Deal.Pack() == pack) != inEffect {
		m.t.Errorf("%s has adopted it, and in effect is %s; want the new one: %t", id, d.Deal.Pack().Short(), inEffect)
	}
	return err
}

// meets has a second person of a party do what its queue asks for, with the
// command that stands there.
func (m *market) meets(ctx context.Context, id deal.PartyID) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	ask := func(args ...string) (string, error) {
		out, err := exec.CommandContext(ctx, self, append([]string{"--home", m.home(id), "deal"}, args...)...).CombinedOutput()
		return string(out), err
	}
	d, err := m.only(ctx)
	if err != nil {
		return err
	}
	shown, err := ask("show", string(d.ID))
	if err != nil || !strings.Contains(shown, "To be done") || !strings.Contains(shown, "rules       pack "+d.Deal.Pack().String()) {
		return fmt.Errorf("the deal is shown without its work and its rules: %w:\n%s", err, shown)
	}
	queue, err := ask("work")
	if err != nil {
		return fmt.Errorf("work of %s: %w: %s", id, err, queue)
	}
	lines := strings.Split(queue, "\n")
	i := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "  cession ") })
	if i < 0 || !strings.Contains(queue, "0 of 1") {
		return fmt.Errorf("the queue of %s has no command:\n%s", id, queue)
	}
	c := exec.CommandContext(ctx, "sh", "-c", strings.Replace(lines[i], "cession ", quoted(self)+" ", 1))
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", lines[i], err, out)
	}
	for ctx.Err() == nil {
		if queue, err = ask("work"); err == nil && queue == "nothing\n" {
			return nil
		}
		time.Sleep(200 * time.Millisecond)
	}
	return fmt.Errorf("%s is done, and the queue is still\n%s", lines[i], queue)
}

// judgedBy checks the record: what was decided before both parties had adopted
// the pack, was decided by the one the deal was opened under, and all after by
// the new one.
func (m *market) judgedBy(ctx context.Context, id deal.ID, pack deal.Commitment) {
	m.t.Helper()
	client, err := m.operator()
	if err != nil {
		m.t.Fatal(err)
	}
	d, err := m.only(ctx)
	if err != nil {
		m.t.Fatal(err)
	}
	adoptions, count := 0, map[deal.Commitment]int{}
	for after := ""; ; {
		page, err := client.DealDecisions(ctx, id, after)
		if err != nil {
			m.t.Fatal(err)
		}
		for _, e := range page.Decisions {
			want := d.Deal.Opening.Pack
			if adoptions == 2 && e.Room == "" {
				want = pack
			}
			if count[e.Decision.Pack]++; e.Decision.Pack != want {
				m.t.Errorf("%s was judged by %s, want %s", e.Name, e.Decision.Pack.Short(), want.Short())
			}
			if e.Name == "rules.adopt" {
				adoptions++
			}
		}
		if page.Next == "" || page.Next == after {
			break
		}
		after = page.Next
	}
	if count[pack] < 8 || count[d.Deal.Opening.Pack] < 20 || adoptions != 2 {
		m.t.Errorf("decisions by pack: %v, adoptions: %d", count, adoptions)
	}
}
