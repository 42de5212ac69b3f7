-- Derived from tables.py: python -m mockserver.store.tables

-- create exchanges
CREATE TABLE exchanges (
	place INTEGER NOT NULL,
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
	number INTEGER NOT NULL,
	tenant TEXT NOT NULL,
	resource TEXT NOT NULL,
	"key" BLOB,
	id TEXT NOT NULL,
	content TEXT NOT NULL,
	version INTEGER NOT NULL,
	created FLOAT NOT NULL,
	updated FLOAT NOT NULL,
	PRIMARY KEY (number),
	UNIQUE (tenant, resource, "key")
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
INSERT INTO records (tenant, resource, "key", id, content, version, created, updated) VALUES (:tenant, :resource, :key, :id, :content, 1, :now, :now) ON CONFLICT (tenant, resource, "key") DO UPDATE SET content = excluded.content, version = (records.version + 1), updated = excluded.updated RETURNING id

-- by_key
SELECT records.resource, records.id, records."key", records.content, records.version, records.created, records.updated
FROM records
WHERE records.tenant = :tenant AND records.resource = :resource AND records."key" = :key

-- by_id
SELECT records.resource, records.id, records."key", records.content, records.version, records.created, records.updated
FROM records
WHERE records.tenant = :tenant AND records.resource = :resource AND records.id = :id ORDER BY records.number

-- all_of_resource
SELECT records.resource, records.id, records."key", records.content, records.version, records.created, records.updated
FROM records
WHERE records.tenant = :tenant AND records.resource = :resource ORDER BY records.number

-- all_records
SELECT records.resource, records.id, records."key", records.content, records.version, records.created, records.updated
FROM records
WHERE records.tenant = :tenant ORDER BY records.number

-- replace
UPDATE records SET "key"=:key, content=:content, version=(records.version + 1), updated=:now WHERE records.tenant = :tenant AND records.resource = :resource AND records.id = :known

-- restore
INSERT INTO records (tenant, resource, "key", id, content, version, created, updated) VALUES (:tenant, :resource, :key, :id, :content, :version, :created, :updated)

-- delete
DELETE FROM records WHERE records.tenant = :tenant AND records.resource = :resource AND records.id = :id

-- clear_resource
DELETE FROM records WHERE records.tenant = :tenant AND records.resource = :resource

-- clear_records
DELETE FROM records WHERE records.tenant = :tenant

-- resources
SELECT records.resource, count(*) AS count_1
FROM records
WHERE records.tenant = :tenant GROUP BY records.resource ORDER BY min(records.number)

-- count
SELECT count(*) AS count_1
FROM records
WHERE records.tenant = :tenant

-- tenants
SELECT anon_1.tenant
FROM (SELECT records.tenant AS tenant
FROM records UNION SELECT exchanges.tenant AS tenant
FROM exchanges UNION SELECT settings.tenant AS tenant
FROM settings) AS anon_1 ORDER BY anon_1.tenant

-- keep_exchange
INSERT INTO exchanges (tenant, number, text) VALUES (:tenant, :number, :text) RETURNING place

-- exchanges
SELECT exchanges.place, exchanges.text
FROM exchanges
WHERE exchanges.tenant = :tenant ORDER BY exchanges.place DESC
 LIMIT :last OFFSET 0

-- newest_exchange
SELECT max(exchanges.place) AS max_1
FROM exchanges
WHERE exchanges.tenant = :tenant

-- count_exchanges
SELECT count(*) AS count_1
FROM exchanges
WHERE exchanges.tenant = :tenant

-- trim_exchanges
DELETE FROM exchanges WHERE exchanges.tenant = :tenant AND exchanges.place <= (SELECT max(exchanges.place) AS max_1
FROM exchanges
WHERE exchanges.tenant = :tenant) - :most

-- forget_exchanges
DELETE FROM exchanges WHERE exchanges.tenant = :tenant

-- settings
SELECT settings.name, settings.value
FROM settings
WHERE settings.tenant = :tenant ORDER BY settings.name

-- keep_setting
INSERT INTO settings (tenant, name, value) VALUES (:tenant, :name, :value) ON CONFLICT (tenant, name) DO UPDATE SET value = excluded.value

-- forget_setting
DELETE FROM settings WHERE settings.tenant = :tenant AND settings.name = :name

-- forget_settings
DELETE FROM settings WHERE settings.tenant = :tenant

-- version
SELECT meta.value
FROM meta
WHERE meta.name = 'schema'

-- set_version
UPDATE meta SET value=:value WHERE meta.name = 'schema'

-- first_version
INSERT INTO meta (name, value) VALUES ('schema', :value)
