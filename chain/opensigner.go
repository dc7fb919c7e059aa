package chain

import (
	"context"
	"strings"

	"cession/deal"
)

// OpenSigner opens the signer that a setting names:
//
//	keystore:PATH                        a wallet file
//	web3signer:URL#0xADDRESS             an account of a Web3Signer in eth1 mode
//	awskms:KEY[@REGION][#0xADDRESS]      a key of AWS KMS: its id, ARN or alias/NAME
//
// The passphrase of a wallet file is asked for by its path. A Web3Signer is
// asked only once there is something to sign; so is KMS if the address is given.
// Errors do not repeat the setting, which may hold a password. Kinds: invalid
// (no such setting), and those of [OpenWallet] and [TxSigner].
func OpenSigner(ctx context.Context, setting string, passphrase func(file string) (string, error)) (TxSigner, error) {
	kind, rest, _ := strings.Cut(setting, ":")
	if rest == "" || kind == "keystore" && passphrase == nil {
		kind = ""
	}
	switch kind {
	case "keystore":
		secret, err := passphrase(rest)
		if err != nil {
			return nil, err
		}
		return asSigner(OpenWallet(rest, secret))
	case "web3signer":
		service, account, err := cutAccount(rest)
		if err != nil {
			return nil, err
		}
		return asSigner(NewWeb3Signer(service, account))
	case "awskms":
		key, account, err := cutAccount(rest)
		if err != nil {
			return nil, err
		}
		key, region := cutRegion(key)
		return asSigner(NewKMSSigner(ctx, key, region, account))
	}
	return nil, deal.Errorf(deal.Invalid, "signer: want keystore:PATH, web3signer:URL#0xADDRESS or awskms:KEY[@REGION]")
}

// asSigner keeps an error from coming with a nil of a type.
func asSigner[S TxSigner](s S, err error) (TxSigner, error) {
	if err != nil {
		return nil, err
	}
	return s, nil
}

// cutAccount takes off a #0xADDRESS at the end; the account is zero without one.
func cutAccount(setting string) (rest string, account deal.Address, err error) {
	i := strings.LastIndexByte(setting, '#')
	if i < 0 {
		return setting, account, nil
	}
	if err := account.UnmarshalText([]byte(setting[i+1:])); err != nil {
		return "", account, deal.Errorf(deal.Invalid, "signer: want an address of 40 hex digits after #")
	}
	return setting[:i], account, nil
}

// cutRegion takes off an @REGION at the end; an ARN names its region itself.
func cutRegion(key string) (rest, region string) {
	if i := strings.LastIndexByte(key, '@'); i >= 0 {
		return key[:i], key[i+1:]
	}
	if parts := strings.Split(key, ":"); len(parts) > 5 && parts[0] == "arn" {
		return key, parts[3]
	}
	return key, ""
}
