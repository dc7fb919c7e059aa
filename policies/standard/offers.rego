# Offers: an offer stands for some time. Its amount is money's business.
package cession.offers

import data.cession.lib

answer["until"] := lib.future(input.act.fields.until)
