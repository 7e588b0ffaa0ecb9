-- What the providers of Orleans 10.4 read at their start: texts of queries by key. They look for the table by its bare
-- name, so their connections have this schema as their search path; everything else is qualified.
CREATE TABLE orleans.OrleansQuery (
    QueryKey text PRIMARY KEY,
    QueryText text NOT NULL
);

-- One row a cluster. Each change of the members takes the next version, and only from the version it was decided on.
CREATE TABLE orleans.OrleansMembershipVersionTable (
    DeploymentId text PRIMARY KEY,
    Version integer NOT NULL DEFAULT 0,
    ModifiedOn timestamptz NOT NULL DEFAULT pg_catalog.now()
);

CREATE TABLE orleans.OrleansMembershipTable (
    DeploymentId text NOT NULL REFERENCES orleans.OrleansMembershipVersionTable ON DELETE CASCADE,
    Address text NOT NULL,
    Port integer NOT NULL,
    Generation integer NOT NULL,
    SiloName text NOT NULL,
    HostName text NOT NULL,
    Status integer NOT NULL,
    ProxyPort integer,
    SuspectTimes text,
    StartTime timestamptz NOT NULL,
    IAmAliveTime timestamptz NOT NULL,
    PRIMARY KEY (DeploymentId, Address, Port, Generation)
);

REVOKE ALL ON ALL TABLES IN SCHEMA orleans FROM PUBLIC;

-- Statuses are numbers of Orleans: 3 is Active, 6 is Dead.
--
-- A change of a member and of the version is one statement, so both happen or neither. The version's row is locked first
-- and its number compared; a second silo that decided on the same version waits there, and then finds another number.
INSERT INTO orleans.OrleansQuery (QueryKey, QueryText) VALUES
('GatewaysQueryKey', $q$
SELECT Address, ProxyPort, Generation
FROM orleans.OrleansMembershipTable
WHERE DeploymentId = @DeploymentId AND Status = @Status AND ProxyPort > 0
$q$),
-- The version comes back also where there is no such member.
('MembershipReadRowKey', $q$
SELECT v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes,
    m.StartTime, m.IAmAliveTime, v.Version
FROM orleans.OrleansMembershipVersionTable v
LEFT JOIN orleans.OrleansMembershipTable m
    ON m.DeploymentId = v.DeploymentId AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation
WHERE v.DeploymentId = @DeploymentId
$q$),
('MembershipReadAllKey', $q$
SELECT v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes,
    m.StartTime, m.IAmAliveTime, v.Version
FROM orleans.OrleansMembershipVersionTable v
LEFT JOIN orleans.OrleansMembershipTable m ON m.DeploymentId = v.DeploymentId
WHERE v.DeploymentId = @DeploymentId
$q$),
('InsertMembershipVersionKey', $q$
WITH inserted AS (
    INSERT INTO orleans.OrleansMembershipVersionTable (DeploymentId) VALUES (@DeploymentId)
    ON CONFLICT DO NOTHING
    RETURNING 1
)
SELECT EXISTS (SELECT FROM inserted)
$q$),
('UpdateIAmAlivetimeKey', $q$
UPDATE orleans.OrleansMembershipTable SET IAmAliveTime = @IAmAliveTime
WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation
$q$),
('InsertMembershipKey', $q$
WITH expected AS (
    SELECT DeploymentId FROM orleans.OrleansMembershipVersionTable
    WHERE DeploymentId = @DeploymentId AND Version = @Version
    FOR UPDATE
), inserted AS (
    INSERT INTO orleans.OrleansMembershipTable
        (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
    SELECT DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
    FROM expected
    ON CONFLICT DO NOTHING
    RETURNING DeploymentId
), bumped AS (
    UPDATE orleans.OrleansMembershipVersionTable v SET Version = v.Version + 1, ModifiedOn = pg_catalog.now()
    FROM inserted WHERE v.DeploymentId = inserted.DeploymentId
    RETURNING 1
)
SELECT EXISTS (SELECT FROM bumped)
$q$),
('UpdateMembershipKey', $q$
WITH expected AS (
    SELECT DeploymentId FROM orleans.OrleansMembershipVersionTable
    WHERE DeploymentId = @DeploymentId AND Version = @Version
    FOR UPDATE
), updated AS (
    UPDATE orleans.OrleansMembershipTable m
    SET Status = @Status, SuspectTimes = @SuspectTimes, IAmAliveTime = @IAmAliveTime
    FROM expected
    WHERE m.DeploymentId = expected.DeploymentId
        AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation
    RETURNING m.DeploymentId
), bumped AS (
    UPDATE orleans.OrleansMembershipVersionTable v SET Version = v.Version + 1, ModifiedOn = pg_catalog.now()
    FROM updated WHERE v.DeploymentId = updated.DeploymentId
    RETURNING 1
)
SELECT EXISTS (SELECT FROM bumped)
$q$),
('DeleteMembershipTableEntriesKey', $q$
DELETE FROM orleans.OrleansMembershipVersionTable WHERE DeploymentId = @DeploymentId
$q$),
('CleanupDefunctSiloEntriesKey', $q$
DELETE FROM orleans.OrleansMembershipTable
WHERE DeploymentId = @DeploymentId AND Status = 6 AND StartTime < @IAmAliveTime AND IAmAliveTime < @IAmAliveTime
$q$),
-- One row as it was read: a row that has changed since stays. No votes are null or '', which are read as the same.
('CleanupDefunctSiloEntryKey', $q$
DELETE FROM orleans.OrleansMembershipTable
WHERE DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation
    AND Status = 6 AND StartTime = @StartTime AND IAmAliveTime = @IAmAliveTime
    AND COALESCE(SuspectTimes, '') = COALESCE(@SuspectTimes, '')
$q$);
