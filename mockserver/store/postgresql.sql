-- Derived from tables.py: python -m mockserver.store.tables

-- create exchanges
CREATE TABLE exchanges (
	place BIGSERIAL NOT NULL,
	tenant TEXT NOT NULL,
	number BIGINT NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY (place)
)

-- create exchanges_by_tenant
CREATE INDEX exchanges_by_tenant ON exchanges (tenant, place)

-- create meta
CREATE TABLE meta (
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (name)
)

-- create records
CREATE TABLE records (
	number BIGSERIAL NOT NULL,
	tenant TEXT NOT NULL,
	resource TEXT NOT NULL,
	key BYTEA,
	id TEXT NOT NULL,
	content TEXT NOT NULL,
	version INTEGER NOT NULL,
	created FLOAT NOT NULL,
	updated FLOAT NOT NULL,
	PRIMARY KEY (number),
	UNIQUE (tenant, resource, key)
)

-- create records_by_id
CREATE INDEX records_by_id ON records (id)

-- create settings
CREATE TABLE settings (
	tenant TEXT NOT NULL,
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (tenant, name)
)

-- upsert
INSERT INTO records (tenant, resource, key, id, content, version, created, updated) VALUES (%(tenant)s::VARCHAR, %(resource)s::VARCHAR, %(key)s, %(id)s::VARCHAR, %(content)s::VARCHAR, 1, %(now)s, %(now)s) ON CONFLICT (tenant, resource, key) DO UPDATE SET content = excluded.content, version = (records.version + 1), updated = excluded.updated RETURNING records.id

-- by_key
SELECT records.resource, records.id, records.key, records.content, records.version, records.created, records.updated
FROM records
WHERE records.tenant = %(tenant)s::VARCHAR AND records.resource = %(resource)s::VARCHAR AND records.key = %(key)s

-- by_id
SELECT records.resource, records.id, records.key, records.content, records.version, records.created, records.updated
FROM records
WHERE records.tenant = %(tenant)s::VARCHAR AND records.resource = %(resource)s::VARCHAR AND records.id = %(id)s::VARCHAR ORDER BY records.number

-- all_of_resource
SELECT records.resource, records.id, records.key, records.content, records.version, records.created, records.updated
FROM records
WHERE records.tenant = %(tenant)s::VARCHAR AND records.resource = %(resource)s::VARCHAR ORDER BY records.number

-- all_records
SELECT records.resource, records.id, records.key, records.content, records.version, records.created, records.updated
FROM records
WHERE records.tenant = %(tenant)s::VARCHAR ORDER BY records.number

-- replace
UPDATE records SET key=%(key)s, content=%(content)s::VARCHAR, version=(records.version + 1), updated=%(now)s WHERE records.tenant = %(tenant)s::VARCHAR AND records.resource = %(resource)s::VARCHAR AND records.id = %(known)s::VARCHAR

-- restore
INSERT INTO records (tenant, resource, key, id, content, version, created, updated) VALUES (%(tenant)s::VARCHAR, %(resource)s::VARCHAR, %(key)s, %(id)s::VARCHAR, %(content)s::VARCHAR, %(version)s::INTEGER, %(created)s, %(updated)s)

-- delete
DELETE FROM records WHERE records.tenant = %(tenant)s::VARCHAR AND records.resource = %(resource)s::VARCHAR AND records.id = %(id)s::VARCHAR

-- clear_resource
DELETE FROM records WHERE records.tenant = %(tenant)s::VARCHAR AND records.resource = %(resource)s::VARCHAR

-- clear_records
DELETE FROM records WHERE records.tenant = %(tenant)s::VARCHAR

-- resources
SELECT records.resource, count(*) AS count_1
FROM records
WHERE records.tenant = %(tenant)s::VARCHAR GROUP BY records.resource ORDER BY min(records.number)

-- count
SELECT count(*) AS count_1
FROM records
WHERE records.tenant = %(tenant)s::VARCHAR

-- tenants
SELECT anon_1.tenant
FROM (SELECT records.tenant AS tenant
FROM records UNION SELECT exchanges.tenant AS tenant
FROM exchanges UNION SELECT settings.tenant AS tenant
FROM settings) AS anon_1 ORDER BY anon_1.tenant

-- keep_exchange
INSERT INTO exchanges (tenant, number, text) VALUES (%(tenant)s::VARCHAR, %(number)s::BIGINT, %(text)s::VARCHAR) RETURNING exchanges.place

-- exchanges
SELECT exchanges.place, exchanges.text
FROM exchanges
WHERE exchanges.tenant = %(tenant)s::VARCHAR ORDER BY exchanges.place DESC
 LIMIT %(last)s OFFSET 0

-- newest_exchange
SELECT max(exchanges.place) AS max_1
FROM exchanges
WHERE exchanges.tenant = %(tenant)s::VARCHAR

-- count_exchanges
SELECT count(*) AS count_1
FROM exchanges
WHERE exchanges.tenant = %(tenant)s::VARCHAR

-- trim_exchanges
DELETE FROM exchanges WHERE exchanges.tenant = %(tenant)s::VARCHAR AND exchanges.place <= (SELECT max(exchanges.place) AS max_1
FROM exchanges
WHERE exchanges.tenant = %(tenant)s::VARCHAR) - %(most)s::BIGINT

-- forget_exchanges
DELETE FROM exchanges WHERE exchanges.tenant = %(tenant)s::VARCHAR

-- settings
SELECT settings.name, settings.value
FROM settings
WHERE settings.tenant = %(tenant)s::VARCHAR ORDER BY settings.name

-- keep_setting
INSERT INTO settings (tenant, name, value) VALUES (%(tenant)s::VARCHAR, %(name)s::VARCHAR, %(value)s::VARCHAR) ON CONFLICT (tenant, name) DO UPDATE SET value = excluded.value

-- forget_setting
DELETE FROM settings WHERE settings.tenant = %(tenant)s::VARCHAR AND settings.name = %(name)s::VARCHAR

-- forget_settings
DELETE FROM settings WHERE settings.tenant = %(tenant)s::VARCHAR

-- version
SELECT meta.value
FROM meta
WHERE meta.name = 'schema'

-- set_version
UPDATE meta SET value=%(value)s::VARCHAR WHERE meta.name = 'schema'

-- first_version
INSERT INTO meta (name, value) VALUES ('schema', %(value)s::VARCHAR)
