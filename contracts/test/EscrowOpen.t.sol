// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {AllowList} from "../src/AllowList.sol";
import {Escrow} from "../src/Escrow.sol";
import {IEscrow} from "../src/interfaces/IEscrow.sol";
import {Fixture} from "./Fixture.sol";
import {Wallet} from "./mocks/Wallets.sol";

contract EscrowOpenTest is Fixture {
    function test_Construction_Lists() public {
        address[] memory one = new address[](1);
        address[] memory four = new address[](4);
        one[0] = address(receivable);
        for (uint256 i = 0; i < 4; ++i) {
            four[i] = address(newReceivable());
        }
        Escrow built = Escrow(create(artifact("Escrow"), abi.encode(one, four, address(0))));
        for (uint256 i = 0; i < 4; ++i) {
            vm.assertTrue(built.isCurrency(four[i]));
            vm.assertFalse(built.isReceivable(four[i]));
        }
        vm.assertTrue(built.isReceivable(one[0]));
        vm.assertFalse(built.isCurrency(one[0]));
        vm.assertFalse(built.isReceivable(address(0)));
        vm.assertFalse(built.isCurrency(address(0)));
    }

    function test_Construction_RevertsOnBadLists() public {
        address[] memory good = new address[](1);
        good[0] = address(receivable);
        address[] memory bad = new address[](1);
        bad[0] = stranger;
        refuseLists(good, new address[](0));
        refuseLists(new address[](0), good);
        refuseLists(good, new address[](5));
        refuseLists(good, bad);
        refuseLists(bad, good);
    }

    function test_Open_OnSignatures() public {
        IEscrow.Terms memory terms = termsFor(mintToken(1));
        bytes32 id = idOf(terms);
        approveToken(terms.tokenId);
        bytes memory sellerSig = signTerms(SELLER_KEY, terms);
        bytes memory buyerSig = signTerms(BUYER_KEY, terms);
        vm.expectEmit(address(escrow));
        emit IEscrow.Opened(id, terms.deal, seller, buyer);
        vm.prank(stranger);
        vm.assertEq(escrow.open(terms, sellerSig, buyerSig, 0, ""), id);
        vm.assertEq(escrow.hashTerms(terms), id);
        vm.assertEq(receivable.ownerOf(terms.tokenId), address(escrow));
        assertStatus(id, IEscrow.Status.Open);
    }

    function test_Open_BySellerOrBuyerInPerson() public {
        IEscrow.Terms memory terms = termsFor(mintToken(1));
        approveToken(terms.tokenId);
        bytes memory buyerSig = signTerms(BUYER_KEY, terms);
        vm.prank(seller);
        escrow.open(terms, "", buyerSig, 0, "");

        terms = termsFor(mintToken(2));
        approveToken(terms.tokenId);
        bytes memory sellerSig = signTerms(SELLER_KEY, terms);
        vm.prank(buyer);
        assertStatus(escrow.open(terms, sellerSig, "", 0, ""), IEscrow.Status.Open);
    }

    function test_Open_ByContractWallets() public {
        Wallet sellerWallet = new Wallet(seller);
        Wallet buyerWallet = new Wallet(buyer);
        uint256 tokenId = mintToken(1);
        vm.prank(seller);
        receivable.transferFrom(seller, address(sellerWallet), tokenId);
        IEscrow.Terms memory terms = termsFor(tokenId);
        (terms.seller, terms.buyer) = (address(sellerWallet), address(buyerWallet));
        bytes memory permit = signTokenPermit(SELLER_KEY, tokenId, START);
        escrow.open(terms, signTerms(SELLER_KEY, terms), signTerms(BUYER_KEY, terms), START, permit);
        vm.assertEq(receivable.ownerOf(tokenId), address(escrow));
    }

    function test_Open_WithPermit() public {
        IEscrow.Terms memory terms = termsFor(mintToken(1));
        bytes memory permit = signTokenPermit(SELLER_KEY, terms.tokenId, START);
        escrow.open(terms, signTerms(SELLER_KEY, terms), signTerms(BUYER_KEY, terms), START, permit);
        vm.assertEq(receivable.ownerOf(terms.tokenId), address(escrow));
    }

    function test_Open_ThoughThePermitWasFrontRun() public {
        IEscrow.Terms memory terms = termsFor(mintToken(1));
        bytes memory permit = signTokenPermit(SELLER_KEY, terms.tokenId, START);
        vm.prank(stranger);
        receivable.permit(address(escrow), terms.tokenId, START, permit);
        escrow.open(terms, signTerms(SELLER_KEY, terms), signTerms(BUYER_KEY, terms), START, permit);
        vm.assertEq(receivable.ownerOf(terms.tokenId), address(escrow));
    }

    function test_Open_RevertsWhenOpenedAlready() public {
        (IEscrow.Terms memory terms, bytes32 id) = opened(1);
        expectError(IEscrow.AlreadyOpened.selector, id);
        escrow.open(terms, "", "", 0, "");
        vm.warp(terms.fundBy + 1);
        escrow.refund(terms);
        approveToken(terms.tokenId);
        bytes memory sellerSig = signTerms(SELLER_KEY, terms);
        bytes memory buyerSig = signTerms(BUYER_KEY, terms);
        expectError(IEscrow.AlreadyOpened.selector, id);
        escrow.open(terms, sellerSig, buyerSig, 0, "");
    }

    function test_Open_RevertsWhenPausedAndNothingElseDoes() public {
        (IEscrow.Terms memory running,) = disputed(1);
        (IEscrow.Terms memory fresh,) = opened(2);
        vm.expectEmit(address(escrow));
        emit IEscrow.OpeningPaused(true);
        vm.prank(guardian);
        escrow.setOpeningPaused(true);
        IEscrow.Terms memory terms = termsFor(mintToken(3));
        vm.expectRevert(abi.encodeWithSelector(IEscrow.OpeningIsPaused.selector));
        escrow.open(terms, "", "", 0, "");

        vm.prank(buyer);
        escrow.settle(running, "");
        escrow.withdraw(address(dollar), seller);
        vm.warp(fresh.fundBy + 1);
        escrow.refund(fresh);
        vm.assertEq(dollar.balanceOf(seller), PRICE);
        vm.assertEq(receivable.ownerOf(fresh.tokenId), seller);

        vm.prank(guardian);
        escrow.setOpeningPaused(false);
        vm.warp(START);
        opened(4);
    }

    function test_SetOpeningPaused_RevertsForOthers() public {
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NotAllowed.selector, stranger));
        vm.prank(stranger);
        escrow.setOpeningPaused(true);
    }

    function test_Open_RevertsOnUnsoundTerms() public {
        uint256 tokenId = mintToken(1);
        IEscrow.Terms memory terms = termsFor(tokenId);
        terms.receivable = address(dollar);
        refuse(terms, abi.encodeWithSelector(IEscrow.NotListed.selector, dollar));
        terms = termsFor(tokenId);
        terms.currency = address(0);
        refuse(terms, abi.encodeWithSelector(IEscrow.NotListed.selector, address(0)));

        bytes memory parties = abi.encodeWithSelector(IEscrow.InvalidParties.selector);
        (terms = termsFor(tokenId)).seller = address(0);
        refuse(terms, parties);
        (terms = termsFor(tokenId)).buyer = address(0);
        refuse(terms, parties);
        (terms = termsFor(tokenId)).buyer = seller;
        refuse(terms, parties);
        (terms = termsFor(tokenId)).arbiter = seller;
        refuse(terms, parties);
        (terms = termsFor(tokenId)).arbiter = buyer;
        refuse(terms, parties);
        (terms = termsFor(tokenId)).price = 0;
        refuse(terms, parties);

        bytes memory deadlines = abi.encodeWithSelector(IEscrow.InvalidDeadlines.selector);
        (terms = termsFor(tokenId)).fundBy = terms.settleBy + 1;
        refuse(terms, deadlines);
        (terms = termsFor(tokenId)).arbiterBy = terms.settleBy;
        refuse(terms, deadlines);
        (terms = termsFor(tokenId)).arbiter = address(0);
        refuse(terms, deadlines);
    }

    function test_Open_RevertsAfterFundBy() public {
        IEscrow.Terms memory terms = termsFor(mintToken(1));
        vm.warp(terms.fundBy + 1);
        refuse(terms, abi.encodeWithSelector(IEscrow.TooLate.selector, terms.fundBy));
    }

    function testFuzz_Open_SignaturesCoverEveryField(uint256 field, uint256 delta, bool sellersStale) public {
        IEscrow.Terms memory terms = termsFor(mintToken(1));
        terms.settleBy += 1 days;
        approveToken(terms.tokenId);
        bytes memory sellerSig = signTerms(SELLER_KEY, terms);
        bytes memory buyerSig = signTerms(BUYER_KEY, terms);
        IEscrow.Terms memory changed = abi.decode(abi.encode(terms), (IEscrow.Terms));
        // Fields a hostile relayer could change and still pass the checks before the signatures.
        field %= 7;
        delta = bound(delta, 1, 1 hours);
        if (field == 0) changed.deal = keccak256(abi.encode(delta));
        else if (field == 1) changed.tokenId += delta;
        else if (field == 2) changed.price += delta;
        else if (field == 3) changed.digest = keccak256(abi.encode(delta));
        else if (field == 4) changed.fundBy += uint64(delta);
        else if (field == 5) changed.settleBy += uint64(delta);
        else changed.arbiter = address(uint160(uint256(keccak256(abi.encode(delta)))));
        if (sellersStale) buyerSig = signTerms(BUYER_KEY, changed);
        else sellerSig = signTerms(SELLER_KEY, changed);
        vm.expectRevert(
            abi.encodeWithSelector(IEscrow.InvalidSignature.selector, sellersStale ? seller : buyer)
        );
        vm.prank(stranger);
        escrow.open(changed, sellerSig, buyerSig, 0, "");
    }

    function test_Open_RevertsOnAnotherEscrowsSignature() public {
        IEscrow.Terms memory terms = termsFor(mintToken(1));
        bytes memory sellerSig = signTerms(SELLER_KEY, terms);
        bytes memory buyerSig = signTerms(BUYER_KEY, terms);
        Escrow other = newEscrow(address(dollar));
        vm.expectRevert(abi.encodeWithSelector(IEscrow.InvalidSignature.selector, seller));
        other.open(terms, sellerSig, buyerSig, 0, "");
        vm.chainId(block.chainid + 1);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.InvalidSignature.selector, seller));
        escrow.open(terms, sellerSig, buyerSig, 0, "");
    }

    function test_Open_RevertsWithoutTheToken() public {
        IEscrow.Terms memory terms = termsFor(mintToken(1));
        refuse(
            terms,
            abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, escrow, terms.tokenId)
        );
        // A token in escrow for one deal cannot be opened in a second, though the seller signed both.
        approveToken(terms.tokenId);
        escrow.open(terms, signTerms(SELLER_KEY, terms), signTerms(BUYER_KEY, terms), 0, "");
        terms.digest = keccak256("second");
        refuse(
            terms,
            abi.encodeWithSelector(
                IERC721Errors.ERC721IncorrectOwner.selector, seller, terms.tokenId, address(escrow)
            )
        );
    }

    function test_Open_SafeTransferByMistakeIsRefused() public {
        uint256 tokenId = mintToken(1);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, escrow));
        vm.prank(seller);
        receivable.safeTransferFrom(seller, address(escrow), tokenId);
    }

    function approveToken(uint256 tokenId) private {
        vm.prank(seller);
        receivable.approve(address(escrow), tokenId);
    }

    /// @dev Opening properly signed terms fails with `err` and leaves nothing behind.
    function refuse(IEscrow.Terms memory terms, bytes memory err) private {
        bytes memory sellerSig = signTerms(SELLER_KEY, terms);
        bytes memory buyerSig = signTerms(BUYER_KEY, terms);
        vm.expectRevert(err);
        escrow.open(terms, sellerSig, buyerSig, 0, "");
        assertStatus(idOf(terms), IEscrow.Status.None);
    }

    function refuseLists(address[] memory receivables, address[] memory currencies) private {
        bytes memory code = artifact("Escrow");
        vm.expectRevert(abi.encodeWithSelector(AllowList.InvalidList.selector));
        create(code, abi.encode(receivables, currencies, guardian));
    }
}
