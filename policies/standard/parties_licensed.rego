# Licenses: a party deals with a license its kind may have, which has not run
# out, or without one, which is license none, where the list says so.
package cession.parties

import data.cession.lib

answer["licensed"] := licensing(acting)

answer["bidder_licensed"] := licensing(bidder)

licensing(party) := lib.answer(
	{listed != "", (party.licenseUntil - input.now) > 0} == {true},
	[party.license, " until ", {"ms": party.licenseUntil}],
	["one that is listed for ", party.kind, ", after ", {"ms": input.now}],
) if {
	listed := object.get(data.licenses, [party.kind, party.license, "citation"], "")
}
