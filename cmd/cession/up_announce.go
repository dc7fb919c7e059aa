//go:build !slim

package main

import (
	"fmt"
	"os"

	"cession/deal"
	"cession/policies"
)

// announce says where everything answers, to people and to programs.
func (s *stack) announce() error {
	f := operatorFile{
		PID: os.Getpid(), Desk: s.was.Desk, Admin: s.was.Admin, RPC: s.rpcURL, Temporal: s.server.Address(),
		Parties: map[deal.PartyID]string{}, Ready: true,
	}
	for _, m := range s.members {
		f.Parties[m.Party.ID] = "parties/" + string(m.Party.ID)
	}
	if err := writeJSON(s.dir.Path(operatorName), f); err != nil {
		return err
	}
	s.onClose(func() { f.Ready = false; _ = writeJSON(s.dir.Path(operatorName), f) })
	fmt.Fprintf(s.app.out, "desk      %s  (API description at /openapi.json)\nhealth    %s/readyz\nethereum  %s\ntemporal  %s\n", f.Desk, f.Admin, f.RPC, f.Temporal)
	fmt.Fprintf(s.app.out, "operator  %-16s cession --home %s tx watch\n", fmt.Sprintf("%d lanes", len(s.relayers)), quoted(s.data))
	fmt.Fprintf(s.app.out, "rules     %s\n", s.rulesInForce())
	for _, m := range s.members {
		fmt.Fprintf(s.app.out, "node      %-16s cession --home %s deal ls\n", m.Party.ID, s.partyDir(m.Party.ID))
	}
	return nil
}

// rulesInForce says by which rules the market goes, and what is not real about
// them.
func (s *stack) rulesInForce() string {
	p, err := s.op.rules.Current()
	if err != nil {
		return err.Error()
	}
	words := p.Name() + " " + p.Version()
	if shipped, err := policies.Standard(); err == nil && shipped.Digest() == p.Digest() {
		words += ", as shipped, with a sample of the sanctions list: for trying only (docs/compliance.md)"
	}
	return words
}
