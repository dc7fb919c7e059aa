# Archive: the record is committed to; what every act must carry is all that is asked.
package cession.archive
