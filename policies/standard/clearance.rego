# Clearance: what the bidder declares is what is on file about it.
package cession.clearance

import data.cession.lib
import data.cession.parties

answer["jurisdiction"] := choice(input.act.fields.jurisdiction, parties.bidder.jurisdiction)

answer["capacity"] := choice(input.act.fields.capacity, parties.bidder.kind)

# declared asks again when the seller clears: the file may have changed since.
answer["declared"] := lib.answer(
	{
		declaration.jurisdiction.value == parties.bidder.jurisdiction,
		declaration.capacity.value == parties.bidder.kind,
	} == {true},
	[declaration.jurisdiction, ", ", declaration.capacity],
	[parties.bidder.jurisdiction, ", ", parties.bidder.kind],
)

declaration := input.taken["clearance.declare"].fields

choice(declared, filed) := lib.answer({declared.kind == "choice", declared.value == filed} == {true}, declared, filed)
