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

// IEscrowTerms is an auto generated low-level Go binding around an user-defined struct.
type IEscrowTerms struct {
	Deal       [32]byte
	Seller     common.Address
	Buyer      common.Address
	Receivable common.Address
	TokenId    *big.Int
	Currency   common.Address
	Price      *big.Int
	Digest     [32]byte
	FundBy     uint64
	SettleBy   uint64
	Arbiter    common.Address
	ArbiterBy  uint64
}

// EscrowMetaData contains all meta data concerning the Escrow contract.
var EscrowMetaData = bind.MetaData{
	ABI: "[{\"type\":\"constructor\",\"inputs\":[{\"name\":\"receivables\",\"type\":\"address[]\",\"internalType\":\"address[]\"},{\"name\":\"currencies\",\"type\":\"address[]\",\"internalType\":\"address[]\"},{\"name\":\"guardian_\",\"type\":\"address\",\"internalType\":\"address\"}],\"stateMutability\":\"nonpayable\"},{\"type\":\"function\",\"name\":\"dispute\",\"inputs\":[{\"name\":\"terms\",\"type\":\"tuple\",\"internalType\":\"structIEscrow.Terms\",\"components\":[{\"name\":\"deal\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"seller\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"buyer\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"receivable\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"tokenId\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"currency\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"price\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"digest\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"fundBy\",\"type\":\"uint64\",\"internalType\":\"uint64\"},{\"name\":\"settleBy\",\"type\":\"uint64\",\"internalType\":\"uint64\"},{\"name\":\"arbiter\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"arbiterBy\",\"type\":\"uint64\",\"internalType\":\"uint64\"}]},{\"name\":\"sig\",\"type\":\"bytes\",\"internalType\":\"bytes\"}],\"outputs\":[],\"stateMutability\":\"nonpayable\"},{\"type\":\"function\",\"name\":\"eip712Domain\",\"inputs\":[],\"outputs\":[{\"name\":\"fields\",\"type\":\"bytes1\",\"internalType\":\"bytes1\"},{\"name\":\"name\",\"type\":\"string\",\"internalType\":\"string\"},{\"name\":\"version\",\"type\":\"string\",\"internalType\":\"string\"},{\"name\":\"chainId\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"verifyingContract\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"salt\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"extensions\",\"type\":\"uint256[]\",\"internalType\":\"uint256[]\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"fund\",\"inputs\":[{\"name\":\"terms\",\"type\":\"tuple\",\"internalType\":\"structIEscrow.Terms\",\"components\":[{\"name\":\"deal\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"seller\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"buyer\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"receivable\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"tokenId\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"currency\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"price\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"digest\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"fundBy\",\"type\":\"uint64\",\"internalType\":\"uint64\"},{\"name\":\"settleBy\",\"type\":\"uint64\",\"internalType\":\"uint64\"},{\"name\":\"arbiter\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"arbiterBy\",\"type\":\"uint64\",\"internalType\":\"uint64\"}]},{\"name\":\"permitDeadline\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"v\",\"type\":\"uint8\",\"internalType\":\"uint8\"},{\"name\":\"r\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"s\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"}],\"outputs\":[],\"stateMutability\":\"nonpayable\"},{\"type\":\"function\",\"name\":\"guardian\",\"inputs\":[],\"outputs\":[{\"name\":\"\",\"type\":\"address\",\"internalType\":\"address\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"hashTerms\",\"inputs\":[{\"name\":\"terms\",\"type\":\"tuple\",\"internalType\":\"structIEscrow.Terms\",\"components\":[{\"name\":\"deal\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"seller\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"buyer\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"receivable\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"tokenId\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"currency\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"price\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"digest\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"fundBy\",\"type\":\"uint64\",\"internalType\":\"uint64\"},{\"name\":\"settleBy\",\"type\":\"uint64\",\"internalType\":\"uint64\"},{\"name\":\"arbiter\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"arbiterBy\",\"type\":\"uint64\",\"internalType\":\"uint64\"}]}],\"outputs\":[{\"name\":\"id\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"}],\"stateMutability\":\"pure\"},{\"type\":\"function\",\"name\":\"isCurrency\",\"inputs\":[{\"name\":\"token\",\"type\":\"address\",\"internalType\":\"address\"}],\"outputs\":[{\"name\":\"\",\"type\":\"bool\",\"internalType\":\"bool\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"isReceivable\",\"inputs\":[{\"name\":\"token\",\"type\":\"address\",\"internalType\":\"address\"}],\"outputs\":[{\"name\":\"\",\"type\":\"bool\",\"internalType\":\"bool\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"open\",\"inputs\":[{\"name\":\"terms\",\"type\":\"tuple\",\"internalType\":\"structIEscrow.Terms\",\"components\":[{\"name\":\"deal\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"seller\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"buyer\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"receivable\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"tokenId\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"currency\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"price\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"digest\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"fundBy\",\"type\":\"uint64\",\"internalType\":\"uint64\"},{\"name\":\"settleBy\",\"type\":\"uint64\",\"internalType\":\"uint64\"},{\"name\":\"arbiter\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"arbiterBy\",\"type\":\"uint64\",\"internalType\":\"uint64\"}]},{\"name\":\"sellerSig\",\"type\":\"bytes\",\"internalType\":\"bytes\"},{\"name\":\"buyerSig\",\"type\":\"bytes\",\"internalType\":\"bytes\"},{\"name\":\"tokenPermitDeadline\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"tokenPermitSig\",\"type\":\"bytes\",\"internalType\":\"bytes\"}],\"outputs\":[{\"name\":\"id\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"}],\"stateMutability\":\"nonpayable\"},{\"type\":\"function\",\"name\":\"openingPaused\",\"inputs\":[],\"outputs\":[{\"name\":\"\",\"type\":\"bool\",\"internalType\":\"bool\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"owed\",\"inputs\":[{\"name\":\"currency\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"party\",\"type\":\"address\",\"internalType\":\"address\"}],\"outputs\":[{\"name\":\"\",\"type\":\"uint256\",\"internalType\":\"uint256\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"refund\",\"inputs\":[{\"name\":\"terms\",\"type\":\"tuple\",\"internalType\":\"structIEscrow.Terms\",\"components\":[{\"name\":\"deal\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"seller\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"buyer\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"receivable\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"tokenId\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"currency\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"price\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"digest\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"fundBy\",\"type\":\"uint64\",\"internalType\":\"uint64\"},{\"name\":\"settleBy\",\"type\":\"uint64\",\"internalType\":\"uint64\"},{\"name\":\"arbiter\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"arbiterBy\",\"type\":\"uint64\",\"internalType\":\"uint64\"}]}],\"outputs\":[],\"stateMutability\":\"nonpayable\"},{\"type\":\"function\",\"name\":\"resolve\",\"inputs\":[{\"name\":\"terms\",\"type\":\"tuple\",\"internalType\":\"structIEscrow.Terms\",\"components\":[{\"name\":\"deal\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"seller\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"buyer\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"receivable\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"tokenId\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"currency\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"price\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"digest\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"fundBy\",\"type\":\"uint64\",\"internalType\":\"uint64\"},{\"name\":\"settleBy\",\"type\":\"uint64\",\"internalType\":\"uint64\"},{\"name\":\"arbiter\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"arbiterBy\",\"type\":\"uint64\",\"internalType\":\"uint64\"}]},{\"name\":\"tokenToBuyer\",\"type\":\"bool\",\"internalType\":\"bool\"},{\"name\":\"sellerShare\",\"type\":\"uint256\",\"internalType\":\"uint256\"}],\"outputs\":[],\"stateMutability\":\"nonpayable\"},{\"type\":\"function\",\"name\":\"setOpeningPaused\",\"inputs\":[{\"name\":\"paused\",\"type\":\"bool\",\"internalType\":\"bool\"}],\"outputs\":[],\"stateMutability\":\"nonpayable\"},{\"type\":\"function\",\"name\":\"settle\",\"inputs\":[{\"name\":\"terms\",\"type\":\"tuple\",\"internalType\":\"structIEscrow.Terms\",\"components\":[{\"name\":\"deal\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"seller\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"buyer\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"receivable\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"tokenId\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"currency\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"price\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"digest\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"fundBy\",\"type\":\"uint64\",\"internalType\":\"uint64\"},{\"name\":\"settleBy\",\"type\":\"uint64\",\"internalType\":\"uint64\"},{\"name\":\"arbiter\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"arbiterBy\",\"type\":\"uint64\",\"internalType\":\"uint64\"}]},{\"name\":\"receiptSig\",\"type\":\"bytes\",\"internalType\":\"bytes\"}],\"outputs\":[],\"stateMutability\":\"nonpayable\"},{\"type\":\"function\",\"name\":\"status\",\"inputs\":[{\"name\":\"id\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"}],\"outputs\":[{\"name\":\"\",\"type\":\"uint8\",\"internalType\":\"enumIEscrow.Status\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"unwind\",\"inputs\":[{\"name\":\"terms\",\"type\":\"tuple\",\"internalType\":\"structIEscrow.Terms\",\"components\":[{\"name\":\"deal\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"seller\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"buyer\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"receivable\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"tokenId\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"currency\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"price\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"digest\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"fundBy\",\"type\":\"uint64\",\"internalType\":\"uint64\"},{\"name\":\"settleBy\",\"type\":\"uint64\",\"internalType\":\"uint64\"},{\"name\":\"arbiter\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"arbiterBy\",\"type\":\"uint64\",\"internalType\":\"uint64\"}]},{\"name\":\"sellerSig\",\"type\":\"bytes\",\"internalType\":\"bytes\"},{\"name\":\"buyerSig\",\"type\":\"bytes\",\"internalType\":\"bytes\"}],\"outputs\":[],\"stateMutability\":\"nonpayable\"},{\"type\":\"function\",\"name\":\"withdraw\",\"inputs\":[{\"name\":\"currency\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"party\",\"type\":\"address\",\"internalType\":\"address\"}],\"outputs\":[{\"name\":\"amount\",\"type\":\"uint256\",\"internalType\":\"uint256\"}],\"stateMutability\":\"nonpayable\"},{\"type\":\"event\",\"name\":\"Disputed\",\"inputs\":[{\"name\":\"id\",\"type\":\"bytes32\",\"indexed\":true,\"internalType\":\"bytes32\"},{\"name\":\"by\",\"type\":\"address\",\"indexed\":false,\"internalType\":\"address\"}],\"anonymous\":false},{\"type\":\"event\",\"name\":\"EIP712DomainChanged\",\"inputs\":[],\"anonymous\":false},{\"type\":\"event\",\"name\":\"Funded\",\"inputs\":[{\"name\":\"id\",\"type\":\"bytes32\",\"indexed\":true,\"internalType\":\"bytes32\"}],\"anonymous\":false},{\"type\":\"event\",\"name\":\"Opened\",\"inputs\":[{\"name\":\"id\",\"type\":\"bytes32\",\"indexed\":true,\"internalType\":\"bytes32\"},{\"name\":\"deal\",\"type\":\"bytes32\",\"indexed\":true,\"internalType\":\"bytes32\"},{\"name\":\"seller\",\"type\":\"address\",\"indexed\":false,\"internalType\":\"address\"},{\"name\":\"buyer\",\"type\":\"address\",\"indexed\":false,\"internalType\":\"address\"}],\"anonymous\":false},{\"type\":\"event\",\"name\":\"OpeningPaused\",\"inputs\":[{\"name\":\"paused\",\"type\":\"bool\",\"indexed\":false,\"internalType\":\"bool\"}],\"anonymous\":false},{\"type\":\"event\",\"name\":\"Refunded\",\"inputs\":[{\"name\":\"id\",\"type\":\"bytes32\",\"indexed\":true,\"internalType\":\"bytes32\"}],\"anonymous\":false},{\"type\":\"event\",\"name\":\"Resolved\",\"inputs\":[{\"name\":\"id\",\"type\":\"bytes32\",\"indexed\":true,\"internalType\":\"bytes32\"},{\"name\":\"tokenToBuyer\",\"type\":\"bool\",\"indexed\":false,\"internalType\":\"bool\"},{\"name\":\"sellerShare\",\"type\":\"uint256\",\"indexed\":false,\"internalType\":\"uint256\"}],\"anonymous\":false},{\"type\":\"event\",\"name\":\"Settled\",\"inputs\":[{\"name\":\"id\",\"type\":\"bytes32\",\"indexed\":true,\"internalType\":\"bytes32\"},{\"name\":\"documents\",\"type\":\"bytes32\",\"indexed\":false,\"internalType\":\"bytes32\"}],\"anonymous\":false},{\"type\":\"event\",\"name\":\"Unwound\",\"inputs\":[{\"name\":\"id\",\"type\":\"bytes32\",\"indexed\":true,\"internalType\":\"bytes32\"}],\"anonymous\":false},{\"type\":\"event\",\"name\":\"Withdrawn\",\"inputs\":[{\"name\":\"currency\",\"type\":\"address\",\"indexed\":true,\"internalType\":\"address\"},{\"name\":\"party\",\"type\":\"address\",\"indexed\":true,\"internalType\":\"address\"},{\"name\":\"amount\",\"type\":\"uint256\",\"indexed\":false,\"internalType\":\"uint256\"}],\"anonymous\":false},{\"type\":\"error\",\"name\":\"AlreadyDisputed\",\"inputs\":[{\"name\":\"id\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"}]},{\"type\":\"error\",\"name\":\"AlreadyFunded\",\"inputs\":[{\"name\":\"id\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"}]},{\"type\":\"error\",\"name\":\"AlreadyOpened\",\"inputs\":[{\"name\":\"id\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"}]},{\"type\":\"error\",\"name\":\"AlreadyRefunded\",\"inputs\":[{\"name\":\"id\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"}]},{\"type\":\"error\",\"name\":\"AlreadyResolved\",\"inputs\":[{\"name\":\"id\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"}]},{\"type\":\"error\",\"name\":\"AlreadySettled\",\"inputs\":[{\"name\":\"id\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"}]},{\"type\":\"error\",\"name\":\"AlreadyUnwound\",\"inputs\":[{\"name\":\"id\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"}]},{\"type\":\"error\",\"name\":\"InexactReceipt\",\"inputs\":[{\"name\":\"expected\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"received\",\"type\":\"uint256\",\"internalType\":\"uint256\"}]},{\"type\":\"error\",\"name\":\"InvalidDeadlines\",\"inputs\":[]},{\"type\":\"error\",\"name\":\"InvalidList\",\"inputs\":[]},{\"type\":\"error\",\"name\":\"InvalidParties\",\"inputs\":[]},{\"type\":\"error\",\"name\":\"InvalidShortString\",\"inputs\":[]},{\"type\":\"error\",\"name\":\"InvalidSignature\",\"inputs\":[{\"name\":\"signer\",\"type\":\"address\",\"internalType\":\"address\"}]},{\"type\":\"error\",\"name\":\"NoArbiter\",\"inputs\":[]},{\"type\":\"error\",\"name\":\"NotAllowed\",\"inputs\":[{\"name\":\"caller\",\"type\":\"address\",\"internalType\":\"address\"}]},{\"type\":\"error\",\"name\":\"NotDisputed\",\"inputs\":[{\"name\":\"id\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"}]},{\"type\":\"error\",\"name\":\"NotFunded\",\"inputs\":[{\"name\":\"id\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"}]},{\"type\":\"error\",\"name\":\"NotListed\",\"inputs\":[{\"name\":\"token\",\"type\":\"address\",\"internalType\":\"address\"}]},{\"type\":\"error\",\"name\":\"NotOpened\",\"inputs\":[{\"name\":\"id\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"}]},{\"type\":\"error\",\"name\":\"NothingOwed\",\"inputs\":[{\"name\":\"currency\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"party\",\"type\":\"address\",\"internalType\":\"address\"}]},{\"type\":\"error\",\"name\":\"OpeningIsPaused\",\"inputs\":[]},{\"type\":\"error\",\"name\":\"ReentrancyGuardReentrantCall\",\"inputs\":[]},{\"type\":\"error\",\"name\":\"SafeERC20FailedOperation\",\"inputs\":[{\"name\":\"token\",\"type\":\"address\",\"internalType\":\"address\"}]},{\"type\":\"error\",\"name\":\"ShareAbovePrice\",\"inputs\":[{\"name\":\"sellerShare\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"price\",\"type\":\"uint256\",\"internalType\":\"uint256\"}]},{\"type\":\"error\",\"name\":\"StringTooLong\",\"inputs\":[{\"name\":\"str\",\"type\":\"string\",\"internalType\":\"string\"}]},{\"type\":\"error\",\"name\":\"TooEarly\",\"inputs\":[{\"name\":\"deadline\",\"type\":\"uint64\",\"internalType\":\"uint64\"}]},{\"type\":\"error\",\"name\":\"TooLate\",\"inputs\":[{\"name\":\"deadline\",\"type\":\"uint64\",\"internalType\":\"uint64\"}]}]",
	ID:  "Escrow",
	Bin: "0x610280806040523461022f576131c6803803809161001d8285610233565b833981019060608183031261022f5780516001600160401b03811161022f578261004891830161027e565b602082015190926001600160401b03821161022f5761006e60409161007593850161027e565b920161026a565b91604051610084604082610233565b600e815260208101906d43657373696f6e20457363726f7760901b82526100dc604051946100b3604087610233565b600186526100cb6020870195603160f81b8752610380565b60e05260c05260a052608052610380565b610160526101405261012052610100526100f5816102ed565b61022052610102846102ed565b6102405251902091826101e0525190208061020052466101a0526040519060208201927f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f8452604083015260608201524660808201523060a082015260a0815261016d60c082610233565b51902061018052306101c05261026052604051612d4d90816104798239608051816121a1015260a0518161225b015260c0518161221b015260e051816121f5015261010051816122c601526101205181612380015261014051816123400152610160518161231a01526101805181612bad01526101a05181612c6401526101c05181612b7e01526101e05181612bfc01526102005181612c2201526102205181610b6701526102405181610b9101526102605181818161074401526117630152f35b5f80fd5b601f909101601f19168101906001600160401b0382119082101761025657604052565b634e487b7160e01b5f52604160045260245ffd5b51906001600160a01b038216820361022f57565b9080601f8301121561022f578151916001600160401b038311610256578260051b90604051936102b16020840186610233565b845260208085019282010192831161022f57602001905b8282106102d55750505090565b602080916102e28461026a565b8152019101906102c8565b601f815111610318576020815191015160208210610309571790565b5f198260200360031b1b161790565b604460209160405192839163305a27a960e01b83528160048401528051918291826024860152018484015e5f828201840152601f01601f19168101030190fd5b805182101561036c5760209160051b010190565b634e487b7160e01b5f52603260045260245ffd5b908151908115801561046e575b61045f575f5b82811061043d575082511561036c5760208301516001600160a01b03169060018311156104375760015b6001600160a01b03906103d39060ff1686610358565b511693600284111561042f57600360025b6001600160a01b03906103fa9060ff1684610358565b51169411156104255761041c6003915b6001600160a01b039260ff1690610358565b51169193929190565b61041c5f9161040a565b60035f6103e4565b5f6103bd565b6001600160a01b0361044f8286610358565b51163b1561045f57600101610393565b63a220f37f60e01b5f5260045ffd5b506004821161038d56fe60806040526004361015610011575f80fd5b5f5f3560e01c8063221cb20f146119f757806328079e4a1461197e5780633ee8e8b114611787578063452a93201461171857806352ad0d5e146116c15780635363d87414611680578063602f1088146112cf57806368d144e114610ca95780636ca87ad814610c6557806384b0196e14610b2f5780638e4da83314610aed57806393b9d50214610aa1578063d5daf5ed146107f1578063d64ebea4146106f0578063ebe4c9271461050c578063f683a0d7146102d35763f940e385146100d5575f80fd5b346102d05760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102d05761010c611e3b565b9073ffffffffffffffffffffffffffffffffffffffff61012a611e5e565b926101336123be565b169182825260036020526040822073ffffffffffffffffffffffffffffffffffffffff82165f5260205260405f205490811561028a5773ffffffffffffffffffffffffffffffffffffffff908484526003602052604084208282165f526020528360405f2055169182847fd1c19fbcd4551a5edfb66d43d2e337c04837afda3482b42bdf569a8fccdae5fb6020604051868152a3604051927fa9059cbb0000000000000000000000000000000000000000000000000000000082526004528160245260208160448180885af1600182511481161561026b575b836040521561023f57602093507f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005d8152f35b80847f5274afe70000000000000000000000000000000000000000000000000000000060249352600452fd5b600181151661028157843b15153d15161661020c565b833d83823e3d90fd5b73ffffffffffffffffffffffffffffffffffffffff91506044937f53ead58b00000000000000000000000000000000000000000000000000000000845260045216602452fd5b80fd5b50346102d0576101807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102d05761030c6123be565b610314612447565b808252600460205260ff60408320541660088110156104df57600181036104a0575067ffffffffffffffff610347611f6f565b16804211156104755750807ffe509803c09416b28ff3d8f690c8b0c61462a892c46d5430c8fb20abe472daf08380a28152600460205260ff6040822061038e600582611fb7565b5460081c166103ed575b60243573ffffffffffffffffffffffffffffffffffffffff811681036103e9576103c3906004612898565b807f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005d80f35b5080fd5b60a43573ffffffffffffffffffffffffffffffffffffffff8116908181036104715750815260036020526040812060443573ffffffffffffffffffffffffffffffffffffffff81168103610471578073ffffffffffffffffffffffffffffffffffffffff9150165f5260205260405f2061046a60c435825461212d565b9055610398565b8280fd5b7fd606d83f000000000000000000000000000000000000000000000000000000008352600452602482fd5b600281036104bf575067ffffffffffffffff6104ba611f9f565b610347565b600381036104d9575067ffffffffffffffff6104ba611f87565b9061272b565b6024837f4e487b710000000000000000000000000000000000000000000000000000000081526021600452fd5b50346102d0577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36016101c081126103e957610180136102d0576101843567ffffffffffffffff81116103e957610567903690600401611ea2565b906101a43567ffffffffffffffff81116106ec57610589903690600401611ea2565b916105926123be565b61059a612447565b93848652600460205260ff6040872054166008811015806106bf57600182141590816106b2575b81610674575b5061066e57509061062961063194939260405160208101907fa9df1701731b9689b5ae8bbcd5b7beffccef39ab719f8ff540cea47b981a9fdc8252886040820152604081526106176060826120bf565b5190209283610624612058565b61294a565b610624612011565b807f6fa1c05090862cf26e0271706b59eac0a27a6ba7e011f576696a397de36ae3388380a28152600460205260ff6040822061038e600682611fb7565b8561272b565b90506106855760038114155f6105c7565b6024877f4e487b710000000000000000000000000000000000000000000000000000000081526021600452fd5b50506002811415876105c1565b6024887f4e487b710000000000000000000000000000000000000000000000000000000081526021600452fd5b8380fd5b50346102d05760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102d0576004358015158091036103e95773ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001633036107c55760207f11a9e6799bc3e89a3439c07f3557653df740e093148caad2c36279a543271d38917fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff006002541660ff821617600255604051908152a180f35b6024827ffa5cd00f00000000000000000000000000000000000000000000000000000000815233600452fd5b50346102d05761080036611ed0565b61080b9291926123be565b610814826125bf565b908185526004602052604085209060ff8254166008811015806106bf57600282141580610a94575b610a2757505090602491602073ffffffffffffffffffffffffffffffffffffffff6108696060880161209e565b16604051948580927fd157cc2700000000000000000000000000000000000000000000000000000000825260808a013560048301525afa928315610a1c5787936109dd575b5060206103c396936109d7959361093c7f170651f316bde520e85f746dca889e6e682e61f5fb18b86705e17a10b127ad079460408a01976108ee8961209e565b604051878101907f424029afbc10b8cc231d5ae6f8c67728c98a4fc07cbeadcab4c44b8b505ec19682528a6040820152876060820152606081526109336080826120bf565b5190209061294a565b60047fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0082541617905573ffffffffffffffffffffffffffffffffffffffff61098660a0890161209e565b168952600382526040892073ffffffffffffffffffffffffffffffffffffffff6109b1848a0161209e565b165f52825260405f206109c960c0890135825461212d565b9055604051908152a261209e565b90612898565b95925092906020863d602011610a14575b816109fb602093836120bf565b81010312610a105794519194909260206108ae565b8680fd5b3d91506109ee565b6040513d89823e3d90fd5b878591610a675760018314610a3c575061272b565b6024917f47386530000000000000000000000000000000000000000000000000000000008252600452fd5b807f4e487b7100000000000000000000000000000000000000000000000000000000602492526021600452fd5b505086600382141561083c565b50346102d05760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102d0576020610ae3610ade611e3b565b612299565b6040519015158152f35b50346102d05760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102d0576020610ae3610b2a611e3b565b612174565b50346102d057807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102d057610c0990610b8b7f0000000000000000000000000000000000000000000000000000000000000000612a1c565b90610bb57f0000000000000000000000000000000000000000000000000000000000000000612a1c565b906020610c1760405193610bc983866120bf565b8385525f3681376040519687967f0f00000000000000000000000000000000000000000000000000000000000000885260e08589015260e0880190611f2c565b908682036040880152611f2c565b904660608601523060808601528260a086015284820360c08601528080855193848152019401925b828110610c4e57505050500390f35b835185528695509381019392810192600101610c3f565b50346102d0576101807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102d057506020610ca1612447565b604051908152f35b50346102d0577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360161020081126103e957610180136102d0576101843567ffffffffffffffff81116103e957610d04903690600401611ea2565b6101a43567ffffffffffffffff81116106ec57610d25903690600401611ea2565b6101e49291923567ffffffffffffffff81116112cb57610d49903690600401611ea2565b939092610d546123be565b610d5c612447565b95868852600460205260ff604089205416600881101561129e576112725760ff6002541661124a57610d8f610b2a61207b565b1561122a57610d9f610ade611fee565b156111e157610dac612058565b610db4612011565b73ffffffffffffffffffffffffffffffffffffffff610dd1612034565b921691821580156111c3575b80156111a4575b801561119a575b6111725773ffffffffffffffffffffffffffffffffffffffff16918214908115611152575b5061112a576111075767ffffffffffffffff610e2a611f87565b16155b1580156110e3575b6110bb5791610e5f8896959492610e6894610e56610e51611f6f565b61282e565b89610624612058565b86610624612011565b83835260046020526040832060017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00825416179055610ea5612058565b73ffffffffffffffffffffffffffffffffffffffff610ec2612011565b8160405193168352166020820152847f7ad3d889d080c6a93232fe8fe63d4fc5506c5bc8966eafceaf944160107e218d604060043593a381610fe6575b505073ffffffffffffffffffffffffffffffffffffffff610f1e61207b565b16610f27612058565b813b15610471576040517f23b872dd00000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff919091166004820152306024820152608435604482015291908290606490829084905af18015610fdb57610fc6575b506020917f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005d604051908152f35b610fd18380926120bf565b6103e9575f610f98565b6040513d85823e3d90fd5b73ffffffffffffffffffffffffffffffffffffffff61100361207b565b1691823b156106ec57601f92818560a481957fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0604051988997889687947f745a41bc00000000000000000000000000000000000000000000000000000000865230600487015260843560248701526101c4356044870152608060648701528160848701528686013785858286010152011681010301925af16110a6575b80610eff565b816110b0916120bf565b6103e957815f6110a0565b6004887fa716d6d0000000000000000000000000000000000000000000000000000000008152fd5b506110ec611f6f565b67ffffffffffffffff806110fe611f9f565b16911611610e35565b61110f611f9f565b67ffffffffffffffff80611121611f87565b16911610610e2d565b6004897fb6e500fe000000000000000000000000000000000000000000000000000000008152fd5b73ffffffffffffffffffffffffffffffffffffffff91501681145f610e10565b60048b7fb6e500fe000000000000000000000000000000000000000000000000000000008152fd5b5060c43515610deb565b5073ffffffffffffffffffffffffffffffffffffffff82168314610de4565b5073ffffffffffffffffffffffffffffffffffffffff821615610ddd565b60248873ffffffffffffffffffffffffffffffffffffffff611201611fee565b7f5d35c42900000000000000000000000000000000000000000000000000000000835216600452fd5b60248873ffffffffffffffffffffffffffffffffffffffff61120161207b565b6004887ff48b1fac000000000000000000000000000000000000000000000000000000008152fd5b602488887fde5d1a9f000000000000000000000000000000000000000000000000000000008252600452fd5b6024897f4e487b710000000000000000000000000000000000000000000000000000000081526021600452fd5b8580fd5b50346102d0577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36016101c081126103e957610180136102d05761018435801515808203610471576101a435906113246123be565b61132c612447565b91828552600460205260ff60408620541660088110156116535760038103611607575073ffffffffffffffffffffffffffffffffffffffff61136c612034565b1633036115db5761137e610e51611f87565b60c4358082116115ab5791816114466040937f1533b7b16b85f24f101c37f1d34f49c0c1241d18fdd9d29a5144c5411a9c0a8e95878a526004602052858a2060077fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0082541617905573ffffffffffffffffffffffffffffffffffffffff611403611fee565b168a526003602052858a2073ffffffffffffffffffffffffffffffffffffffff61142b612058565b165f52602052855f2061143f83825461212d565b9055612167565b73ffffffffffffffffffffffffffffffffffffffff611463611fee565b168852600360205283882073ffffffffffffffffffffffffffffffffffffffff61148b612011565b165f5260205261149f845f2091825461212d565b905582519182526020820152a21561159d57806114ba612011565b60643573ffffffffffffffffffffffffffffffffffffffff8116908181036115985750803b15611594576040517f23b872dd00000000000000000000000000000000000000000000000000000000815230600482015273ffffffffffffffffffffffffffffffffffffffff929092166024830152608435604483015282908290606490829084905af1801561158957611574575b507f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005d80f35b8161157e916120bf565b6102d057805f61154e565b6040513d84823e3d90fd5b5050fd5b505050fd5b806115a6612058565b6114ba565b85906044927fb7275d7f000000000000000000000000000000000000000000000000000000008352600452602452fd5b6024857ffa5cd00f00000000000000000000000000000000000000000000000000000000815233600452fd5b8386600183148015611649575b61161e575061272b565b6024917f20a02103000000000000000000000000000000000000000000000000000000008252600452fd5b5060028314611614565b6024867f4e487b710000000000000000000000000000000000000000000000000000000081526021600452fd5b50346102d057807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102d057602060ff600254166040519015158152f35b50346102d05760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102d0576004358152600460205260ff6040822054166040519060088110156104df57602092508152f35b50346102d057807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102d057602060405173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000168152f35b50346102d05761179636611ed0565b9161179f6123be565b6117a8816125bf565b92838552600460205260ff6040862054166008811015611653576002810361193b575073ffffffffffffffffffffffffffffffffffffffff6117ed610140840161209e565b1615611913576101208201359067ffffffffffffffff821682036112cb577f0ba174eb1c3530da63920b98261208eeb30b48447d1cfcbbdf116fd4ee8c62db9360209361189c9361183d9061282e565b611854604061184d87840161209e565b920161209e565b604051868101907f4db28a600d766e034c79f576148694240d0d0b4feb90bfecc3561be8fd8c2ad38252896040820152604081526118936060826120bf565b5190209161286d565b838552600482526040852060037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0082541617905573ffffffffffffffffffffffffffffffffffffffff60405191168152a2807f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005d80f35b6004857f2713bc58000000000000000000000000000000000000000000000000000000008152fd5b848660018314610a3c5760038314611953575061272b565b6024917f37a1e888000000000000000000000000000000000000000000000000000000008252600452fd5b50346102d05760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126102d05773ffffffffffffffffffffffffffffffffffffffff60406119cd611e3b565b92826119d7611e5e565b9416815260036020522091165f52602052602060405f2054604051908152f35b5034611c91577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36016102008112611c915761018013611c91576101a43560ff8116809103611c9157611a486123be565b611a50612447565b90815f52600460205260405f20805460ff8160081c16611e0f5760ff166008811015611de25760018103611ddc5750611a8a610e51611f6f565b80547fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff000016610102179055604051917f62b074648dd932d8b56dbf1b320b53a56881e960cd4448e11e3f7db0069efc4b5f80a280611d19575b505073ffffffffffffffffffffffffffffffffffffffff611b01611fee565b16906040517f70a08231000000000000000000000000000000000000000000000000000000008152306004820152602081602481865afa908115611589578291611ce7575b50611b4f612011565b9060c4359373ffffffffffffffffffffffffffffffffffffffff604051937f23b872dd00000000000000000000000000000000000000000000000000000000865216600452306024528460445260208460648180855af16001855114811615611cc8575b836040528460605215611c9d57826024816020937f70a082310000000000000000000000000000000000000000000000000000000082523060048301525afa8015610fdb578390611c65575b611c099250612167565b828103611c375750807f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005d80f35b6044927f47746b3e000000000000000000000000000000000000000000000000000000008352600452602452fd5b506020823d602011611c95575b81611c7f602093836120bf565b81010312611c9157611c099151611bff565b5f80fd5b3d9150611c72565b7f5274afe7000000000000000000000000000000000000000000000000000000008452600452602483fd5b6001811516611cde57813b15153d151616611bb3565b833d86823e3d90fd5b90506020813d602011611d11575b81611d02602093836120bf565b81010312611c9157515f611b46565b3d9150611cf5565b73ffffffffffffffffffffffffffffffffffffffff611d36611fee565b16611d3f612011565b90803b15611c9157835f60e492819573ffffffffffffffffffffffffffffffffffffffff84967fd505accf00000000000000000000000000000000000000000000000000000000865216600485015230602485015260c435604485015261018435606485015260848401526101c43560a48401526101e43560c48401525af1611dc9575b80611ae2565b611dd591505f906120bf565b5f5f611dc3565b8361272b565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b837f153e403d000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b6004359073ffffffffffffffffffffffffffffffffffffffff82168203611c9157565b6024359073ffffffffffffffffffffffffffffffffffffffff82168203611c9157565b359073ffffffffffffffffffffffffffffffffffffffff82168203611c9157565b9181601f84011215611c915782359167ffffffffffffffff8311611c915760208381860195010111611c9157565b907ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc82016101a08112611c915761018013611c9157600491610184359067ffffffffffffffff8211611c9157611f2891600401611ea2565b9091565b907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f602080948051918291828752018686015e5f8582860101520116010190565b6101043567ffffffffffffffff81168103611c915790565b6101643567ffffffffffffffff81168103611c915790565b6101243567ffffffffffffffff81168103611c915790565b906008811015611de25760ff7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff008354169116179055565b60a43573ffffffffffffffffffffffffffffffffffffffff81168103611c915790565b60443573ffffffffffffffffffffffffffffffffffffffff81168103611c915790565b6101443573ffffffffffffffffffffffffffffffffffffffff81168103611c915790565b60243573ffffffffffffffffffffffffffffffffffffffff81168103611c915790565b60643573ffffffffffffffffffffffffffffffffffffffff81168103611c915790565b3573ffffffffffffffffffffffffffffffffffffffff81168103611c915790565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff82111761210057604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b9190820180921161213a57565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b9190820391821161213a57565b73ffffffffffffffffffffffffffffffffffffffff1673ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000168114908115612259575b8115612219575b81156121dc575090565b905073ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000161490565b7f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff16811491506121d2565b7f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff16811491506121cb565b73ffffffffffffffffffffffffffffffffffffffff1673ffffffffffffffffffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016811490811561237e575b811561233e575b8115612301575090565b905073ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000161490565b7f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff16811491506122f7565b7f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff16811491506122f0565b7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005c61240a5760017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005d565b7f3ee5aeb5000000000000000000000000000000000000000000000000000000005f5260045ffd5b359067ffffffffffffffff82168203611c9157565b60405160208101907fc5e27827fd32d7f684e66746210a88ccae2165ab4137e9578c35ab38d9956d018252600435604082015260243573ffffffffffffffffffffffffffffffffffffffff8116809103611c9157606082015260443573ffffffffffffffffffffffffffffffffffffffff8116809103611c9157608082015260643573ffffffffffffffffffffffffffffffffffffffff8116809103611c915760a082015260843560c082015260a43573ffffffffffffffffffffffffffffffffffffffff8116809103611c915760e082015260c43561010082015260e4356101208201526101043567ffffffffffffffff8116809103611c91576101408201526101243567ffffffffffffffff8116809103611c91576101608201526101443573ffffffffffffffffffffffffffffffffffffffff8116809103611c91576101808201526101643567ffffffffffffffff8116809103611c91576101a08201526101a081526125b96101c0826120bf565b51902090565b60405167ffffffffffffffff61271361016060208401947fc5e27827fd32d7f684e66746210a88ccae2165ab4137e9578c35ab38d9956d0186528035604086015273ffffffffffffffffffffffffffffffffffffffff61262160208301611e81565b16606086015273ffffffffffffffffffffffffffffffffffffffff61264860408301611e81565b16608086015273ffffffffffffffffffffffffffffffffffffffff61266f60608301611e81565b1660a0860152608081013560c086015273ffffffffffffffffffffffffffffffffffffffff6126a060a08301611e81565b1660e086015260c081013561010086015260e0810135610120860152836126ca6101008301612432565b16610140860152836126df6101208301612432565b168286015273ffffffffffffffffffffffffffffffffffffffff6127066101408301611e81565b1661018086015201612432565b166101a08201526101a081526125b96101c0826120bf565b906008811015611de2576004811461280257600581146127d657600681146127aa5760071461277f577f0e5ea0ab000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b7f3c8e7e96000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b507fedc09044000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b507f1316266b000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b507fb196a44a000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b67ffffffffffffffff168042116128425750565b7f4d673a06000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b939192909261287e838383886129a1565b612891578361288e94955061294a565b90565b5050505090565b73ffffffffffffffffffffffffffffffffffffffff6128b96060830161209e565b1691823b15611c91576040517f23b872dd00000000000000000000000000000000000000000000000000000000815230600482015273ffffffffffffffffffffffffffffffffffffffff919091166024820152608091909101356044820152905f908290606490829084905af1801561293f576129335750565b5f61293d916120bf565b565b6040513d5f823e3d90fd5b92909161295792846129a1565b1561295f5750565b73ffffffffffffffffffffffffffffffffffffffff907fd855c4f4000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b3373ffffffffffffffffffffffffffffffffffffffff82161493929184156129ca575050505090565b612a1394506042906129da612b67565b90604051917f19010000000000000000000000000000000000000000000000000000000000008352600283015260228201522090612a73565b5f808080612891565b60ff811690601f8211612a4b5760405191612a386040846120bf565b6020808452838101919036833783525290565b7fb3512b0c000000000000000000000000000000000000000000000000000000005f5260045ffd5b90929192612a82838583612c8a565b506004811015611de257159081612b44575b50612b3b5760647fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f855f96602098604051967f1626ba7e0000000000000000000000000000000000000000000000000000000088526004880152604060248801528160448801528587013786848287010152011601915afa7f1626ba7e000000000000000000000000000000000000000000000000000000005f5114601f3d11161690565b50505050600190565b905073ffffffffffffffffffffffffffffffffffffffff8084169116145f612a94565b73ffffffffffffffffffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016301480612c61575b15612bcf577f000000000000000000000000000000000000000000000000000000000000000090565b60405160208101907f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f82527f000000000000000000000000000000000000000000000000000000000000000060408201527f000000000000000000000000000000000000000000000000000000000000000060608201524660808201523060a082015260a081526125b960c0826120bf565b507f00000000000000000000000000000000000000000000000000000000000000004614612ba6565b9060418303612cb457612cad9250602081013591604082359201355f1a90612cbe565b9192909190565b50505f9160029190565b91907f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a08411612d42579160209360809260ff5f9560405194855216868401526040830152606082015282805260015afa1561293f575f5173ffffffffffffffffffffffffffffffffffffffff811615612d3857905f905f90565b505f906001905f90565b5050505f916003919056",
}

