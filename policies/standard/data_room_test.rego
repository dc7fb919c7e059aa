package cession.data_room_test

import data.cession.data_room
import data.cession.fixture

agreed(until) := fixture.taken({"text": fixture.value("sealed", fixture.one), "until": fixture.time_at(until)})

open(until, ends) := fixture.asked("seller", "data_room", "open", {"until": fixture.time_at(until)}, {"taken": {
	"nda.sign": agreed(fixture.later),
	"nda.countersign": agreed(ends),
}})

test_until if {
	data_room.answer.until.state == "pass" with input as open(fixture.soon, fixture.soon)
	data_room.answer.until.state == "fail" with input as open(fixture.later, fixture.soon)
	data_room.answer.until.state == "fail" with input as open(fixture.past, fixture.later)
	alone := fixture.asked("seller", "data_room", "open", {"until": fixture.time_at(fixture.soon)}, {})
	not data_room.answer.until with input as alone
}
