package cession.perimeter_test

import data.cession.fixture
import data.cession.perimeter

terms(root, count, face) := {
	"root": fixture.commitment(root),
	"count": fixture.number(count),
	"face": fixture.eur(face),
}

agree(fields) := fixture.asked("bidder", "perimeter", "agree", fields, {"taken": {"perimeter.propose": fixture.taken(terms(fixture.one, 8, 800))}})

test_same if {
	perimeter.answer.same.state == "pass" with input as agree(terms(fixture.one, 8, 800))
	perimeter.answer.same.state == "fail" with input as agree(terms(fixture.two, 8, 800))
	perimeter.answer.same.state == "fail" with input as agree(terms(fixture.one, 9, 800))
	perimeter.answer.same.state == "fail" with input as agree(terms(fixture.one, 8, 900))
	not perimeter.answer.same with input as agree({})
}
