package cession.house_test

import data.cession.house

offer(minor, currency) := {"act": {"fields": {"price": {"kind": "amount", "minor": minor, "currency": currency}}}}

test_at_the_limit if house.answer.price.state == "pass" with input as offer(2500000000, "EUR")

test_above_the_limit if house.answer.price.state == "fail" with input as offer(2500000001, "EUR")

test_other_currency if not house.answer.price with input as offer(1, "USD")

test_agreed if house.answer.agreed.state == "pass" with input as {"price": {"minor": 2500000000, "currency": "EUR"}}

test_agreed_above if house.answer.agreed.state == "fail" with input as {"price": {"minor": 2500000001, "currency": "EUR"}}

test_nothing_agreed if not house.answer.agreed with input as {"price": {"minor": 0, "currency": "EUR"}}
