-- What the lane answered to a command, written once, with its state: JSON of
-- lane.Answer, or 'null' and why it said no.
ALTER TABLE lane_decisions ADD COLUMN answer TEXT NOT NULL DEFAULT 'null';
ALTER TABLE lane_decisions ADD COLUMN failure TEXT NOT NULL DEFAULT '';
