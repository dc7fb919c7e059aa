# Escrow: both signed the same terms, and the permit still opens the door.
package cession.escrow

import data.cession.lib

answer["terms"] := lib.same(input.taken["terms.accept"].fields.escrow, input.taken["terms.propose"].fields.escrow)

answer["permit"] := lib.future(input.act.fields.permit_until)
