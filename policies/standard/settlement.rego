# Settlement: money moves for the documents that were released, and no others.
package cession.settlement

import data.cession.lib

answer["receipt"] := lib.same(lib.last("handover", "receipt").fields.root, lib.last("handover", "release").fields.root)
