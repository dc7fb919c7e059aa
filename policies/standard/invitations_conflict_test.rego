package cession.invitations_conflict_test

import data.cession.invitations

invite(seller, bidder) := {"seller": "one", "bidder": "two", "parties": {
	"seller": object.union({"id": "one", "group": "one"}, seller),
	"bidder": object.union({"id": "two", "group": "two"}, bidder),
}}

list := {"entries": 2, "pairs": {"one two": "same_owner", "two one": "same_owner"}}

test_nothing_ties_them if {
	invitations.answer.conflict.state == "pass" with input as invite({}, {})
	invitations.answer.conflict.state == "pass" with input as invite({"group": "g1"}, {"group": "g2"})
}

test_same_group if {
	answer := invitations.answer.conflict with input as invite({"group": "g1"}, {"group": "g1"})
	answer == {"state": "fail", "actual": "same_group", "threshold": "none"}
}

test_without_a_group_it_is_not_evaluated if {
	not invitations.answer.conflict with input as json.remove(invite({}, {}), ["parties/seller/group"])
	not invitations.answer.conflict with input as json.remove(invite({}, {}), ["parties/bidder/group"])
}

test_listed if {
	answer := invitations.answer.conflict with input as invite({}, {}) with data.conflicts as list
	answer.actual == "same_owner"
}

test_list_with_a_loss_is_not_evaluated if {
	short := {"entries": 2, "pairs": {"two one": "same_owner"}}
	not invitations.answer.conflict with input as invite({}, {}) with data.conflicts as short
	not invitations.answer.conflict with input as invite({}, {}) with data.conflicts as {}
	not invitations.answer.conflict with input as invite({"id": "else"}, {})
}
