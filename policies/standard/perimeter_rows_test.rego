package cession.perimeter_rows_test

import data.cession.fixture
import data.cession.perimeter

propose(fields) := fixture.asked("seller", "perimeter", "propose", fields, {"title": {"root": fixture.one, "count": 8, "tapeRows": 40}})

rows(root, number) := {"rows_root": fixture.commitment(root), "rows": fixture.number(number)}

test_rows if {
	perimeter.answer.rows.state == "pass" with input as propose(rows(fixture.one, 40))
	perimeter.answer.rows.state == "pass" with input as propose(rows(fixture.one, 1))
	perimeter.answer.rows.state == "fail" with input as propose(rows(fixture.one, 41))
	perimeter.answer.rows.state == "fail" with input as propose(rows(fixture.one, 0))
	perimeter.answer.rows.state == "fail" with input as propose(rows(fixture.zero, 39))
}

test_no_rows if {
	perimeter.answer.rows.state == "pass" with input as propose({"root": fixture.commitment(fixture.one)})
	not perimeter.answer.rows with input as propose({})
}

test_half_of_the_rows_is_not_evaluated if {
	not perimeter.answer.rows with input as propose(object.remove(rows(fixture.one, 39), ["rows"]))
	not perimeter.answer.rows with input as propose(object.remove(rows(fixture.one, 39), ["rows_root"]))
	not perimeter.answer.rows with input as object.remove(propose(rows(fixture.one, 39)), ["title"])
}

priced(price) := propose({"face": fixture.eur(800), "price": price})

test_price if {
	perimeter.answer.price.state == "pass" with input as priced(fixture.eur(800))
	perimeter.answer.price.state == "fail" with input as priced(fixture.eur(801))
	perimeter.answer.price.state == "fail" with input as priced(fixture.amount(800, "CHF"))
	perimeter.answer.price.state == "pass" with input as propose({"face": fixture.eur(800)})
	not perimeter.answer.price with input as propose({"price": fixture.eur(800)})
}
