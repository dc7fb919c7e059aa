// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {TestDollar} from "../src/dev/TestDollar.sol";
import {IEscrow} from "../src/interfaces/IEscrow.sol";
import {Fixture} from "./Fixture.sol";
import {
    BlockingDollar,
    BonusDollar,
    FalseDollar,
    FeeDollar,
    ReentrantDollar,
    SilentDollar
} from "./mocks/Currencies.sol";

/// @title Currencies that cheat, and parties a currency has blocked
contract EscrowHostileTest is Fixture {
    function test_Fund_RefusesFees() public {
        useCurrency(address(new FeeDollar()));
        refuseFunding(abi.encodeWithSelector(IEscrow.InexactReceipt.selector, PRICE, PRICE - 1));
    }

    function test_Fund_RefusesMoreThanThePrice() public {
        useCurrency(address(new BonusDollar()));
        refuseFunding(abi.encodeWithSelector(IEscrow.InexactReceipt.selector, PRICE, PRICE + 1));
    }

    function test_Fund_RefusesFalse() public {
        useCurrency(address(new FalseDollar()));
        refuseFunding(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, dollar));
    }

    function test_Withdraw_KeepsTheDebtOnFalse() public {
        useCurrency(address(new TestDollar()));
        (IEscrow.Terms memory terms,) = funded(1);
        vm.prank(buyer);
        escrow.settle(terms, "");
        vm.etch(address(dollar), address(new FalseDollar()).code);
        vm.expectRevert(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, dollar));
        escrow.withdraw(address(dollar), seller);
        vm.assertEq(escrow.owed(address(dollar), seller), PRICE);
    }

    function test_AWholeDealInASilentCurrency() public {
        useCurrency(address(new SilentDollar()));
        (IEscrow.Terms memory terms,) = funded(1);
        vm.prank(buyer);
        escrow.settle(terms, "");
        escrow.withdraw(address(dollar), seller);
        vm.assertEq(dollar.balanceOf(seller), PRICE);
    }

    function test_Fund_AllowanceExistsThoughThePermitReverts() public {
        useCurrency(address(new SilentDollar()));
        (IEscrow.Terms memory terms, bytes32 id) = opened(1);
        endow(PRICE);
        escrow.fund(terms, START, 27, bytes32(uint256(1)), bytes32(uint256(1)));
        assertStatus(id, IEscrow.Status.Funded);
    }

    function test_Reentrance_ChangesNothing() public {
        ReentrantDollar hostile = new ReentrantDollar();
        useCurrency(address(hostile));
        for (uint256 i = 0; i < 8; ++i) {
            (IEscrow.Terms memory terms, bytes32 id) = opened(i);
            endow(PRICE);
            bytes memory inner = reentrantCall(i, terms);
            hostile.arm(address(escrow), inner);
            escrow.fund(terms, 0, 0, 0, 0);
            assertRefusedInside(hostile);
            assertStatus(id, IEscrow.Status.Funded);

            hostile.arm(address(0), "");
            vm.prank(buyer);
            escrow.settle(terms, "");
            hostile.arm(address(escrow), inner);
            escrow.withdraw(address(hostile), seller);
            assertRefusedInside(hostile);
            hostile.arm(address(0), "");
            vm.assertEq(hostile.balanceOf(seller), (i + 1) * PRICE);
            vm.assertEq(hostile.balanceOf(address(escrow)), 0);
        }
    }

    function test_BlockedBuyer_CannotHoldUpTheSeller() public {
        BlockingDollar blocking = new BlockingDollar();
        useCurrency(address(blocking));
        (IEscrow.Terms memory settling,) = funded(1);
        (IEscrow.Terms memory failing,) = funded(2);
        bytes memory receipt =
            signReceipt(BUYER_KEY, idOf(settling), receivable.documentsRoot(settling.tokenId));
        blocking.setBlocked(buyer, true);

        escrow.settle(settling, receipt);
        escrow.withdraw(address(dollar), seller);
        vm.assertEq(dollar.balanceOf(seller), PRICE);

        vm.warp(failing.settleBy + 1);
        escrow.refund(failing);
        vm.assertEq(receivable.ownerOf(failing.tokenId), seller);
        vm.expectRevert(abi.encodeWithSelector(BlockingDollar.Blocked.selector, buyer));
        escrow.withdraw(address(dollar), buyer);
        vm.assertEq(escrow.owed(address(dollar), buyer), PRICE);

        blocking.setBlocked(buyer, false);
        escrow.withdraw(address(dollar), buyer);
        vm.assertEq(dollar.balanceOf(buyer), PRICE);
    }

    function test_BlockedSeller_CannotHoldUpTheBuyer() public {
        BlockingDollar blocking = new BlockingDollar();
        useCurrency(address(blocking));
        (IEscrow.Terms memory settling,) = funded(1);
        (IEscrow.Terms memory divided,) = disputed(2);
        blocking.setBlocked(seller, true);

        vm.prank(buyer);
        escrow.settle(settling, "");
        vm.assertEq(receivable.ownerOf(settling.tokenId), buyer);

        vm.prank(arbiter);
        escrow.resolve(divided, false, PRICE / 4);
        escrow.withdraw(address(dollar), buyer);
        vm.assertEq(dollar.balanceOf(buyer), PRICE - PRICE / 4);
        vm.assertEq(escrow.owed(address(dollar), seller), PRICE + PRICE / 4);
    }

    function test_UnpaidDeal_ReturnsThoughBothAreBlocked() public {
        BlockingDollar blocking = new BlockingDollar();
        useCurrency(address(blocking));
        (IEscrow.Terms memory terms,) = opened(1);
        blocking.setBlocked(seller, true);
        blocking.setBlocked(buyer, true);
        vm.warp(terms.fundBy + 1);
        escrow.refund(terms);
        vm.assertEq(receivable.ownerOf(terms.tokenId), seller);
    }

    function useCurrency(address currency) private {
        dollar = TestDollar(currency);
        escrow = newEscrow(currency);
    }

    /// @dev Gives the buyer the money and the escrow its allowance.
    function endow(uint256 amount) private {
        dollar.mint(buyer, amount);
        vm.prank(buyer);
        dollar.approve(address(escrow), amount);
    }

    function refuseFunding(bytes memory err) private {
        (IEscrow.Terms memory terms, bytes32 id) = opened(1);
        endow(PRICE);
        vm.expectRevert(err);
        escrow.fund(terms, 0, 0, 0, 0);
        assertStatus(id, IEscrow.Status.Open);
        vm.assertEq(dollar.balanceOf(buyer), PRICE);
        vm.assertEq(dollar.balanceOf(address(escrow)), 0);
    }

    /// @dev The `i`th state-changing function anybody may call.
    function reentrantCall(uint256 i, IEscrow.Terms memory terms) private view returns (bytes memory) {
        if (i == 0) return abi.encodeCall(IEscrow.fund, (terms, 0, 0, 0, 0));
        if (i == 1) return abi.encodeCall(IEscrow.settle, (terms, ""));
        if (i == 2) return abi.encodeCall(IEscrow.refund, (terms));
        if (i == 3) return abi.encodeCall(IEscrow.unwind, (terms, "", ""));
        if (i == 4) return abi.encodeCall(IEscrow.dispute, (terms, ""));
        if (i == 5) return abi.encodeCall(IEscrow.resolve, (terms, true, 0));
        if (i == 6) return abi.encodeCall(IEscrow.withdraw, (address(dollar), seller));
        return abi.encodeCall(IEscrow.open, (terms, "", "", 0, ""));
    }

    function assertRefusedInside(ReentrantDollar hostile) private view {
        vm.assertTrue(hostile.tried());
        vm.assertFalse(hostile.reentered());
        vm.assertEq(
            bytes32(hostile.answer()), bytes32(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector)
        );
    }
}
