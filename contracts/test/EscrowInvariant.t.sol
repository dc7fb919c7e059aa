// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEscrow} from "../src/interfaces/IEscrow.sol";
import {Test} from "./Cheats.sol";
import {EscrowHandler} from "./EscrowHandler.sol";

/// @title What holds after any sequence of acts; EscrowHandler takes them
contract EscrowInvariantTest is Test {
    struct Selectors {
        address addr;
        bytes4[] selectors;
    }

    EscrowHandler private handler;

    function setUp() public {
        handler = new EscrowHandler();
    }

    /// @dev Foundry asks which contracts to call.
    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev Foundry asks which functions to call; funding twice as often as the rest, or few deals get far.
    function targetSelectors() public view returns (Selectors[] memory targets) {
        bytes4[14] memory acts = [
            EscrowHandler.open.selector,
            EscrowHandler.open.selector,
            EscrowHandler.openAgain.selector,
            EscrowHandler.fund.selector,
            EscrowHandler.fund.selector,
            EscrowHandler.settle.selector,
            EscrowHandler.refund.selector,
            EscrowHandler.unwind.selector,
            EscrowHandler.dispute.selector,
            EscrowHandler.resolve.selector,
            EscrowHandler.withdraw.selector,
            EscrowHandler.setBlocked.selector,
            EscrowHandler.setPaused.selector,
            EscrowHandler.pass.selector
        ];
        targets = new Selectors[](1);
        targets[0] = Selectors(address(handler), new bytes4[](acts.length));
        for (uint256 i = 0; i < acts.length; ++i) {
            targets[0].selectors[i] = acts[i];
        }
    }

    /// @dev The handler can reach every end, so a run that finds nothing has looked there.
    function test_HandlerReachesEveryStatus() public {
        for (uint256 i = 0; i < 6; ++i) {
            handler.open(1 days, 1 days, 1 days, true, 100);
            if (i > 0) handler.fund(i, true);
        }
        handler.settle(1, true);
        handler.dispute(2, 0);
        handler.resolve(2, true, true, 30);
        handler.unwind(3, true, true);
        handler.dispute(4, 1);
        for (uint256 i = 0; i < 6; ++i) {
            handler.pass(12 hours);
        }
        handler.refund(5);
        uint256[6] memory want = [uint256(1), 4, 7, 6, 3, 5];
        for (uint256 i = 0; i < 6; ++i) {
            vm.assertEq(uint256(handler.at(i).status), want[i]);
        }
        invariant_EverythingIsAccountedFor();
        afterInvariant();
    }

    /// @dev Money: what is here is what is owed and what live deals have paid; nobody is owed more or less than
    /// the model says. Tokens: here exactly while the deal is live, else with whom it should be. Status: the
    /// model's, which has no way out of a terminal one.
    function invariant_EverythingIsAccountedFor() public view {
        uint256 locked;
        for (uint256 i = 0; i < handler.count(); ++i) {
            EscrowHandler.Case memory c = handler.at(i);
            (IEscrow.Status status, address owner) = handler.onChain(i);
            vm.assertEq(uint256(status), uint256(c.status));
            vm.assertEq(owner, c.tokenTo);
            if (c.paid && handler.live(c.status)) locked += c.terms.price;
        }
        uint256 owed = checkBooks(true) + checkBooks(false);
        vm.assertEq(handler.escrowed(), owed + locked);
    }

    /// @dev The last word of every run: without anybody's cooperation all comes back, but for what a currency
    /// refuses to pay a blocked party.
    function afterInvariant() public {
        handler.returnEverything();
        uint256 stuck;
        if (handler.isBlocked(true)) stuck += checkBooks(true);
        if (handler.isBlocked(false)) stuck += checkBooks(false);
        vm.assertEq(handler.escrowed(), stuck);
        for (uint256 i = 0; i < handler.count(); ++i) {
            (IEscrow.Status status,) = handler.onChain(i);
            vm.assertFalse(handler.live(status));
        }
        invariant_EverythingIsAccountedFor();
    }

    function checkBooks(bool sellers) private view returns (uint256 onEscrow) {
        uint256 inModel;
        (onEscrow, inModel) = handler.booked(sellers);
        vm.assertEq(onEscrow, inModel);
    }
}
