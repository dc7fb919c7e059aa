-- What ended in a lane. An intent that was handed on has a row in each lane that
-- had it; those of the lanes before are 'moved'. Times are Unix milliseconds.
CREATE TABLE lane_transactions (
	intent    TEXT    NOT NULL,
	lane      TEXT    NOT NULL,
	version   BIGINT  NOT NULL,
	ended     INTEGER NOT NULL, -- 0: moved; 1: final or failed, here
	deal      TEXT    NOT NULL,
	step      TEXT    NOT NULL,
	call      TEXT    NOT NULL,
	status    TEXT    NOT NULL,
	stuck     INTEGER NOT NULL,
	tx        TEXT    NOT NULL, -- '' if there is none
	submitted BIGINT  NOT NULL,
	changed   BIGINT  NOT NULL,
	gas       BIGINT  NOT NULL,
	fee       BIGINT  NOT NULL, -- wei
	item      TEXT    NOT NULL, -- JSON of lane.Item
	PRIMARY KEY (intent, lane)
);
CREATE INDEX lane_transactions_changed ON lane_transactions (changed, intent);
CREATE INDEX lane_transactions_deal ON lane_transactions (deal, changed);
CREATE INDEX lane_transactions_tx ON lane_transactions (tx);

-- Append-only: what operators did, as the lanes recorded it. A lane that was
-- begun anew counts from 1 again, hence the command in the key.
CREATE TABLE lane_operations (
	lane    TEXT   NOT NULL,
	seq     BIGINT NOT NULL,
	command TEXT   NOT NULL,
	intent  TEXT   NOT NULL, -- '' for what was done to the lane
	at      BIGINT NOT NULL,
	state   TEXT   NOT NULL, -- done or proposed
	entry   TEXT   NOT NULL, -- JSON of lane.Entry
	PRIMARY KEY (lane, seq, command)
);
CREATE INDEX lane_operations_command ON lane_operations (command);
CREATE INDEX lane_operations_at ON lane_operations (at, command);

-- What policy said to operators' commands, written before a lane is asked.
-- Never deleted; only state is changed, once.
CREATE TABLE lane_decisions (
	command  TEXT   PRIMARY KEY, -- id
	request  TEXT   NOT NULL,    -- SHA-256 of what was asked
	lane     TEXT   NOT NULL,
	intent   TEXT   NOT NULL,
	deal     TEXT   NOT NULL,
	at       BIGINT NOT NULL,
	state    TEXT   NOT NULL,    -- unknown until the lane has answered
	question TEXT   NOT NULL,    -- JSON of desk.Operation
	decision TEXT   NOT NULL,    -- JSON of deal.Decision; its SHA-256 is in the command
	body     TEXT   NOT NULL     -- JSON of lane.Command, as it was sent
);
CREATE INDEX lane_decisions_at ON lane_decisions (at, command);
