// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Notary: a public, ordered record of commitments
/// @notice Anybody anchors a Merkle root over `count` salted commitments. The contract keeps one slot, a hash
/// chain over everything anchored, so the price does not grow with use:
///
///   head(0) = keccak256(abi.encode("Cession Notary 1", chainId, notary))
///   head(n) = keccak256(abi.encode(head(n-1), root, count, submitter))
///
/// The events from the first block rebuild the chain; their end must be `head()`, so no event can be hidden,
/// added or reordered. A receipt for one commitment is {leaf, proof, root, transaction, block, log index}.
///
/// Anchoring the same root again is allowed and harmless: it proves a later time, never an earlier one. A slot
/// per root to refuse it would cost four times the anchor.
interface INotary {
    /// @notice `root` over `count` commitments was anchored by `submitter`; `head` is the chain's new end.
    event Anchored(bytes32 indexed root, uint32 count, bytes32 head, address submitter);

    /// @notice A root of zero or a count of zero commits to nothing.
    error EmptyAnchor();

    /// @notice Anchors `root`, a Merkle root over `count` commitments.
    function anchor(bytes32 root, uint32 count) external;

    /// @notice The end of the hash chain.
    function head() external view returns (bytes32);
}
