// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {INotary} from "../src/interfaces/INotary.sol";
import {Notary} from "../src/Notary.sol";
import {Test} from "./Cheats.sol";

contract NotaryTest is Test {
    struct Anchor {
        bytes32 root;
        uint32 count;
        address submitter;
    }

    Notary private notary = newNotary();

    function test_Construction() public {
        vm.assertEq(notary.head(), first(address(notary)));
        Notary other = newNotary();
        vm.assertTrue(other.head() != notary.head());
        vm.chainId(block.chainid + 1);
        vm.assertTrue(first(address(notary)) != notary.head());
    }

    function test_Anchor_RevertsOnNothing() public {
        bytes memory empty = abi.encodeWithSelector(INotary.EmptyAnchor.selector);
        vm.expectRevert(empty);
        notary.anchor(0, 1);
        vm.expectRevert(empty);
        notary.anchor(keccak256("root"), 0);
        vm.assertEq(notary.head(), first(address(notary)));
    }

    function test_Anchor_SameRootAgain() public {
        notary.anchor(keccak256("root"), 1);
        bytes32 once = notary.head();
        notary.anchor(keccak256("root"), 1);
        vm.assertTrue(notary.head() != once);
    }

    function testFuzz_Anchor_ChainsInOrder(Anchor[] memory anchors) public {
        bytes32 head = notary.head();
        bytes32 reversed = head;
        uint256 n = anchors.length;
        bool symmetric = true;
        for (uint256 i = 0; i < n; ++i) {
            Anchor memory a = anchors[i];
            Anchor memory b = anchors[n - 1 - i];
            (a.root, a.count) = (a.root == 0 ? bytes32(i + 1) : a.root, a.count == 0 ? 1 : a.count);
            (b.root, b.count) = (b.root == 0 ? bytes32(n - i) : b.root, b.count == 0 ? 1 : b.count);
            symmetric = symmetric && keccak256(abi.encode(a)) == keccak256(abi.encode(b));
            head = keccak256(abi.encode(head, a.root, a.count, a.submitter));
            reversed = keccak256(abi.encode(reversed, b.root, b.count, b.submitter));
            vm.expectEmit(address(notary));
            emit INotary.Anchored(a.root, a.count, head, a.submitter);
            vm.prank(a.submitter);
            notary.anchor(a.root, a.count);
            vm.assertEq(notary.head(), head);
        }
        vm.assertTrue(symmetric == (reversed == head));
    }

    function newNotary() private returns (Notary) {
        return Notary(create(artifact("Notary"), ""));
    }

    function first(address notary_) private view returns (bytes32) {
        return keccak256(abi.encode("Cession Notary 1", block.chainid, notary_));
    }
}
