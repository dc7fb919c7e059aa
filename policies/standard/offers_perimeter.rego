# Offers: a price is for what the seller last proposed to sell, if it proposed
# less than everything.
package cession.offers

import data.cession.lib

answer["perimeter"] := lib.answer(true, "all that is for sale", "nothing else proposed") if {
	count(input.done) > 0
	not proposed
	not input.taken["perimeter.propose"]
	not input.act.fields.perimeter
}

answer["perimeter"] := lib.answer(false, "none", "the last proposal") if {
	proposed
	not input.act.fields.perimeter
}

answer["perimeter"] := lib.same(input.act.fields.perimeter, {"kind": "act", "value": proposal}) if proposed

proposed if "perimeter.propose" in input.done

proposal := input.taken["perimeter.propose"].id
