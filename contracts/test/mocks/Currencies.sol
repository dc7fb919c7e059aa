// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {TestDollar} from "../../src/dev/TestDollar.sol";

/// @title A dollar whose issuer can block accounts, as the large stablecoins can
contract BlockingDollar is TestDollar {
    mapping(address account => bool) public blocked;

    error Blocked(address account);

    function setBlocked(address account, bool yes) external {
        blocked[account] = yes;
    }

    function _update(address from, address to, uint256 value) internal override {
        if (blocked[from]) revert Blocked(from);
        if (blocked[to]) revert Blocked(to);
        super._update(from, to, value);
    }
}

/// @title Keeps one unit of every transfer between accounts
contract FeeDollar is TestDollar {
    function _update(address from, address to, uint256 value) internal override {
        if (from == address(0) || value == 0) return super._update(from, to, value);
        super._update(from, to, value - 1);
        super._update(from, address(0xfee), 1);
    }
}

/// @title Gives the receiver one unit more than asked for
contract BonusDollar is TestDollar {
    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (from != address(0)) super._update(address(0), to, 1);
    }
}

/// @title Answers false in place of reverting, and moves nothing
contract FalseDollar is TestDollar {
    function transferFrom(address, address, uint256) public pure override returns (bool) {
        return false;
    }

    function transfer(address, uint256) public pure override returns (bool) {
        return false;
    }
}

/// @title Old style: its transfers answer nothing at all, and it knows no permit
contract SilentDollar {
    mapping(address account => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        return true;
    }

    function transfer(address to, uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
    }

    function transferFrom(address from, address to, uint256 amount) external {
        allowance[from][msg.sender] -= amount;
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}

/// @title Calls `target` in the middle of every transfer and remembers how that went
contract ReentrantDollar is TestDollar {
    address public target;
    bytes public data;
    bool public tried;
    bool public reentered;
    bytes public answer;

    function arm(address target_, bytes calldata data_) external {
        (target, data, tried, reentered) = (target_, data_, false, false);
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (target == address(0)) return;
        tried = true;
        (reentered, answer) = target.call(data);
    }
}
