// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {INotary} from "./interfaces/INotary.sol";

/// @title Notary; INotary says what it promises
contract Notary is INotary {
    /// @inheritdoc INotary
    bytes32 public head = keccak256(abi.encode("Cession Notary 1", block.chainid, address(this)));

    /// @inheritdoc INotary
    function anchor(bytes32 root, uint32 count) external {
        if (root == 0 || count == 0) revert EmptyAnchor();
        bytes32 next = keccak256(abi.encode(head, root, count, msg.sender));
        head = next;
        emit Anchored(root, count, next, msg.sender);
    }
}