// Escrow is an auto generated Go binding around an Ethereum contract.
type Escrow struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *Escrow) GetABI() abi.ABI {
	return c.abi
}

// NewEscrow creates a new instance of Escrow.
func NewEscrow() *Escrow {
	parsed, err := EscrowMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &Escrow{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *Escrow) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor(address[] receivables, address[] currencies, address guardian_) returns()
func (escrow *Escrow) PackConstructor(receivables []common.Address, currencies []common.Address, guardian_ common.Address) []byte {
	enc, err := escrow.abi.Pack("", receivables, currencies, guardian_)
	if err != nil {
		panic(err)
	}
	return enc
}

// PackDispute is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3ee8e8b1.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function dispute((bytes32,address,address,address,uint256,address,uint256,bytes32,uint64,uint64,address,uint64) terms, bytes sig) returns()
func (escrow *Escrow) PackDispute(terms IEscrowTerms, sig []byte) []byte {
	enc, err := escrow.abi.Pack("dispute", terms, sig)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDispute is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3ee8e8b1.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function dispute((bytes32,address,address,address,uint256,address,uint256,bytes32,uint64,uint64,address,uint64) terms, bytes sig) returns()
func (escrow *Escrow) TryPackDispute(terms IEscrowTerms, sig []byte) ([]byte, error) {
	return escrow.abi.Pack("dispute", terms, sig)
}

// PackEscrowDomain is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x84b0196e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function eip712Domain() view returns(bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)
func (escrow *Escrow) PackEscrowDomain() []byte {
	enc, err := escrow.abi.Pack("eip712Domain")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackEscrowDomain is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x84b0196e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function eip712Domain() view returns(bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)
func (escrow *Escrow) TryPackEscrowDomain() ([]byte, error) {
	return escrow.abi.Pack("eip712Domain")
}

// EscrowDomainOutput serves as a container for the return parameters of contract
// method EscrowDomain.
type EscrowDomainOutput struct {
	Fields            [1]byte
	Name              string
	Version           string
	ChainId           *big.Int
	VerifyingContract common.Address
	Salt              [32]byte
	Extensions        []*big.Int
}

// UnpackEscrowDomain is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x84b0196e.
//
// Solidity: function eip712Domain() view returns(bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)
func (escrow *Escrow) UnpackEscrowDomain(data []byte) (EscrowDomainOutput, error) {
	out, err := escrow.abi.Unpack("eip712Domain", data)
	outstruct := new(EscrowDomainOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Fields = *abi.ConvertType(out[0], new([1]byte)).(*[1]byte)
	outstruct.Name = *abi.ConvertType(out[1], new(string)).(*string)
	outstruct.Version = *abi.ConvertType(out[2], new(string)).(*string)
	outstruct.ChainId = abi.ConvertType(out[3], new(big.Int)).(*big.Int)
	outstruct.VerifyingContract = *abi.ConvertType(out[4], new(common.Address)).(*common.Address)
	outstruct.Salt = *abi.ConvertType(out[5], new([32]byte)).(*[32]byte)
	outstruct.Extensions = *abi.ConvertType(out[6], new([]*big.Int)).(*[]*big.Int)
	return *outstruct, nil
}

// PackFund is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x221cb20f.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function fund((bytes32,address,address,address,uint256,address,uint256,bytes32,uint64,uint64,address,uint64) terms, uint256 permitDeadline, uint8 v, bytes32 r, bytes32 s) returns()
func (escrow *Escrow) PackFund(terms IEscrowTerms, permitDeadline *big.Int, v uint8, r [32]byte, s [32]byte) []byte {
	enc, err := escrow.abi.Pack("fund", terms, permitDeadline, v, r, s)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackFund is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x221cb20f.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function fund((bytes32,address,address,address,uint256,address,uint256,bytes32,uint64,uint64,address,uint64) terms, uint256 permitDeadline, uint8 v, bytes32 r, bytes32 s) returns()
func (escrow *Escrow) TryPackFund(terms IEscrowTerms, permitDeadline *big.Int, v uint8, r [32]byte, s [32]byte) ([]byte, error) {
	return escrow.abi.Pack("fund", terms, permitDeadline, v, r, s)
}

// PackGuardian is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x452a9320.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function guardian() view returns(address)
func (escrow *Escrow) PackGuardian() []byte {
	enc, err := escrow.abi.Pack("guardian")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackGuardian is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x452a9320.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function guardian() view returns(address)
func (escrow *Escrow) TryPackGuardian() ([]byte, error) {
	return escrow.abi.Pack("guardian")
}

// UnpackGuardian is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x452a9320.
//
// Solidity: function guardian() view returns(address)
func (escrow *Escrow) UnpackGuardian(data []byte) (common.Address, error) {
	out, err := escrow.abi.Unpack("guardian", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackHashTerms is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6ca87ad8.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function hashTerms((bytes32,address,address,address,uint256,address,uint256,bytes32,uint64,uint64,address,uint64) terms) pure returns(bytes32 id)
func (escrow *Escrow) PackHashTerms(terms IEscrowTerms) []byte {
	enc, err := escrow.abi.Pack("hashTerms", terms)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackHashTerms is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6ca87ad8.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function hashTerms((bytes32,address,address,address,uint256,address,uint256,bytes32,uint64,uint64,address,uint64) terms) pure returns(bytes32 id)
func (escrow *Escrow) TryPackHashTerms(terms IEscrowTerms) ([]byte, error) {
	return escrow.abi.Pack("hashTerms", terms)
}

// UnpackHashTerms is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x6ca87ad8.
//
// Solidity: function hashTerms((bytes32,address,address,address,uint256,address,uint256,bytes32,uint64,uint64,address,uint64) terms) pure returns(bytes32 id)
func (escrow *Escrow) UnpackHashTerms(data []byte) ([32]byte, error) {
	out, err := escrow.abi.Unpack("hashTerms", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackIsCurrency is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x93b9d502.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function isCurrency(address token) view returns(bool)
func (escrow *Escrow) PackIsCurrency(token common.Address) []byte {
	enc, err := escrow.abi.Pack("isCurrency", token)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackIsCurrency is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x93b9d502.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function isCurrency(address token) view returns(bool)
func (escrow *Escrow) TryPackIsCurrency(token common.Address) ([]byte, error) {
	return escrow.abi.Pack("isCurrency", token)
}

// UnpackIsCurrency is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x93b9d502.
//
// Solidity: function isCurrency(address token) view returns(bool)
func (escrow *Escrow) UnpackIsCurrency(data []byte) (bool, error) {
	out, err := escrow.abi.Unpack("isCurrency", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackIsReceivable is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8e4da833.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function isReceivable(address token) view returns(bool)
func (escrow *Escrow) PackIsReceivable(token common.Address) []byte {
	enc, err := escrow.abi.Pack("isReceivable", token)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackIsReceivable is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8e4da833.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function isReceivable(address token) view returns(bool)
func (escrow *Escrow) TryPackIsReceivable(token common.Address) ([]byte, error) {
	return escrow.abi.Pack("isReceivable", token)
}

// UnpackIsReceivable is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x8e4da833.
//
// Solidity: function isReceivable(address token) view returns(bool)
func (escrow *Escrow) UnpackIsReceivable(data []byte) (bool, error) {
	out, err := escrow.abi.Unpack("isReceivable", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackOpen is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x68d144e1.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function open((bytes32,address,address,address,uint256,address,uint256,bytes32,uint64,uint64,address,uint64) terms, bytes sellerSig, bytes buyerSig, uint256 tokenPermitDeadline, bytes tokenPermitSig) returns(bytes32 id)
func (escrow *Escrow) PackOpen(terms IEscrowTerms, sellerSig []byte, buyerSig []byte, tokenPermitDeadline *big.Int, tokenPermitSig []byte) []byte {
	enc, err := escrow.abi.Pack("open", terms, sellerSig, buyerSig, tokenPermitDeadline, tokenPermitSig)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackOpen is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x68d144e1.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function open((bytes32,address,address,address,uint256,address,uint256,bytes32,uint64,uint64,address,uint64) terms, bytes sellerSig, bytes buyerSig, uint256 tokenPermitDeadline, bytes tokenPermitSig) returns(bytes32 id)
func (escrow *Escrow) TryPackOpen(terms IEscrowTerms, sellerSig []byte, buyerSig []byte, tokenPermitDeadline *big.Int, tokenPermitSig []byte) ([]byte, error) {
	return escrow.abi.Pack("open", terms, sellerSig, buyerSig, tokenPermitDeadline, tokenPermitSig)
}

// UnpackOpen is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x68d144e1.
//
// Solidity: function open((bytes32,address,address,address,uint256,address,uint256,bytes32,uint64,uint64,address,uint64) terms, bytes sellerSig, bytes buyerSig, uint256 tokenPermitDeadline, bytes tokenPermitSig) returns(bytes32 id)
func (escrow *Escrow) UnpackOpen(data []byte) ([32]byte, error) {
	out, err := escrow.abi.Unpack("open", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackOpeningPaused is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5363d874.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function openingPaused() view returns(bool)
func (escrow *Escrow) PackOpeningPaused() []byte {
	enc, err := escrow.abi.Pack("openingPaused")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackOpeningPaused is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5363d874.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function openingPaused() view returns(bool)
func (escrow *Escrow) TryPackOpeningPaused() ([]byte, error) {
	return escrow.abi.Pack("openingPaused")
}

// UnpackOpeningPaused is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x5363d874.
//
// Solidity: function openingPaused() view returns(bool)
func (escrow *Escrow) UnpackOpeningPaused(data []byte) (bool, error) {
	out, err := escrow.abi.Unpack("openingPaused", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackOwed is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x28079e4a.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function owed(address currency, address party) view returns(uint256)
func (escrow *Escrow) PackOwed(currency common.Address, party common.Address) []byte {
	enc, err := escrow.abi.Pack("owed", currency, party)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackOwed is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x28079e4a.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function owed(address currency, address party) view returns(uint256)
func (escrow *Escrow) TryPackOwed(currency common.Address, party common.Address) ([]byte, error) {
	return escrow.abi.Pack("owed", currency, party)
}

// UnpackOwed is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x28079e4a.
//
// Solidity: function owed(address currency, address party) view returns(uint256)
func (escrow *Escrow) UnpackOwed(data []byte) (*big.Int, error) {
	out, err := escrow.abi.Unpack("owed", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackRefund is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf683a0d7.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function refund((bytes32,address,address,address,uint256,address,uint256,bytes32,uint64,uint64,address,uint64) terms) returns()
func (escrow *Escrow) PackRefund(terms IEscrowTerms) []byte {
	enc, err := escrow.abi.Pack("refund", terms)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRefund is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf683a0d7.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function refund((bytes32,address,address,address,uint256,address,uint256,bytes32,uint64,uint64,address,uint64) terms) returns()
func (escrow *Escrow) TryPackRefund(terms IEscrowTerms) ([]byte, error) {
	return escrow.abi.Pack("refund", terms)
}

// PackResolve is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x602f1088.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function resolve((bytes32,address,address,address,uint256,address,uint256,bytes32,uint64,uint64,address,uint64) terms, bool tokenToBuyer, uint256 sellerShare) returns()
func (escrow *Escrow) PackResolve(terms IEscrowTerms, tokenToBuyer bool, sellerShare *big.Int) []byte {
	enc, err := escrow.abi.Pack("resolve", terms, tokenToBuyer, sellerShare)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackResolve is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x602f1088.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function resolve((bytes32,address,address,address,uint256,address,uint256,bytes32,uint64,uint64,address,uint64) terms, bool tokenToBuyer, uint256 sellerShare) returns()
func (escrow *Escrow) TryPackResolve(terms IEscrowTerms, tokenToBuyer bool, sellerShare *big.Int) ([]byte, error) {
	return escrow.abi.Pack("resolve", terms, tokenToBuyer, sellerShare)
}

// PackSetOpeningPaused is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd64ebea4.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function setOpeningPaused(bool paused) returns()
func (escrow *Escrow) PackSetOpeningPaused(paused bool) []byte {
	enc, err := escrow.abi.Pack("setOpeningPaused", paused)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSetOpeningPaused is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd64ebea4.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function setOpeningPaused(bool paused) returns()
func (escrow *Escrow) TryPackSetOpeningPaused(paused bool) ([]byte, error) {
	return escrow.abi.Pack("setOpeningPaused", paused)
}

// PackSettle is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd5daf5ed.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function settle((bytes32,address,address,address,uint256,address,uint256,bytes32,uint64,uint64,address,uint64) terms, bytes receiptSig) returns()
func (escrow *Escrow) PackSettle(terms IEscrowTerms, receiptSig []byte) []byte {
	enc, err := escrow.abi.Pack("settle", terms, receiptSig)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSettle is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd5daf5ed.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function settle((bytes32,address,address,address,uint256,address,uint256,bytes32,uint64,uint64,address,uint64) terms, bytes receiptSig) returns()
func (escrow *Escrow) TryPackSettle(terms IEscrowTerms, receiptSig []byte) ([]byte, error) {
	return escrow.abi.Pack("settle", terms, receiptSig)
}

// PackStatus is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x52ad0d5e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function status(bytes32 id) view returns(uint8)
func (escrow *Escrow) PackStatus(id [32]byte) []byte {
	enc, err := escrow.abi.Pack("status", id)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackStatus is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x52ad0d5e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function status(bytes32 id) view returns(uint8)
func (escrow *Escrow) TryPackStatus(id [32]byte) ([]byte, error) {
	return escrow.abi.Pack("status", id)
}

// UnpackStatus is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x52ad0d5e.
//
// Solidity: function status(bytes32 id) view returns(uint8)
func (escrow *Escrow) UnpackStatus(data []byte) (uint8, error) {
	out, err := escrow.abi.Unpack("status", data)
	if err != nil {
		return *new(uint8), err
	}
	out0 := *abi.ConvertType(out[0], new(uint8)).(*uint8)
	return out0, nil
}

// PackUnwind is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xebe4c927.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function unwind((bytes32,address,address,address,uint256,address,uint256,bytes32,uint64,uint64,address,uint64) terms, bytes sellerSig, bytes buyerSig) returns()
func (escrow *Escrow) PackUnwind(terms IEscrowTerms, sellerSig []byte, buyerSig []byte) []byte {
	enc, err := escrow.abi.Pack("unwind", terms, sellerSig, buyerSig)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackUnwind is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xebe4c927.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function unwind((bytes32,address,address,address,uint256,address,uint256,bytes32,uint64,uint64,address,uint64) terms, bytes sellerSig, bytes buyerSig) returns()
func (escrow *Escrow) TryPackUnwind(terms IEscrowTerms, sellerSig []byte, buyerSig []byte) ([]byte, error) {
	return escrow.abi.Pack("unwind", terms, sellerSig, buyerSig)
}

// PackWithdraw is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf940e385.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function withdraw(address currency, address party) returns(uint256 amount)
func (escrow *Escrow) PackWithdraw(currency common.Address, party common.Address) []byte {
	enc, err := escrow.abi.Pack("withdraw", currency, party)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackWithdraw is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf940e385.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function withdraw(address currency, address party) returns(uint256 amount)
func (escrow *Escrow) TryPackWithdraw(currency common.Address, party common.Address) ([]byte, error) {
	return escrow.abi.Pack("withdraw", currency, party)
}

// UnpackWithdraw is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xf940e385.
//
// Solidity: function withdraw(address currency, address party) returns(uint256 amount)
func (escrow *Escrow) UnpackWithdraw(data []byte) (*big.Int, error) {
	out, err := escrow.abi.Unpack("withdraw", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// EscrowDisputed represents a Disputed event raised by the Escrow contract.
type EscrowDisputed struct {
	Id  [32]byte
	By  common.Address
	Raw *types.Log // Blockchain specific contextual infos
}

const EscrowDisputedEventName = "Disputed"

// ContractEventName returns the user-defined event name.
func (EscrowDisputed) ContractEventName() string {
	return EscrowDisputedEventName
}

// UnpackDisputedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Disputed(bytes32 indexed id, address by)
func (escrow *Escrow) UnpackDisputedEvent(log *types.Log) (*EscrowDisputed, error) {
	event := "Disputed"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != escrow.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(EscrowDisputed)
	if len(log.Data) > 0 {
		if err := escrow.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range escrow.abi.Events[event].Inputs {
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

// EscrowEIP712DomainChanged represents a EIP712DomainChanged event raised by the Escrow contract.
type EscrowEIP712DomainChanged struct {
	Raw *types.Log // Blockchain specific contextual infos
}

const EscrowEIP712DomainChangedEventName = "EIP712DomainChanged"

// ContractEventName returns the user-defined event name.
func (EscrowEIP712DomainChanged) ContractEventName() string {
	return EscrowEIP712DomainChangedEventName
}

// UnpackEIP712DomainChangedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event EIP712DomainChanged()
func (escrow *Escrow) UnpackEIP712DomainChangedEvent(log *types.Log) (*EscrowEIP712DomainChanged, error) {
	event := "EIP712DomainChanged"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != escrow.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(EscrowEIP712DomainChanged)
	if len(log.Data) > 0 {
		if err := escrow.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range escrow.abi.Events[event].Inputs {
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

// EscrowFunded represents a Funded event raised by the Escrow contract.
type EscrowFunded struct {
	Id  [32]byte
	Raw *types.Log // Blockchain specific contextual infos
}

const EscrowFundedEventName = "Funded"

// ContractEventName returns the user-defined event name.
func (EscrowFunded) ContractEventName() string {
	return EscrowFundedEventName
}

// UnpackFundedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Funded(bytes32 indexed id)
func (escrow *Escrow) UnpackFundedEvent(log *types.Log) (*EscrowFunded, error) {
	event := "Funded"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != escrow.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(EscrowFunded)
	if len(log.Data) > 0 {
		if err := escrow.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range escrow.abi.Events[event].Inputs {
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

// EscrowOpened represents a Opened event raised by the Escrow contract.
type EscrowOpened struct {
	Id     [32]byte
	Deal   [32]byte
	Seller common.Address
	Buyer  common.Address
	Raw    *types.Log // Blockchain specific contextual infos
}

const EscrowOpenedEventName = "Opened"

// ContractEventName returns the user-defined event name.
func (EscrowOpened) ContractEventName() string {
	return EscrowOpenedEventName
}

// UnpackOpenedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Opened(bytes32 indexed id, bytes32 indexed deal, address seller, address buyer)
func (escrow *Escrow) UnpackOpenedEvent(log *types.Log) (*EscrowOpened, error) {
	event := "Opened"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != escrow.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(EscrowOpened)
	if len(log.Data) > 0 {
		if err := escrow.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range escrow.abi.Events[event].Inputs {
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

// EscrowOpeningPaused represents a OpeningPaused event raised by the Escrow contract.
type EscrowOpeningPaused struct {
	Paused bool
	Raw    *types.Log // Blockchain specific contextual infos
}

const EscrowOpeningPausedEventName = "OpeningPaused"

// ContractEventName returns the user-defined event name.
func (EscrowOpeningPaused) ContractEventName() string {
	return EscrowOpeningPausedEventName
}

// UnpackOpeningPausedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event OpeningPaused(bool paused)
func (escrow *Escrow) UnpackOpeningPausedEvent(log *types.Log) (*EscrowOpeningPaused, error) {
	event := "OpeningPaused"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != escrow.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(EscrowOpeningPaused)
	if len(log.Data) > 0 {
		if err := escrow.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range escrow.abi.Events[event].Inputs {
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

// EscrowRefunded represents a Refunded event raised by the Escrow contract.
type EscrowRefunded struct {
	Id  [32]byte
	Raw *types.Log // Blockchain specific contextual infos
}

const EscrowRefundedEventName = "Refunded"

// ContractEventName returns the user-defined event name.
func (EscrowRefunded) ContractEventName() string {
	return EscrowRefundedEventName
}

// UnpackRefundedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Refunded(bytes32 indexed id)
func (escrow *Escrow) UnpackRefundedEvent(log *types.Log) (*EscrowRefunded, error) {
	event := "Refunded"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != escrow.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(EscrowRefunded)
	if len(log.Data) > 0 {
		if err := escrow.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range escrow.abi.Events[event].Inputs {
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

// EscrowResolved represents a Resolved event raised by the Escrow contract.
type EscrowResolved struct {
	Id           [32]byte
	TokenToBuyer bool
	SellerShare  *big.Int
	Raw          *types.Log // Blockchain specific contextual infos
}

const EscrowResolvedEventName = "Resolved"

// ContractEventName returns the user-defined event name.
func (EscrowResolved) ContractEventName() string {
	return EscrowResolvedEventName
}

// UnpackResolvedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Resolved(bytes32 indexed id, bool tokenToBuyer, uint256 sellerShare)
func (escrow *Escrow) UnpackResolvedEvent(log *types.Log) (*EscrowResolved, error) {
	event := "Resolved"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != escrow.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(EscrowResolved)
	if len(log.Data) > 0 {
		if err := escrow.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range escrow.abi.Events[event].Inputs {
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

// EscrowSettled represents a Settled event raised by the Escrow contract.
type EscrowSettled struct {
	Id        [32]byte
	Documents [32]byte
	Raw       *types.Log // Blockchain specific contextual infos
}

const EscrowSettledEventName = "Settled"

// ContractEventName returns the user-defined event name.
func (EscrowSettled) ContractEventName() string {
	return EscrowSettledEventName
}

// UnpackSettledEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Settled(bytes32 indexed id, bytes32 documents)
func (escrow *Escrow) UnpackSettledEvent(log *types.Log) (*EscrowSettled, error) {
	event := "Settled"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != escrow.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(EscrowSettled)
	if len(log.Data) > 0 {
		if err := escrow.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range escrow.abi.Events[event].Inputs {
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

// EscrowUnwound represents a Unwound event raised by the Escrow contract.
type EscrowUnwound struct {
	Id  [32]byte
	Raw *types.Log // Blockchain specific contextual infos
}

const EscrowUnwoundEventName = "Unwound"

// ContractEventName returns the user-defined event name.
func (EscrowUnwound) ContractEventName() string {
	return EscrowUnwoundEventName
}

// UnpackUnwoundEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Unwound(bytes32 indexed id)
func (escrow *Escrow) UnpackUnwoundEvent(log *types.Log) (*EscrowUnwound, error) {
	event := "Unwound"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != escrow.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(EscrowUnwound)
	if len(log.Data) > 0 {
		if err := escrow.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range escrow.abi.Events[event].Inputs {
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

// EscrowWithdrawn represents a Withdrawn event raised by the Escrow contract.
type EscrowWithdrawn struct {
	Currency common.Address
	Party    common.Address
	Amount   *big.Int
	Raw      *types.Log // Blockchain specific contextual infos
}

const EscrowWithdrawnEventName = "Withdrawn"

// ContractEventName returns the user-defined event name.
func (EscrowWithdrawn) ContractEventName() string {
	return EscrowWithdrawnEventName
}

// UnpackWithdrawnEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Withdrawn(address indexed currency, address indexed party, uint256 amount)
func (escrow *Escrow) UnpackWithdrawnEvent(log *types.Log) (*EscrowWithdrawn, error) {
	event := "Withdrawn"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != escrow.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(EscrowWithdrawn)
	if len(log.Data) > 0 {
		if err := escrow.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range escrow.abi.Events[event].Inputs {
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
func (escrow *Escrow) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], escrow.abi.Errors["AlreadyDisputed"].ID.Bytes()[:4]) {
		return escrow.UnpackAlreadyDisputedError(raw[4:])
	}
	if bytes.Equal(raw[:4], escrow.abi.Errors["AlreadyFunded"].ID.Bytes()[:4]) {
		return escrow.UnpackAlreadyFundedError(raw[4:])
	}
	if bytes.Equal(raw[:4], escrow.abi.Errors["AlreadyOpened"].ID.Bytes()[:4]) {
		return escrow.UnpackAlreadyOpenedError(raw[4:])
	}
	if bytes.Equal(raw[:4], escrow.abi.Errors["AlreadyRefunded"].ID.Bytes()[:4]) {
		return escrow.UnpackAlreadyRefundedError(raw[4:])
	}
	if bytes.Equal(raw[:4], escrow.abi.Errors["AlreadyResolved"].ID.Bytes()[:4]) {
		return escrow.UnpackAlreadyResolvedError(raw[4:])
	}
	if bytes.Equal(raw[:4], escrow.abi.Errors["AlreadySettled"].ID.Bytes()[:4]) {
		return escrow.UnpackAlreadySettledError(raw[4:])
	}
	if bytes.Equal(raw[:4], escrow.abi.Errors["AlreadyUnwound"].ID.Bytes()[:4]) {
		return escrow.UnpackAlreadyUnwoundError(raw[4:])
	}
	if bytes.Equal(raw[:4], escrow.abi.Errors["InexactReceipt"].ID.Bytes()[:4]) {
		return escrow.UnpackInexactReceiptError(raw[4:])
	}
	if bytes.Equal(raw[:4], escrow.abi.Errors["InvalidDeadlines"].ID.Bytes()[:4]) {
		return escrow.UnpackInvalidDeadlinesError(raw[4:])
	}
	if bytes.Equal(raw[:4], escrow.abi.Errors["InvalidList"].ID.Bytes()[:4]) {
		return escrow.UnpackInvalidListError(raw[4:])
	}
	if bytes.Equal(raw[:4], escrow.abi.Errors["InvalidParties"].ID.Bytes()[:4]) {
		return escrow.UnpackInvalidPartiesError(raw[4:])
	}
	if bytes.Equal(raw[:4], escrow.abi.Errors["InvalidShortString"].ID.Bytes()[:4]) {
		return escrow.UnpackInvalidShortStringError(raw[4:])
	}
	if bytes.Equal(raw[:4], escrow.abi.Errors["InvalidSignature"].ID.Bytes()[:4]) {
		return escrow.UnpackInvalidSignatureError(raw[4:])
	}
	if bytes.Equal(raw[:4], escrow.abi.Errors["NoArbiter"].ID.Bytes()[:4]) {
		return escrow.UnpackNoArbiterError(raw[4:])
	}
	if bytes.Equal(raw[:4], escrow.abi.Errors["NotAllowed"].ID.Bytes()[:4]) {
		return escrow.UnpackNotAllowedError(raw[4:])
	}
	if bytes.Equal(raw[:4], escrow.abi.Errors["NotDisputed"].ID.Bytes()[:4]) {
		return escrow.UnpackNotDisputedError(raw[4:])
	}
	if bytes.Equal(raw[:4], escrow.abi.Errors["NotFunded"].ID.Bytes()[:4]) {
		return escrow.UnpackNotFundedError(raw[4:])
	}
	if bytes.Equal(raw[:4], escrow.abi.Errors["NotListed"].ID.Bytes()[:4]) {
		return escrow.UnpackNotListedError(raw[4:])
	}
	if bytes.Equal(raw[:4], escrow.abi.Errors["NotOpened"].ID.Bytes()[:4]) {
		return escrow.UnpackNotOpenedError(raw[4:])
	}
	if bytes.Equal(raw[:4], escrow.abi.Errors["NothingOwed"].ID.Bytes()[:4]) {
		return escrow.UnpackNothingOwedError(raw[4:])
	}
	if bytes.Equal(raw[:4], escrow.abi.Errors["OpeningIsPaused"].ID.Bytes()[:4]) {
		return escrow.UnpackOpeningIsPausedError(raw[4:])
	}
	if bytes.Equal(raw[:4], escrow.abi.Errors["ReentrancyGuardReentrantCall"].ID.Bytes()[:4]) {
		return escrow.UnpackReentrancyGuardReentrantCallError(raw[4:])
	}
	if bytes.Equal(raw[:4], escrow.abi.Errors["SafeERC20FailedOperation"].ID.Bytes()[:4]) {
		return escrow.UnpackSafeERC20FailedOperationError(raw[4:])
	}
	if bytes.Equal(raw[:4], escrow.abi.Errors["ShareAbovePrice"].ID.Bytes()[:4]) {
		return escrow.UnpackShareAbovePriceError(raw[4:])
	}
	if bytes.Equal(raw[:4], escrow.abi.Errors["StringTooLong"].ID.Bytes()[:4]) {
		return escrow.UnpackStringTooLongError(raw[4:])
	}
	if bytes.Equal(raw[:4], escrow.abi.Errors["TooEarly"].ID.Bytes()[:4]) {
		return escrow.UnpackTooEarlyError(raw[4:])
	}
	if bytes.Equal(raw[:4], escrow.abi.Errors["TooLate"].ID.Bytes()[:4]) {
		return escrow.UnpackTooLateError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// EscrowAlreadyDisputed represents a AlreadyDisputed error raised by the Escrow contract.
type EscrowAlreadyDisputed struct {
	Id [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error AlreadyDisputed(bytes32 id)
func EscrowAlreadyDisputedErrorID() common.Hash {
	return common.HexToHash("0x37a1e888b385299b29be30b69fb7764104481c7266730550e7bdeb780998a8bf")
}

// UnpackAlreadyDisputedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error AlreadyDisputed(bytes32 id)
func (escrow *Escrow) UnpackAlreadyDisputedError(raw []byte) (*EscrowAlreadyDisputed, error) {
	out := new(EscrowAlreadyDisputed)
	if err := escrow.abi.UnpackIntoInterface(out, "AlreadyDisputed", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// EscrowAlreadyFunded represents a AlreadyFunded error raised by the Escrow contract.
type EscrowAlreadyFunded struct {
	Id [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error AlreadyFunded(bytes32 id)
func EscrowAlreadyFundedErrorID() common.Hash {
	return common.HexToHash("0x153e403d1a2aecc9373261b01edf8a82ac9386a5ba7a54ce03e18a06a8031ad2")
}

// UnpackAlreadyFundedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error AlreadyFunded(bytes32 id)
func (escrow *Escrow) UnpackAlreadyFundedError(raw []byte) (*EscrowAlreadyFunded, error) {
	out := new(EscrowAlreadyFunded)
	if err := escrow.abi.UnpackIntoInterface(out, "AlreadyFunded", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// EscrowAlreadyOpened represents a AlreadyOpened error raised by the Escrow contract.
type EscrowAlreadyOpened struct {
	Id [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error AlreadyOpened(bytes32 id)
func EscrowAlreadyOpenedErrorID() common.Hash {
	return common.HexToHash("0xde5d1a9fb814a5457662176fefa3fde0727f74136371b78084a406fe4d99087b")
}

// UnpackAlreadyOpenedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error AlreadyOpened(bytes32 id)
func (escrow *Escrow) UnpackAlreadyOpenedError(raw []byte) (*EscrowAlreadyOpened, error) {
	out := new(EscrowAlreadyOpened)
	if err := escrow.abi.UnpackIntoInterface(out, "AlreadyOpened", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// EscrowAlreadyRefunded represents a AlreadyRefunded error raised by the Escrow contract.
type EscrowAlreadyRefunded struct {
	Id [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error AlreadyRefunded(bytes32 id)
func EscrowAlreadyRefundedErrorID() common.Hash {
	return common.HexToHash("0x1316266ba3ff443517fba55d6b2883c184e517396b6f570bcdb66784249e78ff")
}

// UnpackAlreadyRefundedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error AlreadyRefunded(bytes32 id)
func (escrow *Escrow) UnpackAlreadyRefundedError(raw []byte) (*EscrowAlreadyRefunded, error) {
	out := new(EscrowAlreadyRefunded)
	if err := escrow.abi.UnpackIntoInterface(out, "AlreadyRefunded", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// EscrowAlreadyResolved represents a AlreadyResolved error raised by the Escrow contract.
type EscrowAlreadyResolved struct {
	Id [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error AlreadyResolved(bytes32 id)
func EscrowAlreadyResolvedErrorID() common.Hash {
	return common.HexToHash("0x3c8e7e96e95b09afd1de19e3af879de5c7aa2953f6e08ebb8a01207bd3f6c8bf")
}

// UnpackAlreadyResolvedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error AlreadyResolved(bytes32 id)
func (escrow *Escrow) UnpackAlreadyResolvedError(raw []byte) (*EscrowAlreadyResolved, error) {
	out := new(EscrowAlreadyResolved)
	if err := escrow.abi.UnpackIntoInterface(out, "AlreadyResolved", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// EscrowAlreadySettled represents a AlreadySettled error raised by the Escrow contract.
type EscrowAlreadySettled struct {
	Id [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error AlreadySettled(bytes32 id)
func EscrowAlreadySettledErrorID() common.Hash {
	return common.HexToHash("0xb196a44a365168bc3e1ae2c1014617dc39aff01f0da4be83e6808ad8c8b8200d")
}

// UnpackAlreadySettledError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error AlreadySettled(bytes32 id)
func (escrow *Escrow) UnpackAlreadySettledError(raw []byte) (*EscrowAlreadySettled, error) {
	out := new(EscrowAlreadySettled)
	if err := escrow.abi.UnpackIntoInterface(out, "AlreadySettled", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// EscrowAlreadyUnwound represents a AlreadyUnwound error raised by the Escrow contract.
type EscrowAlreadyUnwound struct {
	Id [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error AlreadyUnwound(bytes32 id)
func EscrowAlreadyUnwoundErrorID() common.Hash {
	return common.HexToHash("0xedc09044e30af674d0ea6c560038e90925632baa07807aa65454813bd6ad7a49")
}

// UnpackAlreadyUnwoundError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error AlreadyUnwound(bytes32 id)
func (escrow *Escrow) UnpackAlreadyUnwoundError(raw []byte) (*EscrowAlreadyUnwound, error) {
	out := new(EscrowAlreadyUnwound)
	if err := escrow.abi.UnpackIntoInterface(out, "AlreadyUnwound", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// EscrowInexactReceipt represents a InexactReceipt error raised by the Escrow contract.
type EscrowInexactReceipt struct {
	Expected *big.Int
	Received *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error InexactReceipt(uint256 expected, uint256 received)
func EscrowInexactReceiptErrorID() common.Hash {
	return common.HexToHash("0x47746b3e1f273fdb651cea0388848b97e6e1a44d5773c6c4073804171b1a083b")
}

// UnpackInexactReceiptError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error InexactReceipt(uint256 expected, uint256 received)
func (escrow *Escrow) UnpackInexactReceiptError(raw []byte) (*EscrowInexactReceipt, error) {
	out := new(EscrowInexactReceipt)
	if err := escrow.abi.UnpackIntoInterface(out, "InexactReceipt", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// EscrowInvalidDeadlines represents a InvalidDeadlines error raised by the Escrow contract.
type EscrowInvalidDeadlines struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error InvalidDeadlines()
func EscrowInvalidDeadlinesErrorID() common.Hash {
	return common.HexToHash("0xa716d6d0c079f7dabe524ab8b65d387035e59edd50cde617eda6271c4f3d1a87")
}

// UnpackInvalidDeadlinesError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error InvalidDeadlines()
func (escrow *Escrow) UnpackInvalidDeadlinesError(raw []byte) (*EscrowInvalidDeadlines, error) {
	out := new(EscrowInvalidDeadlines)
	if err := escrow.abi.UnpackIntoInterface(out, "InvalidDeadlines", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// EscrowInvalidList represents a InvalidList error raised by the Escrow contract.
type EscrowInvalidList struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error InvalidList()
func EscrowInvalidListErrorID() common.Hash {
	return common.HexToHash("0xa220f37f667001dcb409fcbef613a3d8437e0092f6c97e677da72e26fe4b7862")
}

// UnpackInvalidListError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error InvalidList()
func (escrow *Escrow) UnpackInvalidListError(raw []byte) (*EscrowInvalidList, error) {
	out := new(EscrowInvalidList)
	if err := escrow.abi.UnpackIntoInterface(out, "InvalidList", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// EscrowInvalidParties represents a InvalidParties error raised by the Escrow contract.
type EscrowInvalidParties struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error InvalidParties()
func EscrowInvalidPartiesErrorID() common.Hash {
	return common.HexToHash("0xb6e500fe9415e318ab589528aeb8f58af2eee32dcda03f97dae5d4bf8aea672c")
}

// UnpackInvalidPartiesError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error InvalidParties()
func (escrow *Escrow) UnpackInvalidPartiesError(raw []byte) (*EscrowInvalidParties, error) {
	out := new(EscrowInvalidParties)
	if err := escrow.abi.UnpackIntoInterface(out, "InvalidParties", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// EscrowInvalidShortString represents a InvalidShortString error raised by the Escrow contract.
type EscrowInvalidShortString struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error InvalidShortString()
func EscrowInvalidShortStringErrorID() common.Hash {
	return common.HexToHash("0xb3512b0c6163e5f0bafab72bb631b9d58cd7a731b082f910338aa21c83d5c274")
}

// UnpackInvalidShortStringError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error InvalidShortString()
func (escrow *Escrow) UnpackInvalidShortStringError(raw []byte) (*EscrowInvalidShortString, error) {
	out := new(EscrowInvalidShortString)
	if err := escrow.abi.UnpackIntoInterface(out, "InvalidShortString", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// EscrowInvalidSignature represents a InvalidSignature error raised by the Escrow contract.
type EscrowInvalidSignature struct {
	Signer common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error InvalidSignature(address signer)
func EscrowInvalidSignatureErrorID() common.Hash {
	return common.HexToHash("0xd855c4f4d7a9aef9d1b6f49c25339cf5cd471e30830c8071f7b5024985e5abcd")
}

// UnpackInvalidSignatureError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error InvalidSignature(address signer)
func (escrow *Escrow) UnpackInvalidSignatureError(raw []byte) (*EscrowInvalidSignature, error) {
	out := new(EscrowInvalidSignature)
	if err := escrow.abi.UnpackIntoInterface(out, "InvalidSignature", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// EscrowNoArbiter represents a NoArbiter error raised by the Escrow contract.
type EscrowNoArbiter struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NoArbiter()
func EscrowNoArbiterErrorID() common.Hash {
	return common.HexToHash("0x2713bc582daea4f77b4c6b3dad14c5b3ff126179dc18ba7a47e78c19979d2937")
}

// UnpackNoArbiterError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NoArbiter()
func (escrow *Escrow) UnpackNoArbiterError(raw []byte) (*EscrowNoArbiter, error) {
	out := new(EscrowNoArbiter)
	if err := escrow.abi.UnpackIntoInterface(out, "NoArbiter", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// EscrowNotAllowed represents a NotAllowed error raised by the Escrow contract.
type EscrowNotAllowed struct {
	Caller common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotAllowed(address caller)
func EscrowNotAllowedErrorID() common.Hash {
	return common.HexToHash("0xfa5cd00ff5c4577b9857716999b0b260131d9f5bcbb69f0fa80d6ba972753c88")
}

// UnpackNotAllowedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotAllowed(address caller)
func (escrow *Escrow) UnpackNotAllowedError(raw []byte) (*EscrowNotAllowed, error) {
	out := new(EscrowNotAllowed)
	if err := escrow.abi.UnpackIntoInterface(out, "NotAllowed", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// EscrowNotDisputed represents a NotDisputed error raised by the Escrow contract.
type EscrowNotDisputed struct {
	Id [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotDisputed(bytes32 id)
func EscrowNotDisputedErrorID() common.Hash {
	return common.HexToHash("0x20a02103669739d8a6e8ce0051f1d7dda2ce0736191942096b9d2829e1dc42eb")
}

// UnpackNotDisputedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotDisputed(bytes32 id)
func (escrow *Escrow) UnpackNotDisputedError(raw []byte) (*EscrowNotDisputed, error) {
	out := new(EscrowNotDisputed)
	if err := escrow.abi.UnpackIntoInterface(out, "NotDisputed", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// EscrowNotFunded represents a NotFunded error raised by the Escrow contract.
type EscrowNotFunded struct {
	Id [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotFunded(bytes32 id)
func EscrowNotFundedErrorID() common.Hash {
	return common.HexToHash("0x47386530fe6946054df69d7c693881c6cd104cbae989c2e79158e57697608f09")
}

// UnpackNotFundedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotFunded(bytes32 id)
func (escrow *Escrow) UnpackNotFundedError(raw []byte) (*EscrowNotFunded, error) {
	out := new(EscrowNotFunded)
	if err := escrow.abi.UnpackIntoInterface(out, "NotFunded", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// EscrowNotListed represents a NotListed error raised by the Escrow contract.
type EscrowNotListed struct {
	Token common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotListed(address token)
func EscrowNotListedErrorID() common.Hash {
	return common.HexToHash("0x5d35c42925f643c6c2edbae62e0ff8799b4b08d376fc0a31da9a4b2972aa653e")
}

// UnpackNotListedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotListed(address token)
func (escrow *Escrow) UnpackNotListedError(raw []byte) (*EscrowNotListed, error) {
	out := new(EscrowNotListed)
	if err := escrow.abi.UnpackIntoInterface(out, "NotListed", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// EscrowNotOpened represents a NotOpened error raised by the Escrow contract.
type EscrowNotOpened struct {
	Id [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotOpened(bytes32 id)
func EscrowNotOpenedErrorID() common.Hash {
	return common.HexToHash("0x0e5ea0ab4c5ec326798ad7fc5380f1fbfb7cd6c86b300529eadb7d83d854093a")
}

// UnpackNotOpenedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotOpened(bytes32 id)
func (escrow *Escrow) UnpackNotOpenedError(raw []byte) (*EscrowNotOpened, error) {
	out := new(EscrowNotOpened)
	if err := escrow.abi.UnpackIntoInterface(out, "NotOpened", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// EscrowNothingOwed represents a NothingOwed error raised by the Escrow contract.
type EscrowNothingOwed struct {
	Currency common.Address
	Party    common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NothingOwed(address currency, address party)
func EscrowNothingOwedErrorID() common.Hash {
	return common.HexToHash("0x53ead58b9dd0aab1182d5d452f526630aea1357722828935e9a3e43863d2bc41")
}

// UnpackNothingOwedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NothingOwed(address currency, address party)
func (escrow *Escrow) UnpackNothingOwedError(raw []byte) (*EscrowNothingOwed, error) {
	out := new(EscrowNothingOwed)
	if err := escrow.abi.UnpackIntoInterface(out, "NothingOwed", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// EscrowOpeningIsPaused represents a OpeningIsPaused error raised by the Escrow contract.
type EscrowOpeningIsPaused struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OpeningIsPaused()
func EscrowOpeningIsPausedErrorID() common.Hash {
	return common.HexToHash("0xf48b1fac60461fccf8563663aaf98717a0fb5b5718c5f1be746068339c54cbcf")
}

// UnpackOpeningIsPausedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OpeningIsPaused()
func (escrow *Escrow) UnpackOpeningIsPausedError(raw []byte) (*EscrowOpeningIsPaused, error) {
	out := new(EscrowOpeningIsPaused)
	if err := escrow.abi.UnpackIntoInterface(out, "OpeningIsPaused", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// EscrowReentrancyGuardReentrantCall represents a ReentrancyGuardReentrantCall error raised by the Escrow contract.
type EscrowReentrancyGuardReentrantCall struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ReentrancyGuardReentrantCall()
func EscrowReentrancyGuardReentrantCallErrorID() common.Hash {
	return common.HexToHash("0x3ee5aeb571de7fc460830b4d0017439a1ca56fb0bc39062227ade4fe4a24c1ca")
}

// UnpackReentrancyGuardReentrantCallError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ReentrancyGuardReentrantCall()
func (escrow *Escrow) UnpackReentrancyGuardReentrantCallError(raw []byte) (*EscrowReentrancyGuardReentrantCall, error) {
	out := new(EscrowReentrancyGuardReentrantCall)
	if err := escrow.abi.UnpackIntoInterface(out, "ReentrancyGuardReentrantCall", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// EscrowSafeERC20FailedOperation represents a SafeERC20FailedOperation error raised by the Escrow contract.
type EscrowSafeERC20FailedOperation struct {
	Token common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error SafeERC20FailedOperation(address token)
func EscrowSafeERC20FailedOperationErrorID() common.Hash {
	return common.HexToHash("0x5274afe73c98b4749fc91ffae6b7b574e7842cb2144a159e9377a5f20b32edf9")
}

// UnpackSafeERC20FailedOperationError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error SafeERC20FailedOperation(address token)
func (escrow *Escrow) UnpackSafeERC20FailedOperationError(raw []byte) (*EscrowSafeERC20FailedOperation, error) {
	out := new(EscrowSafeERC20FailedOperation)
	if err := escrow.abi.UnpackIntoInterface(out, "SafeERC20FailedOperation", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// EscrowShareAbovePrice represents a ShareAbovePrice error raised by the Escrow contract.
type EscrowShareAbovePrice struct {
	SellerShare *big.Int
	Price       *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ShareAbovePrice(uint256 sellerShare, uint256 price)
func EscrowShareAbovePriceErrorID() common.Hash {
	return common.HexToHash("0xb7275d7f0f193235937234d63b9f231742c8a89a1f3f2a152b783fae522d0d13")
}

// UnpackShareAbovePriceError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ShareAbovePrice(uint256 sellerShare, uint256 price)
func (escrow *Escrow) UnpackShareAbovePriceError(raw []byte) (*EscrowShareAbovePrice, error) {
	out := new(EscrowShareAbovePrice)
	if err := escrow.abi.UnpackIntoInterface(out, "ShareAbovePrice", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// EscrowStringTooLong represents a StringTooLong error raised by the Escrow contract.
type EscrowStringTooLong struct {
	Str string
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error StringTooLong(string str)
func EscrowStringTooLongErrorID() common.Hash {
	return common.HexToHash("0x305a27a93f8e33b7392df0a0f91d6fc63847395853c45991eec52dbf24d72381")
}

// UnpackStringTooLongError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error StringTooLong(string str)
func (escrow *Escrow) UnpackStringTooLongError(raw []byte) (*EscrowStringTooLong, error) {
	out := new(EscrowStringTooLong)
	if err := escrow.abi.UnpackIntoInterface(out, "StringTooLong", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// EscrowTooEarly represents a TooEarly error raised by the Escrow contract.
type EscrowTooEarly struct {
	Deadline uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error TooEarly(uint64 deadline)
func EscrowTooEarlyErrorID() common.Hash {
	return common.HexToHash("0xd606d83fc5c7e56637c0959f5077c3a15f782b710d7eab50461ed55fd6deb6ae")
}

// UnpackTooEarlyError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error TooEarly(uint64 deadline)
func (escrow *Escrow) UnpackTooEarlyError(raw []byte) (*EscrowTooEarly, error) {
	out := new(EscrowTooEarly)
	if err := escrow.abi.UnpackIntoInterface(out, "TooEarly", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// EscrowTooLate represents a TooLate error raised by the Escrow contract.
type EscrowTooLate struct {
	Deadline uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error TooLate(uint64 deadline)
func EscrowTooLateErrorID() common.Hash {
	return common.HexToHash("0x4d673a06590205f21674ad45375abc81b85de145ee567806f534cab23841a1cf")
}

// UnpackTooLateError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error TooLate(uint64 deadline)
func (escrow *Escrow) UnpackTooLateError(raw []byte) (*EscrowTooLate, error) {
	out := new(EscrowTooLate)
	if err := escrow.abi.UnpackIntoInterface(out, "TooLate", raw); err != nil {
		return nil, err
	}
	return out, nil
}
