package cession.operation_test

import data.cession.operation
import data.gate

limits := {"perGas": "300000000000", "perIntent": "200000000000000000", "perDay": "2000000000000000000"}

unchanged := {"perGas": "0", "perIntent": "0", "perDay": "0"}

base := {
	"command": "c-1",
	"verb": "bump",
	"proposed": "",
	"target": "intent",
	"actor": "first.operator",
	"proposer": "",
	"cause": "network_fees",
	"ticket": "",
	"status": "sent",
	"reasons": ["FEE_BELOW_BASE"],
	"age": 90,
	"step": "escrow",
	"call": "escrow.open",
	"escrow": true,
	"cost": "6000000000000000",
	"wanted": unchanged,
	"current": limits,
	"at": "2026-06-01T12:00:00Z",
}

# asked is a bump of a sent transaction, with what the test is about.
asked(changes) := {"operation": object.union(base, changes)}

fill_gap := {"verb": "fill-gap", "target": "lane", "status": "running", "reasons": ["NONCE_GAP"], "ticket": "INC-1", "cost": "0"}

test_bump_is_allowed_alone if {
	answer := gate.operation with input as asked({})
	answer.allow
	count([1 | some rule in answer.rules; rule.obligation]) == 0
}

test_verb_without_a_gate_is_refused if {
	answer := gate.operation with input as asked({"verb": "destroy"})
	answer == {"allow": false, "rules": []}
}

test_empty_input_is_refused if {
	not gate.operation.allow with input as {}
}

test_actor if {
	operation.answer.actor.state == "pass" with input as asked({})
	operation.answer.actor.state == "pass" with input as asked({}) with data.operations.actors as ["nobody", "first.*"]
	operation.answer.actor.state == "fail" with input as asked({}) with data.operations.actors as ["second.*"]
	not operation.answer.actor with input as asked({}) with data.operations.actors as []
}

test_cause if {
	operation.answer.cause.state == "pass" with input as asked({})
	operation.answer.cause.state == "fail" with input as asked({"cause": "boredom"})
}

test_ticket if {
	operation.answer.ticket.state == "pass" with input as asked({})
	every verb in ["give-up", "adopt-hash", "fill-gap", "resync"] {
		operation.answer.ticket.state == "fail" with input as asked({"verb": verb})
		operation.answer.ticket.state == "pass" with input as asked({"verb": verb, "ticket": "INC-1"})
	}
	not operation.answer.ticket with input as asked({"verb": "destroy", "ticket": "INC-1"})
	operation.answer.ticket.state == "pass" with input as asked({"verb": "approve", "proposed": "fees"})
}

test_fit if {
	operation.answer.fit.state == "pass" with input as asked({})
	every status in ["queued", "mined", "final", "failed", "moved"] {
		operation.answer.fit.state == "fail" with input as asked({"status": status})
	}
	operation.answer.fit.state == "fail" with input as asked({"target": "lane", "status": "running"})
	operation.answer.fit.state == "fail" with input as asked({"verb": "adopt-hash"})
	operation.answer.fit.state == "pass" with input as asked({"verb": "adopt-hash", "reasons": ["DROPPED", "FOREIGN_NONCE"]})
	operation.answer.fit.state == "pass" with input as asked({"verb": "adopt-hash", "status": "queued", "reasons": []})
	operation.answer.fit.state == "pass" with input as asked(fill_gap)
	operation.answer.fit.state == "fail" with input as asked(object.union(fill_gap, {"reasons": []}))
	operation.answer.fit.state == "fail" with input as asked({"verb": "approve", "proposed": "bump", "status": "final"})
	not operation.answer.fit with input as asked({"verb": "approve"})
}

test_fit_shows_what_would if {
	operation.answer.fit.threshold == "intent queued; intent signed/sent (FOREIGN_NONCE)" with input as asked({"verb": "adopt-hash"})
	operation.answer.fit.actual == "bump of intent sent (FEE_BELOW_BASE), for 90 s" with input as asked({})
	operation.answer.fit.actual == "bump of intent sent, for 90 s" with input as asked({"reasons": []})
}

wanting(changes) := asked({"verb": "fees", "wanted": object.union(unchanged, changes)})

