-- What operators stopped by hand. A row is a stop in force; resuming deletes it.
CREATE TABLE gateway_switch (
    what INTEGER NOT NULL, -- which sort of thing: 1 recipient, 2 source, 3 purpose
    name TEXT NOT NULL, -- its name in the policy
    stopped_ms INTEGER NOT NULL, -- since when: Unix milliseconds
    resumed_by TEXT, -- the owner of the admin key who first asked to resume; a second, different one completes it
    PRIMARY KEY (what, name)
) STRICT, WITHOUT ROWID;
