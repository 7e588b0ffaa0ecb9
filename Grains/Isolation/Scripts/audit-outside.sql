-- What of an account's isolation can be seen from the system database: name, whether it is so, what is so. $1 is the database, $2 the role.
WITH other (oid) AS (
    SELECT o.oid FROM pg_roles o
     WHERE o.rolname <> $2 AND (o.rolname IN (SELECT role_name FROM public.accounts) OR o.rolname ~ /* role name */))
SELECT f.name, coalesce(f.ok, false), f.detail
  FROM pg_database d
  JOIN public.accounts ON account_id = d.datname
  LEFT JOIN pg_roles r ON r.rolname = $2
 CROSS JOIN LATERAL (VALUES
    ('role_attributes',
     r.rolcanlogin AND coalesce(r.rolvaliduntil > now(), true)
       AND NOT (r.rolsuper OR r.rolcreatedb OR r.rolcreaterole OR r.rolreplication OR r.rolbypassrls OR r.rolinherit),
     'The role logs in, and has no attribute beyond that.'),
    ('role_connections',
     r.rolconnlimit BETWEEN 1 AND 50,
     'The role''s connections are limited.'),
    ('role_memberships',
     NOT EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid),
     'The role is a member of no other.'),
    ('role_members',
     NOT EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles o ON o.oid = m.member WHERE m.roleid = r.oid AND o.rolname <> current_user),
     'No other role may act as the account''s.'),
    ('role_settings',
     NOT EXISTS (SELECT FROM unnest($3::text[]) held (setting)
                  WHERE NOT EXISTS (SELECT FROM pg_db_role_setting s
                                     WHERE s.setrole = r.oid AND s.setdatabase = 0 AND held.setting = ANY (s.setconfig))
                     OR EXISTS (SELECT FROM pg_db_role_setting s CROSS JOIN unnest(s.setconfig) own (setting)
                                 WHERE s.setdatabase = d.oid AND s.setrole = r.oid
                                   AND split_part(own.setting, '=', 1) = split_part(held.setting, '=', 1) AND own.setting <> held.setting)),
     'The limits and the logging that the account cannot change are set on its role.'),
    ('database_owner',
     pg_get_userbyid(d.datdba) = current_user,
     'The database belongs to the service.'),
    ('database_public',
     d.datacl IS NOT NULL AND NOT EXISTS (SELECT FROM aclexplode(d.datacl) a WHERE a.grantee = 0),
     'PUBLIC may not enter the database.'),
    ('database_others',
     NOT EXISTS (SELECT FROM aclexplode(d.datacl) a JOIN other ON other.oid = a.grantee),
     'No other account''s role may enter the database.'),
    ('database_grants',
     EXISTS (SELECT FROM aclexplode(d.datacl) a WHERE a.grantee = r.oid AND a.privilege_type = 'CONNECT')
       AND NOT EXISTS (SELECT FROM aclexplode(d.datacl) a WHERE a.grantee = r.oid AND a.is_grantable),
     'The role may enter the database, and let nobody else in.'),
    ('database_template',
     NOT d.datistemplate,
     'The database is no template, which others could copy.')) f (name, ok, detail)
 WHERE d.datname = $1
