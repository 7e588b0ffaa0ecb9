-- What a database's schema is made of: kind, schema, name, SHA-256 of the definition. From the catalog alone: no code of anybody's is
-- called, and no owner, number or moment of creation is part of it. What an extension brought is the extension's.
WITH
ns AS (SELECT n.oid, n.nspname FROM pg_namespace n WHERE n.nspname NOT IN ('information_schema', '_kataven') AND n.nspname !~ '^pg_'),
brought AS (SELECT d.classid, d.objid FROM pg_depend d WHERE d.deptype = 'e'),
relation AS (
  SELECT c.*, ns.nspname FROM pg_class c JOIN ns ON ns.oid = c.relnamespace
   WHERE NOT EXISTS (SELECT FROM brought b WHERE b.classid = 'pg_class'::regclass AND b.objid = c.oid)),
type AS (
  SELECT t.*, ns.nspname FROM pg_type t JOIN ns ON ns.oid = t.typnamespace
   WHERE NOT EXISTS (SELECT FROM brought b WHERE b.classid = 'pg_type'::regclass AND b.objid = t.oid)),
object (kind, schema, name, definition) AS (
  SELECT 'schema', n.nspname::text, n.nspname::text, ''
    FROM ns n WHERE NOT EXISTS (SELECT FROM brought b WHERE b.classid = 'pg_namespace'::regclass AND b.objid = n.oid)
  UNION ALL
  SELECT 'extension', n.nspname::text, e.extname::text, '' FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
  UNION ALL
  SELECT 'table', r.nspname, r.relname,
         ROW(r.relkind, r.relpersistence, r.relrowsecurity, r.relforcerowsecurity, r.relreplident, (SELECT a.amname FROM pg_am a WHERE a.oid = r.relam),
             ARRAY(SELECT o FROM unnest(r.reloptions) o ORDER BY o), pg_get_partkeydef(r.oid), pg_get_expr(r.relpartbound, r.oid),
             ARRAY(SELECT i.inhparent::regclass::text FROM pg_inherits i WHERE i.inhrelid = r.oid ORDER BY i.inhseqno))::text
    FROM relation r WHERE r.relkind IN ('r', 'p', 'f')
  UNION ALL
  SELECT 'column', r.nspname, format('%I.%I', r.relname, a.attname),
         ROW(format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated,
             (SELECT format('%I.%I', n.nspname, k.collname) FROM pg_collation k JOIN pg_namespace n ON n.oid = k.collnamespace WHERE k.oid = a.attcollation))::text
    FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE r.relkind IN ('r', 'p', 'f')
  UNION ALL
  SELECT 'index', r.nspname, r.relname, ROW(pg_get_indexdef(r.oid), i.indisvalid)::text
    FROM relation r JOIN pg_index i ON i.indexrelid = r.oid
  UNION ALL
  SELECT 'constraint', coalesce(r.nspname, t.nspname), format('%I.%I', coalesce(r.relname, t.typname), k.conname), pg_get_constraintdef(k.oid)
    FROM pg_constraint k LEFT JOIN relation r ON r.oid = k.conrelid LEFT JOIN type t ON t.oid = k.contypid
   WHERE coalesce(r.oid, t.oid) IS NOT NULL AND k.contype NOT IN ('t', 'n')
  UNION ALL
  SELECT 'function', n.nspname, format('%I(%s)', p.proname, pg_get_function_identity_arguments(p.oid)),
         ROW(p.prokind, l.lanname, p.prosrc, p.probin, pg_get_function_sqlbody(p.oid), pg_get_function_arguments(p.oid), pg_get_function_result(p.oid),
             p.provolatile, p.proparallel, p.proisstrict, p.prosecdef, p.proleakproof, p.procost, p.prorows, p.proconfig,
             (SELECT ROW(a.aggkind, a.aggtransfn::oid::regprocedure::text, a.aggfinalfn::oid::regprocedure::text, format_type(a.aggtranstype, NULL), a.agginitval)::text
                FROM pg_aggregate a WHERE a.aggfnoid = p.oid))::text
    FROM pg_proc p JOIN ns n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
   WHERE NOT EXISTS (SELECT FROM brought b WHERE b.classid = 'pg_proc'::regclass AND b.objid = p.oid)
     -- a range type's own
     AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')
  UNION ALL
  SELECT CASE r.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END, r.nspname, r.relname,
         ROW(pg_get_viewdef(r.oid), ARRAY(SELECT o FROM unnest(r.reloptions) o ORDER BY o))::text
    FROM relation r WHERE r.relkind IN ('v', 'm')
  UNION ALL
  SELECT 'sequence', r.nspname, r.relname,
         ROW(format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
             (SELECT format('%s.%I', d.refobjid::regclass, a.attname) FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
               WHERE d.classid = 'pg_class'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')))::text
    FROM relation r JOIN pg_sequence s ON s.seqrelid = r.oid
  UNION ALL
  SELECT 'type', t.nspname, t.typname,
         ROW(t.typtype,
             ARRAY(SELECT e.enumlabel FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder),
             CASE WHEN t.typtype = 'd' THEN ROW(format_type(t.typbasetype, t.typtypmod), t.typnotnull, pg_get_expr(t.typdefaultbin, 0), t.typdefault,
               (SELECT format('%I.%I', n.nspname, k.collname) FROM pg_collation k JOIN pg_namespace n ON n.oid = k.collnamespace WHERE k.oid = t.typcollation))::text END,
             ARRAY(SELECT ROW(a.attname, format_type(a.atttypid, a.atttypmod))::text FROM pg_attribute a
                    WHERE a.attrelid = t.typrelid AND t.typtype = 'c' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),
             (SELECT ROW(format_type(g.rngsubtype, NULL), g.rngcanonical::oid::regprocedure::text, g.rngsubdiff::oid::regprocedure::text)::text
                FROM pg_range g WHERE g.rngtypid = t.oid))::text
    FROM type t
   WHERE t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
  UNION ALL
  SELECT 'trigger', r.nspname, format('%I.%I', r.relname, g.tgname), ROW(pg_get_triggerdef(g.oid), g.tgenabled)::text
    FROM relation r JOIN pg_trigger g ON g.tgrelid = r.oid WHERE NOT g.tgisinternal
  UNION ALL
  SELECT 'rule', r.nspname, format('%I.%I', r.relname, w.rulename), ROW(pg_get_ruledef(w.oid), w.ev_enabled)::text
    FROM relation r JOIN pg_rewrite w ON w.ev_class = r.oid WHERE w.rulename <> '_RETURN'
  UNION ALL
  SELECT 'policy', r.nspname, format('%I.%I', r.relname, p.polname),
         ROW(p.polcmd, p.polpermissive, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid),
             -- the account's own role is called otherwise in each account
             ARRAY(SELECT CASE WHEN o = 0 THEN 'PUBLIC' WHEN o = r.relowner THEN 'OWNER' ELSE quote_ident(pg_get_userbyid(o)) END FROM unnest(p.polroles) o ORDER BY 1))::text
    FROM relation r JOIN pg_policy p ON p.polrelid = r.oid
  UNION ALL
  SELECT 'statistics', n.nspname, s.stxname, pg_get_statisticsobjdef(s.oid) FROM pg_statistic_ext s JOIN ns n ON n.oid = s.stxnamespace)
SELECT o.kind, o.schema, o.name, encode(sha256(convert_to(coalesce(o.definition, ''), 'UTF8')), 'hex') FROM object o
