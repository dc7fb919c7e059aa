package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"cession/chain/lane"
	"cession/deal"
	"cession/desk"
)

// crowd is two lanes in trouble, with more transactions than any screen has lines.
func crowd(now time.Time) desk.LaneList {
	var list desk.LaneList
	for i := range byte(2) {
		l := lane.Listing{
			Lane: "lane/1/" + deal.Address{i + 1, 0xff}.String(), Nonce: 1041, Head: lane.Block{Number: 23456789},
			Fees: lane.Fees{Base: 12_345_678_901}, Limits: lane.Limits{PerGas: 300e9, PerIntent: 2e17, PerDay: 2e18},
			Reasons: []lane.Reason{lane.SignerDown}, Since: now.Add(-4 * time.Minute), Blocked: true,
		}
		for n := range byte(60) {
			it := lane.Item{
				Intent: deal.Commitment{i, n, 1}, Deal: "d-aaaaaaaaaaaaaaaaaaaa", Step: "escrow", Call: "escrow.open", Status: lane.Sent,
				Submitted: now.Add(-time.Duration(n) * time.Minute), Changed: now, Attempts: 3,
			}
			if n%2 == 0 {
				it.Stuck, it.Reason = true, lane.Reasons()[int(n)%len(lane.Reasons())]
			}
			l.Items = append(l.Items, it)
		}
		list.Lanes = append(list.Lanes, l)
	}
	return list
}

func viewOf(list desk.LaneList, err error, now time.Time) *lanesView {
	v := &lanesView{app: &app{home: "/var/lib/cession"}, style: newWatchStyle(&bytes.Buffer{})}
	v.take(list, err, now)
	return v
}

// TestFrameFits: whatever the size and wherever the cursor, the frame is no
// larger, shows the cursor, and says what to do about what is under it.
func TestFrameFits(t *testing.T) {
	now := time.Now()
	for _, size := range [][2]int{{80, 24}, {140, 40}, {100, 30}, {200, 60}} {
		v := viewOf(crowd(now), nil, now)
		for range 125 {
			frame := strings.Split(v.frame(size[0], size[1], now), "\n")
			if len(frame) > size[1] {
				t.Fatalf("%v: %d lines", size, len(frame))
			}
			cursor := 0
			for _, l := range frame {
				if utf8.RuneCountInString(l) > size[0] {
					t.Fatalf("%v: a line has %d columns: %s", size, utf8.RuneCountInString(l), l)
				}
				if strings.HasPrefix(l, "> ") {
					cursor++
				}
			}
			if cursor != 1 {
				t.Fatalf("%v: %d cursors", size, cursor)
			}
			if !strings.Contains(strings.Join(frame, "\n"), v.rows[v.cursor()].Intent.Short()) {
				t.Fatalf("%v: the chosen one is not shown", size)
			}
			v.move(1)
		}
	}
}

// TestStuckComeFirst: all of them, the oldest on top.
func TestStuckComeFirst(t *testing.T) {
	now := time.Now()
	rows := rowsOf(crowd(now).Lanes)
	stuck := stuckIn(rows)
	if stuck != 60 {
		t.Fatalf("%d stuck, want 60", stuck)
	}
	for i, r := range rows {
		if r.Stuck != (i < stuck) {
			t.Fatalf("row %d of %d is stuck: %v", i, len(rows), r.Stuck)
		}
		if i > 0 && i < stuck && r.Submitted.Before(rows[i-1].Submitted) {
			t.Errorf("row %d is older than the one above", i)
		}
	}
}

// TestOldIsCalledOld: a desk that fell silent, or never spoke, is never taken
// for one that has nothing to tell.
func TestOldIsCalledOld(t *testing.T) {
	now := time.Now()
	lost := deal.Errorf(deal.Lost, "no answer")
	silent := viewOf(crowd(now), nil, now)
	silent.take(desk.LaneList{}, lost, now.Add(10*time.Second))
	for name, v := range map[string]*lanesView{"fell silent": silent, "never spoke": viewOf(desk.LaneList{}, lost, now)} {
		if frame := v.frame(80, 24, now.Add(time.Minute)); !strings.Contains(frame, "THE DESK DOES NOT ANSWER since") || strings.Contains(frame, "nothing is stuck") {
			t.Errorf("%s:\n%s", name, frame)
		}
	}
	if frame := viewOf(crowd(now), nil, now).frame(80, 24, now.Add(time.Minute)); !strings.Contains(frame, "The desk is slow") {
		t.Errorf("slow:\n%s", frame)
	}
	silent.take(crowd(now), nil, now.Add(time.Minute))
	if frame := silent.frame(80, 24, now.Add(time.Minute)); strings.Contains(frame, "DOES NOT ANSWER") {
		t.Errorf("back:\n%s", frame)
	}
}

// TestEveryReasonHasACommandOrNone: what is recommended can be typed: the verb is
// one of tx, with the flags it wants.
func TestEveryReasonHasACommandOrNone(t *testing.T) {
	a := &app{}
	verbs := map[string]bool{}
	for _, c := range a.txVerbs() {
		verbs[c.Name()] = true
	}
	l := lane.Listing{Lane: "lane/1/" + deal.Address{1}.String(), Limits: lane.Limits{PerGas: 1, PerIntent: 1, PerDay: 1}}
	for _, why := range lane.Reasons() {
		m := a.remedyOf(l, lane.Item{Reason: why, Stuck: true})
		if m.Means == "" || m.Do == "" {
			t.Errorf("%s: nothing is said of it", why)
		}
		words := strings.Fields(m.Command)
		if len(words) == 0 {
			continue
		}
		if len(words) < 4 || words[1] != "tx" || !verbs[words[2]] || !strings.Contains(m.Command, "--reason ") {
			t.Errorf("%s: %s", why, m.Command)
		}
	}
}
