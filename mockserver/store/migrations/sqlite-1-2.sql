-- Schema 1 had one portal's records and nothing else; they become those of the tenant without a name.

ALTER TABLE records RENAME TO records_1;

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
);

INSERT INTO records (number, tenant, resource, "key", id, content, version, created, updated)
SELECT number, '', resource, "key", id, content, version, created, updated FROM records_1;

DROP TABLE records_1;

CREATE INDEX records_by_id ON records (id);

CREATE TABLE exchanges (
	place INTEGER NOT NULL,
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
