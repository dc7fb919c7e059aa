package desk

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"cession/deal"
)

// maxSignIn is how far ahead a wallet credential may expire.
const maxSignIn = 5 * time.Minute

// WalletAuth accepts wallet signatures:
//
//	Authorization: Wallet <party>.<expiry, Unix seconds>.<0x signature>
//
// The signature is over [SignIn] by one of the party's signers. It is bound to
// this desk and to a few minutes, so it opens nothing elsewhere or later.
type WalletAuth struct {
	Store      *Store
	Digest     func(deal.TypedData) (deal.Commitment, error) // EIP-712
	Signatures Signatures
	Audience   string // the desk's own address, such as "https://desk.example"
	ChainID    uint64
	Now        func() time.Time // nil is [time.Now]
}

// SignIn returns the EIP-712 message by which a wallet signs in at a desk.
func SignIn(audience string, chainID uint64, party deal.PartyID, expiry time.Time) deal.TypedData {
	return deal.TypedData{
		Types: map[string][]deal.Member{
			"EIP712Domain": {{Name: "name", Type: "string"}, {Name: "version", Type: "string"}, {Name: "chainId", Type: "uint256"}},
			"SignIn": {{Name: "statement", Type: "string"}, {Name: "audience", Type: "string"},
				{Name: "party", Type: "string"}, {Name: "expiry", Type: "uint64"}},
		},
		PrimaryType: "SignIn",
		Domain:      map[string]any{"name": "Cession Desk", "version": "1", "chainId": strconv.FormatUint(chainID, 10)},
		Message: map[string]any{
			"statement": "Sign in to the desk; this moves nothing", "audience": audience,
			"party": string(party), "expiry": strconv.FormatInt(expiry.Unix(), 10),
		},
	}
}

// NewWalletAuth returns the authenticator.
func NewWalletAuth(w WalletAuth) Authenticator {
	if w.Now == nil {
		w.Now = time.Now
	}
	return w
}

// Authenticate checks the signature against each of the party's signers.
func (w WalletAuth) Authenticate(r *http.Request) (Caller, error) {
	text, _ := credential(r, "Wallet")
	party, expiry, sig, ok := parseWallet(text)
	now := w.Now()
	if !ok || !now.Before(expiry) || expiry.After(now.Add(maxSignIn)) {
		return Caller{}, errUnauthenticated
	}
	p, err := activeParty(r.Context(), w.Store, party)
	if err != nil {
		return Caller{}, err
	}
	digest, err := w.Digest(SignIn(w.Audience, w.ChainID, party, expiry))
	if err != nil {
		return Caller{}, err
	}
	signer, err := w.signer(r.Context(), p, digest, sig)
	if err != nil {
		return Caller{}, err
	}
	return Caller{Party: party, Subject: signer.String()}, nil
}

// signer returns the party's signer that made the signature. If none is known
// to have made it and one could not be asked, the answer is lost.
func (w WalletAuth) signer(ctx context.Context, p deal.Party, digest deal.Commitment, sig deal.Bytes) (deal.Address, error) {
	result := errUnauthenticated
	for _, signer := range p.Signers {
		err := w.Signatures.VerifyDigest(ctx, signer, digest, sig)
		if err == nil {
			return signer, nil
		}
		if k := deal.KindOf(err); k != deal.Refused && k != deal.Invalid {
			result = deal.Errorf(deal.Lost, "sign in: the signature could not be checked now")
		}
	}
	return deal.Address{}, result
}

func parseWallet(s string) (party deal.PartyID, expiry time.Time, sig deal.Bytes, ok bool) {
	parts := strings.Split(s, ".")
	if len(parts) != 3 || deal.PartyID(parts[0]).Check() != nil || !strings.HasPrefix(parts[2], "0x") {
		return "", expiry, nil, false
	}
	seconds, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil || sig.UnmarshalText([]byte(parts[2])) != nil || len(sig) == 0 || len(sig) > 4096 {
		return "", expiry, nil, false
	}
	return deal.PartyID(parts[0]), time.Unix(seconds, 0).UTC(), sig, true
}

// WalletCredential signs in with a wallet, anew for each request; it is a
// [Credential].
type WalletCredential struct {
	Party    deal.PartyID
	Audience string
	ChainID  uint64
	Sign     func(deal.TypedData) (deal.Bytes, error)
}

// Authorization returns the value of the Authorization header.
func (w *WalletCredential) Authorization(context.Context) (string, error) {
	expiry := time.Now().Add(maxSignIn - 30*time.Second) // the clocks may differ by half a minute
	sig, err := w.Sign(SignIn(w.Audience, w.ChainID, w.Party, expiry))
	if err != nil {
		return "", err
	}
	return "Wallet " + string(w.Party) + "." + strconv.FormatInt(expiry.Unix(), 10) + "." + sig.String(), nil
}
