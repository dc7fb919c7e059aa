// Code generated via abigen V2 - DO NOT EDIT.
// This file is a generated binding and any manual changes will be lost.

package bind

import (
	"bytes"
	"errors"
	"math/big"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/accounts/abi/bind/v2"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
)

// Reference imports to suppress errors if they are not otherwise used.
var (
	_ = bytes.Equal
	_ = errors.New
	_ = big.NewInt
	_ = common.Big1
	_ = types.BloomLookup
	_ = abi.ConvertType
)

// NotaryMetaData contains all meta data concerning the Notary contract.
var NotaryMetaData = bind.MetaData{
	ABI: "[{\"type\":\"function\",\"name\":\"anchor\",\"inputs\":[{\"name\":\"root\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"count\",\"type\":\"uint32\",\"internalType\":\"uint32\"}],\"outputs\":[],\"stateMutability\":\"nonpayable\"},{\"type\":\"function\",\"name\":\"head\",\"inputs\":[],\"outputs\":[{\"name\":\"\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"}],\"stateMutability\":\"view\"},{\"type\":\"event\",\"name\":\"Anchored\",\"inputs\":[{\"name\":\"root\",\"type\":\"bytes32\",\"indexed\":true,\"internalType\":\"bytes32\"},{\"name\":\"count\",\"type\":\"uint32\",\"indexed\":false,\"internalType\":\"uint32\"},{\"name\":\"head\",\"type\":\"bytes32\",\"indexed\":false,\"internalType\":\"bytes32\"},{\"name\":\"submitter\",\"type\":\"address\",\"indexed\":false,\"internalType\":\"address\"}],\"anonymous\":false},{\"type\":\"error\",\"name\":\"EmptyAnchor\",\"inputs\":[]}]",
	ID:  "Notary",
	Bin: "0x608034607b576020810160608152601060808301526f43657373696f6e204e6f74617279203160801b60a083015246604083015230606083015260a0825260c082019180831060018060401b03841117606757826040525190205f5561019890816100808239f35b634e487b7160e01b5f52604160045260245ffd5b5f80fdfe6080806040526004361015610012575f80fd5b5f3560e01c90816347489de4146100705750638f7dcfa314610032575f80fd5b3461006c575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261006c5760205f54604051908152f35b5f80fd5b3461006c5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261006c57600435906024359063ffffffff821680920361006c5782158015610190575b610168575f5490602081019182528360408201528260608201523360808201526080815260a081019080821067ffffffffffffffff83111761013b577f02ed6964def76e441f4d620ae39c8a0f40f18d76ecc87c884cbe0cfefaa4597d93606093836040528251902090815f55835260c082015260e033910152a2005b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b7f7522abf5000000000000000000000000000000000000000000000000000000005f5260045ffd5b5081156100be56",
}

// Notary is an auto generated Go binding around an Ethereum contract.
type Notary struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *Notary) GetABI() abi.ABI {
	return c.abi
}

// NewNotary creates a new instance of Notary.
func NewNotary() *Notary {
	parsed, err := NotaryMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &Notary{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *Notary) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackAnchor is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x47489de4.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function anchor(bytes32 root, uint32 count) returns()
func (notary *Notary) PackAnchor(root [32]byte, count uint32) []byte {
	enc, err := notary.abi.Pack("anchor", root, count)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackAnchor is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x47489de4.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function anchor(bytes32 root, uint32 count) returns()
func (notary *Notary) TryPackAnchor(root [32]byte, count uint32) ([]byte, error) {
	return notary.abi.Pack("anchor", root, count)
}

// PackHead is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8f7dcfa3.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function head() view returns(bytes32)
func (notary *Notary) PackHead() []byte {
	enc, err := notary.abi.Pack("head")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackHead is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8f7dcfa3.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function head() view returns(bytes32)
func (notary *Notary) TryPackHead() ([]byte, error) {
	return notary.abi.Pack("head")
}

// UnpackHead is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x8f7dcfa3.
//
// Solidity: function head() view returns(bytes32)
func (notary *Notary) UnpackHead(data []byte) ([32]byte, error) {
	out, err := notary.abi.Unpack("head", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// NotaryAnchored represents a Anchored event raised by the Notary contract.
type NotaryAnchored struct {
	Root      [32]byte
	Count     uint32
	Head      [32]byte
	Submitter common.Address
	Raw       *types.Log // Blockchain specific contextual infos
}

const NotaryAnchoredEventName = "Anchored"

// ContractEventName returns the user-defined event name.
func (NotaryAnchored) ContractEventName() string {
	return NotaryAnchoredEventName
}

// UnpackAnchoredEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Anchored(bytes32 indexed root, uint32 count, bytes32 head, address submitter)
func (notary *Notary) UnpackAnchoredEvent(log *types.Log) (*NotaryAnchored, error) {
	event := "Anchored"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != notary.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(NotaryAnchored)
	if len(log.Data) > 0 {
		if err := notary.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range notary.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (notary *Notary) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], notary.abi.Errors["EmptyAnchor"].ID.Bytes()[:4]) {
		return notary.UnpackEmptyAnchorError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// NotaryEmptyAnchor represents a EmptyAnchor error raised by the Notary contract.
type NotaryEmptyAnchor struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error EmptyAnchor()
func NotaryEmptyAnchorErrorID() common.Hash {
	return common.HexToHash("0x7522abf585edf099e3e4260b90d0afbf1c1e2aa931ab6b2562f9367e73742d76")
}

// UnpackEmptyAnchorError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error EmptyAnchor()
func (notary *Notary) UnpackEmptyAnchorError(raw []byte) (*NotaryEmptyAnchor, error) {
	out := new(NotaryEmptyAnchor)
	if err := notary.abi.UnpackIntoInterface(out, "EmptyAnchor", raw); err != nil {
		return nil, err
	}
	return out, nil
}
