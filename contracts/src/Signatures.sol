// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title Signatures of parties: a key's (ECDSA, 65 bytes, low s) or a contract wallet's (ERC-1271)
library Signatures {
    /// @notice True if `signature` is `signer`'s consent to `digest`.
    /// @dev OpenZeppelin's SignatureChecker asks for the signer's code first. Recovering first saves a key
    /// holder the 2,600 gas of that look, and keeps an account's own key valid while it delegates to
    /// code without ERC-1271 (EIP-7702). An account that has code of its own has no key.
    function valid(address signer, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        (address recovered, ECDSA.RecoverError err,) = ECDSA.tryRecoverCalldata(digest, signature);
        if (err == ECDSA.RecoverError.NoError && recovered == signer) return true;
        return SignatureChecker.isValidERC1271SignatureNowCalldata(signer, digest, signature);
    }
}
