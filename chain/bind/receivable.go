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

// IReceivableTerms is an auto generated low-level Go binding around an user-defined struct.
type IReceivableTerms struct {
	Deal       [32]byte
	Creditor   common.Address
	Root       [32]byte
	Count      uint32
	FaceAmount *big.Int
	Currency   [3]byte
	DueDate    uint64
	Salt       [32]byte
}

// ReceivableMetaData contains all meta data concerning the Receivable contract.
var ReceivableMetaData = bind.MetaData{
	ABI: "[{\"type\":\"constructor\",\"inputs\":[],\"stateMutability\":\"nonpayable\"},{\"type\":\"function\",\"name\":\"DOMAIN_SEPARATOR\",\"inputs\":[],\"outputs\":[{\"name\":\"\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"append\",\"inputs\":[{\"name\":\"tokenId\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"oldRoot\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"newRoot\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"newCount\",\"type\":\"uint32\",\"internalType\":\"uint32\"},{\"name\":\"signature\",\"type\":\"bytes\",\"internalType\":\"bytes\"}],\"outputs\":[],\"stateMutability\":\"nonpayable\"},{\"type\":\"function\",\"name\":\"approve\",\"inputs\":[{\"name\":\"to\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"tokenId\",\"type\":\"uint256\",\"internalType\":\"uint256\"}],\"outputs\":[],\"stateMutability\":\"nonpayable\"},{\"type\":\"function\",\"name\":\"balanceOf\",\"inputs\":[{\"name\":\"owner\",\"type\":\"address\",\"internalType\":\"address\"}],\"outputs\":[{\"name\":\"\",\"type\":\"uint256\",\"internalType\":\"uint256\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"documentsRoot\",\"inputs\":[{\"name\":\"tokenId\",\"type\":\"uint256\",\"internalType\":\"uint256\"}],\"outputs\":[{\"name\":\"\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"eip712Domain\",\"inputs\":[],\"outputs\":[{\"name\":\"fields\",\"type\":\"bytes1\",\"internalType\":\"bytes1\"},{\"name\":\"name\",\"type\":\"string\",\"internalType\":\"string\"},{\"name\":\"version\",\"type\":\"string\",\"internalType\":\"string\"},{\"name\":\"chainId\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"verifyingContract\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"salt\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"extensions\",\"type\":\"uint256[]\",\"internalType\":\"uint256[]\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"getApproved\",\"inputs\":[{\"name\":\"tokenId\",\"type\":\"uint256\",\"internalType\":\"uint256\"}],\"outputs\":[{\"name\":\"\",\"type\":\"address\",\"internalType\":\"address\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"isApprovedForAll\",\"inputs\":[{\"name\":\"owner\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"operator\",\"type\":\"address\",\"internalType\":\"address\"}],\"outputs\":[{\"name\":\"\",\"type\":\"bool\",\"internalType\":\"bool\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"mint\",\"inputs\":[{\"name\":\"terms\",\"type\":\"tuple\",\"internalType\":\"structIReceivable.Terms\",\"components\":[{\"name\":\"deal\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"creditor\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"root\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"count\",\"type\":\"uint32\",\"internalType\":\"uint32\"},{\"name\":\"faceAmount\",\"type\":\"uint128\",\"internalType\":\"uint128\"},{\"name\":\"currency\",\"type\":\"bytes3\",\"internalType\":\"bytes3\"},{\"name\":\"dueDate\",\"type\":\"uint64\",\"internalType\":\"uint64\"},{\"name\":\"salt\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"}]},{\"name\":\"signature\",\"type\":\"bytes\",\"internalType\":\"bytes\"}],\"outputs\":[{\"name\":\"tokenId\",\"type\":\"uint256\",\"internalType\":\"uint256\"}],\"stateMutability\":\"nonpayable\"},{\"type\":\"function\",\"name\":\"name\",\"inputs\":[],\"outputs\":[{\"name\":\"\",\"type\":\"string\",\"internalType\":\"string\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"nonces\",\"inputs\":[{\"name\":\"tokenId\",\"type\":\"uint256\",\"internalType\":\"uint256\"}],\"outputs\":[{\"name\":\"\",\"type\":\"uint256\",\"internalType\":\"uint256\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"ownerOf\",\"inputs\":[{\"name\":\"tokenId\",\"type\":\"uint256\",\"internalType\":\"uint256\"}],\"outputs\":[{\"name\":\"\",\"type\":\"address\",\"internalType\":\"address\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"permit\",\"inputs\":[{\"name\":\"spender\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"tokenId\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"deadline\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"signature\",\"type\":\"bytes\",\"internalType\":\"bytes\"}],\"outputs\":[],\"stateMutability\":\"nonpayable\"},{\"type\":\"function\",\"name\":\"safeTransferFrom\",\"inputs\":[{\"name\":\"from\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"to\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"tokenId\",\"type\":\"uint256\",\"internalType\":\"uint256\"}],\"outputs\":[],\"stateMutability\":\"nonpayable\"},{\"type\":\"function\",\"name\":\"safeTransferFrom\",\"inputs\":[{\"name\":\"from\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"to\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"tokenId\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"data\",\"type\":\"bytes\",\"internalType\":\"bytes\"}],\"outputs\":[],\"stateMutability\":\"nonpayable\"},{\"type\":\"function\",\"name\":\"setApprovalForAll\",\"inputs\":[{\"name\":\"operator\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"approved\",\"type\":\"bool\",\"internalType\":\"bool\"}],\"outputs\":[],\"stateMutability\":\"nonpayable\"},{\"type\":\"function\",\"name\":\"supportsInterface\",\"inputs\":[{\"name\":\"id\",\"type\":\"bytes4\",\"internalType\":\"bytes4\"}],\"outputs\":[{\"name\":\"\",\"type\":\"bool\",\"internalType\":\"bool\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"symbol\",\"inputs\":[],\"outputs\":[{\"name\":\"\",\"type\":\"string\",\"internalType\":\"string\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"tokenIdOf\",\"inputs\":[{\"name\":\"terms\",\"type\":\"tuple\",\"internalType\":\"structIReceivable.Terms\",\"components\":[{\"name\":\"deal\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"creditor\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"root\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"count\",\"type\":\"uint32\",\"internalType\":\"uint32\"},{\"name\":\"faceAmount\",\"type\":\"uint128\",\"internalType\":\"uint128\"},{\"name\":\"currency\",\"type\":\"bytes3\",\"internalType\":\"bytes3\"},{\"name\":\"dueDate\",\"type\":\"uint64\",\"internalType\":\"uint64\"},{\"name\":\"salt\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"}]}],\"outputs\":[{\"name\":\"\",\"type\":\"uint256\",\"internalType\":\"uint256\"}],\"stateMutability\":\"pure\"},{\"type\":\"function\",\"name\":\"tokenURI\",\"inputs\":[{\"name\":\"tokenId\",\"type\":\"uint256\",\"internalType\":\"uint256\"}],\"outputs\":[{\"name\":\"\",\"type\":\"string\",\"internalType\":\"string\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"transferFrom\",\"inputs\":[{\"name\":\"from\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"to\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"tokenId\",\"type\":\"uint256\",\"internalType\":\"uint256\"}],\"outputs\":[],\"stateMutability\":\"nonpayable\"},{\"type\":\"event\",\"name\":\"Approval\",\"inputs\":[{\"name\":\"owner\",\"type\":\"address\",\"indexed\":true,\"internalType\":\"address\"},{\"name\":\"approved\",\"type\":\"address\",\"indexed\":true,\"internalType\":\"address\"},{\"name\":\"tokenId\",\"type\":\"uint256\",\"indexed\":true,\"internalType\":\"uint256\"}],\"anonymous\":false},{\"type\":\"event\",\"name\":\"ApprovalForAll\",\"inputs\":[{\"name\":\"owner\",\"type\":\"address\",\"indexed\":true,\"internalType\":\"address\"},{\"name\":\"operator\",\"type\":\"address\",\"indexed\":true,\"internalType\":\"address\"},{\"name\":\"approved\",\"type\":\"bool\",\"indexed\":false,\"internalType\":\"bool\"}],\"anonymous\":false},{\"type\":\"event\",\"name\":\"BatchMetadataUpdate\",\"inputs\":[{\"name\":\"_fromTokenId\",\"type\":\"uint256\",\"indexed\":false,\"internalType\":\"uint256\"},{\"name\":\"_toTokenId\",\"type\":\"uint256\",\"indexed\":false,\"internalType\":\"uint256\"}],\"anonymous\":false},{\"type\":\"event\",\"name\":\"DocumentsAppended\",\"inputs\":[{\"name\":\"tokenId\",\"type\":\"uint256\",\"indexed\":true,\"internalType\":\"uint256\"},{\"name\":\"oldRoot\",\"type\":\"bytes32\",\"indexed\":false,\"internalType\":\"bytes32\"},{\"name\":\"newRoot\",\"type\":\"bytes32\",\"indexed\":false,\"internalType\":\"bytes32\"},{\"name\":\"count\",\"type\":\"uint32\",\"indexed\":false,\"internalType\":\"uint32\"}],\"anonymous\":false},{\"type\":\"event\",\"name\":\"EIP712DomainChanged\",\"inputs\":[],\"anonymous\":false},{\"type\":\"event\",\"name\":\"MetadataUpdate\",\"inputs\":[{\"name\":\"_tokenId\",\"type\":\"uint256\",\"indexed\":false,\"internalType\":\"uint256\"}],\"anonymous\":false},{\"type\":\"event\",\"name\":\"Minted\",\"inputs\":[{\"name\":\"tokenId\",\"type\":\"uint256\",\"indexed\":true,\"internalType\":\"uint256\"},{\"name\":\"deal\",\"type\":\"bytes32\",\"indexed\":true,\"internalType\":\"bytes32\"},{\"name\":\"root\",\"type\":\"bytes32\",\"indexed\":false,\"internalType\":\"bytes32\"},{\"name\":\"count\",\"type\":\"uint32\",\"indexed\":false,\"internalType\":\"uint32\"}],\"anonymous\":false},{\"type\":\"event\",\"name\":\"Transfer\",\"inputs\":[{\"name\":\"from\",\"type\":\"address\",\"indexed\":true,\"internalType\":\"address\"},{\"name\":\"to\",\"type\":\"address\",\"indexed\":true,\"internalType\":\"address\"},{\"name\":\"tokenId\",\"type\":\"uint256\",\"indexed\":true,\"internalType\":\"uint256\"}],\"anonymous\":false},{\"type\":\"error\",\"name\":\"AlreadyAppended\",\"inputs\":[{\"name\":\"tokenId\",\"type\":\"uint256\",\"internalType\":\"uint256\"}]},{\"type\":\"error\",\"name\":\"AlreadyMinted\",\"inputs\":[{\"name\":\"tokenId\",\"type\":\"uint256\",\"internalType\":\"uint256\"}]},{\"type\":\"error\",\"name\":\"ERC721IncorrectOwner\",\"inputs\":[{\"name\":\"sender\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"tokenId\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"owner\",\"type\":\"address\",\"internalType\":\"address\"}]},{\"type\":\"error\",\"name\":\"ERC721InsufficientApproval\",\"inputs\":[{\"name\":\"operator\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"tokenId\",\"type\":\"uint256\",\"internalType\":\"uint256\"}]},{\"type\":\"error\",\"name\":\"ERC721InvalidApprover\",\"inputs\":[{\"name\":\"approver\",\"type\":\"address\",\"internalType\":\"address\"}]},{\"type\":\"error\",\"name\":\"ERC721InvalidOperator\",\"inputs\":[{\"name\":\"operator\",\"type\":\"address\",\"internalType\":\"address\"}]},{\"type\":\"error\",\"name\":\"ERC721InvalidOwner\",\"inputs\":[{\"name\":\"owner\",\"type\":\"address\",\"internalType\":\"address\"}]},{\"type\":\"error\",\"name\":\"ERC721InvalidReceiver\",\"inputs\":[{\"name\":\"receiver\",\"type\":\"address\",\"internalType\":\"address\"}]},{\"type\":\"error\",\"name\":\"ERC721InvalidSender\",\"inputs\":[{\"name\":\"sender\",\"type\":\"address\",\"internalType\":\"address\"}]},{\"type\":\"error\",\"name\":\"ERC721NonexistentToken\",\"inputs\":[{\"name\":\"tokenId\",\"type\":\"uint256\",\"internalType\":\"uint256\"}]},{\"type\":\"error\",\"name\":\"EmptyDocuments\",\"inputs\":[]},{\"type\":\"error\",\"name\":\"InvalidShortString\",\"inputs\":[]},{\"type\":\"error\",\"name\":\"InvalidSignature\",\"inputs\":[{\"name\":\"signer\",\"type\":\"address\",\"internalType\":\"address\"}]},{\"type\":\"error\",\"name\":\"PermitExpired\",\"inputs\":[{\"name\":\"deadline\",\"type\":\"uint256\",\"internalType\":\"uint256\"}]},{\"type\":\"error\",\"name\":\"StaleRoot\",\"inputs\":[{\"name\":\"tokenId\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"expected\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"actual\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"}]},{\"type\":\"error\",\"name\":\"StringTooLong\",\"inputs\":[{\"name\":\"str\",\"type\":\"string\",\"internalType\":\"string\"}]}]",
	ID:  "Receivable",
	Bin: "0x6101606040523461044a5760405161001860408261044e565b6012815260208101907143657373696f6e2052656365697661626c6560701b82526040519161004860408461044e565b600183526020830191603160f81b835260405161006660408261044e565b601281527143657373696f6e2052656365697661626c6560701b60208201526040519061009460408361044e565b600782526621a2a9a9a4a7a760c91b60208301528051906001600160401b038211610349575f5490600182811c92168015610440575b602083101461032b5781601f8493116103cb575b50602090601f8311600114610368575f9261035d575b50508160011b915f199060031b1c1916175f555b8051906001600160401b0382116103495760015490600182811c9216801561033f575b602083101461032b5781601f8493116102b5575b50602090601f831160011461024f575f92610244575b50508160011b915f199060031b1c1916176001555b61017381610471565b6101205261018084610471565b61014052519020918260e05251902080610100524660a0526040519060208201927f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f8452604083015260608201524660808201523060a082015260a081526101e960c08261044e565b5190206080523060c05260405161205690816104dd823960805181611d33015260a05181611dea015260c05181611d04015260e05181611d8201526101005181611da80152610120518161060c015261014051816106360152f35b015190505f80610155565b60015f9081528281209350601f198516905b81811061029d5750908460019594939210610285575b505050811b0160015561016a565b01515f1960f88460031b161c191690555f8080610277565b92936020600181928786015181550195019301610261565b8281111561013f5760015f52909150601f830160051c7fb10e2d527612073b26eecdfd717e6a320cf44b4afac2b0732d9fcbe2b7fa0cf660208510610323575b849392601f0160051c82900391015f5b82811061031357505061013f565b5f81830155859450600101610305565b5f91506102f5565b634e487b7160e01b5f52602260045260245ffd5b91607f169161012b565b634e487b7160e01b5f52604160045260245ffd5b015190505f806100f4565b5f8080528281209350601f198516905b8181106103b3575090846001959493921061039b575b505050811b015f55610108565b01515f1960f88460031b161c191690555f808061038e565b92936020600181928786015181550195019301610378565b828111156100de575f8052909150601f830160051c7f290decd9548b62a8d60345a988386fc84ba6bc95484008f6362f93160ef3e56360208510610438575b849392601f0160051c82900391015f5b8281106104285750506100de565b5f8183015585945060010161041a565b5f915061040a565b91607f16916100ca565b5f80fd5b601f909101601f19168101906001600160401b0382119082101761034957604052565b601f81511161049c57602081519101516020821061048d571790565b5f198260200360031b1b161790565b604460209160405192839163305a27a960e01b83528160048401528051918291826024860152018484015e5f828201840152601f01601f19168101030190fdfe6080806040526004361015610012575f80fd5b5f905f3560e01c90816301ffc9a71461115a5750806306fdde0314611014578063081812fc14610fac578063095ea7b314610e305780630c20f5b414610cec5780630ea45f1c14610ae3578063141a468c14610a9857806323b872dd14610a815780633644e51514610a4957806342842e0e14610a1e5780636352211e146109c457806370a082311461092f578063745a41bc1461070a57806384b0196e146105d457806395d89b411461047257806396fc72011461042e578063a22cb465146102f9578063b88d4fde14610246578063c87b56dd146101cd578063d157cc27146101855763e985e9c514610105575f80fd5b346101825760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101825773ffffffffffffffffffffffffffffffffffffffff60406101536112ee565b928261015d611311565b9416815260056020522091165f52602052602060ff60405f2054166040519015158152f35b80fd5b50346101825760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101825760406020916004358152600a83522054604051908152f35b50346101825760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261018257610208600435611966565b50806040516102186020826113d4565b525061024260405161022b6020826113d4565b5f81526040519182916020835260208301906112ab565b0390f35b50346101825760807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101825761027e6112ee565b610286611311565b906064359067ffffffffffffffff82116102f557366023830112156102f557816004013592846102b585611442565b936102c360405195866113d4565b85855236602487830101116102f157856102ee9660246020930183880137850101526044359161178a565b80f35b5080fd5b8380fd5b50346101825760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610182576103316112ee565b6024359081151580920361042a5733156103fe5773ffffffffffffffffffffffffffffffffffffffff169081156103d257338352600560205260408320825f5260205260405f207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0081541660ff83161790556040519081527f17307eab39ab6107e8899845ad3d59bd9653f200f220920489ca2b5937696c3160203392a380f35b602483837f5b08ba18000000000000000000000000000000000000000000000000000000008252600452fd5b6024837fa9fbf51f00000000000000000000000000000000000000000000000000000000815280600452fd5b8280fd5b5034610182576101007ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101825750602061046a6119bf565b604051908152f35b503461018257807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610182576040519080600154908160011c916001811680156105ca575b60208410811461059d5783865290811561055857506001146104fb575b610242846104e7818603826113d4565b6040519182916020835260208301906112ab565b600181527fb10e2d527612073b26eecdfd717e6a320cf44b4afac2b0732d9fcbe2b7fa0cf6939250905b80821061053e575090915081016020016104e7826104d7565b919260018160209254838588010152019101909291610525565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff001660208087019190915292151560051b850190920192506104e791508390506104d7565b6024837f4e487b710000000000000000000000000000000000000000000000000000000081526022600452fd5b92607f16926104ba565b503461018257807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610182576106ae906106307f0000000000000000000000000000000000000000000000000000000000000000611f65565b9061065a7f0000000000000000000000000000000000000000000000000000000000000000611f65565b9060206106bc6040519361066e83866113d4565b838552833681376040519687967f0f00000000000000000000000000000000000000000000000000000000000000885260e08589015260e08801906112ab565b9086820360408801526112ab565b904660608601523060808601528260a086015284820360c08601528080855193848152019401925b8281106106f357505050500390f35b8351855286955093810193928101926001016106e4565b3461092b5760807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261092b576107416112ee565b6024356044359160643567ffffffffffffffff811161092b57610768903690600401611334565b8442116108ff5761083b9161083561077f86611966565b9461078987611c80565b976040519073ffffffffffffffffffffffffffffffffffffffff60208301937f49ecf333e5b8c95c40fdafc95c1ad136e8914a8fb55e9dc8bb01eaa83a2df9ad855216998a6040840152896060840152608083015260a082015260a081526107f260c0826113d4565b5190206107fd611ced565b604291604051917f19010000000000000000000000000000000000000000000000000000000000008352600283015260228201522090565b84611e10565b156108bd5750808273ffffffffffffffffffffffffffffffffffffffff61086183611966565b167f8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b9255f80a45f52600460205260405f20907fffffffffffffffffffffffff00000000000000000000000000000000000000008254161790555f80f35b73ffffffffffffffffffffffffffffffffffffffff907fd855c4f4000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b847f9e96b26f000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b5f80fd5b3461092b5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261092b5773ffffffffffffffffffffffffffffffffffffffff61097b6112ee565b168015610998575f526009602052602060405f2054604051908152f35b7f89c62b64000000000000000000000000000000000000000000000000000000005f525f60045260245ffd5b3461092b5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261092b576020610a00600435611966565b73ffffffffffffffffffffffffffffffffffffffff60405191168152f35b3461092b57610a47610a2f36611362565b9060405192610a3f6020856113d4565b5f845261178a565b005b3461092b575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261092b57602061046a611ced565b3461092b57610a47610a9236611362565b916114b2565b3461092b5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261092b576004355f526008602052602060405f205460a01c604051908152f35b3461092b5760a07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261092b576004356024356044356064359063ffffffff821680920361092b5760843567ffffffffffffffff811161092b57610b4d903690600401611334565b90610b5786611966565b83158015610ce4575b610cbc57865f52600a60205260405f2054848114610c9057868103610c5d577ff8e1a15aba9398e019f0b49df1a4fde98ee17ae345cb5f6b5e2c27f5033e8ce7602089807fc2cdf62e003e56edc579dcf8a0c59e1b11fe7f9dc7ffc16d67c223ac96ef63bf60608c8c8c610c378d8d8d610bd98a611c80565b6040518d8101917f4203093a9edaf89313a8a48e00fe5d8284d962ff197d05bbdc858fbc88b22a5583528c6040830152898b8301528760808301528860a083015260c082015260c08152610c2e60e0826113d4565b51902090611ac5565b855f52600a88528060405f2055604051928352878301526040820152a2604051908152a1005b86887fdf0b4825000000000000000000000000000000000000000000000000000000005f5260045260245260445260645ffd5b877fa8f93d86000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b7fceb466f0000000000000000000000000000000000000000000000000000000005f5260045ffd5b508415610b60565b3461092b577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601610120811261092b576101001361092b576101043567ffffffffffffffff811161092b57610d46903690600401611334565b90610d4f6119bf565b90815f52600a60205260405f2054610e04576044359081158015610def575b610cbc57602093610d879184610d8261148f565b611ac5565b815f52600a83528060405f2055610da582610da061148f565b611b36565b5063ffffffff610db361147c565b6040519283521683820152817fe0fa92c37203d7f6014ff23e9d5006a3fdf02e734d18f345ee455aa0454c40c3604060043593a3604051908152f35b5063ffffffff610dfd61147c565b1615610d6e565b507fa593dbf8000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b3461092b5760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261092b57610e676112ee565b602435610e7381611966565b33151580610f8c575b80610f3f575b610f1357819073ffffffffffffffffffffffffffffffffffffffff80851691167f8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b9255f80a45f52600460205273ffffffffffffffffffffffffffffffffffffffff60405f2091167fffffffffffffffffffffffff00000000000000000000000000000000000000008254161790555f80f35b7fa9fbf51f000000000000000000000000000000000000000000000000000000005f523360045260245ffd5b5073ffffffffffffffffffffffffffffffffffffffff81165f52600560205260405f2073ffffffffffffffffffffffffffffffffffffffff33165f5260205260ff60405f20541615610e82565b503373ffffffffffffffffffffffffffffffffffffffff82161415610e7c565b3461092b5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261092b57600435610fe781611966565b505f526004602052602073ffffffffffffffffffffffffffffffffffffffff60405f205416604051908152f35b3461092b575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261092b576040515f5f548060011c90600181168015611150575b602083108114611123578285529081156110e15750600114611085575b610242836104e7818503826113d4565b5f8080527f290decd9548b62a8d60345a988386fc84ba6bc95484008f6362f93160ef3e563939250905b8082106110c7575090915081016020016104e7611075565b9192600181602092548385880101520191019092916110af565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff001660208086019190915291151560051b840190910191506104e79050611075565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602260045260245ffd5b91607f1691611058565b3461092b5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261092b57600435907fffffffff00000000000000000000000000000000000000000000000000000000821680920361092b57817f490649060000000000000000000000000000000000000000000000000000000060209314908115611281575b81156111f3575b5015158152f35b7f80ac58cd00000000000000000000000000000000000000000000000000000000811491508115611257575b811561122d575b50836111ec565b7f01ffc9a70000000000000000000000000000000000000000000000000000000091501483611226565b7f5b5e139f000000000000000000000000000000000000000000000000000000008114915061121f565b7f5604e22500000000000000000000000000000000000000000000000000000000811491506111e5565b907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f602080948051918291828752018686015e5f8582860101520116010190565b6004359073ffffffffffffffffffffffffffffffffffffffff8216820361092b57565b6024359073ffffffffffffffffffffffffffffffffffffffff8216820361092b57565b9181601f8401121561092b5782359167ffffffffffffffff831161092b576020838186019501011161092b57565b7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc606091011261092b5760043573ffffffffffffffffffffffffffffffffffffffff8116810361092b579060243573ffffffffffffffffffffffffffffffffffffffff8116810361092b579060443590565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff82111761141557604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b67ffffffffffffffff811161141557601f017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe01660200190565b60643563ffffffff8116810361092b5790565b60243573ffffffffffffffffffffffffffffffffffffffff8116810361092b5790565b919073ffffffffffffffffffffffffffffffffffffffff1691821561175e57815f52600860205260405f20908273ffffffffffffffffffffffffffffffffffffffff835416943315159384611675575b73ffffffffffffffffffffffffffffffffffffffff9450866115bd575b815f52600960205260405f2060018154019055817fffffffffffffffffffffffff0000000000000000000000000000000000000000825416179055857fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef5f80a41680830361158c57505050565b7f64283d7b000000000000000000000000000000000000000000000000000000005f5260045260245260445260645ffd5b6115f4835f52600460205260405f207fffffffffffffffffffffffff00000000000000000000000000000000000000008154169055565b5f87815260096020526040902080547fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff019055805473ffffffffffffffffffffffffffffffffffffffff811660a091821c60010190911b7fffffffffffffffffffffffff00000000000000000000000000000000000000001617815561151f565b91509192806116ed575b1561168d5782918491611502565b83856116be577f7e273289000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b7f177e802f000000000000000000000000000000000000000000000000000000005f523360045260245260445ffd5b503385148015611728575b8061167f5750835f5260046020523373ffffffffffffffffffffffffffffffffffffffff60405f2054161461167f565b50845f52600560205260405f2073ffffffffffffffffffffffffffffffffffffffff33165f5260205260ff60405f2054166116f8565b7f64a0ae92000000000000000000000000000000000000000000000000000000005f525f60045260245ffd5b906117968382846114b2565b803b6117a3575b50505050565b60209161180f73ffffffffffffffffffffffffffffffffffffffff8093169560405195869485947f150b7a0200000000000000000000000000000000000000000000000000000000865233600487015216602485015260448401526080606484015260848301906112ab565b03815f865af15f9181611909575b5061188b57503d15611884573d61183381611442565b9061184160405192836113d4565b81523d5f602083013e5b8051908161187f57827f64a0ae92000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b602001fd5b606061184b565b7fffffffff000000000000000000000000000000000000000000000000000000007f150b7a02000000000000000000000000000000000000000000000000000000009116036118de57505f80808061179d565b7f64a0ae92000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b9091506020813d60201161195e575b81611925602093836113d4565b8101031261092b57517fffffffff000000000000000000000000000000000000000000000000000000008116810361092b57905f61181d565b3d9150611918565b805f52600860205273ffffffffffffffffffffffffffffffffffffffff60405f205416908115611994575090565b7f7e273289000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b60405160208101907f5b821aab26b6eb42ede91f7be9991f9bd87d05bef1185d71c2f8c067713c40de8252600435604082015260243573ffffffffffffffffffffffffffffffffffffffff811680910361092b576060820152604435608082015260643563ffffffff811680910361092b5760a08201526084356fffffffffffffffffffffffffffffffff811680910361092b5760c082015260a4357fffffff0000000000000000000000000000000000000000000000000000000000811680910361092b5760e082015260c43567ffffffffffffffff811680910361092b5761010082015260e4356101208201526101208152611abf610140826113d4565b51902090565b92909173ffffffffffffffffffffffffffffffffffffffff841693843314611b2f57611af6611afc946107fd611ced565b90611e10565b15611b045750565b7fd855c4f4000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b5050505050565b9190805f52600860205260405f2073ffffffffffffffffffffffffffffffffffffffff808254169485611bc8575b1690815f52600960205260405f2060018154019055817fffffffffffffffffffffffff0000000000000000000000000000000000000000825416179055837fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef5f80a4565b611bff845f52600460205260405f207fffffffffffffffffffffffff00000000000000000000000000000000000000008154169055565b5f86815260096020526040902080547fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff019055825473ffffffffffffffffffffffffffffffffffffffff811660a091821c60010190911b7fffffffffffffffffffffffff000000000000000000000000000000000000000016178355611b64565b5f52600860205260405f20611cea815460a01c916bffffffffffffffffffffffff600184011673ffffffffffffffffffffffffffffffffffffffff7fffffffffffffffffffffffff000000000000000000000000000000000000000083549260a01b169116179055565b90565b73ffffffffffffffffffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016301480611de7575b15611d55577f000000000000000000000000000000000000000000000000000000000000000090565b60405160208101907f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f82527f000000000000000000000000000000000000000000000000000000000000000060408201527f000000000000000000000000000000000000000000000000000000000000000060608201524660808201523060a082015260a08152611abf60c0826113d4565b507f00000000000000000000000000000000000000000000000000000000000000004614611d2c565b90929192611e1f838583611f31565b506004811015611f0457159081611ee1575b50611ed85760647fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f855f96602098604051967f1626ba7e0000000000000000000000000000000000000000000000000000000088526004880152604060248801528160448801528587013786848287010152011601915afa7f1626ba7e000000000000000000000000000000000000000000000000000000005f5114601f3d11161690565b50505050600190565b905073ffffffffffffffffffffffffffffffffffffffff8084169116145f611e31565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52602160045260245ffd5b9060418303611f5b57611f549250602081013591604082359201355f1a90611fbc565b9192909190565b50505f9160029190565b60ff811690601f8211611f945760405191611f816040846113d4565b6020808452838101919036833783525290565b7fb3512b0c000000000000000000000000000000000000000000000000000000005f5260045ffd5b91907f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0841161204b579160209360809260ff5f9560405194855216868401526040830152606082015282805260015afa15612040575f5173ffffffffffffffffffffffffffffffffffffffff81161561203657905f905f90565b505f906001905f90565b6040513d5f823e3d90fd5b5050505f916003919056",
}

