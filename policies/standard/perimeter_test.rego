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
	not perimeter.answer.same with input as object.remove(agree(terms(fixture.one, 8, 800)), ["taken"])
}

test_same_rows if {
	rows := object.union(terms(fixture.one, 8, 800), {"rows": fixture.number(39)})
	perimeter.answer.same.state == "fail" with input as agree(rows)
	proposed := object.union(agree(rows), {"taken": {"perimeter.propose": fixture.taken(rows)}})
	answer := perimeter.answer.same with input as proposed
	answer.state == "pass"
	answer.actual[7] == " rows"
	other := object.union(rows, {"rows": fixture.number(38)})
	perimeter.answer.same.state == "fail" with input as object.union(proposed, {"taken": {"perimeter.propose": fixture.taken(other)}})
}

test_face if {
	perimeter.answer.face.state == "pass" with input as agree(terms(fixture.one, 8, 1000))
	perimeter.answer.face.state == "fail" with input as agree(terms(fixture.one, 8, 1001))
	perimeter.answer.face.state == "fail" with input as agree(object.union(terms(fixture.one, 8, 800), {"face": fixture.amount(800, "USD")}))
	not perimeter.answer.face with input as object.union(agree(terms(fixture.one, 8, 0)), {"face": fixture.eur(0)})
}
