-- The password of each account's login role. No grants: its owner alone reads it.
CREATE TABLE kataven.credentials (
    account_id text COLLATE "C" PRIMARY KEY REFERENCES public.accounts ON DELETE CASCADE,
    role_name text COLLATE "C" NOT NULL,
    password text NOT NULL,
    rotated_at timestamptz NOT NULL DEFAULT pg_catalog.now()
);

-- No foreign key: what was done to an account is kept longer than the account.
CREATE TABLE kataven.audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    actor text NOT NULL,
    action text NOT NULL,
    account_id text COLLATE "C",
    detail jsonb,
    outcome text NOT NULL,
    status integer,
    finished_at timestamptz,
    trace_id text
);

CREATE INDEX audit_account_idx ON kataven.audit (account_id, id) WHERE account_id IS NOT NULL;

REVOKE ALL ON kataven.credentials, kataven.audit FROM PUBLIC;
