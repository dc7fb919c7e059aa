package cession.perimeter_test

import data.cession.fixture
import data.cession.perimeter

terms(root, count, face) := {
	"root": fixture.commitment(root),
	"count": fixture.value("count", count),
	"face": fixture.amount(face),
}

agree(fields) := fixture.asked("bidder", "perimeter", "agree", fields, {"taken": [
	fixture.taken("perimeter", "propose", terms(fixture.two, "9", "900 EUR")),
	fixture.taken("perimeter", "propose", terms(fixture.one, "8", "800 EUR")),
]})

test_same if {
	perimeter.answer.same.state == "pass" with input as agree(terms(fixture.one, "8", "800 EUR"))
	perimeter.answer.same.state == "fail" with input as agree(terms(fixture.two, "8", "800 EUR"))
	perimeter.answer.same.state == "fail" with input as agree(terms(fixture.one, "9", "800 EUR"))
	perimeter.answer.same.state == "fail" with input as agree(terms(fixture.one, "8", "900 EUR"))
	not perimeter.answer.same with input as agree({})
}
