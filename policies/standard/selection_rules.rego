# Rules: the deal and the bidder's room are judged by the same pack.
package cession.selection

import data.cession.lib

answer["rules"] := lib.answer(input.room.pack == input.pack, {"short": input.room.pack}, {"short": input.pack})
