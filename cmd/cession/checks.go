package main

import (
	"context"
	"os/exec"
	"syscall"
	"time"

	"go.temporal.io/sdk/client"

	"cession/chain"
	"cession/deal"
	"cession/desk"
	"cession/node"
	"cession/policies/packs"
)

// checkChain: it is the market's chain, it is there, and it is not asleep. With
// lag 0 its newest block may be of any age.
func checkChain(c *chain.Client, want uint64, lag time.Duration) func(context.Context) (map[string]any, error) {
	return func(ctx context.Context) (map[string]any, error) {
		id, err := c.ChainID(ctx)
		if err != nil {
			return nil, err
		}
		facts := map[string]any{"id": id}
		if id != want {
			return facts, deal.Errorf(deal.Conflict, "it is chain %d, the market is on %d", id, want)
		}
		head, err := c.Block(ctx, nil)
		if err != nil {
			return facts, err
		}
		old := max(0, time.Since(head.Time)).Round(time.Second)
		facts["block"], facts["lag_seconds"] = head.Number, int64(old/time.Second)
		if lag > 0 && old > lag {
			return facts, deal.Errorf(deal.Lost, "its newest block is %s old: want at most %s", old, lag)
		}
		return facts, nil
	}
}

func checkTemporal(c client.Client) func(context.Context) (map[string]any, error) {
	return func(ctx context.Context) (map[string]any, error) {
		_, err := c.CheckHealth(ctx, &client.CheckHealthRequest{})
		return nil, err
	}
}

// checkDesk: it answers, and is the desk of this market.
func checkDesk(c *desk.Client, want deal.Market) func(context.Context) (map[string]any, error) {
	return func(ctx context.Context) (map[string]any, error) {
		m, err := c.Market(ctx)
		if err == nil && (m.ChainID != want.ChainID || m.Escrow != want.Escrow) {
			err = deal.Errorf(deal.Conflict, "it is the desk of another market")
		}
		return nil, err
	}
}

// checkPack: there is a pack in force.
func checkPack(l *packs.Library) func(context.Context) (map[string]any, error) {
	return func(context.Context) (map[string]any, error) {
		p, err := l.Current()
		if err != nil {
			return nil, err
		}
		return map[string]any{"name": p.Name(), "version": p.Version(), "digest": p.Digest().Short()}, nil
	}
}

// checkLists: the lists of the pack in force are fresh. The rules judge by their
// age in any case.
func checkLists(l *packs.Library) func(context.Context) (map[string]any, error) {
	return func(context.Context) (map[string]any, error) {
		p, err := l.Current()
		if err != nil {
			return nil, nil // that is for checkPack to say
		}
		facts := map[string]any{}
		for _, info := range p.Lists() {
			if info.AsOf.IsZero() {
				continue
			}
			old := time.Since(info.AsOf)
			facts[info.Name+"_age_hours"] = int64(old / time.Hour)
			if info.MaximumAge > 0 && old > info.MaximumAge {
				err = deal.Errorf(deal.Refused, "list %s is %d days old: want a new edition", info.Name, int(old.Hours()/24))
			}
		}
		return facts, err
	}
}

// checkDisk: there is space where the keys and the state are.
func checkDisk(dir string, least byteSize) func(context.Context) (map[string]any, error) {
	return func(context.Context) (map[string]any, error) {
		var s syscall.Statfs_t
		if err := syscall.Statfs(dir, &s); err != nil {
			return nil, err
		}
		free := byteSize(s.Bavail) * byteSize(s.Bsize)
		facts := map[string]any{"free_bytes": int64(free)}
		if free < least {
			return facts, deal.Errorf(deal.Conflict, "%d MiB are free: want at least %s", free>>20, least)
		}
		return facts, nil
	}
}

func checkProgram(name string) func(context.Context) (map[string]any, error) {
	return func(context.Context) (map[string]any, error) {
		_, err := exec.LookPath(name)
		return nil, err
	}
}

func checkStore(n *node.Node) func(context.Context) (map[string]any, error) {
	return func(ctx context.Context) (map[string]any, error) { return nil, n.CheckStore(ctx) }
}

// recordFresh is how old the node record in the directory may be; it is renewed
// every hour.
const recordFresh = 3 * time.Hour

func checkPublished(n *node.Node) func(context.Context) (map[string]any, error) {
	return func(context.Context) (map[string]any, error) {
		at := n.Published()
		if at.IsZero() {
			return nil, deal.Errorf(deal.Lost, "the directory has not taken the node's record yet: peers cannot find it")
		}
		facts := map[string]any{"at": at}
		if time.Since(at) > recordFresh {
			return facts, deal.Errorf(deal.Lost, "the directory last took the node's record %s ago", time.Since(at).Round(time.Minute))
		}
		return facts, nil
	}
}
