-- Append-only and never deleted, whatever becomes of the deals: every decision
-- of policy, in one hash chain per deal and one of operators' commands. id is
-- the order of appending across all chains.
CREATE TABLE decisions (
	id     {{identity}},
	chain  TEXT    NOT NULL, -- the deal, or 'operations'
	seq    BIGINT  NOT NULL, -- from 1
	room   TEXT    NOT NULL,
	act    TEXT    NOT NULL,
	name   TEXT    NOT NULL, -- 'step.action', or an operator's verb
	party  TEXT    NOT NULL, -- that acted; '' for an operator
	at     BIGINT  NOT NULL, -- Unix milliseconds
	allow  INTEGER NOT NULL,
	pack   TEXT    NOT NULL,
	hash   TEXT    NOT NULL, -- of the record, which names the hash before
	record TEXT    NOT NULL, -- JSON, as it was sealed
	UNIQUE (chain, seq),
	UNIQUE (chain, act)
);
CREATE INDEX decisions_name ON decisions (name, at);

-- Times are Unix milliseconds; NULL is unknown.
ALTER TABLE parties ADD COLUMN kyc_since BIGINT;
ALTER TABLE parties ADD COLUMN license TEXT NOT NULL DEFAULT '';
ALTER TABLE parties ADD COLUMN license_until BIGINT;
ALTER TABLE parties ADD COLUMN group_id TEXT NOT NULL DEFAULT '';

-- What somebody has to do before a refused act is allowed, as the snapshots
-- have it.
CREATE TABLE work (
	deal     TEXT   NOT NULL,
	room     TEXT   NOT NULL,
	item_key TEXT   NOT NULL,
	party    TEXT   NOT NULL, -- in whose queue it is
	asker    TEXT   NOT NULL, -- who wants to take the act
	state    TEXT   NOT NULL,
	due      BIGINT NOT NULL, -- Unix milliseconds
	item     TEXT   NOT NULL, -- JSON of desk.WorkItem
	PRIMARY KEY (deal, room, item_key)
);
CREATE INDEX work_party ON work (party, due);
CREATE INDEX work_due ON work (due, deal);

-- Of entries of kind work: JSON of desk.WorkEvent.
ALTER TABLE log ADD COLUMN work TEXT NOT NULL DEFAULT 'null';

-- When a buyer was selected; 0 before.
ALTER TABLE snapshots ADD COLUMN agreed BIGINT NOT NULL DEFAULT 0;
UPDATE snapshots SET agreed = COALESCE((SELECT MIN(l.at) / 1000 FROM log l
	WHERE l.deal = snapshots.deal AND l.room = '' AND l.kind = 'act' AND l.step = 'selection' AND l.action = 'select'), 0)
	WHERE room = '';
CREATE INDEX snapshots_agreed ON snapshots (agreed);
