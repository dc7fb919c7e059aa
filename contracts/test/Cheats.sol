// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The few of Foundry's cheatcodes the tests use
/// @dev npm's forge-std is not Foundry's, so they are declared here.
interface Cheats {
    struct Gas {
        uint64 gasLimit;
        uint64 gasTotalUsed;
        uint64 gasMemoryUsed;
        int64 gasRefunded;
        uint64 gasRemaining;
    }

    function addr(uint256 key) external pure returns (address);
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function prank(address sender) external;
    function warp(uint256 timestamp) external;
    function getBlockTimestamp() external view returns (uint256);
    function chainId(uint256 id) external;
    function assume(bool condition) external pure;
    function etch(address account, bytes calldata code) external;
    function expectRevert() external;
    function expectRevert(bytes calldata data) external;
    function expectRevert(bytes calldata data, address reverter) external;
    function expectEmit(address emitter) external;
    function eip712HashStruct(string calldata typeDefinition, bytes calldata data)
        external
        pure
        returns (bytes32);
    function lastCallGas() external view returns (Gas memory);
    function readFile(string calldata path) external view returns (string memory);
    function writeFile(string calldata path, string calldata data) external;
    function parseJsonUint(string calldata json, string calldata key) external pure returns (uint256);
    function parseJsonBytes(string calldata json, string calldata key) external pure returns (bytes memory);
    function envOr(string calldata name, bool fallback_) external view returns (bool);
    function toString(uint256 value) external pure returns (string memory);

    function assertTrue(bool condition) external pure;
    function assertTrue(bool condition, string calldata message) external pure;
    function assertFalse(bool condition) external pure;
    function assertEq(uint256 left, uint256 right) external pure;
    function assertEq(uint256 left, uint256 right, string calldata message) external pure;
    function assertEq(address left, address right) external pure;
    function assertEq(address left, address right, string calldata message) external pure;
    function assertEq(bytes32 left, bytes32 right) external pure;
    function assertEq(string calldata left, string calldata right) external pure;
    function assertLe(uint256 left, uint256 right, string calldata message) external pure;
}

/// @title Base of every test: the cheatcodes under their usual name
abstract contract Test {
    Cheats internal constant vm = Cheats(address(uint160(uint256(keccak256("hevm cheat code")))));

    /// @dev Foundry's mark of a test contract.
    bool public constant IS_TEST = true;

    /// @dev Creation code from the committed artifacts: the tests run what is deployed, not a build of their own.
    function artifact(string memory name) internal view returns (bytes memory) {
        return vm.parseJsonBytes(vm.readFile(string.concat("artifacts/", name, ".json")), ".bytecode");
    }

    /// @dev Creates a contract as `new` does, from creation code and encoded constructor arguments.
    function create(bytes memory code, bytes memory args) internal returns (address made) {
        bytes memory init = bytes.concat(code, args);
        assembly ("memory-safe") {
            made := create(0, add(init, 32), mload(init))
            if iszero(made) {
                returndatacopy(init, 0, returndatasize())
                revert(init, returndatasize())
            }
        }
    }

    /// @dev Folds `x` into [low, high].
    function bound(uint256 x, uint256 low, uint256 high) internal pure returns (uint256) {
        if (x >= low && x <= high) return x;
        uint256 size = high - low + 1;
        return size == 0 ? x : low + x % size;
    }
}
