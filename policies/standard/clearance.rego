# Clearance: what the bidder declares is what is on file about it.
package cession.clearance

import data.cession.lib
import data.cession.parties

answer["jurisdiction"] := choice(lib.act.fields.jurisdiction, parties.bidder.jurisdiction)

answer["capacity"] := choice(lib.act.fields.capacity, parties.bidder.kind)

# declared asks again when the seller clears: the file may have changed since.
answer["declared"] := lib.answer(
	lib.hold([
		declaration.jurisdiction.value == parties.bidder.jurisdiction,
		declaration.capacity.value == parties.bidder.kind,
	]),
	concat(", ", [declaration.jurisdiction.value, declaration.capacity.value]),
	concat(", ", [parties.bidder.jurisdiction, parties.bidder.kind]),
)

declaration := lib.last("clearance", "declare").fields

choice(declared, filed) := lib.answer(
	lib.hold([declared.kind == "choice", declared.value == filed]),
	declared.value,
	filed,
)
