// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEscrow} from "../src/interfaces/IEscrow.sol";
import {IReceivable} from "../src/interfaces/IReceivable.sol";
import {Notary} from "../src/Notary.sol";
import {Fixture} from "./Fixture.sol";

/// @title Gas of whole transactions, as their sender pays for it
/// @dev `isolate` runs each call as a transaction of its own: intrinsic gas, calldata and refunds are in, and all
/// storage is cold. gas.json holds what was measured; one per cent more than that fails, as does
/// passing a limit. After an intended change: UPDATE_GAS=true forge test --match-contract GasTest
contract GasTest is Fixture {
    string private constant FILE = "gas.json";

    Notary private notary;
    string private measured;

    function setUp() public override {
        super.setUp();
        notary = Notary(create(artifact("Notary"), ""));
        // Both parties have held tokens and been owed money before: the slots are there.
        for (uint256 salt = 1000; salt < 1003; ++salt) {
            mintToken(salt);
        }
        settled(1003, false);
        settled(1004, false);
        opened(1005);
    }

    /// forge-config: default.isolate = true
    function test_GasOfEveryTransaction() public {
        measureReceivable();
        measureNotary();
        measureOpening();
        measureFunding();
        measureEnds();
        if (vm.envOr("UPDATE_GAS", false)) vm.writeFile(FILE, string.concat("{\n", measured, "\n}\n"));
    }

    function measureReceivable() private {
        mintToken(0);
        gate("mint_by_creditor", 79_000);

        // The floor of a relayed mint is above 79,000: see README.md.
        IReceivable.Terms memory terms = claim(seller, 1);
        bytes memory signature = sign(SELLER_KEY, address(receivable), bytes32(idOf(terms)));
        vm.prank(stranger);
        uint256 tokenId = receivable.mint(terms, signature);
        record("mint_relayed");

        vm.prank(seller);
        receivable.append(tokenId, terms.root, keccak256("new root"), 9, "");
        record("append_by_owner");
    }

    function measureNotary() private {
        vm.prank(stranger);
        notary.anchor(keccak256("root"), 100);
        gate("anchor", 29_500);
    }

    function measureOpening() private {
        opened(2);
        gate("open_approved", 92_000);

        IEscrow.Terms memory terms = termsFor(mintToken(3));
        bytes memory sellerSig = signTerms(SELLER_KEY, terms);
        bytes memory buyerSig = signTerms(BUYER_KEY, terms);
        bytes memory permit = signTokenPermit(SELLER_KEY, terms.tokenId, START + 1 days);
        vm.prank(stranger);
        escrow.open(terms, sellerSig, buyerSig, START + 1 days, permit);
        record("open_with_permit");
    }

    function measureFunding() private {
        funded(4);
        record("fund_approved");

        (IEscrow.Terms memory terms,) = opened(5);
        dollar.mint(buyer, 2 * terms.price);
        (uint8 v, bytes32 r, bytes32 s) = signMoneyPermit(BUYER_KEY, terms.price, START + 1 days);
        vm.prank(stranger);
        escrow.fund(terms, START + 1 days, v, r, s);
        record("fund_with_permit_first");
    }

    function measureEnds() private {
        settled(6, true);
        gate("settle", 79_000);

        (IEscrow.Terms memory terms,) = funded(7);
        vm.prank(buyer);
        escrow.dispute(terms, "");
        record("dispute");

        vm.prank(arbiter);
        escrow.resolve(terms, true, terms.price / 2);
        record("resolve");

        (terms,) = funded(8);
        vm.warp(START + 4 days);
        vm.prank(stranger);
        escrow.refund(terms);
        record("refund");
        vm.warp(START);

        vm.prank(stranger);
        escrow.withdraw(address(dollar), seller);
        record("withdraw");
    }

    /// @dev A whole deal, settled by a relayed receipt or by the buyer's own transaction.
    function settled(uint256 salt, bool relayed) private {
        (IEscrow.Terms memory terms, bytes32 id) = funded(salt);
        bytes memory receipt = "";
        if (relayed) receipt = signReceipt(BUYER_KEY, id, receivable.documentsRoot(terms.tokenId));
        vm.prank(relayed ? stranger : buyer);
        escrow.settle(terms, receipt);
    }

    /// @dev `record`, and the transaction may never cost more than `limit`.
    function gate(string memory what, uint256 limit) private {
        vm.assertLe(vm.lastCallGas().gasTotalUsed, limit, string.concat(what, " passes its limit"));
        record(what);
    }

    /// @dev Holds the gas of the last transaction against the committed figure, or notes it to become one.
    function record(string memory what) private {
        uint256 used = vm.lastCallGas().gasTotalUsed;
        if (vm.envOr("UPDATE_GAS", false)) {
            if (bytes(measured).length != 0) measured = string.concat(measured, ",\n");
            measured = string.concat(measured, '  "', what, '": ', vm.toString(used));
            return;
        }
        uint256 committed = vm.parseJsonUint(vm.readFile(FILE), string.concat(".", what));
        vm.assertLe(used * 100, committed * 101, string.concat(what, " is over its snapshot by one per cent"));
    }
}
