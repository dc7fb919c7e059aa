# Times the rules share, in milliseconds since 1970 and in days since then.
package cession.lib

# waited passes from a time on, and until then says how long to wait.
waited(until) := object.union(
	answer((input.now - until) >= 0, {"ms": input.now}, ["not before ", {"ms": until}]),
	{"need": {"kind": "wait", "until": until}},
)

day_long := 86400000

# day is the number of the day a time is in, by UTC.
day(ms) := (ms - (ms % day_long)) / day_long

# business_day is neither a Saturday, nor a Sunday, nor closed. Day 0 was a Thursday.
business_day(number) if {
	(number + 4) % 7 > 0
	(number + 4) % 7 < 6
	not data.calendar.closed[format_int(number, 10)]
}
