// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {TestDollar} from "../src/dev/TestDollar.sol";
import {Escrow} from "../src/Escrow.sol";
import {IEscrow} from "../src/interfaces/IEscrow.sol";
import {IReceivable} from "../src/interfaces/IReceivable.sol";
import {Receivable} from "../src/Receivable.sol";
import {Test} from "./Cheats.sol";

/// @title The parties, the contracts, and how the parties sign
/// @dev Hashes are built by Foundry's EIP-712 encoder from the type strings, not by the contracts under test.
abstract contract Fixture is Test {
    string internal constant DOMAIN_TYPE =
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";
    string internal constant CLAIM_TYPE =
        "Terms(bytes32 deal,address creditor,bytes32 root,uint32 count,uint128 faceAmount,bytes3 currency,uint64 dueDate,bytes32 salt)";
    string internal constant TERMS_TYPE =
        "Terms(bytes32 deal,address seller,address buyer,address receivable,uint256 tokenId,address currency,uint256 price,bytes32 digest,uint64 fundBy,uint64 settleBy,address arbiter,uint64 arbiterBy)";

    struct Domain {
        string name;
        string version;
        uint256 chainId;
        address verifyingContract;
    }

    uint256 internal constant SELLER_KEY = 0x5e11e4;
    uint256 internal constant BUYER_KEY = 0xb4e4;
    uint256 internal constant STRANGER_KEY = 0x57a4;
    uint256 internal constant START = 1_790_000_000;
    uint256 internal constant PRICE = 93_250_000_000;

    address internal seller = vm.addr(SELLER_KEY);
    address internal buyer = vm.addr(BUYER_KEY);
    address internal stranger = vm.addr(STRANGER_KEY);
    address internal arbiter = address(0xa4b17e4);
    address internal guardian = address(0x90a4d);

    Receivable internal receivable;
    TestDollar internal dollar;
    Escrow internal escrow;

    function setUp() public virtual {
        vm.warp(START);
        receivable = newReceivable();
        dollar = TestDollar(create(artifact("TestDollar"), ""));
        escrow = newEscrow(address(dollar));
    }

    function newEscrow(address currency) internal returns (Escrow) {
        address[] memory receivables = new address[](1);
        address[] memory currencies = new address[](1);
        (receivables[0], currencies[0]) = (address(receivable), currency);
        return Escrow(create(artifact("Escrow"), abi.encode(receivables, currencies, guardian)));
    }

    function newReceivable() internal returns (Receivable) {
        return Receivable(create(artifact("Receivable"), ""));
    }

    /// @dev A claim of `creditor`; another `salt` is another claim.
    function claim(address creditor, uint256 salt) internal pure returns (IReceivable.Terms memory) {
        return IReceivable.Terms({
            deal: keccak256("deal"),
            creditor: creditor,
            root: keccak256(abi.encode("root", salt)),
            count: 8,
            faceAmount: 9_800_000,
            currency: "EUR",
            dueDate: uint64(START + 90 days),
            salt: keccak256(abi.encode("salt", salt))
        });
    }

    /// @dev Mints claim `salt` to the seller, by the seller.
    function mintToken(uint256 salt) internal returns (uint256 tokenId) {
        vm.prank(seller);
        tokenId = receivable.mint(claim(seller, salt), "");
    }

    /// @dev Terms for a token, with an arbiter; open for a day, settled in three, resolved in ten.
    function termsFor(uint256 tokenId) internal view returns (IEscrow.Terms memory) {
        return IEscrow.Terms({
            deal: keccak256("deal"),
            seller: seller,
            buyer: buyer,
            receivable: address(receivable),
            tokenId: tokenId,
            currency: address(dollar),
            price: PRICE,
            digest: keccak256("plan, pack, perimeter"),
            fundBy: uint64(START + 1 days),
            settleBy: uint64(START + 3 days),
            arbiter: arbiter,
            arbiterBy: uint64(START + 10 days)
        });
    }

    function idOf(IEscrow.Terms memory terms) internal pure returns (bytes32) {
        return vm.eip712HashStruct(TERMS_TYPE, abi.encode(terms));
    }

    function idOf(IReceivable.Terms memory terms) internal pure returns (uint256) {
        return uint256(vm.eip712HashStruct(CLAIM_TYPE, abi.encode(terms)));
    }

    /// @dev Signs `structHash` in the domain `verifier` reports by ERC-5267.
    function sign(uint256 key, address verifier, bytes32 structHash) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest(verifier, structHash));
        return abi.encodePacked(r, s, v);
    }

    function digest(address verifier, bytes32 structHash) internal view returns (bytes32) {
        (, string memory name, string memory version, uint256 chain, address contract_,,) =
            IERC5267(verifier).eip712Domain();
        bytes32 domain = vm.eip712HashStruct(DOMAIN_TYPE, abi.encode(Domain(name, version, chain, contract_)));
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function signTerms(uint256 key, IEscrow.Terms memory terms) internal view returns (bytes memory) {
        return sign(key, address(escrow), idOf(terms));
    }

    function signReceipt(uint256 key, bytes32 id, bytes32 documents) internal view returns (bytes memory) {
        bytes32 hash = vm.eip712HashStruct("Receipt(bytes32 id,bytes32 documents)", abi.encode(id, documents));
        return sign(key, address(escrow), hash);
    }

    function signUnwind(uint256 key, bytes32 id) internal view returns (bytes memory) {
        return sign(key, address(escrow), vm.eip712HashStruct("Unwind(bytes32 id)", abi.encode(id)));
    }

    function signDispute(uint256 key, bytes32 id) internal view returns (bytes memory) {
        return sign(key, address(escrow), vm.eip712HashStruct("Dispute(bytes32 id)", abi.encode(id)));
    }

    /// @dev A token permit of the key for the escrow, at the token's present nonce.
    function signTokenPermit(uint256 key, uint256 tokenId, uint256 deadline)
        internal
        view
        returns (bytes memory)
    {
        bytes32 hash = vm.eip712HashStruct(
            "Permit(address spender,uint256 tokenId,uint256 nonce,uint256 deadline)",
            abi.encode(address(escrow), tokenId, receivable.nonces(tokenId), deadline)
        );
        return sign(key, address(receivable), hash);
    }

    /// @dev An EIP-2612 permit of the key for `amount` to the escrow.
    function signMoneyPermit(uint256 key, uint256 amount, uint256 deadline)
        internal
        view
        returns (uint8 v, bytes32 r, bytes32 s)
    {
        bytes32 hash = vm.eip712HashStruct(
            "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)",
            abi.encode(vm.addr(key), address(escrow), amount, dollar.nonces(vm.addr(key)), deadline)
        );
        return vm.sign(key, digest(address(dollar), hash));
    }

    /// @dev Mints claim `salt`, approves, and opens on both signatures, sent by a stranger.
    function opened(uint256 salt) internal returns (IEscrow.Terms memory terms, bytes32 id) {
        terms = termsFor(mintToken(salt));
        bytes memory sellerSig = signTerms(SELLER_KEY, terms);
        bytes memory buyerSig = signTerms(BUYER_KEY, terms);
        vm.prank(seller);
        receivable.approve(address(escrow), terms.tokenId);
        vm.prank(stranger);
        id = escrow.open(terms, sellerSig, buyerSig, 0, "");
    }

    /// @dev As `opened`, and the buyer has paid.
    function funded(uint256 salt) internal returns (IEscrow.Terms memory terms, bytes32 id) {
        (terms, id) = opened(salt);
        dollar.mint(buyer, terms.price);
        vm.prank(buyer);
        dollar.approve(address(escrow), terms.price);
        vm.prank(stranger);
        escrow.fund(terms, 0, 0, 0, 0);
    }

    /// @dev As `funded`, and the buyer has asked for the arbiter.
    function disputed(uint256 salt) internal returns (IEscrow.Terms memory terms, bytes32 id) {
        (terms, id) = funded(salt);
        vm.prank(buyer);
        escrow.dispute(terms, "");
    }

    /// @dev The next call reverts with exactly this error.
    function expectError(bytes4 selector, bytes32 id) internal {
        vm.expectRevert(abi.encodeWithSelector(selector, id));
    }

    function assertStatus(bytes32 id, IEscrow.Status want) internal view {
        vm.assertEq(uint256(escrow.status(id)), uint256(want));
    }
}
