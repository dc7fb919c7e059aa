//go:build !slim

package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"math/big"
	"os"
	"time"

	yaml "go.yaml.in/yaml/v3"

	"cession/chain"
	"cession/deal"
	"cession/desk"
	"cession/examples"
)

// partyEntry is one party in the file given with --parties.
type partyEntry struct {
	ID           deal.PartyID `yaml:"id"`
	Name         string       `yaml:"name"`
	Jurisdiction string       `yaml:"jurisdiction"`
	Kind         string       `yaml:"kind"`
	KYCClass     string       `yaml:"kycClass"`
	License      string       `yaml:"license"`
}

// readParties reads a list of parties, or the demo's.
func readParties(file string) ([]partyEntry, error) {
	raw := examples.Parties()
	if file != "" {
		var err error
		if raw, err = os.ReadFile(file); err != nil {
			return nil, err
		}
	}
	var list []partyEntry
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	decoder.KnownFields(true)
	if err := decoder.Decode(&list); err != nil && !errors.Is(err, io.EOF) {
		return nil, deal.Errorf(deal.Invalid, "parties: want a YAML list of id, name, jurisdiction, kind, kycClass, license: %w", err)
	}
	seen := map[deal.PartyID]bool{}
	for _, p := range list {
		if err := p.ID.Check(); err != nil {
			return nil, err
		}
		if seen[p.ID] {
			return nil, deal.Errorf(deal.Invalid, "parties: %s stands twice", p.ID)
		}
		seen[p.ID] = true
	}
	if len(list) == 0 {
		return nil, deal.Errorf(deal.Invalid, "parties: the list is empty")
	}
	return list, nil
}

func (s *stack) partyDir(id deal.PartyID) string { return s.dir.Path("parties", string(id)) }

// nodeKeys draws a Temporal key for each party's node, into the party's folder.
func (s *stack) nodeKeys() (map[deal.PartyID]string, error) {
	list, err := readParties(s.parties)
	if err != nil {
		return nil, err
	}
	keys := map[deal.PartyID]string{}
	for _, p := range list {
		if err := os.MkdirAll(s.partyDir(p.ID), 0o700); err != nil {
			return nil, err
		}
		if keys[p.ID], err = ensureSecret(in(s.partyDir(p.ID), nodeKey)); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// yearKYC is how long the operator of a trial market vouches for its parties.
const yearKYC = 365 * 24 * time.Hour

// testMoney is what each party of the embedded chain starts with: 50 million
// of the test currency.
var testMoney = new(big.Int).Mul(big.NewInt(50_000_000), big.NewInt(1_000_000))

// register makes the parties' wallets and tokens and tells the desk of them.
func (s *stack) register(ctx context.Context) error {
	list, err := readParties(s.parties)
	if err != nil {
		return err
	}
	client, err := chain.Dial(ctx, s.rpcURL)
	if err != nil {
		return err
	}
	defer client.Close()
	bank, err := s.deployer()
	if err != nil {
		return err
	}
	for _, entry := range list {
		party, err := s.makeParty(entry)
		if err != nil {
			return err
		}
		if err := s.op.store.PutParty(ctx, party.Party, party.Profile); err != nil {
			return err
		}
		if err := s.token(ctx, desk.Caller{Party: entry.ID, Subject: "local"}, in(s.partyDir(entry.ID), deskToken)); err != nil {
			return err
		}
		if err := chain.FundDev(ctx, client, bank, s.op.market, party.Party.Wallet, testMoney); err != nil {
			return err
		}
		s.members = append(s.members, party)
	}
	return s.token(ctx, desk.Caller{Operator: true, Subject: "local"}, s.dir.Path(operatorToken))
}

func (s *stack) makeParty(entry partyEntry) (m desk.Member, err error) {
	dir := s.partyDir(entry.ID)
	wallet, err := ensureWallet(in(dir, "wallet"), in(dir, passphrase), chain.Light())
	if err != nil {
		return m, err
	}
	second, err := ensureWallet(in(dir, "second"), in(dir, "second.pass"), chain.Light())
	if err != nil {
		return m, err
	}
	m.Party = deal.Party{ID: entry.ID, Wallet: wallet.Address(), Signers: []deal.Address{wallet.Address(), second.Address()}}
	m.Profile = desk.Profile{
		ID: entry.ID, Name: entry.Name, Jurisdiction: entry.Jurisdiction, Kind: entry.Kind, KYCClass: entry.KYCClass,
		KYCUntil: time.Now().UTC().Add(yearKYC).Truncate(time.Second), License: entry.License,
	}
	checked := time.Now().UTC().Truncate(time.Second)
	m.Profile.KYCSince = &checked
	if err := s.shareTrust(dir); err != nil {
		return m, err
	}
	return m, writeJSON(in(dir, marketName), s.op.market)
}

// shareTrust gives a party's node its own copy of the trust file, once: from
// then on the copy is the party's.
func (s *stack) shareTrust(dir string) error {
	file := s.policy.trust
	if file == "" {
		file = s.dir.Path(trustName)
	}
	content, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) && s.policy.trust == "" {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := os.Stat(in(dir, trustName)); err == nil {
		return nil
	}
	return writeFile(in(dir, trustName), content)
}

// token issues a desk token into a file, once.
func (s *stack) token(ctx context.Context, who desk.Caller, file string) error {
	if _, err := readSecret(file); deal.KindOf(err) != deal.NotFound {
		return err
	}
	token, err := s.op.store.NewToken(ctx, who, yearKYC)
	if err != nil {
		return err
	}
	return writeFile(file, []byte(token+"\n"))
}

// quiet lets only warnings and worse of a talkative server through.
func quiet(h slog.Handler) slog.Handler { return &leveled{h} }

type leveled struct{ slog.Handler }

func (l *leveled) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }
func (l *leveled) WithAttrs(as []slog.Attr) slog.Handler            { return &leveled{l.Handler.WithAttrs(as)} }
func (l *leveled) WithGroup(name string) slog.Handler               { return &leveled{l.Handler.WithGroup(name)} }
