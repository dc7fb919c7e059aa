package workflows

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"go.temporal.io/sdk/temporal"

	"cession/deal"
	"cession/policies"
)

var update = flag.Bool("update", false, "rewrite the transcripts")

// stage is a market with the real policy pack, on which stories are told.
type stage struct {
	*market
	taken map[string]deal.Commitment // newest act of each name
	names map[string]string          // words for commitments, by their first bytes
	told  map[string][]string        // lines by step
	seen  map[string]map[string]bool // outcomes by act
}

// TestTranscripts tells what happens at every step of the standard plan, under
// the real rules: testdata/transcripts holds one text per step. Run it with
// -update after a change that is meant, and read the difference.
func TestTranscripts(t *testing.T) {
	told, seen := map[string][]string{}, map[string]map[string]bool{}
	for _, s := range stories {
		narrate(t, s, told, seen)
	}
	for _, step := range deal.Standard().Steps {
		covered(t, step, seen)
		file := filepath.Join("testdata/transcripts", step.ID+".txt")
		have := transcript(step, told[step.ID])
		if *update {
			if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, have, 0o644)); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Errorf("%v: write it with `go test ./workflows -run TestTranscripts -update`", err)
		} else if !bytes.Equal(have, want) {
			t.Errorf("%s: have\n%s\nwant\n%s", file, have, want)
		}
	}
}

// covered asks that each action of a step is taken and that one attempt is not.
func covered(t *testing.T, step deal.Step, seen map[string]map[string]bool) {
	t.Helper()
	failed := false
	for _, a := range step.Actions {
		outcomes := seen[step.ID+"."+a.ID]
		if !outcomes[accepted] {
			t.Errorf("no story has %s.%s accepted", step.ID, a.ID)
		}
		failed = failed || outcomes[refused] || outcomes[turnedDown]
	}
	if !failed {
		t.Errorf("no story has an act of %s refused or rejected", step.ID)
	}
}

func transcript(step deal.Step, lines []string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s\n# %s\n", step.Title, step.Doc)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, l := range lines {
		fmt.Fprintln(w, l)
	}
	_ = w.Flush()
	return b.Bytes()
}

// newStage opens a deal under the real rules, at a fixed time.
func newStage(t *testing.T, told map[string][]string, seen map[string]map[string]bool) *stage {
	t.Helper()
	start := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	pack, err := policies.Sample(start)
	if err != nil {
		t.Fatal(err)
	}
	next, err := nextPack()
	if err != nil {
		t.Fatal(err)
	}
	checked, known := start.AddDate(0, -6, 0), start.AddDate(1, 0, 0)
	m := newMarket(t)
	m.env.SetStartTime(start)
	m.packs, m.opening.Pack, m.opening.Opened = []*policies.Pack{pack, next}, pack.Digest(), start
	m.profiles = map[deal.PartyID]policies.Profile{
		seller: {ID: seller, Name: "Alpine Kreditbank AG", Jurisdiction: "at", Kind: "bank", KYCClass: "enhanced", KYCUntil: &known, KYCSince: &checked},
		red:    {ID: red, Name: "Red Credit Opportunities SCSp", Jurisdiction: "lu", Kind: "fund", KYCClass: "standard", KYCUntil: &known, KYCSince: &checked},
		blue:   {ID: blue, Name: "Blue Receivables Fund DAC", Jurisdiction: "ie", Kind: "fund", KYCClass: "standard", KYCUntil: &known, KYCSince: &checked},
	}
	s := &stage{market: m, taken: map[string]deal.Commitment{}, names: map[string]string{}, told: told, seen: seen}
	s.names[m.opening.Pack.Short()], s.names[next.Digest().Short()], s.names[m.opening.PlanHash.Short()] = "standard", "second", "standard"
	return s
}

// narrate plays a story and writes down what came of its lines.
func narrate(t *testing.T, story story, told map[string][]string, seen map[string]map[string]bool) {
	t.Helper()
	s := newStage(t, told, seen)
	headed := map[string]bool{}
	if story.reverts != "" {
		s.revert[story.reverts] = "WOULD_REVERT/TooEarly"
	}
	for _, l := range before(story.after) {
		s.play(l, func() {}, func(string) {})
	}
	for _, l := range story.lines {
		s.play(l, func() { clear(s.revert) }, func(outcome string) {
			if !headed[l.step()] {
				headed[l.step()] = true
				told[l.step()] = append(told[l.step()], "", "# "+story.title)
			}
			told[l.step()] = append(told[l.step()], fmt.Sprintf("%s\t%s\t%s\t%s", l.who, l.act, l.fields, outcome))
		})
	}
	s.run()
}

// play has a line happen at its time.
func (s *stage) play(l line, begin func(), tell func(outcome string)) {
	s.at += l.wait
	s.later(func() {
		begin()
		values, err := s.parse(l)
		if err != nil {
			s.t.Errorf("%s %s: %v", l.act, l.fields, err)
			return
		}
		act := s.sign(l, values)
		s.send(act, func(out deal.Outcome, err error) {
			verdict, words := s.outcome(out, err)
			if verdict != l.want {
				s.t.Errorf("%s %s %s is %s, want %s: %s", l.who, l.act, l.fields, verdict, l.want, words)
			}
			if verdict == accepted {
				s.signed[string(act.Room)+"/"+string(act.Party)]++
				s.taken[act.Name()] = act.ID
			}
			if s.seen[l.act] == nil {
				s.seen[l.act] = map[string]bool{}
			}
			s.seen[l.act][verdict] = true
			tell(verdict + "\t" + words)
		})
	})
}

// sign makes the act of a line. An act of a room is taken in the bidder's.
func (s *stage) sign(l line, values fields) deal.Act {
	who, second := strings.CutSuffix(l.who, "2")
	by := cast[who]
	step, action, _ := strings.Cut(l.act, ".")
	act := deal.Act{
		Deal: s.opening.ID, Step: step, Action: action, Party: by, Fields: values,
		Salt: hashOf(s.at), Deadline: s.env.Now().Add(time.Hour), Signer: s.parties[by].Signers[0],
	}
	if second {
		act.Signer = s.parties[by].Signers[1]
	}
	if def, _ := s.opening.Plan.Step(step); def.Scope == deal.PerBidder {
		act.Room = red
	}
	act.Sequence = s.signed[string(act.Room)+"/"+string(by)] + 1
	act.ID = hashOf(act)
	s.names[act.ID.Short()] = l.act
	return act
}

// outcome puts what came of an act into a word and its reasons.
func (s *stage) outcome(out deal.Outcome, err error) (verdict, words string) {
	var failed *temporal.ApplicationError
	switch {
	case errors.As(err, &failed):
		return turnedDown, s.plain(failed.Type() + ": " + failed.Message())
	case err != nil:
		s.t.Error(err)
		return turnedDown, "?"
	case out.Verdict == deal.Rejected:
		for _, r := range out.Decision.Reasons() {
			words += fmt.Sprintf("%s %s: %s, wanted %s; ", r.ID, r.State, r.Actual, r.Threshold)
		}
		for _, n := range out.Decision.Needs {
			words += needWords(n) + "; "
		}
		return refused, s.plain(strings.TrimSuffix(words, "; "))
	}
	words = fmt.Sprintf("%d rules passed", len(out.Decision.Rules))
	for _, r := range out.Receipts {
		words += ", " + r.Call
	}
	return accepted, words + ", " + string(out.State)
}
