package desk

import (
	"context"
	"database/sql"
	"errors"

	"cession/deal"
)

// PutParty enters or replaces a party. Its status stays as it is: active when
// new, then as [Store.Suspend] and [Store.Reinstate] say. A signer that was
// revoked does not come back: naming it is a conflict.
func (s *Store) PutParty(ctx context.Context, p deal.Party, who Profile) error {
	if err := (Member{p, who}).check(); err != nil {
		return err
	}
	return s.write(ctx, "enter party "+string(p.ID), func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO parties (id, name, jurisdiction, kind, kyc_class, kyc_until, wallet, status, kyc_since, license, license_until, group_id)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, jurisdiction = excluded.jurisdiction, kind = excluded.kind,
				kyc_class = excluded.kyc_class, kyc_until = excluded.kyc_until, wallet = excluded.wallet, kyc_since = excluded.kyc_since,
				license = excluded.license, license_until = excluded.license_until, group_id = excluded.group_id`,
			string(p.ID), who.Name, who.Jurisdiction, who.Kind, who.KYCClass, millis(who.KYCUntil), p.Wallet.String(), string(Active),
			optionalMillis(who.KYCSince), who.License, optionalMillis(who.LicenseUntil), who.Group)
		if err != nil {
			return err
		}
		return putSigners(ctx, tx, p)
	})
}

func putSigners(ctx context.Context, tx *sql.Tx, p deal.Party) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM signers WHERE party = $1 AND revoked_at IS NULL", string(p.ID)); err != nil {
		return err
	}
	for i, a := range p.Signers {
		res, err := tx.ExecContext(ctx, "INSERT INTO signers (party, address, position) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
			string(p.ID), a.String(), i)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, deal.Errorf(deal.Conflict, "party %s: signer %s stands twice or was revoked", p.ID, a))
		}
	}
	return nil
}

// Party returns a party and its identity. Its signers are those that were not
// revoked, and none at all while it is suspended.
func (s *Store) Party(ctx context.Context, id deal.PartyID) (deal.Party, Profile, error) {
	members, err := s.members(ctx, "WHERE p.id = $1", string(id))
	if err != nil {
		return deal.Party{}, Profile{}, err
	}
	if len(members) == 0 {
		return deal.Party{}, Profile{}, deal.Errorf(deal.NotFound, "no party %.40q", string(id))
	}
	return members[0].Party, members[0].Profile, nil
}

// Parties returns all parties, by id.
func (s *Store) Parties(ctx context.Context) ([]Member, error) { return s.members(ctx, "") }

func (s *Store) members(ctx context.Context, where string, args ...any) (members []Member, err error) {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	rows, err := s.db.QueryContext(ctx, `
		SELECT p.id, p.name, p.jurisdiction, p.kind, p.kyc_class, p.kyc_until, p.wallet, p.status, COALESCE(g.address, ''),
			p.kyc_since, p.license, p.license_until, p.group_id
		FROM parties p LEFT JOIN signers g ON g.party = p.id AND g.revoked_at IS NULL AND p.status = 'active' `+where+`
		ORDER BY p.id, g.position`, args...)
	if err != nil {
		return nil, stored("read parties", err)
	}
	defer rows.Close()
	for rows.Next() {
		m, signer, err := scanMember(rows)
		if err != nil {
			return nil, stored("read parties", err)
		}
		if n := len(members); n == 0 || members[n-1].Party.ID != m.Party.ID {
			members = append(members, m)
		}
		if signer != nil {
			p := &members[len(members)-1].Party
			p.Signers = append(p.Signers, *signer)
		}
	}
	return members, stored("read parties", rows.Err())
}

func scanMember(rows *sql.Rows) (m Member, signer *deal.Address, err error) {
	var wallet, address string
	var until int64
	var since, licensed sql.NullInt64
	p := &m.Profile
	if err := rows.Scan(&p.ID, &p.Name, &p.Jurisdiction, &p.Kind, &p.KYCClass, &until, &wallet, &p.Status, &address,
		&since, &p.License, &licensed, &p.Group); err != nil {
		return m, nil, err
	}
	p.KYCUntil, p.KYCSince, p.LicenseUntil, m.Party.ID = fromMillis(until), fromOptional(since), fromOptional(licensed), p.ID
	if m.Party.Wallet, err = deal.ParseAddress(wallet); err != nil || address == "" {
		return m, nil, err
	}
	a, err := deal.ParseAddress(address)
	return m, &a, err
}

// Suspend keeps a party from acting: it has no signers, its tokens and wallets
// open nothing. Deals go on without it.
func (s *Store) Suspend(ctx context.Context, id deal.PartyID) error {
	return s.setStatus(ctx, id, Suspended)
}

// Reinstate lifts a suspension.
func (s *Store) Reinstate(ctx context.Context, id deal.PartyID) error {
	return s.setStatus(ctx, id, Active)
}

func (s *Store) setStatus(ctx context.Context, id deal.PartyID, status PartyStatus) error {
	return s.change(ctx, "set status of "+string(id), deal.Errorf(deal.NotFound, "no party %.40q", string(id)),
		"UPDATE parties SET status = $1 WHERE id = $2", string(status), string(id))
}

// RevokeSigner takes an address off a party's signers for good.
func (s *Store) RevokeSigner(ctx context.Context, id deal.PartyID, signer deal.Address) error {
	return s.change(ctx, "revoke signer of "+string(id), deal.Errorf(deal.NotFound, "%s does not sign for %.40q", signer, string(id)),
		"UPDATE signers SET revoked_at = COALESCE(revoked_at, $1) WHERE party = $2 AND address = $3", millis(s.now()), string(id), signer.String())
}

// change runs one statement that must touch a row.
func (s *Store) change(ctx context.Context, action string, missing error, statement string, args ...any) error {
	return s.write(ctx, action, func(ctx context.Context, tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, statement, args...)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n > 0 {
			return err
		}
		return missing
	})
}