// Receivable is an auto generated Go binding around an Ethereum contract.
type Receivable struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *Receivable) GetABI() abi.ABI {
	return c.abi
}

// NewReceivable creates a new instance of Receivable.
func NewReceivable() *Receivable {
	parsed, err := ReceivableMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &Receivable{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *Receivable) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackDOMAINSEPARATOR is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3644e515.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function DOMAIN_SEPARATOR() view returns(bytes32)
func (receivable *Receivable) PackDOMAINSEPARATOR() []byte {
	enc, err := receivable.abi.Pack("DOMAIN_SEPARATOR")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDOMAINSEPARATOR is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3644e515.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function DOMAIN_SEPARATOR() view returns(bytes32)
func (receivable *Receivable) TryPackDOMAINSEPARATOR() ([]byte, error) {
	return receivable.abi.Pack("DOMAIN_SEPARATOR")
}

// UnpackDOMAINSEPARATOR is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x3644e515.
//
// Solidity: function DOMAIN_SEPARATOR() view returns(bytes32)
func (receivable *Receivable) UnpackDOMAINSEPARATOR(data []byte) ([32]byte, error) {
	out, err := receivable.abi.Unpack("DOMAIN_SEPARATOR", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackAppend is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0ea45f1c.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function append(uint256 tokenId, bytes32 oldRoot, bytes32 newRoot, uint32 newCount, bytes signature) returns()
func (receivable *Receivable) PackAppend(tokenId *big.Int, oldRoot [32]byte, newRoot [32]byte, newCount uint32, signature []byte) []byte {
	enc, err := receivable.abi.Pack("append", tokenId, oldRoot, newRoot, newCount, signature)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackAppend is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0ea45f1c.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function append(uint256 tokenId, bytes32 oldRoot, bytes32 newRoot, uint32 newCount, bytes signature) returns()
func (receivable *Receivable) TryPackAppend(tokenId *big.Int, oldRoot [32]byte, newRoot [32]byte, newCount uint32, signature []byte) ([]byte, error) {
	return receivable.abi.Pack("append", tokenId, oldRoot, newRoot, newCount, signature)
}

// PackApprove is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x095ea7b3.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function approve(address to, uint256 tokenId) returns()
func (receivable *Receivable) PackApprove(to common.Address, tokenId *big.Int) []byte {
	enc, err := receivable.abi.Pack("approve", to, tokenId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackApprove is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x095ea7b3.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function approve(address to, uint256 tokenId) returns()
func (receivable *Receivable) TryPackApprove(to common.Address, tokenId *big.Int) ([]byte, error) {
	return receivable.abi.Pack("approve", to, tokenId)
}

// PackBalanceOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x70a08231.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function balanceOf(address owner) view returns(uint256)
func (receivable *Receivable) PackBalanceOf(owner common.Address) []byte {
	enc, err := receivable.abi.Pack("balanceOf", owner)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackBalanceOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x70a08231.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function balanceOf(address owner) view returns(uint256)
func (receivable *Receivable) TryPackBalanceOf(owner common.Address) ([]byte, error) {
	return receivable.abi.Pack("balanceOf", owner)
}

// UnpackBalanceOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x70a08231.
//
// Solidity: function balanceOf(address owner) view returns(uint256)
func (receivable *Receivable) UnpackBalanceOf(data []byte) (*big.Int, error) {
	out, err := receivable.abi.Unpack("balanceOf", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackDocumentsRoot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd157cc27.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function documentsRoot(uint256 tokenId) view returns(bytes32)
func (receivable *Receivable) PackDocumentsRoot(tokenId *big.Int) []byte {
	enc, err := receivable.abi.Pack("documentsRoot", tokenId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDocumentsRoot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd157cc27.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function documentsRoot(uint256 tokenId) view returns(bytes32)
func (receivable *Receivable) TryPackDocumentsRoot(tokenId *big.Int) ([]byte, error) {
	return receivable.abi.Pack("documentsRoot", tokenId)
}

// UnpackDocumentsRoot is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xd157cc27.
//
// Solidity: function documentsRoot(uint256 tokenId) view returns(bytes32)
func (receivable *Receivable) UnpackDocumentsRoot(data []byte) ([32]byte, error) {
	out, err := receivable.abi.Unpack("documentsRoot", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackReceivableDomain is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x84b0196e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function eip712Domain() view returns(bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)
func (receivable *Receivable) PackReceivableDomain() []byte {
	enc, err := receivable.abi.Pack("eip712Domain")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackReceivableDomain is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x84b0196e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function eip712Domain() view returns(bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)
func (receivable *Receivable) TryPackReceivableDomain() ([]byte, error) {
	return receivable.abi.Pack("eip712Domain")
}

// ReceivableDomainOutput serves as a container for the return parameters of contract
// method ReceivableDomain.
type ReceivableDomainOutput struct {
	Fields            [1]byte
	Name              string
	Version           string
	ChainId           *big.Int
	VerifyingContract common.Address
	Salt              [32]byte
	Extensions        []*big.Int
}

// UnpackReceivableDomain is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x84b0196e.
//
// Solidity: function eip712Domain() view returns(bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)
func (receivable *Receivable) UnpackReceivableDomain(data []byte) (ReceivableDomainOutput, error) {
	out, err := receivable.abi.Unpack("eip712Domain", data)
	outstruct := new(ReceivableDomainOutput)
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

// PackGetApproved is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x081812fc.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function getApproved(uint256 tokenId) view returns(address)
func (receivable *Receivable) PackGetApproved(tokenId *big.Int) []byte {
	enc, err := receivable.abi.Pack("getApproved", tokenId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackGetApproved is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x081812fc.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function getApproved(uint256 tokenId) view returns(address)
func (receivable *Receivable) TryPackGetApproved(tokenId *big.Int) ([]byte, error) {
	return receivable.abi.Pack("getApproved", tokenId)
}

// UnpackGetApproved is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x081812fc.
//
// Solidity: function getApproved(uint256 tokenId) view returns(address)
func (receivable *Receivable) UnpackGetApproved(data []byte) (common.Address, error) {
	out, err := receivable.abi.Unpack("getApproved", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackIsApprovedForAll is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe985e9c5.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function isApprovedForAll(address owner, address operator) view returns(bool)
func (receivable *Receivable) PackIsApprovedForAll(owner common.Address, operator common.Address) []byte {
	enc, err := receivable.abi.Pack("isApprovedForAll", owner, operator)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackIsApprovedForAll is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe985e9c5.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function isApprovedForAll(address owner, address operator) view returns(bool)
func (receivable *Receivable) TryPackIsApprovedForAll(owner common.Address, operator common.Address) ([]byte, error) {
	return receivable.abi.Pack("isApprovedForAll", owner, operator)
}

// UnpackIsApprovedForAll is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xe985e9c5.
//
// Solidity: function isApprovedForAll(address owner, address operator) view returns(bool)
func (receivable *Receivable) UnpackIsApprovedForAll(data []byte) (bool, error) {
	out, err := receivable.abi.Unpack("isApprovedForAll", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackMint is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0c20f5b4.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function mint((bytes32,address,bytes32,uint32,uint128,bytes3,uint64,bytes32) terms, bytes signature) returns(uint256 tokenId)
func (receivable *Receivable) PackMint(terms IReceivableTerms, signature []byte) []byte {
	enc, err := receivable.abi.Pack("mint", terms, signature)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMint is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0c20f5b4.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function mint((bytes32,address,bytes32,uint32,uint128,bytes3,uint64,bytes32) terms, bytes signature) returns(uint256 tokenId)
func (receivable *Receivable) TryPackMint(terms IReceivableTerms, signature []byte) ([]byte, error) {
	return receivable.abi.Pack("mint", terms, signature)
}

// UnpackMint is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x0c20f5b4.
//
// Solidity: function mint((bytes32,address,bytes32,uint32,uint128,bytes3,uint64,bytes32) terms, bytes signature) returns(uint256 tokenId)
func (receivable *Receivable) UnpackMint(data []byte) (*big.Int, error) {
	out, err := receivable.abi.Unpack("mint", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackName is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x06fdde03.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function name() view returns(string)
func (receivable *Receivable) PackName() []byte {
	enc, err := receivable.abi.Pack("name")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackName is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x06fdde03.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function name() view returns(string)
func (receivable *Receivable) TryPackName() ([]byte, error) {
	return receivable.abi.Pack("name")
}

// UnpackName is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x06fdde03.
//
// Solidity: function name() view returns(string)
func (receivable *Receivable) UnpackName(data []byte) (string, error) {
	out, err := receivable.abi.Unpack("name", data)
	if err != nil {
		return *new(string), err
	}
	out0 := *abi.ConvertType(out[0], new(string)).(*string)
	return out0, nil
}

// PackNonces is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x141a468c.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function nonces(uint256 tokenId) view returns(uint256)
func (receivable *Receivable) PackNonces(tokenId *big.Int) []byte {
	enc, err := receivable.abi.Pack("nonces", tokenId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackNonces is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x141a468c.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function nonces(uint256 tokenId) view returns(uint256)
func (receivable *Receivable) TryPackNonces(tokenId *big.Int) ([]byte, error) {
	return receivable.abi.Pack("nonces", tokenId)
}

// UnpackNonces is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x141a468c.
//
// Solidity: function nonces(uint256 tokenId) view returns(uint256)
func (receivable *Receivable) UnpackNonces(data []byte) (*big.Int, error) {
	out, err := receivable.abi.Unpack("nonces", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackOwnerOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6352211e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function ownerOf(uint256 tokenId) view returns(address)
func (receivable *Receivable) PackOwnerOf(tokenId *big.Int) []byte {
	enc, err := receivable.abi.Pack("ownerOf", tokenId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackOwnerOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6352211e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function ownerOf(uint256 tokenId) view returns(address)
func (receivable *Receivable) TryPackOwnerOf(tokenId *big.Int) ([]byte, error) {
	return receivable.abi.Pack("ownerOf", tokenId)
}

// UnpackOwnerOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x6352211e.
//
// Solidity: function ownerOf(uint256 tokenId) view returns(address)
func (receivable *Receivable) UnpackOwnerOf(data []byte) (common.Address, error) {
	out, err := receivable.abi.Unpack("ownerOf", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackPermit is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x745a41bc.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function permit(address spender, uint256 tokenId, uint256 deadline, bytes signature) returns()
func (receivable *Receivable) PackPermit(spender common.Address, tokenId *big.Int, deadline *big.Int, signature []byte) []byte {
	enc, err := receivable.abi.Pack("permit", spender, tokenId, deadline, signature)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPermit is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x745a41bc.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function permit(address spender, uint256 tokenId, uint256 deadline, bytes signature) returns()
func (receivable *Receivable) TryPackPermit(spender common.Address, tokenId *big.Int, deadline *big.Int, signature []byte) ([]byte, error) {
	return receivable.abi.Pack("permit", spender, tokenId, deadline, signature)
}

// PackSafeTransferFrom is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x42842e0e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function safeTransferFrom(address from, address to, uint256 tokenId) returns()
func (receivable *Receivable) PackSafeTransferFrom(from common.Address, to common.Address, tokenId *big.Int) []byte {
	enc, err := receivable.abi.Pack("safeTransferFrom", from, to, tokenId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSafeTransferFrom is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x42842e0e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function safeTransferFrom(address from, address to, uint256 tokenId) returns()
func (receivable *Receivable) TryPackSafeTransferFrom(from common.Address, to common.Address, tokenId *big.Int) ([]byte, error) {
	return receivable.abi.Pack("safeTransferFrom", from, to, tokenId)
}

// PackSafeTransferFrom0 is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb88d4fde.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function safeTransferFrom(address from, address to, uint256 tokenId, bytes data) returns()
func (receivable *Receivable) PackSafeTransferFrom0(from common.Address, to common.Address, tokenId *big.Int, data []byte) []byte {
	enc, err := receivable.abi.Pack("safeTransferFrom0", from, to, tokenId, data)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSafeTransferFrom0 is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb88d4fde.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function safeTransferFrom(address from, address to, uint256 tokenId, bytes data) returns()
func (receivable *Receivable) TryPackSafeTransferFrom0(from common.Address, to common.Address, tokenId *big.Int, data []byte) ([]byte, error) {
	return receivable.abi.Pack("safeTransferFrom0", from, to, tokenId, data)
}

// PackSetApprovalForAll is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa22cb465.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function setApprovalForAll(address operator, bool approved) returns()
func (receivable *Receivable) PackSetApprovalForAll(operator common.Address, approved bool) []byte {
	enc, err := receivable.abi.Pack("setApprovalForAll", operator, approved)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSetApprovalForAll is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa22cb465.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function setApprovalForAll(address operator, bool approved) returns()
func (receivable *Receivable) TryPackSetApprovalForAll(operator common.Address, approved bool) ([]byte, error) {
	return receivable.abi.Pack("setApprovalForAll", operator, approved)
}

// PackSupportsInterface is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x01ffc9a7.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function supportsInterface(bytes4 id) view returns(bool)
func (receivable *Receivable) PackSupportsInterface(id [4]byte) []byte {
	enc, err := receivable.abi.Pack("supportsInterface", id)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSupportsInterface is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x01ffc9a7.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function supportsInterface(bytes4 id) view returns(bool)
func (receivable *Receivable) TryPackSupportsInterface(id [4]byte) ([]byte, error) {
	return receivable.abi.Pack("supportsInterface", id)
}

// UnpackSupportsInterface is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x01ffc9a7.
//
// Solidity: function supportsInterface(bytes4 id) view returns(bool)
func (receivable *Receivable) UnpackSupportsInterface(data []byte) (bool, error) {
	out, err := receivable.abi.Unpack("supportsInterface", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackSymbol is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x95d89b41.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function symbol() view returns(string)
func (receivable *Receivable) PackSymbol() []byte {
	enc, err := receivable.abi.Pack("symbol")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSymbol is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x95d89b41.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function symbol() view returns(string)
func (receivable *Receivable) TryPackSymbol() ([]byte, error) {
	return receivable.abi.Pack("symbol")
}

// UnpackSymbol is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x95d89b41.
//
// Solidity: function symbol() view returns(string)
func (receivable *Receivable) UnpackSymbol(data []byte) (string, error) {
	out, err := receivable.abi.Unpack("symbol", data)
	if err != nil {
		return *new(string), err
	}
	out0 := *abi.ConvertType(out[0], new(string)).(*string)
	return out0, nil
}

// PackTokenIdOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x96fc7201.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function tokenIdOf((bytes32,address,bytes32,uint32,uint128,bytes3,uint64,bytes32) terms) pure returns(uint256)
func (receivable *Receivable) PackTokenIdOf(terms IReceivableTerms) []byte {
	enc, err := receivable.abi.Pack("tokenIdOf", terms)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTokenIdOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x96fc7201.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function tokenIdOf((bytes32,address,bytes32,uint32,uint128,bytes3,uint64,bytes32) terms) pure returns(uint256)
func (receivable *Receivable) TryPackTokenIdOf(terms IReceivableTerms) ([]byte, error) {
	return receivable.abi.Pack("tokenIdOf", terms)
}

// UnpackTokenIdOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x96fc7201.
//
// Solidity: function tokenIdOf((bytes32,address,bytes32,uint32,uint128,bytes3,uint64,bytes32) terms) pure returns(uint256)
func (receivable *Receivable) UnpackTokenIdOf(data []byte) (*big.Int, error) {
	out, err := receivable.abi.Unpack("tokenIdOf", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackTokenURI is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc87b56dd.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function tokenURI(uint256 tokenId) view returns(string)
func (receivable *Receivable) PackTokenURI(tokenId *big.Int) []byte {
	enc, err := receivable.abi.Pack("tokenURI", tokenId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTokenURI is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc87b56dd.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function tokenURI(uint256 tokenId) view returns(string)
func (receivable *Receivable) TryPackTokenURI(tokenId *big.Int) ([]byte, error) {
	return receivable.abi.Pack("tokenURI", tokenId)
}

// UnpackTokenURI is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xc87b56dd.
//
// Solidity: function tokenURI(uint256 tokenId) view returns(string)
func (receivable *Receivable) UnpackTokenURI(data []byte) (string, error) {
	out, err := receivable.abi.Unpack("tokenURI", data)
	if err != nil {
		return *new(string), err
	}
	out0 := *abi.ConvertType(out[0], new(string)).(*string)
	return out0, nil
}

// PackTransferFrom is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x23b872dd.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function transferFrom(address from, address to, uint256 tokenId) returns()
func (receivable *Receivable) PackTransferFrom(from common.Address, to common.Address, tokenId *big.Int) []byte {
	enc, err := receivable.abi.Pack("transferFrom", from, to, tokenId)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTransferFrom is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x23b872dd.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function transferFrom(address from, address to, uint256 tokenId) returns()
func (receivable *Receivable) TryPackTransferFrom(from common.Address, to common.Address, tokenId *big.Int) ([]byte, error) {
	return receivable.abi.Pack("transferFrom", from, to, tokenId)
}

// ReceivableApproval represents a Approval event raised by the Receivable contract.
type ReceivableApproval struct {
	Owner    common.Address
	Approved common.Address
	TokenId  *big.Int
	Raw      *types.Log // Blockchain specific contextual infos
}

const ReceivableApprovalEventName = "Approval"

// ContractEventName returns the user-defined event name.
func (ReceivableApproval) ContractEventName() string {
	return ReceivableApprovalEventName
}

// UnpackApprovalEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Approval(address indexed owner, address indexed approved, uint256 indexed tokenId)
func (receivable *Receivable) UnpackApprovalEvent(log *types.Log) (*ReceivableApproval, error) {
	event := "Approval"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != receivable.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(ReceivableApproval)
	if len(log.Data) > 0 {
		if err := receivable.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range receivable.abi.Events[event].Inputs {
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

// ReceivableApprovalForAll represents a ApprovalForAll event raised by the Receivable contract.
type ReceivableApprovalForAll struct {
	Owner    common.Address
	Operator common.Address
	Approved bool
	Raw      *types.Log // Blockchain specific contextual infos
}

const ReceivableApprovalForAllEventName = "ApprovalForAll"

// ContractEventName returns the user-defined event name.
func (ReceivableApprovalForAll) ContractEventName() string {
	return ReceivableApprovalForAllEventName
}

// UnpackApprovalForAllEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event ApprovalForAll(address indexed owner, address indexed operator, bool approved)
func (receivable *Receivable) UnpackApprovalForAllEvent(log *types.Log) (*ReceivableApprovalForAll, error) {
	event := "ApprovalForAll"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != receivable.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(ReceivableApprovalForAll)
	if len(log.Data) > 0 {
		if err := receivable.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range receivable.abi.Events[event].Inputs {
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

// ReceivableBatchMetadataUpdate represents a BatchMetadataUpdate event raised by the Receivable contract.
type ReceivableBatchMetadataUpdate struct {
	FromTokenId *big.Int
	ToTokenId   *big.Int
	Raw         *types.Log // Blockchain specific contextual infos
}

const ReceivableBatchMetadataUpdateEventName = "BatchMetadataUpdate"

// ContractEventName returns the user-defined event name.
func (ReceivableBatchMetadataUpdate) ContractEventName() string {
	return ReceivableBatchMetadataUpdateEventName
}

// UnpackBatchMetadataUpdateEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event BatchMetadataUpdate(uint256 _fromTokenId, uint256 _toTokenId)
func (receivable *Receivable) UnpackBatchMetadataUpdateEvent(log *types.Log) (*ReceivableBatchMetadataUpdate, error) {
	event := "BatchMetadataUpdate"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != receivable.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(ReceivableBatchMetadataUpdate)
	if len(log.Data) > 0 {
		if err := receivable.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range receivable.abi.Events[event].Inputs {
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

// ReceivableDocumentsAppended represents a DocumentsAppended event raised by the Receivable contract.
type ReceivableDocumentsAppended struct {
	TokenId *big.Int
	OldRoot [32]byte
	NewRoot [32]byte
	Count   uint32
	Raw     *types.Log // Blockchain specific contextual infos
}

const ReceivableDocumentsAppendedEventName = "DocumentsAppended"

// ContractEventName returns the user-defined event name.
func (ReceivableDocumentsAppended) ContractEventName() string {
	return ReceivableDocumentsAppendedEventName
}

// UnpackDocumentsAppendedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event DocumentsAppended(uint256 indexed tokenId, bytes32 oldRoot, bytes32 newRoot, uint32 count)
func (receivable *Receivable) UnpackDocumentsAppendedEvent(log *types.Log) (*ReceivableDocumentsAppended, error) {
	event := "DocumentsAppended"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != receivable.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(ReceivableDocumentsAppended)
	if len(log.Data) > 0 {
		if err := receivable.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range receivable.abi.Events[event].Inputs {
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

// ReceivableEIP712DomainChanged represents a EIP712DomainChanged event raised by the Receivable contract.
type ReceivableEIP712DomainChanged struct {
	Raw *types.Log // Blockchain specific contextual infos
}

const ReceivableEIP712DomainChangedEventName = "EIP712DomainChanged"

// ContractEventName returns the user-defined event name.
func (ReceivableEIP712DomainChanged) ContractEventName() string {
	return ReceivableEIP712DomainChangedEventName
}

// UnpackEIP712DomainChangedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event EIP712DomainChanged()
func (receivable *Receivable) UnpackEIP712DomainChangedEvent(log *types.Log) (*ReceivableEIP712DomainChanged, error) {
	event := "EIP712DomainChanged"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != receivable.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(ReceivableEIP712DomainChanged)
	if len(log.Data) > 0 {
		if err := receivable.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range receivable.abi.Events[event].Inputs {
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

// ReceivableMetadataUpdate represents a MetadataUpdate event raised by the Receivable contract.
type ReceivableMetadataUpdate struct {
	TokenId *big.Int
	Raw     *types.Log // Blockchain specific contextual infos
}

const ReceivableMetadataUpdateEventName = "MetadataUpdate"

// ContractEventName returns the user-defined event name.
func (ReceivableMetadataUpdate) ContractEventName() string {
	return ReceivableMetadataUpdateEventName
}

// UnpackMetadataUpdateEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event MetadataUpdate(uint256 _tokenId)
func (receivable *Receivable) UnpackMetadataUpdateEvent(log *types.Log) (*ReceivableMetadataUpdate, error) {
	event := "MetadataUpdate"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != receivable.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(ReceivableMetadataUpdate)
	if len(log.Data) > 0 {
		if err := receivable.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range receivable.abi.Events[event].Inputs {
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

// ReceivableMinted represents a Minted event raised by the Receivable contract.
type ReceivableMinted struct {
	TokenId *big.Int
	Deal    [32]byte
	Root    [32]byte
	Count   uint32
	Raw     *types.Log // Blockchain specific contextual infos
}

const ReceivableMintedEventName = "Minted"

// ContractEventName returns the user-defined event name.
func (ReceivableMinted) ContractEventName() string {
	return ReceivableMintedEventName
}

// UnpackMintedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Minted(uint256 indexed tokenId, bytes32 indexed deal, bytes32 root, uint32 count)
func (receivable *Receivable) UnpackMintedEvent(log *types.Log) (*ReceivableMinted, error) {
	event := "Minted"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != receivable.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(ReceivableMinted)
	if len(log.Data) > 0 {
		if err := receivable.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range receivable.abi.Events[event].Inputs {
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

// ReceivableTransfer represents a Transfer event raised by the Receivable contract.
type ReceivableTransfer struct {
	From    common.Address
	To      common.Address
	TokenId *big.Int
	Raw     *types.Log // Blockchain specific contextual infos
}

const ReceivableTransferEventName = "Transfer"

// ContractEventName returns the user-defined event name.
func (ReceivableTransfer) ContractEventName() string {
	return ReceivableTransferEventName
}

// UnpackTransferEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)
func (receivable *Receivable) UnpackTransferEvent(log *types.Log) (*ReceivableTransfer, error) {
	event := "Transfer"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != receivable.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(ReceivableTransfer)
	if len(log.Data) > 0 {
		if err := receivable.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range receivable.abi.Events[event].Inputs {
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
func (receivable *Receivable) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], receivable.abi.Errors["AlreadyAppended"].ID.Bytes()[:4]) {
		return receivable.UnpackAlreadyAppendedError(raw[4:])
	}
	if bytes.Equal(raw[:4], receivable.abi.Errors["AlreadyMinted"].ID.Bytes()[:4]) {
		return receivable.UnpackAlreadyMintedError(raw[4:])
	}
	if bytes.Equal(raw[:4], receivable.abi.Errors["ERC721IncorrectOwner"].ID.Bytes()[:4]) {
		return receivable.UnpackERC721IncorrectOwnerError(raw[4:])
	}
	if bytes.Equal(raw[:4], receivable.abi.Errors["ERC721InsufficientApproval"].ID.Bytes()[:4]) {
		return receivable.UnpackERC721InsufficientApprovalError(raw[4:])
	}
	if bytes.Equal(raw[:4], receivable.abi.Errors["ERC721InvalidApprover"].ID.Bytes()[:4]) {
		return receivable.UnpackERC721InvalidApproverError(raw[4:])
	}
	if bytes.Equal(raw[:4], receivable.abi.Errors["ERC721InvalidOperator"].ID.Bytes()[:4]) {
		return receivable.UnpackERC721InvalidOperatorError(raw[4:])
	}
	if bytes.Equal(raw[:4], receivable.abi.Errors["ERC721InvalidOwner"].ID.Bytes()[:4]) {
		return receivable.UnpackERC721InvalidOwnerError(raw[4:])
	}
	if bytes.Equal(raw[:4], receivable.abi.Errors["ERC721InvalidReceiver"].ID.Bytes()[:4]) {
		return receivable.UnpackERC721InvalidReceiverError(raw[4:])
	}
	if bytes.Equal(raw[:4], receivable.abi.Errors["ERC721InvalidSender"].ID.Bytes()[:4]) {
		return receivable.UnpackERC721InvalidSenderError(raw[4:])
	}
	if bytes.Equal(raw[:4], receivable.abi.Errors["ERC721NonexistentToken"].ID.Bytes()[:4]) {
		return receivable.UnpackERC721NonexistentTokenError(raw[4:])
	}
	if bytes.Equal(raw[:4], receivable.abi.Errors["EmptyDocuments"].ID.Bytes()[:4]) {
		return receivable.UnpackEmptyDocumentsError(raw[4:])
	}
	if bytes.Equal(raw[:4], receivable.abi.Errors["InvalidShortString"].ID.Bytes()[:4]) {
		return receivable.UnpackInvalidShortStringError(raw[4:])
	}
	if bytes.Equal(raw[:4], receivable.abi.Errors["InvalidSignature"].ID.Bytes()[:4]) {
		return receivable.UnpackInvalidSignatureError(raw[4:])
	}
	if bytes.Equal(raw[:4], receivable.abi.Errors["PermitExpired"].ID.Bytes()[:4]) {
		return receivable.UnpackPermitExpiredError(raw[4:])
	}
	if bytes.Equal(raw[:4], receivable.abi.Errors["StaleRoot"].ID.Bytes()[:4]) {
		return receivable.UnpackStaleRootError(raw[4:])
	}
	if bytes.Equal(raw[:4], receivable.abi.Errors["StringTooLong"].ID.Bytes()[:4]) {
		return receivable.UnpackStringTooLongError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// ReceivableAlreadyAppended represents a AlreadyAppended error raised by the Receivable contract.
type ReceivableAlreadyAppended struct {
	TokenId *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error AlreadyAppended(uint256 tokenId)
func ReceivableAlreadyAppendedErrorID() common.Hash {
	return common.HexToHash("0xa8f93d86dbcc99dddb12c42af2960130cf6c4cf831bc971027c70b2e28ab6ca8")
}

// UnpackAlreadyAppendedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error AlreadyAppended(uint256 tokenId)
func (receivable *Receivable) UnpackAlreadyAppendedError(raw []byte) (*ReceivableAlreadyAppended, error) {
	out := new(ReceivableAlreadyAppended)
	if err := receivable.abi.UnpackIntoInterface(out, "AlreadyAppended", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ReceivableAlreadyMinted represents a AlreadyMinted error raised by the Receivable contract.
type ReceivableAlreadyMinted struct {
	TokenId *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error AlreadyMinted(uint256 tokenId)
func ReceivableAlreadyMintedErrorID() common.Hash {
	return common.HexToHash("0xa593dbf81d5995447668c0b7480dccd1e705a509bfa85d2e5a5bdc84be9f462e")
}

// UnpackAlreadyMintedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error AlreadyMinted(uint256 tokenId)
func (receivable *Receivable) UnpackAlreadyMintedError(raw []byte) (*ReceivableAlreadyMinted, error) {
	out := new(ReceivableAlreadyMinted)
	if err := receivable.abi.UnpackIntoInterface(out, "AlreadyMinted", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ReceivableERC721IncorrectOwner represents a ERC721IncorrectOwner error raised by the Receivable contract.
type ReceivableERC721IncorrectOwner struct {
	Sender  common.Address
	TokenId *big.Int
	Owner   common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC721IncorrectOwner(address sender, uint256 tokenId, address owner)
func ReceivableERC721IncorrectOwnerErrorID() common.Hash {
	return common.HexToHash("0x64283d7b313c8117c125f736876fa2b4e90ea3831a4716dfdb87d2f540e26289")
}

// UnpackERC721IncorrectOwnerError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC721IncorrectOwner(address sender, uint256 tokenId, address owner)
func (receivable *Receivable) UnpackERC721IncorrectOwnerError(raw []byte) (*ReceivableERC721IncorrectOwner, error) {
	out := new(ReceivableERC721IncorrectOwner)
	if err := receivable.abi.UnpackIntoInterface(out, "ERC721IncorrectOwner", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ReceivableERC721InsufficientApproval represents a ERC721InsufficientApproval error raised by the Receivable contract.
type ReceivableERC721InsufficientApproval struct {
	Operator common.Address
	TokenId  *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC721InsufficientApproval(address operator, uint256 tokenId)
func ReceivableERC721InsufficientApprovalErrorID() common.Hash {
	return common.HexToHash("0x177e802f6f313bc89797ecace66d6d29ab4719cbaaacbb87367264048b1eb861")
}

// UnpackERC721InsufficientApprovalError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC721InsufficientApproval(address operator, uint256 tokenId)
func (receivable *Receivable) UnpackERC721InsufficientApprovalError(raw []byte) (*ReceivableERC721InsufficientApproval, error) {
	out := new(ReceivableERC721InsufficientApproval)
	if err := receivable.abi.UnpackIntoInterface(out, "ERC721InsufficientApproval", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ReceivableERC721InvalidApprover represents a ERC721InvalidApprover error raised by the Receivable contract.
type ReceivableERC721InvalidApprover struct {
	Approver common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC721InvalidApprover(address approver)
func ReceivableERC721InvalidApproverErrorID() common.Hash {
	return common.HexToHash("0xa9fbf51f86b8e03595d59dc726bb10c329bb24f62589be276d8dd193ca0b69ea")
}

// UnpackERC721InvalidApproverError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC721InvalidApprover(address approver)
func (receivable *Receivable) UnpackERC721InvalidApproverError(raw []byte) (*ReceivableERC721InvalidApprover, error) {
	out := new(ReceivableERC721InvalidApprover)
	if err := receivable.abi.UnpackIntoInterface(out, "ERC721InvalidApprover", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ReceivableERC721InvalidOperator represents a ERC721InvalidOperator error raised by the Receivable contract.
type ReceivableERC721InvalidOperator struct {
	Operator common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC721InvalidOperator(address operator)
func ReceivableERC721InvalidOperatorErrorID() common.Hash {
	return common.HexToHash("0x5b08ba185e8f577075361f3a3555a6580a227ce22734dcc979c1aeadf894658b")
}

// UnpackERC721InvalidOperatorError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC721InvalidOperator(address operator)
func (receivable *Receivable) UnpackERC721InvalidOperatorError(raw []byte) (*ReceivableERC721InvalidOperator, error) {
	out := new(ReceivableERC721InvalidOperator)
	if err := receivable.abi.UnpackIntoInterface(out, "ERC721InvalidOperator", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ReceivableERC721InvalidOwner represents a ERC721InvalidOwner error raised by the Receivable contract.
type ReceivableERC721InvalidOwner struct {
	Owner common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC721InvalidOwner(address owner)
func ReceivableERC721InvalidOwnerErrorID() common.Hash {
	return common.HexToHash("0x89c62b6479af2e623826dcc39c5133061d35b66d72de92833401dd2fd6567480")
}

// UnpackERC721InvalidOwnerError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC721InvalidOwner(address owner)
func (receivable *Receivable) UnpackERC721InvalidOwnerError(raw []byte) (*ReceivableERC721InvalidOwner, error) {
	out := new(ReceivableERC721InvalidOwner)
	if err := receivable.abi.UnpackIntoInterface(out, "ERC721InvalidOwner", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ReceivableERC721InvalidReceiver represents a ERC721InvalidReceiver error raised by the Receivable contract.
type ReceivableERC721InvalidReceiver struct {
	Receiver common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC721InvalidReceiver(address receiver)
func ReceivableERC721InvalidReceiverErrorID() common.Hash {
	return common.HexToHash("0x64a0ae9278f805eaf991dcd18ca78756d280b7508b764ef1b255c55845c11df9")
}

// UnpackERC721InvalidReceiverError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC721InvalidReceiver(address receiver)
func (receivable *Receivable) UnpackERC721InvalidReceiverError(raw []byte) (*ReceivableERC721InvalidReceiver, error) {
	out := new(ReceivableERC721InvalidReceiver)
	if err := receivable.abi.UnpackIntoInterface(out, "ERC721InvalidReceiver", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ReceivableERC721InvalidSender represents a ERC721InvalidSender error raised by the Receivable contract.
type ReceivableERC721InvalidSender struct {
	Sender common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC721InvalidSender(address sender)
func ReceivableERC721InvalidSenderErrorID() common.Hash {
	return common.HexToHash("0x73c6ac6e10798e95d99e1f130d923eb40193ecb8d094ec3dce93292564eb3b17")
}

// UnpackERC721InvalidSenderError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC721InvalidSender(address sender)
func (receivable *Receivable) UnpackERC721InvalidSenderError(raw []byte) (*ReceivableERC721InvalidSender, error) {
	out := new(ReceivableERC721InvalidSender)
	if err := receivable.abi.UnpackIntoInterface(out, "ERC721InvalidSender", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ReceivableERC721NonexistentToken represents a ERC721NonexistentToken error raised by the Receivable contract.
type ReceivableERC721NonexistentToken struct {
	TokenId *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC721NonexistentToken(uint256 tokenId)
func ReceivableERC721NonexistentTokenErrorID() common.Hash {
	return common.HexToHash("0x7e273289a3a9ef6670f06df7dca227856fc925e956db96980692764a8bc734d7")
}

// UnpackERC721NonexistentTokenError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC721NonexistentToken(uint256 tokenId)
func (receivable *Receivable) UnpackERC721NonexistentTokenError(raw []byte) (*ReceivableERC721NonexistentToken, error) {
	out := new(ReceivableERC721NonexistentToken)
	if err := receivable.abi.UnpackIntoInterface(out, "ERC721NonexistentToken", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ReceivableEmptyDocuments represents a EmptyDocuments error raised by the Receivable contract.
type ReceivableEmptyDocuments struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error EmptyDocuments()
func ReceivableEmptyDocumentsErrorID() common.Hash {
	return common.HexToHash("0xceb466f0a593975796e8d946156250b7f342dba83f3a02018f984c875ff0097a")
}

// UnpackEmptyDocumentsError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error EmptyDocuments()
func (receivable *Receivable) UnpackEmptyDocumentsError(raw []byte) (*ReceivableEmptyDocuments, error) {
	out := new(ReceivableEmptyDocuments)
	if err := receivable.abi.UnpackIntoInterface(out, "EmptyDocuments", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ReceivableInvalidShortString represents a InvalidShortString error raised by the Receivable contract.
type ReceivableInvalidShortString struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error InvalidShortString()
func ReceivableInvalidShortStringErrorID() common.Hash {
	return common.HexToHash("0xb3512b0c6163e5f0bafab72bb631b9d58cd7a731b082f910338aa21c83d5c274")
}

// UnpackInvalidShortStringError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error InvalidShortString()
func (receivable *Receivable) UnpackInvalidShortStringError(raw []byte) (*ReceivableInvalidShortString, error) {
	out := new(ReceivableInvalidShortString)
	if err := receivable.abi.UnpackIntoInterface(out, "InvalidShortString", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ReceivableInvalidSignature represents a InvalidSignature error raised by the Receivable contract.
type ReceivableInvalidSignature struct {
	Signer common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error InvalidSignature(address signer)
func ReceivableInvalidSignatureErrorID() common.Hash {
	return common.HexToHash("0xd855c4f4d7a9aef9d1b6f49c25339cf5cd471e30830c8071f7b5024985e5abcd")
}

// UnpackInvalidSignatureError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error InvalidSignature(address signer)
func (receivable *Receivable) UnpackInvalidSignatureError(raw []byte) (*ReceivableInvalidSignature, error) {
	out := new(ReceivableInvalidSignature)
	if err := receivable.abi.UnpackIntoInterface(out, "InvalidSignature", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ReceivablePermitExpired represents a PermitExpired error raised by the Receivable contract.
type ReceivablePermitExpired struct {
	Deadline *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error PermitExpired(uint256 deadline)
func ReceivablePermitExpiredErrorID() common.Hash {
	return common.HexToHash("0x9e96b26fa430cdb94aa7d06991102a0577730e9f5f52f05b4f010c56a086c2ad")
}

// UnpackPermitExpiredError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error PermitExpired(uint256 deadline)
func (receivable *Receivable) UnpackPermitExpiredError(raw []byte) (*ReceivablePermitExpired, error) {
	out := new(ReceivablePermitExpired)
	if err := receivable.abi.UnpackIntoInterface(out, "PermitExpired", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ReceivableStaleRoot represents a StaleRoot error raised by the Receivable contract.
type ReceivableStaleRoot struct {
	TokenId  *big.Int
	Expected [32]byte
	Actual   [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error StaleRoot(uint256 tokenId, bytes32 expected, bytes32 actual)
func ReceivableStaleRootErrorID() common.Hash {
	return common.HexToHash("0xdf0b4825b8fe58dec59712c7ded85bbd0418dccc3fdbfaf46b05710e789aed73")
}

// UnpackStaleRootError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error StaleRoot(uint256 tokenId, bytes32 expected, bytes32 actual)
func (receivable *Receivable) UnpackStaleRootError(raw []byte) (*ReceivableStaleRoot, error) {
	out := new(ReceivableStaleRoot)
	if err := receivable.abi.UnpackIntoInterface(out, "StaleRoot", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// ReceivableStringTooLong represents a StringTooLong error raised by the Receivable contract.
type ReceivableStringTooLong struct {
	Str string
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error StringTooLong(string str)
func ReceivableStringTooLongErrorID() common.Hash {
	return common.HexToHash("0x305a27a93f8e33b7392df0a0f91d6fc63847395853c45991eec52dbf24d72381")
}

// UnpackStringTooLongError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error StringTooLong(string str)
func (receivable *Receivable) UnpackStringTooLongError(raw []byte) (*ReceivableStringTooLong, error) {
	out := new(ReceivableStringTooLong)
	if err := receivable.abi.UnpackIntoInterface(out, "StringTooLong", raw); err != nil {
		return nil, err
	}
	return out, nil
}
