package node

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"time"

	"cession/deal"
	"cession/deal/strict"
)

// Evidence is a file that one party made at its node for a third one, who has
// neither node nor desk: it is verified with a view of the chain, or without.

// Anchors is a verifier's own view of what was notarized.
type Anchors interface {
	// Anchored returns when and where a root was notarized.
	Anchored(ctx context.Context, root deal.Commitment) (deal.Receipt, bool, error)
}

// Checks is what a verifier of evidence goes by.
type Checks struct {
	Hashes   Hashes
	Verifier Verifier
	Anchors  Anchors      // nil: what stands on the chain is not checked, and the finding says so
	Market   *deal.Market // the verifier's own; nil: the one the file names is not checked, and the finding says so
	Signer   deal.Address // whose the first act has to be; zero: anybody's, and the finding says whose it is
}

// Finding is what a file of evidence proves, in sentences that quote what is
// not the verifier's own.
type Finding struct {
	Type      string   `json:"typ"`
	Proven    []string `json:"proven"`
	Unchecked []string `json:"unchecked,omitempty"` // what would take a chain, or a market, to check
}

func (f *Finding) prove(format string, args ...any) {
	f.Proven = append(f.Proven, fmt.Sprintf(format, args...))
}

func (f *Finding) leave(format string, args ...any) {
	f.Unchecked = append(f.Unchecked, fmt.Sprintf(format, args...))
}

// MaxEvidence bounds a file of evidence, in bytes.
const MaxEvidence = 8 << 20

// evidence lists the kinds of file, by their member "typ".
var evidence = map[string]func(context.Context, Checks, []byte) (Finding, error){
	revealType: VerifyReveal,
	rowType:    VerifyRowProof,
	logType:    VerifyLogProof,
}

// VerifyEvidence verifies a file of any kind. Errors: invalid (no whole file of
// evidence), refused with a [Reason] (it does not prove what it says), conflict
// (another chain), and without kind if the chain did not answer.
func VerifyEvidence(ctx context.Context, c Checks, raw []byte) (Finding, error) {
	if len(raw) > MaxEvidence {
		return Finding{}, deal.Errorf(deal.Invalid, "the file has %d bytes: want at most %d", len(raw), MaxEvidence)
	}
	if err := strict.Check(raw, 0); err != nil {
		return Finding{}, deal.Errorf(deal.Invalid, "the file is cut off or was altered: it has %w", err)
	}
	var head struct {
		Type string `json:"typ"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return Finding{}, deal.Errorf(deal.Invalid, "the file is not one of evidence: want one JSON object with its kind in typ")
	}
	verify, ok := evidence[head.Type]
	if !ok {
		return Finding{}, deal.Errorf(deal.Invalid, "file of kind %.40q: this program does not know it", head.Type)
	}
	f, err := verify(ctx, c, raw)
	if err != nil {
		return Finding{}, err // nothing is proven by a file that proves something else wrongly
	}
	return f, nil
}

// readEvidence decodes a file of evidence; members it does not know are refused.
func readEvidence(raw []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return deal.Errorf(deal.Invalid, "the file has a member that is missing, unknown or malformed")
	}
	return nil
}

// ProvenAct is an act with what it takes to hash it as its signer did, who saw
// the action's title and the names of the fields. The rest of the plan is not needed.
type ProvenAct struct {
	Act    deal.Act    `json:"act"`
	Action deal.Action `json:"action"`
}

// provenAct takes an act off the record of a deal.
func provenAct(p *deal.Progress, act deal.Act) (ProvenAct, error) {
	_, action, err := p.Opening.Plan.Action(act.Step, act.Action)
	return ProvenAct{act, action}, err
}

// verify checks the act's fields, its id, its signature and, if the checks have
// a chain, its notarization, of which it returns the block's time.
func (a ProvenAct) verify(ctx context.Context, c Checks, market deal.Market, f *Finding) (at time.Time, err error) {
	act := a.Act
	if a.Action.ID != act.Action || !a.named() || act.Deal.Check() != nil || act.Party.Check() != nil || (act.Room != "" && act.Room.Check() != nil) {
		return at, refuse(ForgedAct, "the act is not of the action that the file describes")
	}
	if err := act.CheckFields(a.Action); err != nil {
		return at, refuse(ForgedAct, "the act does not have the fields of its action")
	}
	plan := deal.Plan{Steps: []deal.Step{{ID: act.Step, Actions: []deal.Action{a.Action}}}}
	switch err := c.Verifier.VerifyAct(ctx, act, plan, market); deal.KindOf(err) {
	case "":
		if err != nil {
			return at, fmt.Errorf("verify the signature: %w", err)
		}
	case deal.Conflict:
		return at, err
	case deal.Invalid:
		return at, refuse(ForgedAct, "the act was altered, or is of another market: its id is not the digest of its fields")
	default:
		return at, refuse(ForgedAct, "the act is not signed by "+act.Signer.String()+" (a contract wallet needs a chain to be asked)")
	}
	return a.anchored(ctx, c, f)
}

var fieldForm = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

// named reports whether step, action and fields have names as plans have them.
func (a ProvenAct) named() bool {
	names := []string{a.Act.Step, a.Action.ID}
	for _, f := range a.Action.Fields {
		names = append(names, f.ID)
	}
	for _, name := range names {
		if !fieldForm.MatchString(name) {
			return false
		}
	}
	return true
}

func (a ProvenAct) anchored(ctx context.Context, c Checks, f *Finding) (at time.Time, err error) {
	if c.Anchors == nil {
		f.leave("when %s was said: no chain was asked whether the act %s is notarized", a.Act.Name(), a.Act.ID)
		return at, nil
	}
	r, ok, err := c.Anchors.Anchored(ctx, a.Act.ID)
	switch {
	case err != nil:
		return at, fmt.Errorf("ask the chain for the act's notarization: %w", err)
	case !ok:
		return at, refuse(NotNotarized, "the act "+a.Act.Name()+" is not notarized on this chain, by this market")
	}
	f.prove("The act %s, %s, was notarized in block %d at %s (transaction %s): it was signed by then.",
		a.Act.Name(), a.Act.ID, r.Block, r.Time.UTC().Format(time.RFC3339), r.Tx)
	return r.Time, nil
}

// market checks the market a file names against the verifier's own.
func (c Checks) market(named deal.Market, f *Finding) error {
	switch {
	case c.Market == nil:
		f.leave("that the market is yours: the file names chain %d and escrow %s itself", named.ChainID, named.Escrow)
	case *c.Market != named:
		return refuse(WrongMarket, "the file is of another market or chain than yours")
	}
	return nil
}
