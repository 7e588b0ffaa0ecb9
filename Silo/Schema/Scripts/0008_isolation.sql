-- The version of the scripts that closed an account's database, or null before that. A database that was stamped and is
-- found without a stamp is another database.
ALTER TABLE public.accounts ADD COLUMN isolation_version integer;
