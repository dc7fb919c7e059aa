package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"cession/chain/lane"
	"cession/deal"
)

const (
	fourEyes    = "four_eyes"      // the obligation that a second operator approves
	gateTimeout = 10 * time.Second // for policy to answer
	mostFailure = 500              // characters that are kept of why a lane said no
)

// judged returns the command with policy's decision, which is asked for once.
func (s *Server) judged(ctx context.Context, r OperationRequest, c lane.Command) (judged, error) {
	asked, err := hashOf(r)
	if err != nil {
		return judged{}, err
	}
	j, known, err := s.store.judgment(ctx, c.ID)
	if err == nil && !known {
		j, err = s.judge(ctx, r.Lane, c, asked)
	}
	switch {
	case err != nil:
		return j, err
	case j.request != asked:
		return j, deal.Errorf(deal.Invalid, "%s: it was used for another command; draw a new one", headerKey)
	case s.now().Sub(j.at) > idempotencyLife:
		return j, deal.Errorf(deal.Conflict, "%s: it was used more than a day ago; look again and draw a new one", headerKey)
	}
	return j, nil
}

func (s *Server) judge(ctx context.Context, laneID string, c lane.Command, asked string) (judged, error) {
	op, err := s.question(ctx, laneID, c)
	if err != nil {
		return judged{}, err
	}
	answer, err := s.decide(ctx, op)
	if err != nil {
		return judged{}, err
	}
	c.FourEyes = wantsFourEyes(c, answer.Decision)
	return s.store.judge(ctx, judged{request: asked, at: op.At, command: c, lane: op.Lane, decision: answer.Decision}, op, answer.Document, s.seal)
}

// wantsFourEyes reports whether the command is only proposed. An approval is
// the second pair of eyes itself.
func wantsFourEyes(c lane.Command, d deal.Decision) bool {
	return c.Verb != lane.Approve && slices.Contains(d.Obligations, fourEyes)
}

// decide asks policy. Without a gate everything is refused. Whatever the gate
// says, nobody approves what they proposed, and an obligation that the desk does
// not know how to meet is a refusal.
func (s *Server) decide(ctx context.Context, op Operation) (Judgment, error) {
	refuse := func(r deal.RuleResult) Judgment {
		return Judgment{Decision: deal.Decision{Rules: []deal.RuleResult{r}, Pack: s.pack(), Evaluator: "desk", At: op.At}}
	}
	switch {
	case s.gate == nil:
		return refuse(ruleGate), nil
	case op.Verb == lane.Approve && strings.EqualFold(op.Proposer, op.Actor):
		return refuse(ruleFourEyes), nil
	}
	ctx, cancel := context.WithTimeout(ctx, gateTimeout)
	defer cancel()
	j, err := s.gate(ctx, op)
	d := &j.Decision
	if unknown := slices.DeleteFunc(slices.Clone(d.Obligations), isFourEyes); len(unknown) > 0 && d.Allow {
		d.Allow = false
		d.Rules = append(d.Rules, obligationsRule(unknown))
	}
	return j, err
}

// The desk's own rules, as they are answered when they do not pass.
var (
	ruleGate = deal.RuleResult{ID: "desk.gate", Title: "There is a policy gate for commands", Citation: "Regulation (EU) 2022/2554, Art. 9(4)(e)",
		State: deal.NotEvaluated, Actual: "none", Threshold: "a policy gate"}
	ruleFourEyes = deal.RuleResult{ID: "desk.four_eyes", Title: "Who approves is not who proposed",
		Citation: "Delegated Regulation (EU) 2024/1774, Art. 17(1)(b) and Art. 21; EBA/GL/2019/04, 3.4.2",
		State:    deal.Fail, Actual: "the same operator", Threshold: "another operator than who proposed it"}
)

func obligationsRule(unknown []string) deal.RuleResult {
	return deal.RuleResult{ID: "desk.obligations", Title: "The desk can meet every obligation", Citation: "Regulation (EU) 2022/2554, Art. 9(4)(e)",
		State: deal.NotEvaluated, Actual: strings.Join(unknown, ", "), Threshold: "no obligation but " + fourEyes}
}

func isFourEyes(obligation string) bool { return obligation == fourEyes }

// conclude notes what became of a command. If the answer was lost that is not
// known until the lane publishes it.
func (s *Server) conclude(ctx context.Context, command string, a lane.Answer, err error) {
	out := outcome{state: stateOf(a), answer: &a}
	if err != nil {
		if kind := deal.KindOf(err); kind == "" || kind == deal.Lost {
			return
		}
		out = outcome{state: OperationFailed, failure: fmt.Sprintf("%.*s", mostFailure, err.Error())}
	}
	// That it is noted must not depend on the caller waiting for it.
	ctx = context.WithoutCancel(ctx)
	if err := s.store.conclude(ctx, command, out); err != nil {
		s.log.ErrorContext(ctx, "outcome of a command not noted", slog.String("command", command), slog.String("error", err.Error()))
	}
}

// operationRefusal is the problem of a command that policy refused.
func operationRefusal(d deal.Decision) *Problem {
	p := problem(http.StatusForbidden, deal.Refused, "policy refused the command: see the rules that did not pass")
	p.Failed, p.Decision = d.Reasons(), &d
	return p
}

func hashOf(v any) (string, error) {
	b, err := json.Marshal(v)
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), err
}
