CREATE TABLE meta (
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (name)
);
INSERT INTO meta VALUES('schema','1');
CREATE TABLE records (
	number INTEGER NOT NULL,
	resource TEXT NOT NULL,
	"key" BLOB,
	id TEXT NOT NULL,
	content TEXT NOT NULL,
	version INTEGER NOT NULL,
	created FLOAT NOT NULL,
	updated FLOAT NOT NULL,
	PRIMARY KEY (number),
	UNIQUE (resource, "key")
);
INSERT INTO records VALUES(1,'api/things',X'544553542D31','id-1','["one again"]',2,1893456000.25,1893456001.5);
INSERT INTO records VALUES(2,'api/things',X'746573742D31','id-2','["small"]',1,1893456000.25,1893456000.25);
INSERT INTO records VALUES(3,'api/things',NULL,'id-3','["no key"]',1,1893456000.25,1893456000.25);
INSERT INTO records VALUES(4,'api/things',X'C3A900EDA080','id-4','["odd"]',1,1893456000.25,1893456000.25);
INSERT INTO records VALUES(5,'api/things',NULL,'id-5','["no key either"]',1,1893456000.25,1893456000.25);
INSERT INTO records VALUES(6,'api/others',X'544553542D31','id-7','["other"]',1,1893456001.5,1893456001.5);
