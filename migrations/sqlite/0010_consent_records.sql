-- What people chose. Whose, only keyed hashes say; where they stand in the ledger, `entry` says.

-- One act about one purpose, as it was reported and kept.
CREATE TABLE consent_record (
    record INTEGER PRIMARY KEY,      -- counted up in the order of keeping
    act BLOB NOT NULL UNIQUE,        -- id chosen by whoever reported it, 16 bytes
    purpose TEXT NOT NULL,           -- name in the policy
    recipient TEXT,                  -- name in the policy; NULL: for any recipient
    kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 6), -- 1 given, 2 refused, 3 withdrawn,
                                     -- 4 opted out, 5 opted in, 6 objected
    at_ms INTEGER NOT NULL,          -- when it was done, as reported, Unix milliseconds
    since_ms INTEGER NOT NULL,       -- from when it counts, Unix milliseconds
    expires_ms INTEGER,              -- when a consent ends by its own terms, Unix milliseconds
    notice_version TEXT,             -- version of the notice it was done under
    notice_hash BLOB,                -- SHA-256 of the notice's text, 32 bytes
    mechanism TEXT NOT NULL,         -- how it was done, such as `banner`; never a name or address
    recorded_ms INTEGER NOT NULL,    -- when it was kept, Unix milliseconds
    entry INTEGER NOT NULL           -- index of its entry in the ledger
) STRICT;

-- Under which identifiers a person did it.
CREATE TABLE consent_subject (
    subject BLOB NOT NULL,           -- pseudonym: keyed hash of one identifier, 16 bytes
    record INTEGER NOT NULL REFERENCES consent_record (record), -- what was done
    place INTEGER NOT NULL,          -- order in the report; the first owns the evidence
    PRIMARY KEY (subject, record)
) STRICT, WITHOUT ROWID;

-- For reading all subjects of a record.
CREATE INDEX consent_subject_by_record ON consent_subject (record, place);
