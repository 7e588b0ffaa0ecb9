-- The one login that dumps accounts' databases. Other systems on the same server have their own.
CREATE TABLE kataven.backup_role (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    role_name text COLLATE "C" NOT NULL,
    password text NOT NULL
);

REVOKE ALL ON kataven.backup_role FROM PUBLIC;
