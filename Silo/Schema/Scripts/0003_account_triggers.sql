-- The triggers run as the schema's owner, with nothing of the caller's on their search path.
CREATE FUNCTION kataven.stamp_account() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        -- The slug is the database's name, and what was written about an account refers to both ids.
        IF NEW.account_id IS DISTINCT FROM OLD.account_id THEN
            RAISE EXCEPTION 'account_id of account "%" cannot be changed', OLD.account_id
                USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'accounts', COLUMN = 'account_id';
        END IF;
        IF NEW.account_uid IS DISTINCT FROM OLD.account_uid THEN
            RAISE EXCEPTION 'account_uid of account "%" cannot be changed', OLD.account_id
                USING ERRCODE = 'restrict_violation', SCHEMA = 'public', TABLE = 'accounts', COLUMN = 'account_uid';
        END IF;
        NEW.updated_at := now();
    END IF;
    -- The row is locked by now, so its numbers grow in the order of its changes.
    NEW.version := nextval('kataven.account_version');
    RETURN NEW;
END
$$;

CREATE FUNCTION kataven.notify_account() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_notify('kataven_accounts', CASE TG_OP WHEN 'DELETE' THEN OLD.account_id ELSE NEW.account_id END);
    RETURN NULL;
END
$$;

-- An empty payload: read all of it again.
CREATE FUNCTION kataven.notify_all_accounts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_notify('kataven_accounts', '');
    RETURN NULL;
END
$$;

REVOKE ALL ON FUNCTION kataven.stamp_account(), kataven.notify_account(), kataven.notify_all_accounts() FROM PUBLIC;

CREATE TRIGGER accounts_stamp BEFORE INSERT OR UPDATE ON public.accounts
    FOR EACH ROW EXECUTE FUNCTION kataven.stamp_account();
CREATE TRIGGER accounts_notify AFTER INSERT OR UPDATE OR DELETE ON public.accounts
    FOR EACH ROW EXECUTE FUNCTION kataven.notify_account();
CREATE TRIGGER accounts_notify_all AFTER TRUNCATE ON public.accounts
    FOR EACH STATEMENT EXECUTE FUNCTION kataven.notify_all_accounts();
