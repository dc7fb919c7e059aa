CREATE TABLE parties (
	id           TEXT   PRIMARY KEY,
	name         TEXT   NOT NULL,
	jurisdiction TEXT   NOT NULL,
	kind         TEXT   NOT NULL,
	kyc_class    TEXT   NOT NULL,
	kyc_until    BIGINT NOT NULL,
	wallet       TEXT   NOT NULL,
	status       TEXT   NOT NULL
);

-- A signer is never deleted: revoked_at keeps a revoked address from coming back.
CREATE TABLE signers (
	party      TEXT    NOT NULL REFERENCES parties (id),
	address    TEXT    NOT NULL,
	position   INTEGER NOT NULL,
	revoked_at BIGINT,
	PRIMARY KEY (party, address)
);

CREATE TABLE tokens (
	hash     TEXT    PRIMARY KEY,
	party    TEXT    NOT NULL,
	operator INTEGER NOT NULL,
	subject  TEXT    NOT NULL,
	expires  BIGINT  NOT NULL
);

CREATE TABLE node_records (
	party    TEXT   PRIMARY KEY REFERENCES parties (id),
	sequence BIGINT NOT NULL,
	expires  BIGINT NOT NULL,
	record   TEXT   NOT NULL
);

-- One row per deal (room '') and per bidder's room. Times are Unix milliseconds.
CREATE TABLE snapshots (
	deal       TEXT   NOT NULL,
	room       TEXT   NOT NULL,
	version    BIGINT NOT NULL,
	state      TEXT   NOT NULL,
	stage      TEXT   NOT NULL,
	waiting_on TEXT   NOT NULL, -- ',seller,buyer,'
	due        BIGINT NOT NULL, -- 2^62 when nothing is due
	minor      BIGINT NOT NULL,
	currency   TEXT   NOT NULL,
	seller     TEXT   NOT NULL,
	bidder     TEXT   NOT NULL, -- of the room; of the deal once selected
	opened     BIGINT NOT NULL,
	updated    BIGINT NOT NULL,
	progress   TEXT   NOT NULL, -- JSON of deal.Progress
	PRIMARY KEY (deal, room)
);
CREATE INDEX snapshots_seller ON snapshots (seller, room);
CREATE INDEX snapshots_bidder ON snapshots (bidder, room);
CREATE INDEX snapshots_due ON snapshots (due, deal, room);
CREATE INDEX snapshots_updated ON snapshots (updated, deal, room);

-- Append-only: it outlives the histories of the workflow engine.
CREATE TABLE log (
	id       {{identity}},
	deal     TEXT    NOT NULL,
	room     TEXT    NOT NULL,
	ref      TEXT    NOT NULL, -- the act, or 'state:' and the version that showed the change
	kind     TEXT    NOT NULL,
	step     TEXT    NOT NULL,
	action   TEXT    NOT NULL,
	party    TEXT    NOT NULL,
	state    TEXT    NOT NULL,
	stage    TEXT    NOT NULL,
	sold     INTEGER NOT NULL, -- 1 from the selection of the buyer on
	at       BIGINT  NOT NULL, -- Unix microseconds
	decision TEXT    NOT NULL,
	receipts TEXT    NOT NULL,
	UNIQUE (deal, room, ref)
);

-- status 0: the request is being worked on.
CREATE TABLE idempotency (
	caller       TEXT    NOT NULL,
	idem_key     TEXT    NOT NULL,
	request_hash TEXT    NOT NULL,
	ref          TEXT    NOT NULL, -- the identifier reserved for what the request makes
	status       INTEGER NOT NULL,
	content_type TEXT    NOT NULL,
	response     TEXT    NOT NULL,
	at           BIGINT  NOT NULL,
	PRIMARY KEY (caller, idem_key)
);
CREATE INDEX idempotency_at ON idempotency (at);

CREATE TABLE meta (
	name  TEXT PRIMARY KEY,
	value TEXT NOT NULL
);
