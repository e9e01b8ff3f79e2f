-- What is recorded and still to be sent. Bodies are already edited; no raw body is ever here.

-- One row a group commit and recipient. It goes when its last body is settled.
CREATE TABLE outbox (
    row_id INTEGER PRIMARY KEY,      -- counted up; a ticket is a row and a place in it
    recipient TEXT NOT NULL,         -- name in the policy
    recorded_ms INTEGER NOT NULL,    -- when it was recorded, Unix milliseconds
    bodies BLOB NOT NULL,            -- frames: entry index (8 bytes), event (16), policy (32, or
                                     -- zeros), length (4, big-endian like the index), body
    settled BLOB NOT NULL            -- one bit a frame, lowest first: 1 once it needs no sending
) STRICT;
