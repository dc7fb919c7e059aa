// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title EIP-4494: approval of an ERC-721 token by signature. Interface id 0x5604e225
interface IERC4494 {
    /// @notice Approves `spender` for `tokenId` on the owner's signature over
    /// Permit(address spender,uint256 tokenId,uint256 nonce,uint256 deadline)
    function permit(address spender, uint256 tokenId, uint256 deadline, bytes calldata signature) external;

    /// @notice The token's nonce; it grows with every permit and every transfer.
    function nonces(uint256 tokenId) external view returns (uint256);

    /// @notice The EIP-712 domain separator.
    function DOMAIN_SEPARATOR() external view returns (bytes32);
}
