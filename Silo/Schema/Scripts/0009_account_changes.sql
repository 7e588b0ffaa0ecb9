-- NOTIFY has one queue for the whole server. Any account can fill it, and then whoever notifies fails at its commit, where
-- nothing can catch that. So a change is noted in a table that the feed of each silo asks: a write here depends on nobody.
DROP TRIGGER accounts_notify ON public.accounts;
DROP TRIGGER accounts_notify_all ON public.accounts;
DROP FUNCTION kataven.notify_account(), kataven.notify_all_accounts();

-- Which account (null: all of them) and by which transaction. A number from a sequence would not do: of two transactions
-- the one with the lower number may commit later, when the higher one was seen already. Whether a transaction was over in
-- an earlier snapshot can be told exactly. No key: nobody waits for anybody here.
CREATE TABLE kataven.account_change (
    account_id text COLLATE "C",
    changed_in xid8 NOT NULL DEFAULT pg_catalog.pg_current_xact_id()
);

CREATE INDEX account_change_changed_in_idx ON kataven.account_change (changed_in);

CREATE FUNCTION kataven.note_account_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO kataven.account_change (account_id)
    VALUES (CASE TG_OP WHEN 'TRUNCATE' THEN NULL WHEN 'DELETE' THEN OLD.account_id ELSE NEW.account_id END);
    RETURN NULL;
END
$$;

REVOKE ALL ON kataven.account_change FROM PUBLIC;
REVOKE ALL ON FUNCTION kataven.note_account_change() FROM PUBLIC;

CREATE TRIGGER accounts_note AFTER INSERT OR UPDATE OR DELETE ON public.accounts
    FOR EACH ROW EXECUTE FUNCTION kataven.note_account_change();
CREATE TRIGGER accounts_note_all AFTER TRUNCATE ON public.accounts
    FOR EACH STATEMENT EXECUTE FUNCTION kataven.note_account_change();
