-- How many events a person had, for clauses that say `at most`.

-- One count a person, clause and window. It only grows, and goes when its window is over.
CREATE TABLE consent_cap (
    subject BLOB NOT NULL,           -- pseudonym: keyed hash of one identifier, 16 bytes
    clause TEXT NOT NULL,            -- number of the clause in the policy
    start_day INTEGER NOT NULL,      -- first day of the window, days since 1970-01-01 UTC
    days INTEGER NOT NULL CHECK (days IN (1, 7)), -- 1: UTC day, 7: ISO week
    taken INTEGER NOT NULL CHECK (taken > 0), -- how many events were counted
    PRIMARY KEY (subject, clause, start_day, days)
) STRICT, WITHOUT ROWID;

-- For removing windows that are over.
CREATE INDEX consent_cap_by_day ON consent_cap (start_day);
