BEGIN TRANSACTION;
CREATE TABLE adviser (
	id INTEGER NOT NULL, 
	email VARCHAR(254) NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	role VARCHAR(8) NOT NULL, 
	departments JSON, 
	active BOOLEAN NOT NULL, 
	password TEXT, 
	totp TEXT, 
	totp_step INTEGER, 
	recovery JSON NOT NULL, 
	issuer VARCHAR(255), 
	subject VARCHAR(255), 
	created_at DATETIME NOT NULL, 
	seen_at DATETIME, 
	CONSTRAINT pk_adviser PRIMARY KEY (id), 
	CONSTRAINT uq_adviser_email UNIQUE (email), 
	CONSTRAINT uq_adviser_subject UNIQUE (issuer, subject)
);
INSERT INTO "adviser" VALUES(1,'email','name','role','[]',1,'password','totp',1,'[]','issuer','subject','2026-11-22 12:00:00.000000','2026-11-22 12:00:00.000000');
CREATE TABLE adviser_link (
	digest VARCHAR(64) NOT NULL, 
	adviser_id INTEGER NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_adviser_link PRIMARY KEY (digest), 
	CONSTRAINT fk_adviser_link_adviser_id_adviser FOREIGN KEY(adviser_id) REFERENCES adviser (id) ON DELETE CASCADE, 
	CONSTRAINT uq_adviser_link_adviser_id UNIQUE (adviser_id)
);
INSERT INTO "adviser_link" VALUES('digest',1,'2026-11-22 12:00:00.000000');
CREATE TABLE adviser_presence (
	adviser VARCHAR(64) NOT NULL, 
	departments JSON, 
	on_duty_until DATETIME NOT NULL, 
	email VARCHAR(254), 
	CONSTRAINT pk_adviser_presence PRIMARY KEY (adviser)
);
INSERT INTO "adviser_presence" VALUES('adviser','[]','2026-11-22 12:00:00.000000','email');
CREATE TABLE adviser_session (
	digest VARCHAR(64) NOT NULL, 
	adviser_id INTEGER NOT NULL, 
	stage VARCHAR(8) NOT NULL, 
	created_at DATETIME NOT NULL, 
	seen_at DATETIME NOT NULL, 
	CONSTRAINT pk_adviser_session PRIMARY KEY (digest), 
	CONSTRAINT fk_adviser_session_adviser_id_adviser FOREIGN KEY(adviser_id) REFERENCES adviser (id) ON DELETE CASCADE
);
INSERT INTO "adviser_session" VALUES('digest',1,'stage','2026-11-22 12:00:00.000000','2026-11-22 12:00:00.000000');
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0007');
CREATE TABLE call_back (
	id INTEGER NOT NULL, 
	conversation_id VARCHAR(32), 
	department VARCHAR(3) NOT NULL, 
	details TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_call_back PRIMARY KEY (id), 
	CONSTRAINT fk_call_back_conversation_id_conversation FOREIGN KEY(conversation_id) REFERENCES conversation (id) ON DELETE CASCADE
);
INSERT INTO "call_back" VALUES(1,'id','dep','details','2026-11-22 12:00:00.000000');
CREATE TABLE channel_inbox (
	id INTEGER NOT NULL, 
	channel VARCHAR(16) NOT NULL, 
	person VARCHAR(64) NOT NULL, 
	message VARCHAR(64) NOT NULL, 
	rank BIGINT NOT NULL, 
	body TEXT, 
	waiting BOOLEAN NOT NULL, 
	received_at DATETIME NOT NULL, 
	CONSTRAINT pk_channel_inbox PRIMARY KEY (id), 
	CONSTRAINT uq_channel_inbox_message UNIQUE (message)
);
INSERT INTO "channel_inbox" VALUES(1,'channel','person','message',1,'body',1,'2026-11-22 12:00:00.000000');
CREATE TABLE channel_outbox (
	id INTEGER NOT NULL, 
	channel VARCHAR(16) NOT NULL, 
	person VARCHAR(64) NOT NULL, 
	body TEXT, 
	state VARCHAR(8) NOT NULL, 
	attempts INTEGER NOT NULL, 
	error VARCHAR(64), 
	platform VARCHAR(64), 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_channel_outbox PRIMARY KEY (id)
);
INSERT INTO "channel_outbox" VALUES(1,'channel','person','body','state',1,'error','platform','2026-11-22 12:00:00.000000');
CREATE TABLE channel_person (
	id INTEGER NOT NULL, 
	channel VARCHAR(16) NOT NULL, 
	lookup VARCHAR(64) NOT NULL, 
	address TEXT NOT NULL, 
	conversation_id VARCHAR(32), 
	seen_at DATETIME NOT NULL, 
	stopped BOOLEAN NOT NULL, 
	CONSTRAINT pk_channel_person PRIMARY KEY (id), 
	CONSTRAINT uq_channel_person_lookup UNIQUE (lookup)
);
INSERT INTO "channel_person" VALUES(1,'channel','lookup','address','conversation_id','2026-11-22 12:00:00.000000',1);
CREATE TABLE console_access (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	adviser_id INTEGER, 
	adviser VARCHAR(254) NOT NULL, 
	what VARCHAR(80) NOT NULL, 
	conversation_id VARCHAR(32), 
	about VARCHAR(254) NOT NULL, 
	why VARCHAR(200) NOT NULL, 
	CONSTRAINT pk_console_access PRIMARY KEY (id)
);
INSERT INTO "console_access" VALUES(1,'2026-11-22 12:00:00.000000',1,'adviser','what','conversation_id','about','why');
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
	model_version VARCHAR(128), handoff VARCHAR(8), 
	CONSTRAINT pk_conversation PRIMARY KEY (id)
);
INSERT INTO "conversation" VALUES('id','channel','yes','2026-11-22 12:00:00.000000','2026-11-22 12:00:00.000000','2026-11-22 12:00:00.000000',1,'dep','audience','step','outcome','[]','asks','[]','[]','[]','[]','rules_version','model_version','handoff');
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
CREATE TABLE employment_answer (
	conversation_id VARCHAR(32) NOT NULL, 
	answer VARCHAR(16) NOT NULL, 
	answered_on DATE NOT NULL, 
	CONSTRAINT pk_employment_answer PRIMARY KEY (conversation_id), 
	CONSTRAINT fk_employment_answer_conversation_id_conversation FOREIGN KEY(conversation_id) REFERENCES conversation (id) ON DELETE CASCADE
);
INSERT INTO "employment_answer" VALUES('id','answer','2026-11-22');
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
CREATE TABLE figure (
	measure VARCHAR(16) NOT NULL, 
	month DATE NOT NULL, 
	"key" VARCHAR(64) NOT NULL, 
	department VARCHAR(3) NOT NULL, 
	audience VARCHAR(16) NOT NULL, 
	channel VARCHAR(16) NOT NULL, 
	count INTEGER NOT NULL, 
	CONSTRAINT pk_figure PRIMARY KEY (measure, month, "key", department, audience, channel)
);
INSERT INTO "figure" VALUES('measure','2026-11-22','key','dep','audience','channel',1);
CREATE TABLE figure_counted (
	conversation_id VARCHAR(32) NOT NULL, 
	active_at DATETIME, 
	month DATE NOT NULL, 
	department VARCHAR(3) NOT NULL, 
	audience VARCHAR(16) NOT NULL, 
	channel VARCHAR(16) NOT NULL, 
	marks JSON NOT NULL, 
	CONSTRAINT pk_figure_counted PRIMARY KEY (conversation_id), 
	CONSTRAINT fk_figure_counted_conversation_id_conversation FOREIGN KEY(conversation_id) REFERENCES conversation (id) ON DELETE CASCADE
);
INSERT INTO "figure_counted" VALUES('id','2026-11-22 12:00:00.000000','2026-11-22','dep','audience','channel','[]');
CREATE TABLE handoff (
	id INTEGER NOT NULL, 
	conversation_id VARCHAR(32) NOT NULL, 
	status VARCHAR(8) NOT NULL, 
	department VARCHAR(3), 
	adviser VARCHAR(64), 
	requested_at DATETIME NOT NULL, 
	taken_at DATETIME, 
	returned_at DATETIME, 
	adviser_at DATETIME, 
	noticed BOOLEAN NOT NULL, 
	CONSTRAINT pk_handoff PRIMARY KEY (id), 
	CONSTRAINT fk_handoff_conversation_id_conversation FOREIGN KEY(conversation_id) REFERENCES conversation (id) ON DELETE CASCADE
);
INSERT INTO "handoff" VALUES(1,'id','status','dep','adviser','2026-11-22 12:00:00.000000','2026-11-22 12:00:00.000000','2026-11-22 12:00:00.000000','2026-11-22 12:00:00.000000',1);
CREATE TABLE plan_seen (
	conversation_id VARCHAR(32) NOT NULL, 
	seen_on DATE NOT NULL, 
	outline JSON NOT NULL, 
	CONSTRAINT pk_plan_seen PRIMARY KEY (conversation_id), 
	CONSTRAINT fk_plan_seen_conversation_id_conversation FOREIGN KEY(conversation_id) REFERENCES conversation (id) ON DELETE CASCADE
);
INSERT INTO "plan_seen" VALUES('id','2026-11-22','[]');
CREATE TABLE pushed_message (
	id INTEGER NOT NULL, 
	conversation_id VARCHAR(32) NOT NULL, 
	message JSON NOT NULL, 
	CONSTRAINT pk_pushed_message PRIMARY KEY (id), 
	CONSTRAINT fk_pushed_message_conversation_id_conversation FOREIGN KEY(conversation_id) REFERENCES conversation (id) ON DELETE CASCADE
);
INSERT INTO "pushed_message" VALUES(1,'id','[]');
CREATE TABLE resume_code (
	conversation_id VARCHAR(32) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_resume_code PRIMARY KEY (conversation_id), 
	CONSTRAINT uq_resume_code_digest UNIQUE (digest), 
	CONSTRAINT fk_resume_code_conversation_id_conversation FOREIGN KEY(conversation_id) REFERENCES conversation (id) ON DELETE CASCADE
);
INSERT INTO "resume_code" VALUES('id','digest','2026-11-22 12:00:00.000000');
CREATE TABLE safety_event (
	day DATE NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	channel VARCHAR(16) NOT NULL, 
	count INTEGER NOT NULL, 
	CONSTRAINT pk_safety_event PRIMARY KEY (day, kind, channel)
);
INSERT INTO "safety_event" VALUES('2026-11-22','kind','channel',1);
CREATE TABLE sign_in_try (
	"key" VARCHAR(64) NOT NULL, 
	count INTEGER NOT NULL, 
	since DATETIME NOT NULL, 
	CONSTRAINT pk_sign_in_try PRIMARY KEY ("key")
);
INSERT INTO "sign_in_try" VALUES('key',1,'2026-11-22 12:00:00.000000');
CREATE TABLE step_progress (
	conversation_id VARCHAR(32) NOT NULL, 
	step VARCHAR(32) NOT NULL, 
	done BOOLEAN NOT NULL, 
	appointment DATE, 
	CONSTRAINT pk_step_progress PRIMARY KEY (conversation_id, step), 
	CONSTRAINT fk_step_progress_conversation_id_conversation FOREIGN KEY(conversation_id) REFERENCES conversation (id) ON DELETE CASCADE
);
INSERT INTO "step_progress" VALUES('id','step',1,'2026-11-22');
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
CREATE INDEX ix_channel_person_conversation_id ON channel_person (conversation_id);
CREATE INDEX ix_channel_inbox_waiting ON channel_inbox (waiting, person);
CREATE INDEX ix_channel_inbox_received_at ON channel_inbox (received_at);
CREATE INDEX ix_channel_outbox_state ON channel_outbox (state, person);
CREATE INDEX ix_channel_outbox_platform ON channel_outbox (platform);
CREATE INDEX ix_channel_outbox_created_at ON channel_outbox (created_at);
CREATE INDEX ix_adviser_session_adviser_id ON adviser_session (adviser_id);
CREATE INDEX ix_adviser_session_seen_at ON adviser_session (seen_at);
CREATE INDEX ix_console_access_at ON console_access (at);
CREATE INDEX ix_console_access_conversation_id ON console_access (conversation_id);
CREATE INDEX ix_handoff_status ON handoff (status, department);
CREATE UNIQUE INDEX uq_handoff_open ON handoff (conversation_id) WHERE status IN ('waiting', 'taken');
CREATE INDEX ix_pushed_message_conversation_id ON pushed_message (conversation_id);
CREATE INDEX ix_call_back_conversation_id ON call_back (conversation_id);
CREATE INDEX ix_call_back_created_at ON call_back (created_at);
COMMIT;
