# Time: both sides can think again before they sign, and money can move before
# it is due.
package cession.terms

import data.cession.lib

answer["cooling_off"] := lib.waited(input.taken["selection.select"].at + (data.limits.cooling_off.hours * lib.hour))

answer["business_days"] := lib.answer(fund_by.ms > 0, fund_by, "any day") if ahead == 0

answer["business_days"] := lib.answer(
	{enough >= 0, settles} == {true},
	[count(open), " business days until ", fund_by],
	["at least ", ahead, ", the last a business day"],
) if {
	ahead > 0
	enough := count(open) - ahead
}

# ahead is how many business days there must be.
ahead := data.limits.payment.business_days

first := lib.day(input.now) + 1

last := lib.day(fund_by.ms)

# open are the business days from tomorrow to the payment, as many as matter.
# Days the calendar does not know are not counted: without it nothing is.
open := [number | some number in days; lib.business_day(number)] if known

days := numbers.range(first, min([last, (first + (2 * ahead)) + 30])) if last >= first

days := [] if last < first

known if {
	data.calendar.entries == count(data.calendar.closed)
	first - data.calendar.from >= 0
	data.calendar.until - last >= 0
}

default settles := false

settles if lib.business_day(last)
