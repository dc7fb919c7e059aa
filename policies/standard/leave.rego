# Leave: nobody is kept in talks by a rule; only what every act is asked is asked.
package cession.leave
