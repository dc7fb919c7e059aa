# Mint: no title without notarized documents.
package cession.mint

import data.cession.lib

answer["documents"] := lib.answer(
	{root.kind == "commitment", root.value != lib.zero} == {true},
	root,
	"a notarized root",
)

root := input.taken["documents.notarize"].fields.root
