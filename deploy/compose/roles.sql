-- Runs once, when the database is made: a role and databases for Temporal, and
-- others for the desk. Neither can read the other's.
\set temporal_password `cat /run/secrets/temporal_db_password`
\set desk_password `cat /run/secrets/desk_db_password`
CREATE ROLE temporal LOGIN PASSWORD :'temporal_password';
CREATE ROLE cession LOGIN PASSWORD :'desk_password';
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
CREATE DATABASE cession OWNER cession;
REVOKE CONNECT ON DATABASE temporal, temporal_visibility, cession FROM PUBLIC;
