# Standstill: other bidders have the time they were promised.
package cession.selection

import data.cession.lib

answer["standstill"] := lib.waited(input.taken["listing.publish"].at + (data.limits.standstill.hours * lib.hour))
