// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Escrow: a receivable against money, released together or returned
/// @notice Seller and buyer sign the same terms. The escrow takes the token, then the money, and lets go of both
/// only in one of the ways below. Nobody but the two parties can ever receive either.
///
///   status    | who may act                 | until     | result
///   ----------+-----------------------------+-----------+----------------------------------------------
///   (none)    | both parties: open          | fundBy    | Open: the token is here
///   Open      | buyer: fund                 | fundBy    | Funded: the price is here too
///   Open      | anybody: refund             | after it  | Refunded: token to seller
///   Funded    | buyer: settle (receipt)     | -         | Settled: token to buyer, price owed to seller
///   Funded    | either party: dispute       | settleBy  | Disputed
///   Funded    | anybody: refund             | after it  | Refunded: token to seller, price owed to buyer
///   Disputed  | buyer: settle (receipt)     | -         | Settled: a signed receipt is final
///   Disputed  | arbiter: resolve            | arbiterBy | Resolved: as the arbiter divides
///   Disputed  | anybody: refund             | after it  | Refunded: token to seller, price owed to buyer
///   Open, Funded, Disputed | both: unwind   | -         | Unwound: as a refund, at once
///
/// "Until" is inclusive: at the deadline itself the left column still holds, one second later the refund does.
/// The five results at the end are terminal. Anybody may relay an act: what counts is the party's signature (EOA or
/// ERC-1271), or the party sending the transaction itself.
///
/// Money leaves only by `withdraw`, which pays what is owed to the party it is owed to; so a party that a
/// currency has blocked delays nobody but itself. Currencies and receivable contracts are those listed at
/// construction, for ever: no tokens that take fees, rebase or call back. The guardian may stop opening and
/// nothing else. There is no owner and no upgrade, and tokens sent here outside `open` and `fund` are lost.
///
/// A call whose effect has happened reverts with an `Already...` error of that effect, so a sender that lost the
/// answer learns that the work is done.
interface IEscrow {
    /// @notice What both parties sign. EIP-712 type:
    /// Terms(bytes32 deal,address seller,address buyer,address receivable,uint256 tokenId,address currency,uint256 price,bytes32 digest,uint64 fundBy,uint64 settleBy,address arbiter,uint64 arbiterBy)
    /// @param deal Identifier of the deal.
    /// @param seller Gives the token, receives the price.
    /// @param buyer Gives the price, receives the token.
    /// @param receivable Listed ERC-721 contract of the token.
    /// @param tokenId The token.
    /// @param currency Listed ERC-20 contract of the price.
    /// @param price In minor units of `currency`; never zero.
    /// @param digest Commitment to the terms off chain: plan, policy pack, perimeter.
    /// @param fundBy Last second (Unix, UTC) to open and to fund.
    /// @param settleBy Last second to dispute; afterwards a funded deal is refundable. At least `fundBy`.
    /// @param arbiter Who may resolve a dispute; zero for nobody, and then no dispute is possible.
    /// @param arbiterBy Last second to resolve; later than `settleBy`, or zero without an arbiter.
    struct Terms {
        bytes32 deal;
        address seller;
        address buyer;
        address receivable;
        uint256 tokenId;
        address currency;
        uint256 price;
        bytes32 digest;
        uint64 fundBy;
        uint64 settleBy;
        address arbiter;
        uint64 arbiterBy;
    }

    /// @notice Where a deal stands. The numbers are part of the interface.
    enum Status {
        None, // 0
        Open, // 1
        Funded, // 2
        Disputed, // 3
        Settled, // 4
        Refunded, // 5
        Unwound, // 6
        Resolved // 7
    }

    /// @notice The escrow holds the token of deal `id`.
    event Opened(bytes32 indexed id, bytes32 indexed deal, address seller, address buyer);
    /// @notice The escrow holds the price of deal `id`.
    event Funded(bytes32 indexed id);
    /// @notice The buyer acknowledged `documents`, the token's document root: token to buyer, price to seller.
    event Settled(bytes32 indexed id, bytes32 documents);
    /// @notice A deadline passed: token to seller, the price, if it was paid, to buyer.
    event Refunded(bytes32 indexed id);
    /// @notice Both parties agreed to stop; as a refund.
    event Unwound(bytes32 indexed id);
    /// @notice `by`, a party, asked for the arbiter.
    event Disputed(bytes32 indexed id, address by);
    /// @notice The arbiter gave the token to the buyer or the seller, and `sellerShare` of the price to the seller.
    event Resolved(bytes32 indexed id, bool tokenToBuyer, uint256 sellerShare);
    /// @notice `amount` of `currency` was paid out to `party`.
    event Withdrawn(address indexed currency, address indexed party, uint256 amount);
    /// @notice The guardian stopped or allowed opening.
    event OpeningPaused(bool paused);

