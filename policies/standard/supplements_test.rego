package cession.supplements_test

import data.cession.fixture
import data.cession.supplements

list(root, number) := {"root": fixture.commitment(root), "count": fixture.number(number)}

# added is an act on a list, where the title stands for eight documents and nine
# were notarized.
added(action, fields) := fixture.asked("seller", "supplements", action, fields, {
	"title": {"root": fixture.one, "count": 8, "tapeRows": 0},
	"taken": {"supplements.notarize": fixture.taken(list(fixture.two, 9))},
})

test_grows if {
	supplements.answer.grows.state == "pass" with input as added("notarize", list(fixture.two, 9))
	supplements.answer.grows.state == "fail" with input as added("notarize", list(fixture.two, 8))
	supplements.answer.grows.state == "fail" with input as added("append", list(fixture.two, 7))
	not supplements.answer.grows with input as object.remove(added("notarize", list(fixture.two, 9)), ["title"])
}

test_notarized if {
	supplements.answer.notarized.state == "pass" with input as added("append", list(fixture.two, 9))
	supplements.answer.notarized.state == "fail" with input as added("append", list(fixture.one, 9))
	supplements.answer.notarized.state == "fail" with input as added("append", list(fixture.two, 10))
	not supplements.answer.notarized with input as object.remove(added("append", list(fixture.two, 9)), ["taken"])
}

test_nothing_is_not_a_list if {
	nothing := object.union(added("append", list(fixture.zero, 9)), {"taken": {"supplements.notarize": fixture.taken(list(fixture.zero, 9))}})
	supplements.answer.notarized.state == "fail" with input as nothing
}
