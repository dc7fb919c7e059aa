# Mint: no title without notarized documents.
package cession.mint

import data.cession.lib

answer["documents"] := lib.answer(
	lib.hold([root.kind == "commitment", root.value != lib.zero]),
	lib.short(root.value),
	"a notarized root",
)

root := lib.last("documents", "notarize").fields.root
