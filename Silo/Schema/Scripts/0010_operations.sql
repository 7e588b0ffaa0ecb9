-- What takes longer than a call, with an id that survives a crash. A step is written before it is done, so that whoever
-- goes on after a crash knows where it was.
CREATE TABLE kataven.operation (
    operation_id uuid PRIMARY KEY,
    kind text NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'succeeded', 'failed')),
    step text NOT NULL DEFAULT '',
    progress double precision NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
    -- Counts who took it up. A process that froze and wakes has an older number, and may write nothing any more.
    attempt integer NOT NULL DEFAULT 0,
    arguments jsonb NOT NULL,
    problem jsonb,
    result jsonb,
    actor text NOT NULL,
    audit_id bigint,
    created_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    updated_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    finished_at timestamptz
);

CREATE INDEX operation_running_idx ON kataven.operation (operation_id) WHERE status = 'running';
CREATE INDEX operation_account_idx ON kataven.operation (account_id, created_at);
CREATE INDEX operation_created_idx ON kataven.operation (created_at);

-- The accounts that a running operation has for itself: one operation each.
CREATE TABLE kataven.operation_claim (
    account_id text COLLATE "C" PRIMARY KEY,
    operation_id uuid NOT NULL REFERENCES kataven.operation ON DELETE CASCADE
);

CREATE INDEX operation_claim_operation_idx ON kataven.operation_claim (operation_id);

-- No foreign keys on accounts: backups of a deleted account are kept for a while.
CREATE TABLE kataven.backup (
    backup_id uuid PRIMARY KEY,
    account_id text COLLATE "C" NOT NULL,
    account_uid uuid NOT NULL,
    reason text COLLATE "C" NOT NULL CHECK (reason IN ('manual', 'scheduled', 'last')),
    status text COLLATE "C" NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'complete', 'failed')),
    bytes bigint,
    sha256 text,
    schema_version integer,
    server_version text,
    manifest jsonb,
    started_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    finished_at timestamptz,
    verified_at timestamptz,
    keep_until timestamptz
);

CREATE INDEX backup_account_idx ON kataven.backup (account_id, started_at);
CREATE INDEX backup_account_uid_idx ON kataven.backup (account_uid, started_at);
CREATE INDEX backup_keep_until_idx ON kataven.backup (keep_until) WHERE keep_until IS NOT NULL;

CREATE TABLE kataven.backup_schedule (
    account_id text COLLATE "C" PRIMARY KEY REFERENCES public.accounts ON DELETE CASCADE,
    every interval NOT NULL CHECK (every >= '1 minute'),
    keep integer NOT NULL CHECK (keep BETWEEN 1 AND 10000),
    verify_every interval CHECK (verify_every >= '1 hour')
);

-- What the fleet is asked for by: the truth stands in each account's own database.
CREATE TABLE kataven.account_state (
    account_id text COLLATE "C" PRIMARY KEY REFERENCES public.accounts ON DELETE CASCADE,
    schema_version integer NOT NULL,
    measured_at timestamptz NOT NULL DEFAULT pg_catalog.now()
);

-- How each account of a rollout ended; one that is not here is still to be done.
CREATE TABLE kataven.rollout_account (
    rollout_id uuid NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    succeeded boolean NOT NULL,
    version integer,
    sql_state text,
    message text,
    finished_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    PRIMARY KEY (rollout_id, account_id)
);

REVOKE ALL ON kataven.operation, kataven.operation_claim, kataven.backup, kataven.backup_schedule, kataven.account_state,
    kataven.rollout_account FROM PUBLIC;

CREATE INDEX audit_at_idx ON kataven.audit (at);
