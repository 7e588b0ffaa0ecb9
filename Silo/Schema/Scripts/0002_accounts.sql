-- The four columns may stand here already, made by an operator before this service came: such a table is taken over with
-- its rows, and a row that breaks a rule below stops this script with the rule's name.
CREATE TABLE IF NOT EXISTS public.accounts (
    account_id text,
    account_name text,
    database_name text,
    status text
);

-- Collation "C": slugs sort by byte, the same on every server, and their index serves prefixes.
ALTER TABLE public.accounts
    ALTER COLUMN account_id TYPE text COLLATE "C",
    ALTER COLUMN account_name TYPE text,
    ALTER COLUMN database_name TYPE text COLLATE "C",
    ALTER COLUMN status TYPE text COLLATE "C",
    ALTER COLUMN account_id SET NOT NULL,
    ALTER COLUMN account_name SET NOT NULL,
    ALTER COLUMN database_name SET NOT NULL,
    ALTER COLUMN status SET NOT NULL;

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_constraint
        WHERE conrelid = 'public.accounts'::pg_catalog.regclass AND contype = 'p')
    THEN
        ALTER TABLE public.accounts ADD CONSTRAINT accounts_pkey PRIMARY KEY (account_id);
    END IF;
END
$$;

-- Each change of a row takes the next number, so that of two copies of a row the newer one is known.
CREATE SEQUENCE kataven.account_version AS bigint;

-- A limit that is null is the service's default.
ALTER TABLE public.accounts
    ADD COLUMN account_uid uuid NOT NULL DEFAULT pg_catalog.gen_random_uuid(),
    ADD COLUMN org_id text COLLATE "C",
    ADD COLUMN role_name text COLLATE "C",
    ADD COLUMN max_lanes integer,
    ADD COLUMN max_queue integer,
    ADD COLUMN wait_timeout_ms integer,
    ADD COLUMN statement_timeout_ms integer,
    ADD COLUMN max_result_bytes integer,
    ADD COLUMN requests_per_second integer,
    ADD COLUMN status_reason text,
    ADD COLUMN created_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    ADD COLUMN updated_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    ADD COLUMN version bigint;

UPDATE public.accounts SET version = pg_catalog.nextval('kataven.account_version');

-- No DEFAULT on the version: a role that may insert here need not reach the sequence, the trigger does.
ALTER TABLE public.accounts
    ALTER COLUMN version SET NOT NULL,
    ADD CONSTRAINT accounts_account_uid_key UNIQUE (account_uid),
    ADD CONSTRAINT accounts_role_name_key UNIQUE (role_name),
    -- \A and \Z, whatever mode the expression is in: '$' could be taken to stand before a trailing line feed.
    ADD CONSTRAINT accounts_slug_check CHECK (account_id ~ '\A[a-z0-9][a-z0-9_-]{0,62}\Z'),
    ADD CONSTRAINT accounts_reserved_check CHECK (
        account_id NOT IN ('kataven-admin', 'postgres', 'system', 'template0', 'template1')),
    ADD CONSTRAINT accounts_database_name_check CHECK (database_name = account_id),
    ADD CONSTRAINT accounts_status_check CHECK (
        status IN ('provisioning', 'active', 'suspended', 'deleting', 'failed')),
    ADD CONSTRAINT accounts_account_name_check CHECK (pg_catalog.char_length(account_name) <= 200),
    ADD CONSTRAINT accounts_org_id_check CHECK (pg_catalog.char_length(org_id) BETWEEN 1 AND 200),
    ADD CONSTRAINT accounts_status_reason_check CHECK (pg_catalog.char_length(status_reason) <= 1000),
    ADD CONSTRAINT accounts_max_lanes_check CHECK (max_lanes BETWEEN 1 AND 49),
    ADD CONSTRAINT accounts_max_queue_check CHECK (max_queue BETWEEN 1 AND 100000),
    ADD CONSTRAINT accounts_wait_timeout_ms_check CHECK (wait_timeout_ms BETWEEN 1 AND 600000),
    ADD CONSTRAINT accounts_statement_timeout_ms_check CHECK (statement_timeout_ms BETWEEN 1 AND 86400000),
    -- An answer crosses the cluster as one message of at most 100 MB.
    ADD CONSTRAINT accounts_max_result_bytes_check CHECK (max_result_bytes BETWEEN 1 AND 67108864),
    ADD CONSTRAINT accounts_requests_per_second_check CHECK (requests_per_second BETWEEN 0 AND 1000000);

CREATE INDEX accounts_org_id_idx ON public.accounts (org_id) WHERE org_id IS NOT NULL;

-- Pages of one status, by slug. A search for a part of a name reads the table: no index without an extension serves it.
CREATE INDEX accounts_status_idx ON public.accounts (status, account_id);

REVOKE ALL ON public.accounts FROM PUBLIC;
REVOKE ALL ON SEQUENCE kataven.account_version FROM PUBLIC;
