// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {IERC4494} from "../src/interfaces/IERC4494.sol";
import {IReceivable} from "../src/interfaces/IReceivable.sol";
import {Fixture} from "./Fixture.sol";
import {MuteCode, Wallet} from "./mocks/Wallets.sol";

contract ReceivableTest is Fixture {
    bytes32 private constant NEW_ROOT = keccak256("new root");

    function test_Mint_BySender() public {
        IReceivable.Terms memory terms = claim(seller, 1);
        uint256 id = idOf(terms);
        vm.expectEmit(address(receivable));
        emit IERC721.Transfer(address(0), seller, id);
        vm.expectEmit(address(receivable));
        emit IReceivable.Minted(id, terms.deal, terms.root, terms.count);
        vm.prank(seller);
        vm.assertEq(receivable.mint(terms, ""), id);
        vm.assertEq(receivable.tokenIdOf(terms), id);
        vm.assertEq(receivable.ownerOf(id), seller);
        vm.assertEq(receivable.balanceOf(seller), 1);
        vm.assertEq(receivable.documentsRoot(id), terms.root);
    }

    function test_Mint_ByRelayedKey() public {
        IReceivable.Terms memory terms = claim(seller, 1);
        vm.assertEq(receivable.ownerOf(relayMint(terms)), seller);
    }

    function test_Mint_ByContractWallet() public {
        address wallet = address(new Wallet(seller));
        vm.assertEq(receivable.ownerOf(relayMint(claim(wallet, 1))), wallet);
    }

    function test_Mint_ByKeyDelegatingToMuteCode() public {
        vm.etch(seller, address(new MuteCode()).code);
        vm.assertEq(receivable.ownerOf(relayMint(claim(seller, 1))), seller);
    }

    function test_Mint_RevertsWhenMintedAlready() public {
        uint256 id = mintToken(1);
        bytes memory done = abi.encodeWithSelector(IReceivable.AlreadyMinted.selector, id);
        vm.expectRevert(done);
        vm.prank(seller);
        receivable.mint(claim(seller, 1), "");
        vm.expectRevert(done);
        receivable.mint(claim(seller, 1), "no signature");
        vm.prank(seller);
        receivable.transferFrom(seller, buyer, id);
        vm.expectRevert(done);
        vm.prank(seller);
        receivable.mint(claim(seller, 1), "");
    }

    function test_Mint_RevertsWithoutDocuments() public {
        IReceivable.Terms memory terms = claim(seller, 1);
        terms.root = 0;
        vm.expectRevert(abi.encodeWithSelector(IReceivable.EmptyDocuments.selector));
        vm.prank(seller);
        receivable.mint(terms, "");
        terms = claim(seller, 1);
        terms.count = 0;
        vm.expectRevert(abi.encodeWithSelector(IReceivable.EmptyDocuments.selector));
        vm.prank(seller);
        receivable.mint(terms, "");
    }

    function test_Mint_RevertsOnForeignSignature() public {
        IReceivable.Terms memory terms = claim(seller, 1);
        bytes memory foreign = sign(BUYER_KEY, address(receivable), bytes32(idOf(terms)));
        bytes memory otherDomain = sign(SELLER_KEY, address(escrow), bytes32(idOf(terms)));
        expectInvalid(seller);
        receivable.mint(terms, foreign);
        expectInvalid(seller);
        receivable.mint(terms, otherDomain);
        expectInvalid(seller);
        receivable.mint(terms, "");
        terms.creditor = address(0);
        expectInvalid(address(0));
        receivable.mint(terms, foreign);
    }

    function testFuzz_Mint_SignatureCoversEveryField(
        IReceivable.Terms memory signed,
        uint8 field,
        uint256 delta
    ) public {
        vm.assume(signed.root != 0 && signed.count != 0);
        signed.creditor = seller;
        bytes memory signature = sign(SELLER_KEY, address(receivable), bytes32(idOf(signed)));
        IReceivable.Terms memory sent = abi.decode(abi.encode(signed), (IReceivable.Terms));
        uint256 size = [uint256(256), 160, 256, 32, 128, 24, 64, 256][field % 8];
        changeWord(sent, field % 8, bound(delta, 1, size == 256 ? type(uint256).max : 2 ** size - 1));
        vm.assume(sent.root != 0 && sent.count != 0);
        expectInvalid(sent.creditor);
        receivable.mint(sent, signature);

        vm.prank(stranger);
        vm.assertEq(receivable.mint(signed, signature), idOf(signed));
    }

    function test_Append_ByOwner() public {
        uint256 id = mintToken(1);
        bytes32 root = receivable.documentsRoot(id);
        vm.expectEmit(address(receivable));
        emit IReceivable.DocumentsAppended(id, root, NEW_ROOT, 9);
        vm.expectEmit(address(receivable));
        emit IERC4906.MetadataUpdate(id);
        vm.prank(seller);
        receivable.append(id, root, NEW_ROOT, 9, "");
        vm.assertEq(receivable.documentsRoot(id), NEW_ROOT);
        vm.assertEq(receivable.nonces(id), 1);
    }

    function test_Append_ByBuyerAfterSaleNotByCreditor() public {
        uint256 id = mintToken(1);
        bytes32 root = receivable.documentsRoot(id);
        vm.prank(seller);
        receivable.transferFrom(seller, buyer, id);
        bytes memory bySeller = signAppend(SELLER_KEY, id, root, NEW_ROOT);
        bytes memory byBuyer = signAppend(BUYER_KEY, id, root, NEW_ROOT);
        expectInvalid(buyer);
        receivable.append(id, root, NEW_ROOT, 9, bySeller);
        expectInvalid(buyer);
        vm.prank(seller);
        receivable.append(id, root, NEW_ROOT, 9, "");
        receivable.append(id, root, NEW_ROOT, 9, byBuyer);
        vm.assertEq(receivable.documentsRoot(id), NEW_ROOT);
    }

    function test_Append_Reverts() public {
        bytes32 other = keccak256("other");
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 7));
        receivable.append(7, 0, NEW_ROOT, 1, "");
        uint256 id = mintToken(1);
        bytes32 root = receivable.documentsRoot(id);
        vm.expectRevert(abi.encodeWithSelector(IReceivable.EmptyDocuments.selector));
        receivable.append(id, root, 0, 1, "");
        vm.expectRevert(abi.encodeWithSelector(IReceivable.EmptyDocuments.selector));
        receivable.append(id, root, NEW_ROOT, 0, "");
        vm.expectRevert(abi.encodeWithSelector(IReceivable.AlreadyAppended.selector, id));
        receivable.append(id, other, root, 1, "");
        vm.expectRevert(abi.encodeWithSelector(IReceivable.StaleRoot.selector, id, other, root));
        receivable.append(id, other, NEW_ROOT, 1, "");
    }

    function test_Append_SignatureWorksOnceThoughTheRootComesBack() public {
        uint256 id = mintToken(1);
        bytes32 root = receivable.documentsRoot(id);
        bytes memory signature = signAppend(SELLER_KEY, id, root, NEW_ROOT);
        receivable.append(id, root, NEW_ROOT, 9, signature);
        vm.prank(seller);
        receivable.append(id, NEW_ROOT, root, 8, "");
        expectInvalid(seller);
        receivable.append(id, root, NEW_ROOT, 9, signature);
    }

    function test_Permit_ApprovesOnce() public {
        uint256 id = mintToken(1);
        bytes memory signature = signTokenPermit(SELLER_KEY, id, START);
        vm.expectEmit(address(receivable));
        emit IERC721.Approval(seller, address(escrow), id);
        receivable.permit(address(escrow), id, START, signature);
        vm.assertEq(receivable.getApproved(id), address(escrow));
        vm.assertEq(receivable.nonces(id), 1);
        expectInvalid(seller);
        receivable.permit(address(escrow), id, START, signature);
    }

    function test_Permit_ByContractWallet() public {
        uint256 id = relayMint(claim(address(new Wallet(seller)), 1));
        receivable.permit(address(escrow), id, START, signTokenPermit(SELLER_KEY, id, START));
        vm.assertEq(receivable.getApproved(id), address(escrow));
    }

    function test_Permit_DiesWithEveryTransfer() public {
        uint256 id = mintToken(1);
        bytes memory signature = signTokenPermit(SELLER_KEY, id, START);
        vm.prank(seller);
        receivable.transferFrom(seller, buyer, id);
        expectInvalid(buyer);
        receivable.permit(address(escrow), id, START, signature);
        vm.prank(buyer);
        receivable.transferFrom(buyer, seller, id);
        expectInvalid(seller);
        receivable.permit(address(escrow), id, START, signature);
    }

    function test_Permit_Reverts() public {
        uint256 id = mintToken(1);
        bytes memory late = signTokenPermit(SELLER_KEY, id, START - 1);
        bytes memory foreign = signTokenPermit(BUYER_KEY, id, START);
        vm.expectRevert(abi.encodeWithSelector(IReceivable.PermitExpired.selector, START - 1));
        receivable.permit(address(escrow), id, START - 1, late);
        expectInvalid(seller);
        receivable.permit(address(escrow), id, START, foreign);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 7));
        receivable.permit(address(escrow), 7, START, foreign);
        // A permit needs a signature even from the owner: `approve` is there for the sender.
        expectInvalid(seller);
        vm.prank(seller);
        receivable.permit(address(escrow), id, START, "");
    }

    function testFuzz_Transfer_KeepsTheBooks(uint8 moves, uint256 seed) public {
        uint256 id = mintToken(1);
        mintToken(2);
        address[3] memory holders = [seller, buyer, stranger];
        address owner = seller;
        uint256 n = moves % 16;
        for (uint256 i = 0; i < n; ++i) {
            address to = holders[uint256(keccak256(abi.encode(seed, i))) % 3];
            vm.prank(owner);
            receivable.approve(arbiter, id);
            vm.prank(arbiter);
            receivable.transferFrom(owner, to, id);
            owner = to;
            vm.assertEq(receivable.ownerOf(id), owner);
            vm.assertEq(receivable.getApproved(id), address(0));
            vm.assertEq(receivable.nonces(id), i + 1);
        }
        uint256 sum;
        for (uint256 i = 0; i < 3; ++i) {
            vm.assertEq(
                receivable.balanceOf(holders[i]),
                (holders[i] == owner ? 1 : 0) + (holders[i] == seller ? 1 : 0)
            );
            sum += receivable.balanceOf(holders[i]);
        }
        vm.assertEq(sum, 2);
    }

    function test_Transfer_Reverts() public {
        uint256 id = mintToken(1);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, buyer, id));
        vm.prank(buyer);
        receivable.transferFrom(seller, buyer, id);
        vm.expectRevert(
            abi.encodeWithSelector(IERC721Errors.ERC721IncorrectOwner.selector, buyer, id, seller)
        );
        vm.prank(seller);
        receivable.transferFrom(buyer, stranger, id);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, address(0)));
        vm.prank(seller);
        receivable.transferFrom(seller, address(0), id);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 7));
        receivable.ownerOf(7);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidOwner.selector, address(0)));
        receivable.balanceOf(address(0));
        vm.assertEq(receivable.documentsRoot(7), 0);
    }

    function test_Interfaces() public view {
        vm.assertTrue(receivable.supportsInterface(0x01ffc9a7));
        vm.assertTrue(receivable.supportsInterface(type(IERC721).interfaceId));
        vm.assertTrue(receivable.supportsInterface(type(IERC721Metadata).interfaceId));
        vm.assertTrue(receivable.supportsInterface(0x49064906));
        vm.assertTrue(receivable.supportsInterface(0x5604e225));
        vm.assertEq(bytes32(type(IERC4494).interfaceId), bytes32(bytes4(0x5604e225)));
        vm.assertFalse(receivable.supportsInterface(0xffffffff));
        (, string memory name, string memory version, uint256 chain, address contract_,,) =
            receivable.eip712Domain();
        vm.assertEq(name, "Cession Receivable");
        vm.assertEq(version, "1");
        vm.assertEq(chain, block.chainid);
        vm.assertEq(contract_, address(receivable));
        bytes32 domain = vm.eip712HashStruct(DOMAIN_TYPE, abi.encode(Domain(name, version, chain, contract_)));
        vm.assertEq(receivable.DOMAIN_SEPARATOR(), domain);
    }

    /// @dev The seller's key signs, a stranger sends.
    function relayMint(IReceivable.Terms memory terms) private returns (uint256) {
        bytes memory signature = sign(SELLER_KEY, address(receivable), bytes32(idOf(terms)));
        vm.prank(stranger);
        return receivable.mint(terms, signature);
    }

    function signAppend(uint256 key, uint256 id, bytes32 oldRoot, bytes32 newRoot)
        private
        view
        returns (bytes memory)
    {
        bytes32 hash = vm.eip712HashStruct(
            "Append(uint256 tokenId,bytes32 oldRoot,bytes32 newRoot,uint32 newCount,uint256 nonce)",
            abi.encode(id, oldRoot, newRoot, uint32(9), receivable.nonces(id))
        );
        return sign(key, address(receivable), hash);
    }

    /// @dev Flips bits of word `i` of the struct; `delta` fits the field. bytes3 is left-aligned.
    function changeWord(IReceivable.Terms memory terms, uint256 i, uint256 delta) private pure {
        if (i == 5) delta <<= 232;
        assembly ("memory-safe") {
            let slot := add(terms, mul(i, 32))
            mstore(slot, xor(mload(slot), delta))
        }
    }

    function expectInvalid(address signer) private {
        vm.expectRevert(abi.encodeWithSelector(IReceivable.InvalidSignature.selector, signer));
    }
}
