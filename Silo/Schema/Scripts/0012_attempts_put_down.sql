-- Of the attempts at an operation those that ended since their silo was stopped: nothing went wrong in them. What they count is not taken off
-- the attempt's number, by which whoever froze finds out that another one goes on.
ALTER TABLE kataven.operation ADD COLUMN put_down integer NOT NULL DEFAULT 0;
