# Rules of a room: the same is asked as of a deal.
package cession.room_rules

import data.cession.rules

answer["known"] := rules.known
