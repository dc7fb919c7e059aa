package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"cession/chain/lane"
	"cession/deal"
)

// laneFlags say how the lanes behave.
type laneFlags struct {
	finality              string
	finalityOf, urgencyOf []string // STEP=SETTING
	limits                limitFlags
}

func (f *laneFlags) add(c *cobra.Command, finality string) {
	flags := c.Flags()
	flags.StringVar(&f.finality, "finality", finality, "when a transaction is final: so many blocks follow its own, or the chain's checkpoint safe or finalized")
	flags.StringArrayVar(&f.finalityOf, "finality-of", nil, "another finality for a step, as STEP=SETTING; repeatable")
	flags.StringArrayVar(&f.urgencyOf, "urgency-of", nil, "how soon a step's transactions are wanted, as STEP=low, normal or high; repeatable (default: escrow, settlement and refund high, documents and archive low)")
	f.limits.add(c)
	complete(c, "finality", "0", "2", string(lane.Safe), string(lane.Finalized))
}

// limitFlags bound what is paid.
type limitFlags struct{ perGas, perTransaction, perDay wei }

func (f *limitFlags) add(c *cobra.Command) {
	flags := c.Flags()
	flags.Var(&f.perGas, "max-fee-per-gas", "at most so much for one unit of gas, such as 300gwei")
	flags.Var(&f.perTransaction, "max-fee-per-transaction", "at most so much for one transaction, such as 0.2ether")
	flags.Var(&f.perDay, "max-fee-per-day", "at most so much for a lane in a day of UTC, such as 2ether")
}

func (f limitFlags) limits() lane.Limits {
	return lane.Limits{PerGas: uint64(f.perGas), PerIntent: uint64(f.perTransaction), PerDay: uint64(f.perDay)}
}

// defaultRules: what has a deadline is urgent, what only notarizes is not.
func defaultRules() map[string]lane.Rule {
	return map[string]lane.Rule{
		"escrow": {Urgency: lane.High}, "settlement": {Urgency: lane.High}, "refund": {Urgency: lane.High},
		"documents": {Urgency: lane.Low}, "archive": {Urgency: lane.Low},
	}
}

// config is the configuration of a lane but for its account.
func (f laneFlags) config() (lane.Config, error) {
	cfg := lane.Config{Finality: lane.Finality(f.finality), Steps: defaultRules(), Limits: f.limits.limits()}
	if err := cfg.Finality.Check(); err != nil {
		return cfg, usageError{err}
	}
	for _, text := range f.finalityOf {
		step, setting, err := ofStep("--finality-of", text)
		if err != nil {
			return cfg, err
		}
		rule := cfg.Steps[step]
		rule.Finality = lane.Finality(setting)
		if err := rule.Finality.Check(); err != nil {
			return cfg, usageError{err}
		}
		cfg.Steps[step] = rule
	}
	for _, text := range f.urgencyOf {
		step, setting, err := ofStep("--urgency-of", text)
		if err != nil {
			return cfg, err
		}
		rule := cfg.Steps[step]
		rule.Urgency = lane.Urgency(setting)
		if !slices.Contains([]lane.Urgency{lane.Low, lane.Normal, lane.High}, rule.Urgency) {
			return cfg, usageError{deal.Errorf(deal.Invalid, "--urgency-of %.40s: want low, normal or high", text)}
		}
		cfg.Steps[step] = rule
	}
	return cfg, nil
}

// ofStep splits STEP=SETTING.
func ofStep(flag, text string) (step, setting string, err error) {
	step, setting, ok := strings.Cut(text, "=")
	if _, known := deal.Standard().Step(step); !ok || !known {
		return "", "", usageError{deal.Errorf(deal.Invalid, "%s %.40s: want STEP=SETTING for a step of the plan, such as escrow", flag, text)}
	}
	return step, setting, nil
}

// lanesOf are the lanes of signers: all behave alike, and know of each other so
// that one that is blocked hands its work on.
func lanesOf(cfg lane.Config, chainID uint64, signers []deal.Address) (lanes []lane.Config) {
	for _, address := range signers {
		one := cfg
		one.ChainID, one.Address = chainID, address
		lanes = append(lanes, one.Defaults())
	}
	for i := range lanes {
		for j := range lanes {
			if i != j {
				lanes[i].Siblings = append(lanes[i].Siblings, lanes[j].ID())
			}
		}
	}
	return lanes
}
