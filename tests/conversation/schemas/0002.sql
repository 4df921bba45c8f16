BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
CREATE TABLE conversation (
	id VARCHAR(32) NOT NULL, 
	channel VARCHAR(16) NOT NULL, 
	consent VARCHAR(3), 
	created_at DATETIME NOT NULL, 
	active_at DATETIME NOT NULL, 
	erased_at DATETIME, 
	turns INTEGER NOT NULL, 
	department VARCHAR(3), 
	audience VARCHAR(16), 
	step VARCHAR(16), 
	outcome VARCHAR(16), 
	flags JSON NOT NULL, 
	asks VARCHAR(32), 
	choices JSON NOT NULL, 
	question JSON, 
	situation JSON, 
	"plan" JSON, 
	rules_version VARCHAR(64), 
	model_version VARCHAR(128), 
	CONSTRAINT pk_conversation PRIMARY KEY (id)
);
INSERT INTO "conversation" VALUES('id','channel','yes','2026-11-22 12:00:00.000000','2026-11-22 12:00:00.000000','2026-11-22 12:00:00.000000',1,'dep','audience','step','outcome','[]','asks','[]','[]','[]','[]','rules_version','model_version');
CREATE TABLE directory_change (
	id INTEGER NOT NULL, 
	organism_id VARCHAR(120) NOT NULL, 
	field VARCHAR(30) NOT NULL, 
	old TEXT, 
	new TEXT, 
	who VARCHAR(200) NOT NULL, 
	why TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	restores INTEGER, 
	CONSTRAINT pk_directory_change PRIMARY KEY (id), 
	CONSTRAINT fk_directory_change_restores_directory_change FOREIGN KEY(restores) REFERENCES directory_change (id)
);
INSERT INTO "directory_change" VALUES(1,'organism_id','field','old','new','who','why','2026-11-22 12:00:00.000000',NULL);
CREATE TABLE directory_field (
	id INTEGER NOT NULL, 
	organism_id VARCHAR(120) NOT NULL, 
	name VARCHAR(30) NOT NULL, 
	origin VARCHAR(10) NOT NULL, 
	value TEXT NOT NULL, 
	label VARCHAR(200) NOT NULL, 
	source_url TEXT NOT NULL, 
	source_date DATE, 
	confidence VARCHAR(12) NOT NULL, 
	CONSTRAINT pk_directory_field PRIMARY KEY (id), 
	CONSTRAINT fk_directory_field_organism_id_directory_organism FOREIGN KEY(organism_id) REFERENCES directory_organism (id) ON DELETE CASCADE, 
	CONSTRAINT uq_directory_field_organism_id UNIQUE (organism_id, name, origin)
);
INSERT INTO "directory_field" VALUES(1,'id','name','origin','value','label','source_u','2026-11-22','confidence');
CREATE TABLE directory_import (
	origin VARCHAR(10) NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	organisms INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_directory_import PRIMARY KEY (origin)
);
INSERT INTO "directory_import" VALUES('origin','sha256',1,'2026-11-22 12:00:00.000000');
CREATE TABLE directory_organism (
	id VARCHAR(120) NOT NULL, 
	type VARCHAR(30) NOT NULL, 
	CONSTRAINT pk_directory_organism PRIMARY KEY (id)
);
INSERT INTO "directory_organism" VALUES('id','type');
CREATE TABLE feedback_event (
	day DATE NOT NULL, 
	answer VARCHAR(16) NOT NULL, 
	channel VARCHAR(16) NOT NULL, 
	audience VARCHAR(16) NOT NULL, 
	department VARCHAR(3) NOT NULL, 
	count INTEGER NOT NULL, 
	CONSTRAINT pk_feedback_event PRIMARY KEY (day, answer, channel, audience, department)
);
INSERT INTO "feedback_event" VALUES('2026-11-22','answer','channel','audience','dep',1);
CREATE TABLE safety_event (
	day DATE NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	channel VARCHAR(16) NOT NULL, 
	count INTEGER NOT NULL, 
	CONSTRAINT pk_safety_event PRIMARY KEY (day, kind, channel)
);
INSERT INTO "safety_event" VALUES('2026-11-22','kind','channel',1);
CREATE TABLE turn (
	id INTEGER NOT NULL, 
	conversation_id VARCHAR(32) NOT NULL, 
	seq INTEGER NOT NULL, 
	direction VARCHAR(8) NOT NULL, 
	message_id VARCHAR(64) NOT NULL, 
	text TEXT, 
	message JSON, 
	choice VARCHAR(64), 
	intent VARCHAR(64), 
	confidence FLOAT, 
	margin FLOAT, 
	ranking JSON, 
	facts JSON, 
	asked VARCHAR(32), 
	flag VARCHAR(16), 
	channel VARCHAR(16) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_turn PRIMARY KEY (id), 
	CONSTRAINT fk_turn_conversation_id_conversation FOREIGN KEY(conversation_id) REFERENCES conversation (id) ON DELETE CASCADE, 
	CONSTRAINT uq_turn_conversation_id UNIQUE (conversation_id, seq), 
	CONSTRAINT uq_turn_message UNIQUE (conversation_id, direction, message_id)
);
INSERT INTO "turn" VALUES(1,'id',1,'directio','message_id','text','[]','choice','intent',0.5,0.5,'[]','[]','asked','flag','channel','2026-11-22 12:00:00.000000');
CREATE INDEX ix_conversation_active_at ON conversation (active_at);
CREATE INDEX ix_conversation_created_at ON conversation (created_at);
CREATE INDEX ix_conversation_erased_at ON conversation (erased_at);
CREATE INDEX ix_turn_intent ON turn (intent);
CREATE INDEX ix_directory_organism_type ON directory_organism (type);
CREATE INDEX ix_directory_change_organism_id ON directory_change (organism_id, at);
COMMIT;