    /// @notice The deal was opened, whatever has become of it since.
    error AlreadyOpened(bytes32 id);
    /// @notice The price was paid, whatever has become of it since.
    error AlreadyFunded(bytes32 id);
    /// @notice The deal is settled.
    error AlreadySettled(bytes32 id);
    /// @notice The deal is refunded.
    error AlreadyRefunded(bytes32 id);
    /// @notice The deal is unwound.
    error AlreadyUnwound(bytes32 id);
    /// @notice The deal is in dispute.
    error AlreadyDisputed(bytes32 id);
    /// @notice The arbiter has resolved the deal.
    error AlreadyResolved(bytes32 id);
    /// @notice There is no such deal; perhaps the terms differ from those signed.
    error NotOpened(bytes32 id);
    /// @notice The price has not been paid yet.
    error NotFunded(bytes32 id);
    /// @notice The deal is not in dispute.
    error NotDisputed(bytes32 id);
    /// @notice The act had to come by `deadline` (Unix seconds).
    error TooLate(uint64 deadline);
    /// @notice The refund waits until after `deadline` (Unix seconds).
    error TooEarly(uint64 deadline);
    /// @notice The signature is not `signer`'s consent to this message.
    error InvalidSignature(address signer);
    /// @notice Only the arbiter, the guardian, or a party of the terms may do this.
    error NotAllowed(address caller);
    /// @notice The guardian has paused opening.
    error OpeningIsPaused();
    /// @notice The contract is not on the escrow's lists.
    error NotListed(address token);
    /// @notice Seller and buyer must differ, neither may be the arbiter or zero, and the price may not be zero.
    error InvalidParties();
    /// @notice Deadlines must be ordered: fundBy <= settleBy < arbiterBy, or arbiterBy zero without arbiter.
    error InvalidDeadlines();
    /// @notice The terms name no arbiter.
    error NoArbiter();
    /// @notice The seller's share is more than the price.
    error ShareAbovePrice(uint256 sellerShare, uint256 price);
    /// @notice The currency delivered `received` where `expected` was due.
    error InexactReceipt(uint256 expected, uint256 received);
    /// @notice Nothing is owed to `party` in `currency`: all was paid out, or nothing was due yet.
    error NothingOwed(address currency, address party);

    /// @notice Takes the token in. Both signatures are over the EIP-712 message `terms`.
    /// @param tokenPermitDeadline Deadline of the token's EIP-4494 permit.
    /// @param tokenPermitSig The seller's permit for this escrow; empty if approved already. A permit that somebody
    /// else has used first is no obstacle.
    function open(
        Terms calldata terms,
        bytes calldata sellerSig,
        bytes calldata buyerSig,
        uint256 tokenPermitDeadline,
        bytes calldata tokenPermitSig
    ) external returns (bytes32 id);

    /// @notice Takes the price from the buyer, by EIP-2612 permit or, if `v` is zero, by an approval that exists.
    /// Whoever calls, the buyer's signed terms and its approval are what allows it.
    function fund(Terms calldata terms, uint256 permitDeadline, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice Token to buyer, price to seller, on the buyer's signature over
    /// Receipt(bytes32 id,bytes32 documents), where documents is the token's document root.
    function settle(Terms calldata terms, bytes calldata receiptSig) external;

    /// @notice Token to seller, price (if paid) to buyer, once the deadline has passed. For anybody to call.
    function refund(Terms calldata terms) external;

    /// @notice The same at once, on both parties' signatures over Unwind(bytes32 id).
    function unwind(Terms calldata terms, bytes calldata sellerSig, bytes calldata buyerSig) external;

    /// @notice Asks for the arbiter, on either party's signature over Dispute(bytes32 id).
    function dispute(Terms calldata terms, bytes calldata sig) external;

    /// @notice Divides a disputed deal between the parties. Only the arbiter calls this.
    /// @param tokenToBuyer Who gets the token: buyer or seller.
    /// @param sellerShare What the seller gets of the price; the buyer gets the rest.
    function resolve(Terms calldata terms, bool tokenToBuyer, uint256 sellerShare) external;

    /// @notice Pays `party` all it is owed in `currency`. For anybody to call.
    function withdraw(address currency, address party) external returns (uint256 amount);

    /// @notice Stops or allows opening; the guardian's only power.
    function setOpeningPaused(bool paused) external;

    /// @notice Where deal `id` stands.
    function status(bytes32 id) external view returns (Status);

    /// @notice A deal's id: the EIP-712 struct hash of its terms.
    function hashTerms(Terms calldata terms) external pure returns (bytes32 id);

    /// @notice What `party` may withdraw, in minor units of `currency`.
    function owed(address currency, address party) external view returns (uint256);

    /// @notice Who may pause opening; zero for nobody.
    function guardian() external view returns (address);

    /// @notice Whether opening is paused.
    function openingPaused() external view returns (bool);
}
