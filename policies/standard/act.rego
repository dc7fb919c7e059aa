# Rules every act must pass, and the time of its step.
package cession.act

import data.cession.lib

answer["role"] := lib.answer(
	{"seller" in lib.gate.by, input.act.party == input.seller} == {true},
	"seller",
	{"join": lib.gate.by, "with": " or "},
) if {
	input.role == "seller"
}

answer["role"] := lib.answer(
	{"bidder" in lib.gate.by, input.act.party == input.bidder} == {true},
	"bidder",
	{"join": lib.gate.by, "with": " or "},
) if {
	input.role == "bidder"
}

answer["role"] := lib.answer(
	{"buyer" in lib.gate.by, input.act.party == input.bidder} == {true},
	"buyer",
	{"join": lib.gate.by, "with": " or "},
) if {
	input.role == "buyer"
}

answer["role"] := lib.answer(false, "no part", {"join": lib.gate.by, "with": " or "}) if input.role == ""

answer["order"] := lib.answer(true, "all on record", {"join": lib.gate.after, "with": ", "}) if count(open) == 0

answer["order"] := lib.answer(false, ["missing ", {"join": open, "with": ", "}], {"join": lib.gate.after, "with": ", "}) if {
	count(open) > 0
}

open := [name | some name in lib.gate.after; not name in input.done] if is_array(input.done)

answer["deadline"] := lib.answer(
	{ahead > 0, ((hours * 3600000) - ahead) >= 0} == {true},
	{"ms": input.act.deadline},
	["after ", {"ms": input.now}, ", at most ", hours, " h"],
) if {
	ahead := input.act.deadline - input.now
	hours := data.limits.act.hours
}

answer["due"] := lib.answer((input.now - input.due) < 0, {"ms": input.now}, ["before ", {"ms": input.due}])

answer["pack"] := lib.answer(input.pack == data.pack.digest, {"short": input.pack}, {"short": data.pack.digest})

# A commitment to nothing carries nothing.
answer["fields"] := lib.answer(
	count(carried) == count(lib.gate.carries),
	[count(carried), " of ", count(lib.gate.carries)],
	{"join": object.keys(lib.gate.carries), "with": ", "},
) if {
	carried := [id |
		some id, kind in lib.gate.carries
		input.act.fields[id].kind == kind
		input.act.fields[id].value != "0x0000000000000000000000000000000000000000000000000000000000000000"
	]
}
