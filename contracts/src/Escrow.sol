// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {AllowList} from "./AllowList.sol";
import {IERC4494} from "./interfaces/IERC4494.sol";
import {IEscrow} from "./interfaces/IEscrow.sol";
import {IReceivable} from "./interfaces/IReceivable.sol";
import {Signatures} from "./Signatures.sol";

/// @title Escrow; IEscrow says what it promises
/// @dev Every function goes: check, write the deal's one slot, credit, then call a token.
contract Escrow is IEscrow, AllowList, EIP712, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    bytes32 private constant TERMS_TYPEHASH = keccak256(
        "Terms(bytes32 deal,address seller,address buyer,address receivable,uint256 tokenId,address currency,uint256 price,bytes32 digest,uint64 fundBy,uint64 settleBy,address arbiter,uint64 arbiterBy)"
    );
    bytes32 private constant RECEIPT_TYPEHASH = keccak256("Receipt(bytes32 id,bytes32 documents)");
    bytes32 private constant UNWIND_TYPEHASH = keccak256("Unwind(bytes32 id)");
    bytes32 private constant DISPUTE_TYPEHASH = keccak256("Dispute(bytes32 id)");

    /// @dev One slot. `paid` outlives the status: a refunded deal may have been funded or not.
    struct Deal {
        Status status;
        bool paid;
    }

    /// @inheritdoc IEscrow
    address public immutable guardian;
    /// @inheritdoc IEscrow
    bool public openingPaused;
    /// @inheritdoc IEscrow
    mapping(address currency => mapping(address party => uint256)) public owed;
    mapping(bytes32 id => Deal) private _deals;

    /// @param receivables ERC-721 contracts to deal in, one to four: their transfers must neither fail nor call back.
    /// @param currencies ERC-20 contracts to pay in, one to four: they must neither take fees nor rebase.
    /// @param guardian_ Who may pause opening; zero for nobody.
    constructor(address[] memory receivables, address[] memory currencies, address guardian_)
        AllowList(receivables, currencies)
        EIP712("Cession Escrow", "1")
    {
        guardian = guardian_;
    }

    /// @inheritdoc IEscrow
    function open(
        Terms calldata terms,
        bytes calldata sellerSig,
        bytes calldata buyerSig,
        uint256 tokenPermitDeadline,
        bytes calldata tokenPermitSig
    ) external nonReentrant returns (bytes32 id) {
        id = _hash(terms);
        if (_deals[id].status != Status.None) revert AlreadyOpened(id);
        if (openingPaused) revert OpeningIsPaused();
        _requireSound(terms);
        _requireNotAfter(terms.fundBy);
        _requireConsent(terms.seller, id, sellerSig);
        _requireConsent(terms.buyer, id, buyerSig);

        _deals[id].status = Status.Open;
        emit Opened(id, terms.deal, terms.seller, terms.buyer);
        if (tokenPermitSig.length != 0) {
            // Somebody may have used the permit first; then the approval exists, and the transfer decides.
            try IERC4494(terms.receivable)
                .permit(address(this), terms.tokenId, tokenPermitDeadline, tokenPermitSig) {}
                catch {}
        }
        IERC721(terms.receivable).transferFrom(terms.seller, address(this), terms.tokenId);
    }

    /// @inheritdoc IEscrow
    function fund(Terms calldata terms, uint256 permitDeadline, uint8 v, bytes32 r, bytes32 s)
        external
        nonReentrant
    {
        bytes32 id = _hash(terms);
        Deal storage deal = _deals[id];
        if (deal.paid) revert AlreadyFunded(id);
        if (deal.status != Status.Open) _revertClosed(id, deal.status);
        _requireNotAfter(terms.fundBy);

        deal.status = Status.Funded;
        deal.paid = true;
        emit Funded(id);
        _collect(terms, permitDeadline, v, r, s);
    }

    /// @inheritdoc IEscrow
    function settle(Terms calldata terms, bytes calldata receiptSig) external nonReentrant {
        bytes32 id = _hash(terms);
        Deal storage deal = _deals[id];
        Status current = deal.status;
        if (current != Status.Funded && current != Status.Disputed) {
            if (current == Status.Open) revert NotFunded(id);
            _revertClosed(id, current);
        }
        // The escrow owns the token, so the root stands still from opening until here.
        bytes32 documents = IReceivable(terms.receivable).documentsRoot(terms.tokenId);
        _requireConsent(terms.buyer, keccak256(abi.encode(RECEIPT_TYPEHASH, id, documents)), receiptSig);

        deal.status = Status.Settled;
        owed[terms.currency][terms.seller] += terms.price;
        emit Settled(id, documents);
        _release(terms, terms.buyer);
    }

    /// @inheritdoc IEscrow
    function refund(Terms calldata terms) external nonReentrant {
        bytes32 id = _hash(terms);
        Status current = _deals[id].status;
        uint64 deadline;
        if (current == Status.Open) deadline = terms.fundBy;
        else if (current == Status.Funded) deadline = terms.settleBy;
        else if (current == Status.Disputed) deadline = terms.arbiterBy;
        else _revertClosed(id, current);
        if (block.timestamp <= deadline) revert TooEarly(deadline);

        emit Refunded(id);
        _return(terms, id, Status.Refunded);
    }

    /// @inheritdoc IEscrow
    function unwind(Terms calldata terms, bytes calldata sellerSig, bytes calldata buyerSig)
        external
        nonReentrant
    {
        bytes32 id = _hash(terms);
        Status current = _deals[id].status;
        if (current != Status.Open && current != Status.Funded && current != Status.Disputed) {
            _revertClosed(id, current);
        }
        bytes32 hash = keccak256(abi.encode(UNWIND_TYPEHASH, id));
        _requireConsent(terms.seller, hash, sellerSig);
        _requireConsent(terms.buyer, hash, buyerSig);

        emit Unwound(id);
        _return(terms, id, Status.Unwound);
    }

    /// @inheritdoc IEscrow
    function dispute(Terms calldata terms, bytes calldata sig) external nonReentrant {
        bytes32 id = _hash(terms);
        Status current = _deals[id].status;
        if (current != Status.Funded) {
            if (current == Status.Open) revert NotFunded(id);
            if (current == Status.Disputed) revert AlreadyDisputed(id);
            _revertClosed(id, current);
        }
        if (terms.arbiter == address(0)) revert NoArbiter();
        _requireNotAfter(terms.settleBy);
        address by = _signerAmong(terms.seller, terms.buyer, keccak256(abi.encode(DISPUTE_TYPEHASH, id)), sig);

        _deals[id].status = Status.Disputed;
        emit Disputed(id, by);
    }

    /// @inheritdoc IEscrow
    function resolve(Terms calldata terms, bool tokenToBuyer, uint256 sellerShare) external nonReentrant {
        bytes32 id = _hash(terms);
        Status current = _deals[id].status;
        if (current != Status.Disputed) {
            if (current == Status.Open || current == Status.Funded) revert NotDisputed(id);
            _revertClosed(id, current);
        }
        if (msg.sender != terms.arbiter) revert NotAllowed(msg.sender);
        _requireNotAfter(terms.arbiterBy);
        if (sellerShare > terms.price) revert ShareAbovePrice(sellerShare, terms.price);

        _deals[id].status = Status.Resolved;
        owed[terms.currency][terms.seller] += sellerShare;
        owed[terms.currency][terms.buyer] += terms.price - sellerShare;
        emit Resolved(id, tokenToBuyer, sellerShare);
        _release(terms, tokenToBuyer ? terms.buyer : terms.seller);
    }

    /// @inheritdoc IEscrow
    function withdraw(address currency, address party) external nonReentrant returns (uint256 amount) {
        amount = owed[currency][party];
        if (amount == 0) revert NothingOwed(currency, party);
        owed[currency][party] = 0;
        emit Withdrawn(currency, party, amount);
        IERC20(currency).safeTransfer(party, amount);
    }

    /// @inheritdoc IEscrow
    function setOpeningPaused(bool paused) external {
        if (msg.sender != guardian) revert NotAllowed(msg.sender);
        openingPaused = paused;
        emit OpeningPaused(paused);
    }

    /// @inheritdoc IEscrow
    function status(bytes32 id) external view returns (Status) {
        return _deals[id].status;
    }

    /// @inheritdoc IEscrow
    function hashTerms(Terms calldata terms) external pure returns (bytes32 id) {
        return _hash(terms);
    }

    /// @dev Pulls exactly the price from the buyer.
    function _collect(Terms calldata terms, uint256 permitDeadline, uint8 v, bytes32 r, bytes32 s) private {
        if (v != 0) {
            // As in `open`: a permit used by somebody else first has left the approval behind.
            try IERC20Permit(terms.currency)
                .permit(terms.buyer, address(this), terms.price, permitDeadline, v, r, s) {}
                catch {}
        }
        IERC20 currency = IERC20(terms.currency);
        uint256 before = currency.balanceOf(address(this));
        currency.safeTransferFrom(terms.buyer, address(this), terms.price);
        uint256 received = currency.balanceOf(address(this)) - before;
        if (received != terms.price) revert InexactReceipt(terms.price, received);
    }

    /// @dev Everybody gets back what they gave.
    function _return(Terms calldata terms, bytes32 id, Status result) private {
        Deal storage deal = _deals[id];
        deal.status = result;
        if (deal.paid) owed[terms.currency][terms.buyer] += terms.price;
        _release(terms, terms.seller);
    }

    /// @dev `transferFrom`, not `safeTransferFrom`: a receiver hook could refuse the token and so hold up the other
    /// party's money.
    function _release(Terms calldata terms, address to) private {
        IERC721(terms.receivable).transferFrom(address(this), to, terms.tokenId);
    }

    function _requireSound(Terms calldata terms) private view {
        if (!isReceivable(terms.receivable)) revert NotListed(terms.receivable);
        if (!isCurrency(terms.currency)) revert NotListed(terms.currency);
        (address seller, address buyer, address arbiter) = (terms.seller, terms.buyer, terms.arbiter);
        if (seller == address(0) || buyer == address(0) || seller == buyer || terms.price == 0) {
            revert InvalidParties();
        }
        if (arbiter == seller || arbiter == buyer) revert InvalidParties();
        bool ordered = arbiter == address(0) ? terms.arbiterBy == 0 : terms.settleBy < terms.arbiterBy;
        if (!ordered || terms.fundBy > terms.settleBy) revert InvalidDeadlines();
    }

    function _requireNotAfter(uint64 deadline) private view {
        if (block.timestamp > deadline) revert TooLate(deadline);
    }

    function _requireConsent(address party, bytes32 hash, bytes calldata signature) private view {
        if (!_consents(party, hash, signature)) revert InvalidSignature(party);
    }

    function _consents(address party, bytes32 hash, bytes calldata signature) private view returns (bool) {
        return msg.sender == party || Signatures.valid(party, _hashTypedDataV4(hash), signature);
    }

    function _signerAmong(address seller, address buyer, bytes32 hash, bytes calldata signature)
        private
        view
        returns (address)
    {
        if (_consents(seller, hash, signature)) return seller;
        _requireConsent(buyer, hash, signature);
        return buyer;
    }

    /// @dev Says why nothing can be done any more, or yet.
    function _revertClosed(bytes32 id, Status current) private pure {
        if (current == Status.Settled) revert AlreadySettled(id);
        if (current == Status.Refunded) revert AlreadyRefunded(id);
        if (current == Status.Unwound) revert AlreadyUnwound(id);
        if (current == Status.Resolved) revert AlreadyResolved(id);
        revert NotOpened(id);
    }

    function _hash(Terms calldata terms) private pure returns (bytes32) {
        return keccak256(abi.encode(TERMS_TYPEHASH, terms));
    }
}
