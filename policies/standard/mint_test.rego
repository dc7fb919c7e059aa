package cession.mint_test

import data.cession.fixture
import data.cession.mint

minting(taken) := fixture.asked("seller", "mint", "mint", {}, {"taken": taken})

notarized(root) := {"documents.notarize": fixture.taken({"root": fixture.commitment(root)})}

test_documents if {
	mint.answer.documents.state == "pass" with input as minting(notarized(fixture.one))
	mint.answer.documents.state == "fail" with input as minting(notarized(fixture.zero))
	not mint.answer.documents with input as minting({})
}
