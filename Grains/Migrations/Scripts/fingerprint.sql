-- What a database's schema is made of: kind, schema, name, structure, and where $1 asks for it the texts that PostgreSQL makes of its
-- expressions. From the catalog alone: no code of anybody's is called, and no owner, number or moment of creation is part of it. What an
-- extension brought is the extension's. The structure is the same after a dump and a restore, by whichever version of the server: so
-- neither has it what pg_dump leaves out or names anew, nor any text that was made of a parsed expression. A kind whose structure is
-- written otherwise than before needs another name in SchemaStructure, or backups made before cannot be restored any more.
WITH
ns AS (SELECT n.oid, n.nspname FROM pg_namespace n WHERE n.nspname NOT IN ('information_schema', '_kataven') AND n.nspname !~ '^pg_'),
brought AS (SELECT d.classid, d.objid FROM pg_depend d WHERE d.deptype = 'e'),
relation AS (
  SELECT c.*, ns.nspname FROM pg_class c JOIN ns ON ns.oid = c.relnamespace
   WHERE NOT EXISTS (SELECT FROM brought b WHERE b.classid = 'pg_class'::regclass AND b.objid = c.oid)),
type AS (
  SELECT t.*, ns.nspname FROM pg_type t JOIN ns ON ns.oid = t.typnamespace
   WHERE NOT EXISTS (SELECT FROM brought b WHERE b.classid = 'pg_type'::regclass AND b.objid = t.oid)),
-- of everybody's, for what refers to them
anyone AS NOT MATERIALIZED (SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace),
collated AS NOT MATERIALIZED (SELECT k.oid, format('%I.%I', n.nspname, k.collname) AS name FROM pg_collation k JOIN pg_namespace n ON n.oid = k.collnamespace),
-- What a failed CREATE INDEX CONCURRENTLY left is not dumped. One on a partitioned table is, also where a partition lacks its part.
index AS (
  SELECT i.*, r.nspname, r.relname, r.reloptions, r.relam FROM relation r JOIN pg_index i ON i.indexrelid = r.oid
   WHERE r.relkind = 'I' OR (i.indisvalid AND i.indisready)),
