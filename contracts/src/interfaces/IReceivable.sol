// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Receivable: one ERC-721 token per claim for payment
/// @notice A token's id is the EIP-712 hash of the claim's terms, so the id itself proves the terms and the
/// same claim cannot be minted twice. One storage slot per token holds the Merkle root over salted
/// commitments to the claim's documents; only the current owner may replace it, so a creditor who has sold
/// a claim can no longer touch its papers.
///
/// Nothing here names a debtor or a document. Roots are over keccak256(salt || manifest digest).
///
/// A token has one nonce. It grows with every use of the owner's signature (`append`, `permit`) and with
/// every transfer, so each signature works once and none outlives a sale. Owner and nonce share a slot.
///
/// There is no admin, no pause, no burn, no upgrade.
interface IReceivable {
    /// @notice The claim a token stands for. EIP-712 type:
    /// Terms(bytes32 deal,address creditor,bytes32 root,uint32 count,uint128 faceAmount,bytes3 currency,uint64 dueDate,bytes32 salt)
    /// @param deal Identifier of the deal the claim is sold in.
    /// @param creditor Who owns the claim at first and signs the terms.
    /// @param root Merkle root over the document commitments; never zero.
    /// @param count Number of documents under the root; never zero.
    /// @param faceAmount Nominal amount in minor units of `currency`.
    /// @param currency ISO 4217 code, three ASCII letters.
    /// @param dueDate Unix seconds, UTC.
    /// @param salt Random, so that ids of similar claims cannot be linked or guessed.
    struct Terms {
        bytes32 deal;
        address creditor;
        bytes32 root;
        uint32 count;
        uint128 faceAmount;
        bytes3 currency;
        uint64 dueDate;
        bytes32 salt;
    }

    /// @notice A claim became a token of its creditor.
    event Minted(uint256 indexed tokenId, bytes32 indexed deal, bytes32 root, uint32 count);

    /// @notice The owner replaced the document root: `newRoot` covers `count` documents.
    event DocumentsAppended(uint256 indexed tokenId, bytes32 oldRoot, bytes32 newRoot, uint32 count);

    /// @notice These terms are a token already: the mint is done.
    error AlreadyMinted(uint256 tokenId);

    /// @notice The token's root is the new root already: the append is done.
    error AlreadyAppended(uint256 tokenId);

    /// @notice The append was signed over `expected`, but the token's root is `actual`.
    error StaleRoot(uint256 tokenId, bytes32 expected, bytes32 actual);

    /// @notice A root of zero or a count of zero commits to nothing.
    error EmptyDocuments();

    /// @notice The signature is not `signer`'s consent to this message (or its nonce has passed).
    error InvalidSignature(address signer);

    /// @notice The permit was good until `deadline` (Unix seconds).
    error PermitExpired(uint256 deadline);

    /// @notice Mints the claim to its creditor. Anybody may relay; `signature` is the creditor's over `terms`
    /// (EOA or ERC-1271), and may be empty if the creditor sends the transaction.
    function mint(Terms calldata terms, bytes calldata signature) external returns (uint256 tokenId);

    /// @notice Replaces `oldRoot` by `newRoot`. Anybody may relay; `signature` is the current owner's over
    /// Append(uint256 tokenId,bytes32 oldRoot,bytes32 newRoot,uint32 newCount,uint256 nonce)
    /// with nonce = `nonces(tokenId)`, and may be empty if the owner sends the transaction.
    function append(
        uint256 tokenId,
        bytes32 oldRoot,
        bytes32 newRoot,
        uint32 newCount,
        bytes calldata signature
    ) external;

    /// @notice The Merkle root over the token's document commitments; zero if there is no such token.
    function documentsRoot(uint256 tokenId) external view returns (bytes32);

    /// @notice The token id of `terms`: their EIP-712 struct hash, whether minted or not.
    function tokenIdOf(Terms calldata terms) external pure returns (uint256);
}
