package main

import (
	"crypto/sha256"
	"encoding/json"

	"cession/chain/lane"
	"cession/deal"
)

func (f *fakeLanes) prepare(l *fakeLane, p lane.Prepare) lane.Event {
	if !l.signer {
		return lane.Failure{Action: p, Reason: lane.SignerDown}
	}
	out := lane.Prepared{Mined: uint64(len(l.mined)), Pending: l.pending(), Fees: f.fees()}
	nonce := p.Nonce
	if p.Start {
		nonce = out.Pending
	}
	const gas = 120_000
	for _, job := range p.Jobs {
		tip, cap := lane.Price(f.fees(), job.Urgency, job.PerGas)
		if job.PerIntent != 0 && cap*gas > job.PerIntent || cap < f.base {
			out.Outcomes = append(out.Outcomes, lane.Outcome{Intent: job.Intent.ID, Stalled: lane.FeeCeiling})
			continue
		}
		at := sign(fakeTx{Intent: job.Intent.ID, Nonce: nonce, Cap: cap, Tip: tip}, gas)
		out.Outcomes = append(out.Outcomes, lane.Outcome{Intent: job.Intent.ID, Attempt: &at})
		nonce++
	}
	return out
}

func (f *fakeLanes) look(l *fakeLane, o lane.Observe) lane.Event {
	out := lane.Observation{Head: f.head(), Mined: uint64(len(l.mined)), Pending: l.pending(), Fees: f.fees(), Balance: 911_200_000}
	for _, follow := range o.Follow {
		for _, hash := range follow.Hashes {
			out.Sightings = append(out.Sightings, f.sight(l, hash))
		}
	}
	return out
}

func (f *fakeLanes) sight(l *fakeLane, hash deal.Commitment) lane.Sighting {
	s := lane.Sighting{Hash: hash}
	for _, tx := range l.pool {
		s.Known = s.Known || tx.hash == hash
	}
	for _, tx := range l.mined {
		if tx.hash == hash {
			s.Known = true
			s.Mined = &lane.Inclusion{Tx: hash, Block: tx.block, BlockHash: blockHash(tx.block), Receipt: deal.Receipt{
				OK: true, Tx: hash, Block: tx.block, Gas: 91_000, GasPrice: min(tx.Cap, f.base+tx.Tip), Time: f.now(),
			}}
		}
	}
	return s
}

func (l *fakeLane) pending() uint64 {
	n := uint64(len(l.mined))
	for _, ok := l.pool[n]; ok; _, ok = l.pool[n] {
		n++
	}
	return n
}

func (f *fakeLanes) fees() lane.Fees {
	return lane.Fees{Base: f.base, Low: 1e8, Tip: 1e9, High: 2e9}
}

func (f *fakeLanes) head() lane.Block { return lane.Block{Number: f.block, Hash: blockHash(f.block)} }

func blockHash(n uint64) deal.Commitment { return sha256.Sum256([]byte{byte(n >> 8), byte(n)}) }

func sign(tx fakeTx, gas uint64) lane.Attempt {
	raw, err := json.Marshal(tx)
	if err != nil {
		panic(err)
	}
	return lane.Attempt{Raw: raw, Hash: sha256.Sum256(raw), Nonce: tx.Nonce, Gas: gas, Tip: tx.Tip, Cap: tx.Cap, Blank: tx.Blank}
}

func readFake(raw deal.Bytes) (tx fakeTx) {
	if err := json.Unmarshal(raw, &tx); err != nil {
		panic(err)
	}
	tx.hash = sha256.Sum256(raw)
	return tx
}
