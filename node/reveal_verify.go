package node

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"cession/deal"
	"cession/node/vault"
)

// VerifyReveal verifies a [Reveal] without node and desk. What is proven, and
// what could not be checked, is in the finding.
func VerifyReveal(ctx context.Context, c Checks, raw []byte) (Finding, error) {
	f := Finding{Type: revealType}
	var r Reveal
	if err := readEvidence(raw, &r); err != nil {
		return f, err
	}
	if r.Type != revealType || r.Version != 1 {
		return f, deal.Errorf(deal.Invalid, "reveal of version %d: this program reads version 1", r.Version)
	}
	if err := c.market(r.Market, &f); err != nil {
		return f, err
	}
	if err := r.text(c, &f); err != nil {
		return f, err
	}
	at, err := r.Act.verify(ctx, c, r.Market, &f)
	if err != nil {
		return f, err
	}
	if err := c.signer(r.Act.Act, &f); err != nil {
		return f, err
	}
	if r.Thread != nil {
		if err := r.verifyThread(ctx, c, at, &f); err != nil {
			return f, err
		}
	}
	if r.FAQ != nil {
		return f, r.verifyFAQ(ctx, c, &f)
	}
	return f, nil
}

// signer says whose account signed, or refuses another one than is expected.
func (c Checks) signer(act deal.Act, f *Finding) error {
	switch {
	case c.Signer.IsZero():
		f.leave("that account %s is %s's: compare it with the one you know, or give it to be compared", act.Signer, act.Party)
	case c.Signer != act.Signer:
		return refuse(WrongSigner, "the act is signed by "+act.Signer.String()+", not by the account you expect")
	}
	return nil
}

// text checks that the act commits to the text.
func (r Reveal) text(c Checks, f *Finding) error {
	act := r.Act.Act
	field, ok := r.Act.Action.Field(r.Field)
	if !ok || field.Kind != deal.KindSealed || sealsOtherwise(act, r.Field) {
		return refuse(WrongText, "the act has no sealed field of that name")
	}
	if r.Text == "" || len(r.Text) > maxText || !utf8.ValidString(r.Text) {
		return refuse(WrongText, "the text is empty or longer than a text may be")
	}
	if sum := deal.Commitment(deal.Reseal(r.Text, r.Salt).Commit(c.Hashes.Keccak)); act.Field(r.Field).Commitment() != sum {
		return refuse(WrongText, "the text or its salt is not what the act commits to")
	}
	where := "deal " + string(act.Deal)
	if act.Room != "" {
		where += ", room of " + string(act.Room)
	}
	f.prove("%s said, in field %s of %s (%q), %s, signed by account %s: %q",
		act.Party, r.Field, act.Name(), r.Act.Action.Title, where, act.Signer, r.Text)
	return nil
}

// sealsOtherwise reports a field that the shipped plan knows as something else
// than a text: who describes the act in the file could have it so.
func sealsOtherwise(act deal.Act, field string) bool {
	_, known, err := deal.Standard().Action(act.Step, act.Action)
	if err != nil {
		return false
	}
	f, ok := known.Field(field)
	return ok && f.Kind != deal.KindSealed
}

// verifyThread checks that the text is where the file says in the thread whose
// root another act, or the same, carries.
func (r Reveal) verifyThread(ctx context.Context, c Checks, at time.Time, f *Finding) error {
	own, by := r.Act.Act, r.Thread.Act.Act
	if by.Deal != own.Deal || by.Room != own.Room || own.Step != "questions" || by.Step != own.Step {
		return refuse(WrongThread, "the act with the root of the thread is of another deal or room than the text")
	}
	var other Finding
	covered, err := r.Thread.Act.verify(ctx, c, r.Market, &other)
	if err != nil {
		return fmt.Errorf("act with the root of the thread: %w", err)
	}
	root, leaf := by.Field("thread"), own.Field(r.Field).Commitment()
	path := make([][32]byte, len(r.Thread.Path))
	for i, sibling := range r.Thread.Path {
		path[i] = sibling
	}
	if root.Kind() != deal.KindCommitment || vault.VerifyProof(c.Hashes.Keccak, root.Commitment(), leaf[:], r.Thread.Index, r.Thread.Size, path) != nil {
		return refuse(WrongProof, "the path in the thread does not lead from the text to the root that the act carries")
	}
	words := fmt.Sprintf("It is text %d of %d in a thread whose root %s signed (account %s, act %s)", r.Thread.Index+1, r.Thread.Size, by.Party, by.Signer, by.ID)
	switch {
	case by.ID == own.ID:
	case covered.IsZero():
		f.Unchecked = append(f.Unchecked, other.Unchecked...)
	case covered.Before(at):
		return refuse(WrongThread, "the root of the thread was notarized before the text it is said to cover")
	default:
		words += ", notarized at " + covered.UTC().Format(time.RFC3339)
	}
	f.prove("%s.", words)
	return nil
}

// verifyFAQ checks that an entry of the FAQ was made from the answer.
func (r Reveal) verifyFAQ(ctx context.Context, c Checks, f *Finding) error {
	e, act := r.FAQ.Entry, r.Act.Act
	if e.Deal != act.Deal || act.Name() != "questions.answer" {
		return refuse(ForgedFAQ, "the entry is of another deal, or not made from an answer")
	}
	if origin := deal.Commitment(c.Hashes.Keccak(r.FAQ.Salt[:], act.ID[:])); origin != e.Origin {
		return refuse(ForgedFAQ, "the entry was not made from this answer")
	}
	digest, err := c.Hashes.Digest(e.TypedData(r.Market.ChainID))
	if err != nil {
		return refuse(ForgedFAQ, "the entry is malformed")
	}
	if err := c.Verifier.VerifyDigest(ctx, e.Wallet, digest, e.Signature); err != nil {
		if deal.KindOf(err) == "" {
			return fmt.Errorf("verify the signature of the entry: %w", err)
		}
		return refuse(ForgedFAQ, "the entry is not signed by account "+e.Wallet.String())
	}
	if e.Wallet != act.Signer {
		f.leave("that account %s, which signed the entry of the FAQ, is the same party's as %s", e.Wallet, act.Signer)
	}
	f.prove("Account %s made entry %d of the FAQ of the deal from it, at %s by its own clock: %q, answered with %q.",
		e.Wallet, e.Number, e.At.UTC().Format(time.RFC3339), e.Question, e.Answer)
	return nil
}
