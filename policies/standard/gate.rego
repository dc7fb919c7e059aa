# The gate asks every rule the manifest lists for the act, or for the operator's
# command, and needs each to answer pass. Nothing is allowed for want of an
# objection: a rule that gives no answer is not evaluated, and not evaluated
# refuses.
package gate

decision := verdict([id | some id in data.pack.gates[input.act.name].rules])

operation := verdict([id | some id in data.pack.operations[input.operation.verb].rules])

verdict(ids) := {"allow": allowed(rules), "rules": rules} if {
	rules := [object.union({"id": id}, answer(id)) | some id in ids]
}

default allowed(_) := false

allowed(rules) if {
	count(rules) > 0
	every rule in rules {
		rule.state == "pass"
	}
}

answer(id) := given if {
	[file, rule] := split(id, ".")
	given := data.cession[file].answer[rule]
	given.state in {"pass", "fail"}
} else := {"state": "not_evaluated"}
