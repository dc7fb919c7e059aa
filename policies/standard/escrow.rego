# Escrow: both signed the same terms, and the permit still opens the door.
package cession.escrow

import data.cession.lib

answer["terms"] := lib.same(lib.last("terms", "accept").fields.escrow, lib.last("terms", "propose").fields.escrow)

answer["permit"] := lib.future("permit_until")
