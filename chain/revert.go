package chain

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"sync"

	"github.com/ethereum/go-ethereum/accounts/abi"

	"cession/chain/bind"
	"cession/deal"
)

// contracts are the bindings, parsed once.
var contracts = sync.OnceValue(func() *bindings {
	return &bindings{bind.NewReceivable(), bind.NewNotary(), bind.NewEscrow(), bind.NewTestDollar()}
})

type bindings struct {
	receivable *bind.Receivable
	notary     *bind.Notary
	escrow     *bind.Escrow
	dollar     *bind.TestDollar
}

// errorNames maps the selectors of the contracts' custom errors to their names.
var errorNames = sync.OnceValue(func() map[[4]byte]string {
	names := map[[4]byte]string{}
	c := contracts()
	for _, contract := range []abi.ABI{c.receivable.GetABI(), c.notary.GetABI(), c.escrow.GetABI(), c.dollar.GetABI()} {
		for _, e := range contract.Errors {
			names[[4]byte(e.ID[:4])] = e.Name
		}
	}
	return names
})

var (
	errorSelector = []byte{0x08, 0xc3, 0x79, 0xa0} // Error(string)
	panicSelector = []byte{0x4e, 0x48, 0x7b, 0x71} // Panic(uint256)
)

// RevertReason returns the name of the custom error in revert data, such as
// AlreadyMinted; "Error(…)" for a text, cut to 80 printable characters;
// "Panic(0x11)"; the selector of an unknown error; "Reverted" if there is none.
func RevertReason(data []byte) string {
	if len(data) < 4 {
		return "Reverted"
	}
	if name, ok := errorNames()[[4]byte(data[:4])]; ok {
		return name
	}
	if bytes.HasPrefix(data, errorSelector) {
		text, err := abi.UnpackRevert(data)
		if err != nil {
			return "Error()"
		}
		return "Error(" + printable(text, 80) + ")"
	}
	if bytes.HasPrefix(data, panicSelector) && len(data) == 4+32 {
		return fmt.Sprintf("Panic(0x%02x)", data[4+31])
	}
	return "0x" + hex.EncodeToString(data[:4])
}

// AlreadyDone reports whether the contract's error means that the call has had
// its effect already, whoever sent it. The same error may be a failure for
// another call: AlreadyRefunded ends a refund well and a settlement badly.
//
// NothingOwed counts as done for a payout. A node that lags behind says it too
// before the settlement reaches it, so simulate a payout only where the
// settlement is seen.
func AlreadyDone(call deal.Call, reason string) bool {
	switch {
	case call.Mint != nil:
		return reason == "AlreadyMinted"
	case call.Append != nil:
		return reason == "AlreadyAppended"
	case call.Open != nil:
		return reason == "AlreadyOpened"
	case call.Fund != nil:
		return reason == "AlreadyFunded"
	case call.Settle != nil:
		return reason == "AlreadySettled"
	case call.Refund != nil:
		return reason == "AlreadyRefunded"
	case call.Payout != nil:
		return reason == "NothingOwed"
	}
	return false
}
