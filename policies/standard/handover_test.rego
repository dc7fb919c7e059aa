package cession.handover_test

import data.cession.fixture
import data.cession.handover

# sold is a deal about a title to eight documents, of which agreed is the sold part.
sold(action, fields, agreed) := fixture.asked("seller", "handover", action, fields, {
	"room": {"perimeter": agreed, "perimeterCount": 7},
	"title": {"root": fixture.one, "count": 8, "tapeRows": 0},
	"taken": {
		"handover.request": fixture.taken({"key": fixture.value("key", "age1right")}),
		"handover.release": fixture.taken({"root": fixture.commitment(fixture.one)}),
	},
})

test_key if {
	handover.answer.key.state == "pass" with input as sold("release", {"key": fixture.value("key", "age1right")}, fixture.zero)
	handover.answer.key.state == "fail" with input as sold("release", {"key": fixture.value("key", "age1wrong")}, fixture.zero)
	not handover.answer.key with input as fixture.asked("seller", "handover", "release", {"key": fixture.value("key", "age1x")}, {})
}

root(text) := {"root": fixture.commitment(text)}

test_root_of_everything if {
	handover.answer.root.state == "pass" with input as sold("release", root(fixture.one), fixture.zero)
	handover.answer.root.state == "fail" with input as sold("release", root(fixture.two), fixture.zero)
}

test_root_of_the_agreed_perimeter if {
	handover.answer.root.state == "pass" with input as sold("release", root(fixture.two), fixture.two)
	handover.answer.root.state == "fail" with input as sold("release", root(fixture.one), fixture.two)
	not handover.answer.root with input as fixture.asked("seller", "handover", "release", root(fixture.one), {})
}

test_until if {
	handover.answer.until.state == "pass" with input as sold("release", {"until": fixture.time_at(fixture.soon)}, fixture.zero)
	handover.answer.until.state == "fail" with input as sold("release", {"until": fixture.time_at(fixture.past)}, fixture.zero)
}

test_received if {
	handover.answer.received.state == "pass" with input as sold("receipt", root(fixture.one), fixture.zero)
	handover.answer.received.state == "fail" with input as sold("receipt", root(fixture.two), fixture.zero)
}

counted(number, agreed) := sold("receipt", {"count": fixture.number(number)}, agreed)

test_count if {
	handover.answer.count.state == "pass" with input as counted(8, fixture.zero)
	handover.answer.count.state == "fail" with input as counted(7, fixture.zero)
	handover.answer.count.state == "fail" with input as counted(9, fixture.zero)
	handover.answer.count.state == "pass" with input as counted(7, fixture.two)
	handover.answer.count.state == "fail" with input as counted(6, fixture.two)
	handover.answer.count.state == "fail" with input as counted(8, fixture.two)
}

test_count_of_a_perimeter_that_is_not_known if {
	unknown := json.remove(counted(8, fixture.two), ["room/perimeterCount"])
	not handover.answer.count with input as unknown
}