test_limits if {
	operation.answer.limits.actual == "no change" with input as asked({})
	operation.answer.limits.state == "pass" with input as wanting({"perGas": "2000000000000"})
	operation.answer.limits.state == "fail" with input as wanting({"perGas": "2000000000001"})
	operation.answer.limits.state == "fail" with input as wanting({"perIntent": "2000000000000000001"})
	operation.answer.limits.state == "fail" with input as wanting({"perDay": "10000000000000000001"})
	operation.answer.limits.actual == "1 wei per gas, 2 wei per day" with input as wanting({"perGas": "1", "perDay": "2"})
	not operation.answer.limits with input as wanting({"perDay": null})
}

test_cost if {
	operation.answer.cost.state == "pass" with input as asked({"cost": "2000000000000000000"})
	operation.answer.cost.state == "fail" with input as asked({"cost": "2000000000000000001"})
	operation.answer.cost.state == "fail" with input as asked({"cost": "0"})
	operation.answer.cost.state == "pass" with input as asked({"verb": "retry", "cost": "0"})
	operation.answer.cost.state == "fail" with input as asked({"verb": "retry", "cost": "2000000000000000001"})
}

test_second if {
	operation.answer.second.state == "pass" with input as asked({"verb": "approve", "proposer": "second.operator"})
	operation.answer.second.state == "fail" with input as asked({"verb": "approve", "proposer": "first.operator"})
	operation.answer.second.state == "fail" with input as asked({"verb": "approve", "proposer": "First.Operator"})
	operation.answer.second.state == "fail" with input as asked({"verb": "approve", "proposer": ""})
}

two(changes) if {
	answer := operation.answer.four_eyes with input as asked(changes)
	answer.state == "pass"
	answer.obligation == "four_eyes"
}

one(changes) if {
	answer := operation.answer.four_eyes with input as asked(changes)
	answer.state == "pass"
	not answer.obligation
}

test_four_eyes_for_what_costs_much if {
	one({"cost": "200000000000000000"})
	two({"cost": "200000000000000001"})
	two({"verb": "cancel", "cost": "200000000000000001"})
	one(object.union(fill_gap, {"cost": "200000000000000001"}))
}

test_four_eyes_for_higher_limits if {
	two({"verb": "fees", "wanted": object.union(unchanged, {"perGas": "300000000001"})})
	two({"verb": "fees", "wanted": object.union(unchanged, {"perIntent": "200000000000000001"})})
	two({"verb": "fees", "wanted": object.union(unchanged, {"perDay": "2000000000000000001"})})
	one({"verb": "fees", "wanted": limits})
	one({"verb": "fees", "wanted": object.union(unchanged, {"perGas": "400000000000"}), "current": object.union(limits, {"perGas": "500000000000"})})
}

test_four_eyes_for_what_cannot_be_undone if {
	two({"verb": "adopt-hash"})
	one({"verb": "resync", "target": "lane"})
	two({"verb": "give-up"})
	two({"verb": "give-up", "call": "receivable.mint", "escrow": false})
	two({"verb": "give-up", "call": "something.new", "escrow": false})
	two({"verb": "give-up", "call": "notary.anchor", "escrow": true})
	two({"verb": "give-up", "call": "notary.anchor", "escrow": false, "cost": "200000000000000001"})
	one({"verb": "give-up", "call": "notary.anchor", "escrow": false})
}

test_an_approval_needs_no_third if {
	one({"verb": "approve", "proposed": "adopt-hash"})
	one({"verb": "approve", "proposed": "fees", "wanted": object.union(unchanged, {"perGas": "300000000001"})})
}

test_what_cannot_be_compared_is_not_evaluated if {
	not operation.answer.four_eyes with input as asked({"cost": null})
	not operation.answer.four_eyes with input as asked({"current": {"perDay": null}})
	not operation.answer.four_eyes with input as asked({}) with data.operations.four_eyes.above as null
	not operation.answer.four_eyes with input as asked({"verb": "destroy"})
}

test_without_a_list_nobody_gives_up_alone if {
	answer := operation.answer.four_eyes with input as asked({"verb": "give-up", "call": "notary.anchor", "escrow": false})
		with data.operations.four_eyes.alone as null
	answer.obligation == "four_eyes"
}
