# What this house does not do, whatever the market allows. A currency without a
# limit is not evaluated, and so refused.
package cession.house

# most is the limit per deal, in minor units.
most := {"EUR": 2500000000}

answer["price"] := within(input.act.fields.price)

answer["agreed"] := within(input.price) if input.price.minor > 0

within(sum) := verdict(sum.minor <= most[sum.currency], sum)

verdict(true, sum) := {"state": "pass", "actual": shown(sum), "threshold": limit(sum)}

verdict(false, sum) := {"state": "fail", "actual": shown(sum), "threshold": limit(sum)}

shown(sum) := {"minor": sum.minor, "currency": sum.currency}

limit(sum) := ["at most ", {"minor": most[sum.currency], "currency": sum.currency}]
