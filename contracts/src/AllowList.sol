// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title AllowList: the contracts an escrow deals with, fixed at construction
/// @dev Immutables rather than a mapping: reading costs no storage access (2,100 gas each), and there is no slot
/// that anybody could ever change. Four of each are enough; another list is another escrow.
abstract contract AllowList {
    address private immutable RECEIVABLE_0;
    address private immutable RECEIVABLE_1;
    address private immutable RECEIVABLE_2;
    address private immutable RECEIVABLE_3;
    address private immutable CURRENCY_0;
    address private immutable CURRENCY_1;
    address private immutable CURRENCY_2;
    address private immutable CURRENCY_3;

    /// @notice A list is empty, longer than four, or names something without code.
    error InvalidList();

    constructor(address[] memory receivables, address[] memory currencies) {
        (RECEIVABLE_0, RECEIVABLE_1, RECEIVABLE_2, RECEIVABLE_3) = _four(receivables);
        (CURRENCY_0, CURRENCY_1, CURRENCY_2, CURRENCY_3) = _four(currencies);
    }

    /// @notice Whether the contract is a listed receivable.
    function isReceivable(address token) public view returns (bool) {
        return
            token == RECEIVABLE_0 || token == RECEIVABLE_1 || token == RECEIVABLE_2 || token == RECEIVABLE_3;
    }

    /// @notice Whether the contract is a listed currency.
    function isCurrency(address token) public view returns (bool) {
        return token == CURRENCY_0 || token == CURRENCY_1 || token == CURRENCY_2 || token == CURRENCY_3;
    }

    /// @dev Pads with the first entry, so that no free place ever matches the zero address.
    function _four(address[] memory list) private view returns (address, address, address, address) {
        uint256 n = list.length;
        if (n == 0 || n > 4) revert InvalidList();
        for (uint256 i = 0; i < n; ++i) {
            if (list[i].code.length == 0) revert InvalidList();
        }
        return (list[0], list[n > 1 ? 1 : 0], list[n > 2 ? 2 : 0], list[n > 3 ? 3 : 0]);
    }
}
