// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title TestDollar: the money of the embedded chain
/// @notice Six decimals and EIP-2612, like the stablecoins it stands in for. Anybody mints any amount, so it is
/// worth nothing and must never be on an escrow's list outside the embedded chain.
contract TestDollar is ERC20Permit {
    constructor() ERC20("Test Dollar", "TUSD") ERC20Permit("Test Dollar") {}

    /// @notice Creates `amount` minor units for `to`.
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @notice Six: one dollar is 1,000,000 minor units.
    function decimals() public pure override returns (uint8) {
        return 6;
    }
}
