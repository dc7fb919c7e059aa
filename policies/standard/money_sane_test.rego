package cession.money_sane_test

import data.cession.lib
import data.cession.money

limits := {"price": {"least_percent": 5, "most_percent": 100}}

offer(minor, currency) := {
	"act": {"fields": {"price": {"kind": "amount", "minor": minor, "currency": currency}}},
	"face": {"minor": 1000, "currency": "EUR"},
	"room": {"perimeter": lib.zero},
}

test_sane if {
	money.answer.sane.state == "pass" with input as offer(50, "EUR") with data.limits as limits
	money.answer.sane.state == "pass" with input as offer(1000, "EUR") with data.limits as limits
	money.answer.sane.state == "fail" with input as offer(49, "EUR") with data.limits as limits
	money.answer.sane.state == "fail" with input as offer(1001, "EUR") with data.limits as limits
	money.answer.sane.state == "fail" with input as offer(50, "USD") with data.limits as limits
}

test_sane_shows_what_was_wanted if {
	answer := money.answer.sane with input as offer(49, "EUR") with data.limits as limits
	answer.actual.minor == 49
	answer.threshold == [5, " to ", 100, " percent of ", {"minor": 1000, "currency": "EUR"}]
}

test_without_a_face_amount_it_is_not_evaluated if {
	not money.answer.sane with input as object.union(offer(50, "EUR"), {"face": {"minor": 0}}) with data.limits as limits
	not money.answer.sane with input as offer(50, "EUR") with data.limits as {"price": {"least_percent": 5}}
}
