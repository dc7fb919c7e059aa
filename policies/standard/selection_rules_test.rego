package cession.selection_rules_test

import data.cession.selection

test_rules if {
	selection.answer.rules.state == "pass" with input as {"pack": "0xaa", "room": {"pack": "0xaa"}}
	other := selection.answer.rules with input as {"pack": "0xaa", "room": {"pack": "0xbb"}}
	other == {"state": "fail", "actual": {"short": "0xbb"}, "threshold": {"short": "0xaa"}}
	not selection.answer.rules with input as {"pack": "0xaa", "room": {}}
}
