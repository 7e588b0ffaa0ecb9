-- How the server writes the two views that harden.sql makes: what is there is compared with it, whatever words are in it.
CREATE OR REPLACE TEMP VIEW wanted_roles AS /* pg-roles.sql */;
CREATE OR REPLACE TEMP VIEW wanted_user AS /* pg-user.sql */;
SELECT pg_get_viewdef('pg_temp.wanted_roles'::regclass), pg_get_viewdef('pg_temp.wanted_user'::regclass);
