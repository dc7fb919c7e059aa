package cession.clearance_test

import data.cession.clearance
import data.cession.fixture

declared(country, capacity) := {
	"jurisdiction": fixture.value("choice", country),
	"capacity": fixture.value("choice", capacity),
}

declare(country, capacity) := fixture.asked("bidder", "clearance", "declare", declared(country, capacity), {})

test_jurisdiction if {
	clearance.answer.jurisdiction.state == "pass" with input as declare("at", "bank")
	clearance.answer.jurisdiction.state == "fail" with input as declare("de", "bank")
	not clearance.answer.jurisdiction with input as fixture.asked("bidder", "clearance", "declare", {}, {})
}

test_capacity if {
	clearance.answer.capacity.state == "pass" with input as declare("at", "bank")
	clearance.answer.capacity.state == "fail" with input as declare("at", "fund")
}

clear(taken) := fixture.asked("seller", "clearance", "clear", {}, {"taken": taken})

test_declared if {
	right := clear({"clearance.declare": fixture.taken(declared("at", "bank"))})
	wrong := clear({"clearance.declare": fixture.taken(declared("de", "bank"))})
	clearance.answer.declared.state == "pass" with input as right
	clearance.answer.declared.state == "fail" with input as wrong
	not clearance.answer.declared with input as clear({})
}
