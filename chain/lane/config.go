package lane

import (
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
)

// Config is what a lane is and how it behaves.
type Config struct {
	ChainID     uint64        `json:"chainId"`
	Address     deal.Address  `json:"address"`
	Finality    uint64        `json:"finality"`    // blocks that must follow; 0: included is final
	MaxInFlight int           `json:"maxInFlight"` // unresolved nonces; geth's pool guarantees 16 per account
	BumpAfter   time.Duration `json:"bumpAfter"`   // unresolved for so long, the fee rises
	Ceiling     uint64        `json:"ceiling"`     // wei per gas, at most
}

// Defaults completes a configuration: 16 in flight, a bump after 36 seconds
// (three blocks of mainnet), a ceiling of 300 gwei.
func (c Config) Defaults() Config {
	if c.MaxInFlight == 0 {
		c.MaxInFlight = 16
	}
	if c.BumpAfter == 0 {
		c.BumpAfter = 36 * time.Second
	}
	if c.Ceiling == 0 {
		c.Ceiling = 300_000_000_000
	}
	return c
}

// ID returns the workflow id of the lane: "lane/<chain>/<0xaddress>".
func (c Config) ID() string { return fmt.Sprintf("lane/%d/%s", c.ChainID, c.Address) }

// Input is what a lane's workflow starts with: State is nil for a new lane.
type Input struct {
	Config Config `json:"config"`
	State  *State `json:"state,omitempty"`
}
