package cession.money_exposure_test

import data.cession.money

limits := {"exposure": {"counterparty": {"EUR": 1000}, "day": {"EUR": 500}}}

accept(exposure) := {
	"act": {"name": "terms.accept", "fields": {}},
	"currency": "EUR",
	"price": {"minor": 100, "currency": "EUR"},
	"exposure": exposure,
}

test_exposure if {
	at := accept({"counterparty": 900, "day": 400})
	money.answer.counterparty.state == "pass" with input as at with data.limits as limits
	money.answer.day.state == "pass" with input as at with data.limits as limits
	above := accept({"counterparty": 901, "day": 401})
	counterparty := money.answer.counterparty with input as above with data.limits as limits
	counterparty.state == "fail"
	counterparty.actual == {"minor": 1001, "currency": "EUR"}
	counterparty.threshold == ["at most ", {"minor": 1000, "currency": "EUR"}]
	money.answer.day.state == "fail" with input as above with data.limits as limits
}

test_selection_adds_its_own_price if {
	chosen := object.union(accept({"counterparty": 900, "day": 0}), {
		"act": {"name": "selection.select", "fields": {"price": {"kind": "amount", "minor": 101, "currency": "EUR"}}},
		"price": {"minor": 0, "currency": "EUR"},
	})
	money.answer.counterparty.state == "fail" with input as chosen with data.limits as limits
	money.answer.day.state == "pass" with input as chosen with data.limits as limits
}

test_exposure_is_not_evaluated if {
	not money.answer.counterparty with input as object.remove(accept({}), ["exposure"]) with data.limits as limits
	not money.answer.day with input as accept({"counterparty": 0}) with data.limits as limits
	not money.answer.day with input as object.union(accept({"day": 0}), {"currency": "USD"}) with data.limits as limits
	not money.answer.day with input as object.union(accept({"day": 0}), {"price": {"minor": 0}}) with data.limits as limits
	not money.answer.day with input as accept({"day": 0}) with data.limits as {}
}
