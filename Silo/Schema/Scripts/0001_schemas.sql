-- PUBLIC is every role of the server, the accounts' own included: it gets nothing here.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON SCHEMA kataven FROM PUBLIC;

CREATE SCHEMA orleans;
REVOKE ALL ON SCHEMA orleans FROM PUBLIC;
