// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEscrow} from "../src/interfaces/IEscrow.sol";
import {Fixture} from "./Fixture.sol";
import {BlockingDollar} from "./mocks/Currencies.sol";

/// @title Takes random acts on up to a dozen deals, and keeps a model of what should happen
/// @dev Each act first asks the model, written from the table in IEscrow, whether it should succeed; that the
/// escrow agrees is asserted at once. The model keeps its own status per deal and its own books.
contract EscrowHandler is Fixture {
    uint256 private constant MOST_DEALS = 12;

    struct Case {
        IEscrow.Terms terms;
        bytes32 id;
        IEscrow.Status status;
        bool paid;
        address tokenTo;
    }

    Case[] private _cases;
    BlockingDollar private _blocking;
    mapping(address party => uint256) private _owedTo;

    constructor() {
        setUp();
        _blocking = new BlockingDollar();
        dollar = _blocking;
        escrow = newEscrow(address(_blocking));
    }

    function open(uint64 fundIn, uint64 settleIn, uint64 arbiterIn, bool withArbiter, uint256 price)
        external
    {
        if (_cases.length == MOST_DEALS) return;
        IEscrow.Terms memory terms = termsFor(mintToken(_cases.length));
        terms.price = bound(price, 1, type(uint96).max);
        terms.fundBy = uint64(present() + bound(fundIn, 0, 2 days));
        terms.settleBy = uint64(terms.fundBy + bound(settleIn, 0, 2 days));
        terms.arbiterBy = uint64(terms.settleBy + bound(arbiterIn, 1, 2 days));
        if (!withArbiter) (terms.arbiter, terms.arbiterBy) = (address(0), 0);
        vm.prank(seller);
        receivable.approve(address(escrow), terms.tokenId);
        bytes32 id = escrow.open(terms, signTerms(SELLER_KEY, terms), signTerms(BUYER_KEY, terms), 0, "");
        Case storage c = _cases.push();
        (c.terms, c.id, c.status, c.tokenTo) = (terms, id, IEscrow.Status.Open, address(escrow));
    }

    function openAgain(uint256 which) external {
        if (_cases.length == 0) return;
        Case storage c = pick(which);
        bytes memory sellerSig = signTerms(SELLER_KEY, c.terms);
        bytes memory buyerSig = signTerms(BUYER_KEY, c.terms);
        act(stranger, abi.encodeCall(IEscrow.open, (c.terms, sellerSig, buyerSig, 0, "")), false);
    }

    function fund(uint256 which, bool enough) external {
        if (_cases.length == 0) return;
        Case storage c = pick(which);
        bool may = c.status == IEscrow.Status.Open && present() <= c.terms.fundBy && enough
            && !_blocking.blocked(buyer);
        if (!_blocking.blocked(buyer)) dollar.mint(buyer, c.terms.price);
        vm.prank(buyer);
        dollar.approve(address(escrow), enough ? c.terms.price : c.terms.price - 1);
        if (!act(stranger, abi.encodeCall(IEscrow.fund, (c.terms, 0, 0, 0, 0)), may)) return;
        (c.status, c.paid) = (IEscrow.Status.Funded, true);
    }

    function settle(uint256 which, bool consent) external {
        if (_cases.length == 0) return;
        Case storage c = pick(which);
        bytes memory receipt =
            signReceipt(consent ? BUYER_KEY : SELLER_KEY, c.id, receivable.documentsRoot(c.terms.tokenId));
        bool may = consent && (c.status == IEscrow.Status.Funded || c.status == IEscrow.Status.Disputed);
        if (!act(stranger, abi.encodeCall(IEscrow.settle, (c.terms, receipt)), may)) return;
        (c.status, c.tokenTo) = (IEscrow.Status.Settled, buyer);
        _owedTo[seller] += c.terms.price;
    }

    function refund(uint256 which) external {
        if (_cases.length == 0) return;
        Case storage c = pick(which);
        if (!act(stranger, abi.encodeCall(IEscrow.refund, (c.terms)), refundable(c))) return;
        giveBack(c, IEscrow.Status.Refunded);
    }

    function unwind(uint256 which, bool sellerAgrees, bool buyerAgrees) external {
        if (_cases.length == 0) return;
        Case storage c = pick(which);
        bytes memory bySeller = signUnwind(sellerAgrees ? SELLER_KEY : STRANGER_KEY, c.id);
        bytes memory byBuyer = signUnwind(buyerAgrees ? BUYER_KEY : STRANGER_KEY, c.id);
        bool may = live(c.status) && sellerAgrees && buyerAgrees;
        if (!act(stranger, abi.encodeCall(IEscrow.unwind, (c.terms, bySeller, byBuyer)), may)) return;
        giveBack(c, IEscrow.Status.Unwound);
    }

    function dispute(uint256 which, uint256 who) external {
        if (_cases.length == 0) return;
        Case storage c = pick(which);
        bytes memory sig = signDispute([SELLER_KEY, BUYER_KEY, STRANGER_KEY][who % 3], c.id);
        bool may = c.status == IEscrow.Status.Funded && c.terms.arbiter != address(0)
            && present() <= c.terms.settleBy && who % 3 != 2;
        if (!act(stranger, abi.encodeCall(IEscrow.dispute, (c.terms, sig)), may)) return;
        c.status = IEscrow.Status.Disputed;
    }

    function resolve(uint256 which, bool byArbiter, bool tokenToBuyer, uint256 share) external {
        if (_cases.length == 0) return;
        Case storage c = pick(which);
        share = bound(share, 0, c.terms.price + 1);
        bool may = c.status == IEscrow.Status.Disputed && byArbiter && present() <= c.terms.arbiterBy
            && share <= c.terms.price;
        bytes memory data = abi.encodeCall(IEscrow.resolve, (c.terms, tokenToBuyer, share));
        if (!act(byArbiter ? arbiter : seller, data, may)) return;
        (c.status, c.tokenTo) = (IEscrow.Status.Resolved, tokenToBuyer ? buyer : seller);
        _owedTo[seller] += share;
        _owedTo[buyer] += c.terms.price - share;
    }

    function withdraw(bool sellers) external {
        pay(sellers ? seller : buyer);
    }

    function setBlocked(bool sellers, bool yes) external {
        _blocking.setBlocked(sellers ? seller : buyer, yes);
    }

    function setPaused(bool yes) external {
        // Opening is paused only between two acts: that pausing stops nothing else is the point.
        vm.prank(guardian);
        escrow.setOpeningPaused(yes);
        this.refund(uint256(yes ? 1 : 0));
        vm.prank(guardian);
        escrow.setOpeningPaused(false);
    }

    function pass(uint32 time) external {
        vm.warp(present() + bound(time, 1, 12 hours));
    }

    /// @dev No party cooperates any more: time passes, and a stranger calls what anybody may call.
    function returnEverything() external {
        vm.warp(present() + 30 days);
        for (uint256 i = 0; i < _cases.length; ++i) {
            if (live(_cases[i].status)) this.refund(i);
        }
        pay(seller);
        pay(buyer);
    }

    function count() external view returns (uint256) {
        return _cases.length;
    }

    function at(uint256 i) external view returns (Case memory) {
        return _cases[i];
    }

    function escrowed() external view returns (uint256) {
        return dollar.balanceOf(address(escrow));
    }

    function onChain(uint256 i) external view returns (IEscrow.Status status, address owner) {
        return (escrow.status(_cases[i].id), receivable.ownerOf(_cases[i].terms.tokenId));
    }

    function booked(bool sellers) external view returns (uint256 onEscrow, uint256 inModel) {
        address party = sellers ? seller : buyer;
        return (escrow.owed(address(dollar), party), _owedTo[party]);
    }

    function isBlocked(bool sellers) external view returns (bool) {
        return _blocking.blocked(sellers ? seller : buyer);
    }

    function live(IEscrow.Status s) public pure returns (bool) {
        return s == IEscrow.Status.Open || s == IEscrow.Status.Funded || s == IEscrow.Status.Disputed;
    }

    function pay(address party) private {
        bool may = _owedTo[party] != 0 && !_blocking.blocked(party);
        uint256 before = dollar.balanceOf(party);
        if (!act(stranger, abi.encodeCall(IEscrow.withdraw, (address(dollar), party)), may)) return;
        vm.assertEq(dollar.balanceOf(party) - before, _owedTo[party]);
        _owedTo[party] = 0;
    }

    function giveBack(Case storage c, IEscrow.Status result) private {
        (c.status, c.tokenTo) = (result, seller);
        if (c.paid) _owedTo[buyer] += c.terms.price;
    }

    function refundable(Case storage c) private view returns (bool) {
        if (c.status == IEscrow.Status.Open) return present() > c.terms.fundBy;
        if (c.status == IEscrow.Status.Funded) return present() > c.terms.settleBy;
        return c.status == IEscrow.Status.Disputed && present() > c.terms.arbiterBy;
    }

    /// @dev Calls the escrow and holds the outcome against the model's.
    function act(address sender, bytes memory data, bool may) private returns (bool done) {
        vm.prank(sender);
        (done,) = address(escrow).call(data);
        vm.assertTrue(done == may, may ? "refused what the table allows" : "allowed what the table refuses");
    }

    function pick(uint256 which) private view returns (Case storage) {
        return _cases[which % _cases.length];
    }

    /// @dev The compiler may take block.timestamp for constant within a call; the cheatcode knows of warps.
    function present() private view returns (uint256) {
        return vm.getBlockTimestamp();
    }
}
