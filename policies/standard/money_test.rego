package cession.money_test

import data.cession.fixture
import data.cession.money

offer(minor, currency, more) := fixture.asked("bidder", "offers", "submit", {"price": fixture.amount(minor, currency)}, more)

test_positive if {
	money.answer.positive.state == "pass" with input as offer(1, "EUR", {})
	money.answer.positive.state == "fail" with input as offer(0, "EUR", {})
}

test_currency if {
	money.answer.currency.state == "pass" with input as offer(1, "EUR", {})
	money.answer.currency.state == "fail" with input as offer(1, "USD", {})
}

test_limit if {
	money.answer.limit.state == "pass" with input as offer(5000000000, "EUR", {})
	money.answer.limit.state == "fail" with input as offer(5000000001, "EUR", {})
	money.answer.limit.state == "fail" with input as offer(1, "USD", {})
	not money.answer.limit with input as offer(1, "XTS", {"currency": "XTS"})
}

test_big_amounts_are_exact if {
	exact := {"EUR": 9007199254740992}
	money.answer.limit.state == "pass" with input as offer(9007199254740992, "EUR", {}) with data.limits.amount as exact
	money.answer.limit.state == "fail" with input as offer(9007199254740993, "EUR", {}) with data.limits.amount as exact
}

whole := {"room": {"perimeter": fixture.zero}}

part(face) := {"room": {"perimeter": fixture.one, "perimeterFace": {"minor": face, "currency": "EUR"}}}

test_face if {
	money.answer.face.state == "pass" with input as offer(1000, "EUR", whole)
	money.answer.face.state == "fail" with input as offer(1001, "EUR", whole)
	money.answer.face.state == "fail" with input as offer(1, "USD", whole)
	not money.answer.face with input as offer(1, "EUR", object.union(whole, {"face": {"minor": 0, "currency": ""}}))
	not money.answer.face with input as offer(1, "EUR", {})
}

test_face_of_the_agreed_perimeter if {
	money.answer.face.state == "pass" with input as offer(800, "EUR", part(800))
	money.answer.face.state == "fail" with input as offer(801, "EUR", part(800))
	money.answer.face.state == "pass" with input as offer(1000, "EUR", part(2000))
	money.answer.face.state == "fail" with input as offer(1001, "EUR", part(2000))
	not money.answer.face with input as offer(1, "EUR", {"room": {"perimeter": fixture.one}})
}

test_agreed if {
	money.answer.agreed.state == "pass" with input as offer(1, "EUR", {})
	money.answer.agreed.state == "fail" with input as offer(1, "EUR", {"price": {"minor": 5000000001, "currency": "EUR"}})
	money.answer.agreed.state == "fail" with input as offer(1, "EUR", {"price": {"minor": 1, "currency": "USD"}})
	not money.answer.agreed with input as offer(1, "EUR", {"price": {"minor": 0, "currency": "EUR"}})
}

test_every_amount_counts if {
	both := fixture.asked("bidder", "offers", "submit", {"a": fixture.eur(1), "b": fixture.amount(0, "USD")}, {})
	money.answer.positive.state == "fail" with input as both
	money.answer.currency.state == "fail" with input as both
}

test_no_amount_is_not_evaluated if {
	none := fixture.asked("bidder", "offers", "submit", {}, {})
	broken := fixture.asked("bidder", "offers", "submit", {"a": fixture.eur(1), "b": fixture.value("amount", "many")}, {})
	not money.answer.positive with input as none
	not money.answer.currency with input as none
	not money.answer.limit with input as broken
}
