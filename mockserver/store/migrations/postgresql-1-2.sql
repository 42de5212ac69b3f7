-- Schema 1 had one portal's records and nothing else; they become those of the tenant without a name.

ALTER TABLE records ALTER COLUMN number TYPE BIGINT;

ALTER SEQUENCE records_number_seq AS BIGINT;

ALTER TABLE records ADD COLUMN tenant TEXT NOT NULL DEFAULT '';

ALTER TABLE records ALTER COLUMN tenant DROP DEFAULT;

ALTER TABLE records DROP CONSTRAINT records_resource_key_key;

ALTER TABLE records ADD UNIQUE (tenant, resource, key);

CREATE INDEX records_by_id ON records (id);

CREATE TABLE exchanges (
	place BIGSERIAL NOT NULL,
	tenant TEXT NOT NULL,
	number BIGINT NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY (place)
);

CREATE INDEX exchanges_by_tenant ON exchanges (tenant, place);

CREATE TABLE settings (
	tenant TEXT NOT NULL,
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (tenant, name)
);
