# What a price may be, and whose.
package cession.price

answer["limit"] := verdict(maximum - input.act.fields.price.minor >= 0, input.act.fields.price.minor, maximum)

answer["sanctions"] := verdict(
	data.limits.screening.score - input.parties.acting.screening.score > 0,
	input.parties.acting.screening.score,
	data.limits.screening.score,
) if {
	data.sanctions.entries > 0
}

answer["operator"] := verdict(startswith(input.operation.actor, "operator."), input.operation.actor, "operator.*")

maximum := 1000

verdict(true, actual, threshold) := {"state": "pass", "actual": actual, "threshold": threshold}

verdict(false, actual, threshold) := {"state": "fail", "actual": actual, "threshold": threshold}
