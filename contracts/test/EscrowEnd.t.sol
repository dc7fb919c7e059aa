// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEscrow} from "../src/interfaces/IEscrow.sol";
import {IReceivable} from "../src/interfaces/IReceivable.sol";
import {Fixture} from "./Fixture.sol";
import {Wallet} from "./mocks/Wallets.sol";

contract EscrowEndTest is Fixture {
    function test_Settle_OnReceipt() public {
        (IEscrow.Terms memory terms, bytes32 id) = funded(1);
        bytes32 documents = receivable.documentsRoot(terms.tokenId);
        bytes memory receipt = signReceipt(BUYER_KEY, id, documents);
        vm.expectEmit(address(escrow));
        emit IEscrow.Settled(id, documents);
        vm.prank(stranger);
        escrow.settle(terms, receipt);
        assertEnd(terms, id, IEscrow.Status.Settled, buyer, PRICE, 0);
    }

    function test_Settle_ByBuyerInPersonThoughDisputedAndLate() public {
        (IEscrow.Terms memory terms, bytes32 id) = disputed(1);
        vm.warp(terms.arbiterBy + 1);
        vm.prank(buyer);
        escrow.settle(terms, "");
        assertEnd(terms, id, IEscrow.Status.Settled, buyer, PRICE, 0);
    }

    function test_Settle_RevertsOnOtherReceipts() public {
        (IEscrow.Terms memory terms, bytes32 id) = funded(1);
        bytes32 documents = receivable.documentsRoot(terms.tokenId);
        bytes[5] memory others = [
            signReceipt(SELLER_KEY, id, documents),
            signReceipt(BUYER_KEY, id, keccak256("other documents")),
            signReceipt(BUYER_KEY, keccak256("other deal"), documents),
            signTerms(BUYER_KEY, terms),
            bytes("")
        ];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IEscrow.InvalidSignature.selector, buyer));
            vm.prank(seller);
            escrow.settle(terms, others[i]);
        }
    }

    function test_Settle_RootStandsStillInEscrow() public {
        (IEscrow.Terms memory terms,) = funded(1);
        bytes32 root = receivable.documentsRoot(terms.tokenId);
        vm.expectRevert(abi.encodeWithSelector(IReceivable.InvalidSignature.selector, escrow));
        vm.prank(seller);
        receivable.append(terms.tokenId, root, keccak256("swapped"), 1, "");
        vm.assertEq(receivable.documentsRoot(terms.tokenId), root);
    }

    function test_Settle_RevertsUnfunded() public {
        (IEscrow.Terms memory terms, bytes32 id) = opened(1);
        expectError(IEscrow.NotFunded.selector, id);
        vm.prank(buyer);
        escrow.settle(terms, "");
    }

    function test_Refund_AfterEachDeadlineNotBefore() public {
        (IEscrow.Terms memory unpaid, bytes32 unpaidId) = opened(1);
        (IEscrow.Terms memory paid, bytes32 paidId) = funded(2);
        (IEscrow.Terms memory contested, bytes32 contestedId) = disputed(3);
        refundAt(unpaid, unpaid.fundBy);
        assertEnd(unpaid, unpaidId, IEscrow.Status.Refunded, seller, 0, 0);
        refundAt(paid, paid.settleBy);
        assertEnd(paid, paidId, IEscrow.Status.Refunded, seller, 0, PRICE);
        refundAt(contested, contested.arbiterBy);
        assertEnd(contested, contestedId, IEscrow.Status.Refunded, seller, 0, 2 * PRICE);
    }

    function test_Unwind_ByBothInEveryLiveState() public {
        (IEscrow.Terms memory terms, bytes32 id) = opened(1);
        unwind(terms, id);
        assertEnd(terms, id, IEscrow.Status.Unwound, seller, 0, 0);
        (terms, id) = funded(2);
        unwind(terms, id);
        assertEnd(terms, id, IEscrow.Status.Unwound, seller, 0, PRICE);
        (terms, id) = disputed(3);
        unwind(terms, id);
        assertEnd(terms, id, IEscrow.Status.Unwound, seller, 0, 2 * PRICE);
    }

    function test_Unwind_RevertsWithoutBoth() public {
        (IEscrow.Terms memory terms, bytes32 id) = funded(1);
        bytes memory bySeller = signUnwind(SELLER_KEY, id);
        bytes memory byBuyer = signUnwind(BUYER_KEY, id);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.InvalidSignature.selector, buyer));
        vm.prank(seller);
        escrow.unwind(terms, "", bySeller);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.InvalidSignature.selector, seller));
        vm.prank(buyer);
        escrow.unwind(terms, byBuyer, "");
    }

    function test_Dispute_ByEither() public {
        (IEscrow.Terms memory terms, bytes32 id) = funded(1);
        bytes memory sig = signDispute(SELLER_KEY, id);
        vm.expectEmit(address(escrow));
        emit IEscrow.Disputed(id, seller);
        vm.prank(stranger);
        escrow.dispute(terms, sig);
        assertStatus(id, IEscrow.Status.Disputed);

        (terms, id) = funded(2);
        sig = signDispute(BUYER_KEY, id);
        vm.expectEmit(address(escrow));
        emit IEscrow.Disputed(id, buyer);
        vm.prank(stranger);
        escrow.dispute(terms, sig);

        (terms, id) = funded(3);
        vm.warp(terms.settleBy);
        vm.expectEmit(address(escrow));
        emit IEscrow.Disputed(id, buyer);
        vm.prank(buyer);
        escrow.dispute(terms, "");
    }

    function test_Dispute_Reverts() public {
        (IEscrow.Terms memory terms, bytes32 id) = opened(1);
        expectError(IEscrow.NotFunded.selector, id);
        vm.prank(buyer);
        escrow.dispute(terms, "");

        (terms, id) = funded(2);
        bytes memory foreign = signDispute(STRANGER_KEY, id);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.InvalidSignature.selector, buyer));
        vm.prank(stranger);
        escrow.dispute(terms, foreign);
        vm.warp(terms.settleBy + 1);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.TooLate.selector, terms.settleBy));
        vm.prank(buyer);
        escrow.dispute(terms, "");
    }

    function test_Dispute_RevertsWithoutArbiter() public {
        IEscrow.Terms memory terms = termsFor(mintToken(1));
        (terms.arbiter, terms.arbiterBy) = (address(0), 0);
        vm.prank(seller);
        receivable.approve(address(escrow), terms.tokenId);
        escrow.open(terms, signTerms(SELLER_KEY, terms), signTerms(BUYER_KEY, terms), 0, "");
        dollar.mint(buyer, PRICE);
        vm.prank(buyer);
        dollar.approve(address(escrow), PRICE);
        escrow.fund(terms, 0, 0, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NoArbiter.selector));
        vm.prank(buyer);
        escrow.dispute(terms, "");
    }

    function testFuzz_Resolve_DividesExactlyThePrice(bool tokenToBuyer, uint256 share) public {
        (IEscrow.Terms memory terms, bytes32 id) = disputed(1);
        share = bound(share, 0, PRICE);
        vm.expectEmit(address(escrow));
        emit IEscrow.Resolved(id, tokenToBuyer, share);
        vm.prank(arbiter);
        escrow.resolve(terms, tokenToBuyer, share);
        assertEnd(terms, id, IEscrow.Status.Resolved, tokenToBuyer ? buyer : seller, share, PRICE - share);
    }

    function test_Resolve_Reverts() public {
        (IEscrow.Terms memory terms, bytes32 id) = funded(1);
        expectError(IEscrow.NotDisputed.selector, id);
        vm.prank(arbiter);
        escrow.resolve(terms, true, 0);

        (terms, id) = disputed(2);
        address[3] memory others = [seller, buyer, guardian];
        for (uint256 i = 0; i < 3; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IEscrow.NotAllowed.selector, others[i]));
            vm.prank(others[i]);
            escrow.resolve(terms, true, 0);
        }
        vm.expectRevert(abi.encodeWithSelector(IEscrow.ShareAbovePrice.selector, PRICE + 1, PRICE));
        vm.prank(arbiter);
        escrow.resolve(terms, true, PRICE + 1);
        vm.warp(terms.arbiterBy + 1);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.TooLate.selector, terms.arbiterBy));
        vm.prank(arbiter);
        escrow.resolve(terms, true, 0);
    }

    function test_Resolve_AtTheDeadline() public {
        (IEscrow.Terms memory terms, bytes32 id) = disputed(1);
        vm.warp(terms.arbiterBy);
        vm.prank(arbiter);
        escrow.resolve(terms, false, 0);
        assertEnd(terms, id, IEscrow.Status.Resolved, seller, 0, PRICE);
    }

    function test_Withdraw_OnceByAnybodyToTheParty() public {
        (IEscrow.Terms memory terms,) = funded(1);
        vm.prank(buyer);
        escrow.settle(terms, "");
        vm.expectEmit(address(escrow));
        emit IEscrow.Withdrawn(address(dollar), seller, PRICE);
        vm.prank(stranger);
        vm.assertEq(escrow.withdraw(address(dollar), seller), PRICE);
        vm.assertEq(dollar.balanceOf(seller), PRICE);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.NothingOwed.selector, dollar, seller));
        escrow.withdraw(address(dollar), seller);
        vm.assertEq(dollar.balanceOf(seller), PRICE);
    }

    function test_EveryEnd_IsFinalAndNamed() public {
        (IEscrow.Terms memory terms, bytes32 id) = funded(1);
        vm.prank(buyer);
        escrow.settle(terms, "");
        assertClosed(terms, id, IEscrow.AlreadySettled.selector);

        (terms, id) = funded(2);
        vm.warp(terms.settleBy + 1);
        escrow.refund(terms);
        assertClosed(terms, id, IEscrow.AlreadyRefunded.selector);
        vm.warp(START);

        (terms, id) = funded(3);
        unwind(terms, id);
        assertClosed(terms, id, IEscrow.AlreadyUnwound.selector);

        (terms, id) = disputed(4);
        expectError(IEscrow.AlreadyDisputed.selector, id);
        escrow.dispute(terms, "");
        vm.prank(arbiter);
        escrow.resolve(terms, true, PRICE);
        assertClosed(terms, id, IEscrow.AlreadyResolved.selector);

        terms.digest = keccak256("never opened");
        assertClosed(terms, idOf(terms), IEscrow.NotOpened.selector);
    }

    function test_Settle_ByContractWalletWithoutReceiverHook() public {
        Wallet wallet = new Wallet(buyer);
        IEscrow.Terms memory terms = termsFor(mintToken(1));
        terms.buyer = address(wallet);
        vm.prank(seller);
        receivable.approve(address(escrow), terms.tokenId);
        bytes32 id = escrow.open(terms, signTerms(SELLER_KEY, terms), signTerms(BUYER_KEY, terms), 0, "");
        dollar.mint(address(wallet), PRICE);
        wallet.execute(address(dollar), abi.encodeCall(dollar.approve, (address(escrow), PRICE)));
        escrow.fund(terms, 0, 0, 0, 0);
        escrow.settle(terms, signReceipt(BUYER_KEY, id, receivable.documentsRoot(terms.tokenId)));
        assertEnd(terms, id, IEscrow.Status.Settled, address(wallet), PRICE, 0);
    }

    /// @dev Not at the deadline, but one second later, and by a stranger.
    function refundAt(IEscrow.Terms memory terms, uint64 deadline) private {
        vm.warp(deadline);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.TooEarly.selector, deadline));
        escrow.refund(terms);
        vm.warp(deadline + 1);
        vm.expectEmit(address(escrow));
        emit IEscrow.Refunded(idOf(terms));
        vm.prank(stranger);
        escrow.refund(terms);
    }

    function unwind(IEscrow.Terms memory terms, bytes32 id) private {
        bytes memory bySeller = signUnwind(SELLER_KEY, id);
        bytes memory byBuyer = signUnwind(BUYER_KEY, id);
        vm.expectEmit(address(escrow));
        emit IEscrow.Unwound(id);
        vm.prank(stranger);
        escrow.unwind(terms, bySeller, byBuyer);
    }

    /// @dev Every act on the ended deal, by whoever could take it, fails with `selector`.
    function assertClosed(IEscrow.Terms memory terms, bytes32 id, bytes4 selector) private {
        vm.warp(uint256(terms.arbiterBy) + 1);
        expectError(selector, id);
        vm.prank(buyer);
        escrow.settle(terms, "");
        expectError(selector, id);
        escrow.refund(terms);
        expectError(selector, id);
        escrow.unwind(terms, "", "");
        expectError(selector, id);
        vm.prank(buyer);
        escrow.dispute(terms, "");
        expectError(selector, id);
        vm.prank(arbiter);
        escrow.resolve(terms, true, 0);
        vm.warp(START);
    }

    function assertEnd(
        IEscrow.Terms memory terms,
        bytes32 id,
        IEscrow.Status want,
        address owner,
        uint256 owedSeller,
        uint256 owedBuyer
    ) private view {
        assertStatus(id, want);
        vm.assertEq(receivable.ownerOf(terms.tokenId), owner);
        vm.assertEq(escrow.owed(address(dollar), seller), owedSeller);
        vm.assertEq(escrow.owed(address(dollar), terms.buyer), owedBuyer);
    }
}
