# Draft: the deal is opened under the rules that judge it.
package cession.draft

import data.cession.lib

answer["pack"] := lib.same(input.act.fields.pack, {"kind": "commitment", "value": data.pack.digest})
