package cession.offers_perimeter_test

import data.cession.fixture
import data.cession.offers

offer(fields, more) := fixture.asked("bidder", "offers", "submit", object.union({"until": fixture.time_at(fixture.later)}, fields), object.union({"done": ["data_room.open"]}, more))

naming(id) := {"perimeter": fixture.value("act", id)}

proposed := {
	"done": ["data_room.open", "perimeter.propose"],
	"taken": {"perimeter.propose": fixture.taken({})},
}

test_nothing_proposed if {
	offers.answer.perimeter.state == "pass" with input as offer({}, {})
	not offers.answer.perimeter with input as offer(naming(fixture.one), {})
}

test_last_proposal if {
	offers.answer.perimeter.state == "pass" with input as offer(naming(fixture.one), proposed)
	offers.answer.perimeter.state == "fail" with input as offer(naming(fixture.two), proposed)
	offers.answer.perimeter.state == "fail" with input as offer({}, proposed)
}

test_half_of_the_record_is_not_evaluated if {
	not offers.answer.perimeter with input as offer(naming(fixture.one), object.remove(proposed, ["taken"]))
	not offers.answer.perimeter with input as offer({}, object.remove(proposed, ["done"]))
}
