package cession.selection_test

import data.cession.fixture
import data.cession.selection

select(more) := fixture.asked(
	"seller", "selection", "select",
	{
		"bidder": fixture.value("party", "bidder-one"),
		"offer": fixture.value("act", fixture.one),
		"price": fixture.eur(900),
	},
	{"room": object.union(
		{
			"bidder": "bidder-one",
			"state": "offered",
			"cleared": true,
			"nda": true,
			"confirmed": true,
			"offer": fixture.one,
			"price": {"minor": 900, "currency": "EUR"},
			"until": fixture.soon,
		},
		more,
	)},
)

rules := ["bidder", "room", "cleared", "nda", "confirmed", "offer", "price", "valid"]

test_all_pass if {
	every rule in rules {
		selection.answer[rule].state == "pass" with input as select({})
	}
}

failures := {
	"bidder": {"bidder": "bidder-two"},
	"room": {"state": "withdrawn"},
	"cleared": {"cleared": false},
	"nda": {"nda": false},
	"confirmed": {"confirmed": false},
	"offer": {"offer": fixture.two},
	"price": {"price": {"minor": 901, "currency": "EUR"}},
	"valid": {"until": fixture.now},
}

test_each_fails if {
	every rule in rules {
		selection.answer[rule].state == "fail" with input as select(failures[rule])
	}
}

test_without_the_room_nothing_is_evaluated if {
	every rule in rules {
		not selection.answer[rule] with input as fixture.asked("seller", "selection", "select", {}, {})
	}
}
