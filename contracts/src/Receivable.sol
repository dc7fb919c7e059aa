// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC165} from "@openzeppelin/contracts/interfaces/IERC165.sol";
import {IERC721} from "@openzeppelin/contracts/interfaces/IERC721.sol";
import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IERC4494} from "./interfaces/IERC4494.sol";
import {IReceivable} from "./interfaces/IReceivable.sol";
import {Signatures} from "./Signatures.sol";

/// @title Receivable; IReceivable says what it promises
contract Receivable is IReceivable, IERC4494, IERC4906, ERC721, EIP712 {
    bytes32 private constant TERMS_TYPEHASH = keccak256(
        "Terms(bytes32 deal,address creditor,bytes32 root,uint32 count,uint128 faceAmount,bytes3 currency,uint64 dueDate,bytes32 salt)"
    );
    bytes32 private constant APPEND_TYPEHASH =
        keccak256("Append(uint256 tokenId,bytes32 oldRoot,bytes32 newRoot,uint32 newCount,uint256 nonce)");
    bytes32 private constant PERMIT_TYPEHASH =
        keccak256("Permit(address spender,uint256 tokenId,uint256 nonce,uint256 deadline)");

    /// @dev One slot: whatever changes the owner changes the nonce at no further cost.
    struct Holding {
        address owner;
        uint96 nonce;
    }

    mapping(uint256 tokenId => Holding) private _holdings;
    mapping(address owner => uint256) private _balances;
    mapping(uint256 tokenId => bytes32) private _roots;

    constructor() ERC721("Cession Receivable", "CESSION") EIP712("Cession Receivable", "1") {}

    /// @inheritdoc IReceivable
    /// @dev A plain mint, no `onERC721Received`: the creditor itself asked for the token, so the hook would protect
    /// nobody, would shut out contract wallets without it, and would hand control to the creditor's code
    /// in the middle of a relayed transaction. `_mint` would check again that the token is new and the
    /// creditor not zero, which cannot consent.
    function mint(Terms calldata terms, bytes calldata signature) external returns (uint256 tokenId) {
        bytes32 hash = _hash(terms);
        tokenId = uint256(hash);
        // Every token has a root, and this slot is written below anyway.
        if (_roots[tokenId] != 0) revert AlreadyMinted(tokenId);
        if (terms.root == 0 || terms.count == 0) revert EmptyDocuments();
        _requireConsent(terms.creditor, hash, signature);

        _roots[tokenId] = terms.root;
        _update(terms.creditor, tokenId, address(0));
        emit Minted(tokenId, terms.deal, terms.root, terms.count);
    }

    /// @inheritdoc IReceivable
    function append(
        uint256 tokenId,
        bytes32 oldRoot,
        bytes32 newRoot,
        uint32 newCount,
        bytes calldata signature
    ) external {
        address owner = _requireOwned(tokenId);
        if (newRoot == 0 || newCount == 0) revert EmptyDocuments();
        bytes32 root = _roots[tokenId];
        if (root == newRoot) revert AlreadyAppended(tokenId);
        if (root != oldRoot) revert StaleRoot(tokenId, oldRoot, root);
        bytes32 hash =
            keccak256(abi.encode(APPEND_TYPEHASH, tokenId, oldRoot, newRoot, newCount, _useNonce(tokenId)));
        _requireConsent(owner, hash, signature);

        _roots[tokenId] = newRoot;
        emit DocumentsAppended(tokenId, oldRoot, newRoot, newCount);
        emit MetadataUpdate(tokenId);
    }

    /// @inheritdoc IERC4494
    function permit(address spender, uint256 tokenId, uint256 deadline, bytes calldata signature) external {
        if (block.timestamp > deadline) revert PermitExpired(deadline);
        address owner = _requireOwned(tokenId);
        bytes32 hash = keccak256(abi.encode(PERMIT_TYPEHASH, spender, tokenId, _useNonce(tokenId), deadline));
        if (!Signatures.valid(owner, _hashTypedDataV4(hash), signature)) revert InvalidSignature(owner);
        _approve(spender, tokenId, address(0));
    }

    /// @inheritdoc IReceivable
    function documentsRoot(uint256 tokenId) external view returns (bytes32) {
        return _roots[tokenId];
    }

    /// @inheritdoc IReceivable
    function tokenIdOf(Terms calldata terms) external pure returns (uint256) {
        return uint256(_hash(terms));
    }

    /// @inheritdoc IERC4494
    function nonces(uint256 tokenId) external view returns (uint256) {
        return _holdings[tokenId].nonce;
    }

    /// @inheritdoc IERC4494
    // forge-lint: disable-next-line(mixed-case-function)
    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    /// @inheritdoc IERC721
    function balanceOf(address owner) public view override(ERC721, IERC721) returns (uint256) {
        if (owner == address(0)) revert ERC721InvalidOwner(address(0));
        return _balances[owner];
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 id) public view override(ERC721, IERC165) returns (bool) {
        // ERC-4906 has no functions, so its id is a constant of the standard.
        return id == bytes4(0x49064906) || id == type(IERC4494).interfaceId || super.supportsInterface(id);
    }

    /// @dev ERC721's ownership over `Holding` in place of its private mappings, which stay empty.
    function _update(address to, uint256 tokenId, address auth) internal override returns (address from) {
        Holding storage holding = _holdings[tokenId];
        from = holding.owner;
        if (auth != address(0)) _checkAuthorized(from, auth, tokenId);
        unchecked {
            if (from != address(0)) {
                _approve(address(0), tokenId, address(0), false);
                _balances[from] -= 1;
                holding.nonce += 1;
            }
            _balances[to] += 1;
        }
        holding.owner = to;
        emit Transfer(from, to, tokenId);
    }

    /// @dev See `_update`.
    function _ownerOf(uint256 tokenId) internal view override returns (address) {
        return _holdings[tokenId].owner;
    }

    /// @dev See `_update`. Nothing here calls it; ERC721 asks who replaces balances to replace it too.
    function _increaseBalance(address account, uint128 value) internal override {
        _balances[account] += value;
    }

    /// @dev 2^96 uses cannot happen.
    function _useNonce(uint256 tokenId) private returns (uint256) {
        unchecked {
            return _holdings[tokenId].nonce++;
        }
    }

    function _hash(Terms calldata terms) private pure returns (bytes32) {
        return keccak256(abi.encode(TERMS_TYPEHASH, terms));
    }

    function _requireConsent(address party, bytes32 hash, bytes calldata signature) private view {
        if (msg.sender == party) return;
        if (!Signatures.valid(party, _hashTypedDataV4(hash), signature)) revert InvalidSignature(party);
    }
}
