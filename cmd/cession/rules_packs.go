package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"cession/deal"
	"cession/desk"
	"cession/policies/packs"
)

// packShelf is the library as the desk shows it.
type packShelf struct{ *shelf }

// List returns all packs.
func (s packShelf) List(context.Context) (list []desk.PackInfo) {
	for _, p := range s.Status() {
		list = append(list, packInfo(p))
	}
	return list
}

// Submit hands in a pack.
func (s packShelf) Submit(ctx context.Context, bundle, activation []byte) (desk.PackInfo, error) {
	status, err := s.Library.Submit(ctx, bundle, activation)
	return packInfo(status), err
}

// Bundle returns the bundle of a pack that was accepted.
func (s packShelf) Bundle(digest deal.Commitment) ([]byte, string, error) {
	bundle, _, ok := s.FilesOf(digest, 0)
	if !ok {
		return nil, "", noPackFiles(digest)
	}
	return bundle, etagOf(bundle), nil
}

// Activation returns the activation of a pack with a number, or with number 0
// the newest.
func (s packShelf) Activation(digest deal.Commitment, number uint64) ([]byte, string, error) {
	_, activation, ok := s.FilesOf(digest, number)
	if !ok {
		return nil, "", noPackFiles(digest)
	}
	return activation, etagOf(activation), nil
}

func noPackFiles(digest deal.Commitment) error {
	return deal.Errorf(deal.NotFound, "no signed pack %s: see cession policy status", digest.Short())
}

func etagOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

func packInfo(s packs.Status) desk.PackInfo {
	info := desk.PackInfo{
		Name: s.Name, Version: s.Version, Kind: s.Kind, Digest: s.Digest, Number: s.Number, State: desk.PackState(s.State),
		Maker: s.Maker, Checkers: s.Checkers, Why: s.Why, Since: s.Since, Until: s.Until,
	}
	for _, l := range s.Lists {
		info.Lists = append(info.Lists, desk.PackList{
			Name: l.Name, Entries: l.Entries, Digest: l.Digest, AsOf: l.AsOf, MaximumAge: int64(l.MaximumAge / time.Second), Live: l.Live,
		})
	}
	return info
}