object (kind, schema, name, structure, texts) AS (
  -- A dump does not tell that "public" was removed.
  SELECT 'schema', n.nspname::text, n.nspname::text, '', NULL::text[]
    FROM ns n WHERE n.nspname <> 'public' AND NOT EXISTS (SELECT FROM brought b WHERE b.classid = 'pg_namespace'::regclass AND b.objid = n.oid)
  UNION ALL
  SELECT 'extension', n.nspname::text, e.extname::text, '', NULL FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
  UNION ALL
  SELECT 'table', r.nspname, r.relname,
         ROW(r.relkind, r.relpersistence, r.relrowsecurity, r.relforcerowsecurity,
             -- by an index that was removed since
             CASE WHEN r.relreplident = 'i' AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = r.oid AND i.indisreplident) THEN 'd' ELSE r.relreplident END,
             (SELECT a.amname FROM pg_am a WHERE a.oid = r.relam AND r.relkind = 'r'),
             ARRAY(SELECT o COLLATE "C" FROM unnest(r.reloptions) o ORDER BY 1),
             r.relispartition,
             (SELECT ROW(p.partstrat,
                         ARRAY(SELECT coalesce(a.attname::text, '') FROM unnest(p.partattrs) WITH ORDINALITY k (number, place)
                                 LEFT JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = k.number AND a.attnum > 0 ORDER BY k.place))::text
                FROM pg_partitioned_table p WHERE p.partrelid = r.oid),
             ARRAY(SELECT o.name COLLATE "C" FROM pg_inherits i JOIN anyone o ON o.oid = i.inhparent WHERE i.inhrelid = r.oid ORDER BY 1))::text,
         CASE WHEN $1 THEN ARRAY[pg_get_partkeydef(r.oid), pg_get_expr(r.relpartbound, r.oid)] END
    FROM relation r WHERE r.relkind IN ('r', 'p', 'f')
  UNION ALL
  SELECT 'column', r.nspname, format('%I.%I', r.relname, a.attname),
         -- What a column inherits follows its table's parent, by rules that differ from version to version.
         ROW(format_type(a.atttypid, a.atttypmod), a.attgenerated, (SELECT c.name FROM collated c WHERE c.oid = a.attcollation),
             CASE WHEN a.attinhcount = 0 OR r.relispartition THEN ROW(a.attnotnull, a.atthasdef)::text END,
             CASE WHEN a.attinhcount = 0 THEN a.attidentity END)::text,
         CASE WHEN $1 THEN ARRAY[pg_get_expr(d.adbin, d.adrelid), a.attnotnull::text, a.attidentity::text] END
    FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE r.relkind IN ('r', 'p', 'f')
  UNION ALL
  SELECT 'index', i.nspname, i.relname,
         ROW((SELECT o.name FROM anyone o WHERE o.oid = i.indrelid), (SELECT m.amname FROM pg_am m WHERE m.oid = i.relam), i.indisunique, i.indpred IS NOT NULL, i.indnkeyatts,
             ARRAY(SELECT ROW(coalesce(a.attname::text, ''), i.indoption[k.place - 1],
                              (SELECT format('%I.%I', n.nspname, o.opcname) FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace
                                WHERE o.oid = i.indclass[k.place - 1] AND NOT o.opcdefault),
                              (SELECT c.name FROM collated c WHERE c.oid = i.indcollation[k.place - 1] AND a.attnum IS NOT NULL))::text
                     FROM unnest(i.indkey) WITH ORDINALITY k (number, place)
                     LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number AND a.attnum > 0 ORDER BY k.place),
             ARRAY(SELECT o COLLATE "C" FROM unnest(i.reloptions) o ORDER BY 1))::text,
         CASE WHEN $1 THEN ARRAY[pg_get_indexdef(i.indexrelid)] END
    FROM index i
  UNION ALL
  SELECT 'constraint', coalesce(r.nspname, t.nspname), format('%I.%I', coalesce(r.relname, t.typname), k.conname),
         ROW(k.contype, CASE WHEN k.contype = 'c' AND r.oid IS NOT NULL THEN ROW(k.connoinherit, CASE WHEN k.coninhcount = 0 THEN k.convalidated END)::text ELSE k.convalidated::text END,
             k.condeferrable, k.condeferred,
             ARRAY(SELECT a.attname::text COLLATE "C" FROM unnest(k.conkey) WITH ORDINALITY c (number, place)
                     JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = c.number ORDER BY CASE WHEN k.contype <> 'c' THEN c.place END, 1),
             CASE WHEN k.contype = 'f' THEN
               ROW((SELECT o.name FROM anyone o WHERE o.oid = k.confrelid), k.confupdtype, k.confdeltype, k.confmatchtype,
                   ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY c (number, place)
                           JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = c.number ORDER BY c.place))::text END)::text,
         CASE WHEN $1 THEN ARRAY[pg_get_constraintdef(k.oid)] END
    FROM pg_constraint k LEFT JOIN relation r ON r.oid = k.conrelid LEFT JOIN type t ON t.oid = k.contypid
   WHERE coalesce(r.oid, t.oid) IS NOT NULL AND k.contype NOT IN ('t', 'n')
     -- those of a partition that follow its parent's are named anew by a restore
     AND NOT (k.contype = 'f' AND k.conparentid <> 0)
     AND NOT (k.contype IN ('p', 'u', 'x') AND EXISTS (SELECT FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                                                       WHERE i.indexrelid = k.conindid AND c.relkind = 'i' AND NOT (i.indisvalid AND i.indisready)))
  UNION ALL
  SELECT 'function', n.nspname, format('%I(%s)', p.proname, pg_get_function_identity_arguments(p.oid)),
         ROW(p.prokind, l.lanname, p.prosrc, p.probin, p.prosqlbody IS NOT NULL, p.pronargdefaults, pg_get_function_result(p.oid),
             p.provolatile, p.proparallel, p.proisstrict, p.prosecdef, p.proleakproof, p.procost, p.prorows,
             -- a list of names is quoted anew
             ARRAY(SELECT regexp_replace(o, '[\s"]', '', 'g') COLLATE "C" FROM unnest(p.proconfig) o ORDER BY 1),
             (SELECT ROW(a.aggkind, a.aggtransfn::oid::regprocedure::text, a.aggfinalfn::oid::regprocedure::text, format_type(a.aggtranstype, NULL), a.agginitval)::text
                FROM pg_aggregate a WHERE a.aggfnoid = p.oid))::text,
         CASE WHEN $1 THEN ARRAY[pg_get_function_arguments(p.oid), pg_get_function_sqlbody(p.oid)] END
    FROM pg_proc p JOIN ns n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
   WHERE NOT EXISTS (SELECT FROM brought b WHERE b.classid = 'pg_proc'::regclass AND b.objid = p.oid)
     -- a range type's own
     AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')
  UNION ALL
  SELECT CASE r.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END, r.nspname, r.relname,
         ROW(ARRAY(SELECT o COLLATE "C" FROM unnest(r.reloptions) o ORDER BY 1),
             ARRAY(SELECT ROW(a.attname, format_type(a.atttypid, NULL))::text FROM pg_attribute a WHERE a.attrelid = r.oid AND a.attnum > 0 ORDER BY a.attnum))::text,
         CASE WHEN $1 THEN ARRAY[pg_get_viewdef(r.oid)] END
    FROM relation r WHERE r.relkind IN ('v', 'm')
  UNION ALL
  SELECT 'sequence', r.nspname, r.relname,
         ROW(format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
             (SELECT format('%s.%I', o.name, a.attname) FROM pg_depend d JOIN anyone o ON o.oid = d.refobjid
                JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
               WHERE d.classid = 'pg_class'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')))::text,
         NULL
    FROM relation r JOIN pg_sequence s ON s.seqrelid = r.oid
  UNION ALL
  SELECT 'type', t.nspname, t.typname,
         ROW(t.typtype,
             ARRAY(SELECT e.enumlabel FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder),
             CASE WHEN t.typtype = 'd' THEN ROW(format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault IS NOT NULL,
               (SELECT c.name FROM collated c WHERE c.oid = t.typcollation))::text END,
             ARRAY(SELECT ROW(a.attname, format_type(a.atttypid, a.atttypmod))::text FROM pg_attribute a
                    WHERE a.attrelid = t.typrelid AND t.typtype = 'c' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),
             (SELECT ROW(format_type(g.rngsubtype, NULL), g.rngcanonical::oid::regprocedure::text, g.rngsubdiff::oid::regprocedure::text)::text
                FROM pg_range g WHERE g.rngtypid = t.oid))::text,
         CASE WHEN $1 THEN ARRAY[coalesce(pg_get_expr(t.typdefaultbin, 0), t.typdefault)] END
    FROM type t
   WHERE t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
  UNION ALL
  SELECT 'trigger', r.nspname, format('%I.%I', r.relname, g.tgname),
         ROW(g.tgtype, g.tgenabled, g.tgdeferrable, g.tginitdeferred, g.tgqual IS NOT NULL, encode(g.tgargs, 'hex'), g.tgoldtable, g.tgnewtable,
             (SELECT format('%I.%I', n.nspname, p.proname) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = g.tgfoid),
             (SELECT o.name FROM anyone o WHERE o.oid = g.tgconstrrelid),
             ARRAY(SELECT a.attname::text COLLATE "C" FROM unnest(g.tgattr) c (number) JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = c.number ORDER BY 1))::text,
         CASE WHEN $1 THEN ARRAY[pg_get_triggerdef(g.oid)] END
    FROM relation r JOIN pg_trigger g ON g.tgrelid = r.oid
   -- those of a partition follow its parent's
   WHERE NOT g.tgisinternal AND g.tgparentid = 0
  UNION ALL
  SELECT 'rule', r.nspname, format('%I.%I', r.relname, w.rulename), ROW(w.ev_type, w.is_instead, w.ev_enabled)::text,
         CASE WHEN $1 THEN ARRAY[pg_get_ruledef(w.oid)] END
    FROM relation r JOIN pg_rewrite w ON w.ev_class = r.oid WHERE w.rulename <> '_RETURN'
  UNION ALL
  SELECT 'policy', r.nspname, format('%I.%I', r.relname, p.polname),
         ROW(p.polcmd, p.polpermissive, p.polqual IS NOT NULL, p.polwithcheck IS NOT NULL,
             -- the account's own role is called otherwise in each account
             ARRAY(SELECT CASE WHEN o = 0 THEN 'PUBLIC' WHEN o = r.relowner THEN 'OWNER' ELSE quote_ident(pg_get_userbyid(o)) END COLLATE "C" FROM unnest(p.polroles) o ORDER BY 1))::text,
         CASE WHEN $1 THEN ARRAY[pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)] END
    FROM relation r JOIN pg_policy p ON p.polrelid = r.oid
  UNION ALL
  SELECT 'statistics', n.nspname, s.stxname,
         ROW((SELECT o.name FROM anyone o WHERE o.oid = s.stxrelid), s.stxexprs IS NOT NULL,
             -- all of them is what it has where none is named
             CASE WHEN NOT s.stxkind @> '{d,f,m}' THEN ARRAY(SELECT k FROM unnest(s.stxkind) k ORDER BY 1) END,
             ARRAY(SELECT a.attname::text COLLATE "C" FROM unnest(s.stxkeys) c (number) JOIN pg_attribute a ON a.attrelid = s.stxrelid AND a.attnum = c.number ORDER BY 1))::text,
         CASE WHEN $1 THEN ARRAY[pg_get_statisticsobjdef(s.oid)] END
    FROM pg_statistic_ext s JOIN ns n ON n.oid = s.stxnamespace)
SELECT o.kind, o.schema, o.name, coalesce(o.structure, ''), o.texts FROM object o
