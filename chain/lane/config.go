package lane

import (
	"crypto/sha256"
	"fmt"
	"time"

	"cession/deal"
)

// Bounds of a lane's state, which travels through continue-as-new.
const (
	Outcomes    = 256 // outcomes kept, so that an intent submitted again has the outcome of the first
	KeptBytes   = 64  // newest of them whose signed bytes are kept, for a chain that rewinds
	MaxQueue    = 256 // open intents; more are refused as busy
	MaxAttempts = 24  // attempts per intent, the first and its bumps
	MaxTrail    = 32  // events kept per intent: the first and the newest
	MaxEntries  = 128 // operators' commands kept, so that one sent again has the answer of the first
	MaxPending  = 32  // commands that wait for a second operator
)

// Config is what a lane is and how it behaves.
type Config struct {
	ChainID     uint64          `json:"chainId"`
	Address     deal.Address    `json:"address"`
	Finality    Finality        `json:"finality,omitempty"` // of steps that Steps does not name
	Steps       map[string]Rule `json:"steps,omitempty"`    // by step of the plan
	MaxInFlight int             `json:"maxInFlight"`        // unresolved nonces; geth's pool guarantees 16 per account
	BumpAfter   time.Duration   `json:"bumpAfter"`          // unresolved for so long, the fee rises
	HandAfter   time.Duration   `json:"handAfter"`          // blocked for so long, the lane hands on what it has not broadcast
	Limits      Limits          `json:"limits"`
	Siblings    []string        `json:"siblings,omitempty"` // ids of the deployment's other lanes on the chain
}

// Rule is how the transactions of one step are treated.
type Rule struct {
	Finality Finality `json:"finality,omitempty"` // "" for the lane's
	Urgency  Urgency  `json:"urgency,omitempty"`  // "" for normal
}

// Limits bound what a lane pays. Zero members of a configuration get defaults;
// zero members of an edit leave what is.
type Limits struct {
	PerGas    uint64 `json:"perGas,omitempty"`    // wei per gas, at most
	PerIntent uint64 `json:"perIntent,omitempty"` // wei for one transaction: gas limit times fee cap
	PerDay    uint64 `json:"perDay,omitempty"`    // wei per UTC day: paid, and reserved by what is in flight
}

// Defaults completes a configuration: final when included, 16 in flight, a bump
// after 36 seconds (three blocks of mainnet), handed on after two minutes, at
// most 300 gwei per gas, 0.2 ether per transaction, 2 ether per day.
func (c Config) Defaults() Config {
	if c.Finality == "" {
		c.Finality = "0"
	}
	if c.MaxInFlight == 0 {
		c.MaxInFlight = 16
	}
	if c.BumpAfter == 0 {
		c.BumpAfter = 36 * time.Second
	}
	if c.HandAfter == 0 {
		c.HandAfter = 2 * time.Minute
	}
	c.Limits = Limits{PerGas: 300e9, PerIntent: 2e17, PerDay: 2e18}.edit(c.Limits)
	return c
}

// edit returns the limits with the members that are set in e.
func (l Limits) edit(e Limits) Limits {
	for _, m := range []struct{ have, want *uint64 }{
		{&l.PerGas, &e.PerGas}, {&l.PerIntent, &e.PerIntent}, {&l.PerDay, &e.PerDay},
	} {
		if *m.want != 0 {
			*m.have = *m.want
		}
	}
	return l
}

// ID returns the workflow id of the lane: "lane/<chain>/<0xaddress>".
func (c Config) ID() string { return fmt.Sprintf("lane/%d/%s", c.ChainID, c.Address) }

// finality returns the setting for a step.
func (c Config) finality(step string) Finality {
	if f := c.Steps[step].Finality; f != "" {
		return f
	}
	return c.Finality
}

// Input is what a lane's workflow starts with: State is nil for a new lane.
type Input struct {
	Config Config `json:"config"`
	State  *State `json:"state,omitempty"`
}

// For chooses the lane of a deal among the ids of lanes, or "" if there are
// none. Adding a lane moves only the deals that the new one gets (rendezvous
// hashing).
func For(id deal.ID, lanes []string) (chosen string) {
	var best [32]byte
	for _, l := range lanes {
		weight := sha256.Sum256([]byte(string(id) + "\x00" + l))
		if chosen == "" || string(weight[:]) > string(best[:]) {
			chosen, best = l, weight
		}
	}
	return chosen
}
