// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IEscrow} from "../src/interfaces/IEscrow.sol";
import {Fixture} from "./Fixture.sol";

contract EscrowFundTest is Fixture {
    function test_Fund_ByAllowance() public {
        (IEscrow.Terms memory terms, bytes32 id) = opened(1);
        allow(PRICE);
        vm.expectEmit(address(escrow));
        emit IEscrow.Funded(id);
        escrow.fund(terms, 0, 0, 0, 0);
        assertPaid(id);
    }

    function test_Fund_ByPermit() public {
        (IEscrow.Terms memory terms, bytes32 id) = opened(1);
        dollar.mint(buyer, PRICE);
        (uint8 v, bytes32 r, bytes32 s) = signMoneyPermit(BUYER_KEY, PRICE, START);
        vm.prank(stranger);
        escrow.fund(terms, START, v, r, s);
        assertPaid(id);
    }

    function test_Fund_ThoughThePermitWasFrontRun() public {
        (IEscrow.Terms memory terms, bytes32 id) = opened(1);
        dollar.mint(buyer, PRICE);
        (uint8 v, bytes32 r, bytes32 s) = signMoneyPermit(BUYER_KEY, PRICE, START);
        dollar.permit(buyer, address(escrow), PRICE, START, v, r, s);
        escrow.fund(terms, START, v, r, s);
        assertPaid(id);
    }

    function test_Fund_PermitWorksOnce() public {
        (IEscrow.Terms memory first,) = opened(1);
        (IEscrow.Terms memory second, bytes32 id) = opened(2);
        dollar.mint(buyer, 2 * PRICE);
        (uint8 v, bytes32 r, bytes32 s) = signMoneyPermit(BUYER_KEY, PRICE, START);
        escrow.fund(first, START, v, r, s);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, escrow, 0, PRICE)
        );
        escrow.fund(second, START, v, r, s);
        assertStatus(id, IEscrow.Status.Open);
    }

    function test_Fund_AtTheDeadlineNotAfter() public {
        (IEscrow.Terms memory terms, bytes32 id) = opened(1);
        (IEscrow.Terms memory late,) = opened(2);
        allow(2 * PRICE);
        vm.warp(terms.fundBy);
        escrow.fund(terms, 0, 0, 0, 0);
        assertStatus(id, IEscrow.Status.Funded);
        vm.warp(terms.fundBy + 1);
        vm.expectRevert(abi.encodeWithSelector(IEscrow.TooLate.selector, late.fundBy));
        escrow.fund(late, 0, 0, 0, 0);
    }

    function test_Fund_RevertsWhenPaidWhateverHappenedSince() public {
        (IEscrow.Terms memory terms, bytes32 id) = funded(1);
        allow(PRICE);
        expectError(IEscrow.AlreadyFunded.selector, id);
        escrow.fund(terms, 0, 0, 0, 0);
        vm.warp(terms.settleBy + 1);
        escrow.refund(terms);
        expectError(IEscrow.AlreadyFunded.selector, id);
        escrow.fund(terms, 0, 0, 0, 0);
    }

    function test_Fund_RevertsWhenNotOpen() public {
        IEscrow.Terms memory unknown = termsFor(1);
        expectError(IEscrow.NotOpened.selector, idOf(unknown));
        escrow.fund(unknown, 0, 0, 0, 0);
        (IEscrow.Terms memory terms, bytes32 id) = opened(1);
        vm.warp(terms.fundBy + 1);
        escrow.refund(terms);
        expectError(IEscrow.AlreadyRefunded.selector, id);
        escrow.fund(terms, 0, 0, 0, 0);
    }

    function test_Fund_RevertsWhenTheBuyerCannotPay() public {
        (IEscrow.Terms memory terms, bytes32 id) = opened(1);
        vm.prank(buyer);
        dollar.approve(address(escrow), PRICE);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, buyer, 0, PRICE)
        );
        escrow.fund(terms, 0, 0, 0, 0);
        assertStatus(id, IEscrow.Status.Open);
    }

    function testFuzz_Fund_TakesExactlyThePrice(uint256 price, uint256 surplus) public {
        price = bound(price, 1, type(uint128).max);
        surplus = bound(surplus, 0, type(uint128).max);
        IEscrow.Terms memory terms = termsFor(mintToken(1));
        terms.price = price;
        vm.prank(seller);
        receivable.approve(address(escrow), terms.tokenId);
        escrow.open(terms, signTerms(SELLER_KEY, terms), signTerms(BUYER_KEY, terms), 0, "");
        allow(price + surplus);
        escrow.fund(terms, 0, 0, 0, 0);
        vm.assertEq(dollar.balanceOf(address(escrow)), price);
        vm.assertEq(dollar.balanceOf(buyer), surplus);
    }

    function allow(uint256 amount) private {
        dollar.mint(buyer, amount);
        vm.prank(buyer);
        dollar.approve(address(escrow), amount);
    }

    function assertPaid(bytes32 id) private view {
        assertStatus(id, IEscrow.Status.Funded);
        vm.assertEq(dollar.balanceOf(address(escrow)), PRICE);
        vm.assertEq(dollar.balanceOf(buyer), 0);
        vm.assertEq(escrow.owed(address(dollar), seller), 0);
    }
}
