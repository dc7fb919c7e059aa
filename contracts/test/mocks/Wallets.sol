// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title A contract wallet of one key; it has no ERC-721 receiver hook
contract Wallet is IERC1271 {
    address private immutable KEY;

    constructor(address key) {
        KEY = key;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        (address recovered,,) = ECDSA.tryRecover(digest, signature);
        return recovered == KEY ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }

    /// @dev Whatever a wallet may do: `data` is sent to `target`.
    function execute(address target, bytes calldata data) external returns (bytes memory) {
        (bool ok, bytes memory result) = target.call(data);
        require(ok, string(result));
        return result;
    }
}

/// @title Code without ERC-1271, as an account may delegate to (EIP-7702)
contract MuteCode {
    fallback() external {}
}
