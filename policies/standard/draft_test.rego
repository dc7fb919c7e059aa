package cession.draft_test

import data.cession.draft
import data.cession.fixture

opening(pack) := fixture.asked("seller", "draft", "open", {"pack": fixture.commitment(pack)}, {})

test_pack if {
	draft.answer.pack.state == "pass" with input as opening(data.pack.digest)
	draft.answer.pack.state == "fail" with input as opening(fixture.one)
	not draft.answer.pack with input as fixture.asked("seller", "draft", "open", {}, {})
}
