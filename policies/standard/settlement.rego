# Settlement: money moves for the documents that were released, and no others.
package cession.settlement

import data.cession.lib

answer["receipt"] := lib.same(
	input.taken["handover.receipt"].fields.root,
	input.taken["handover.release"].fields.root,
)
