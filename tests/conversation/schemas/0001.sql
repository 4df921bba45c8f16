BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
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
COMMIT;
