BEGIN TRANSACTION;
CREATE TABLE audit (
	id INTEGER NOT NULL, 
	moment DATETIME NOT NULL, 
	person VARCHAR(200) NOT NULL, 
	role VARCHAR(20) NOT NULL, 
	action VARCHAR(40) NOT NULL, 
	subject VARCHAR(300) NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "audit" VALUES(1,'2026-11-22 23:44:06.235403','Ada','editor','learning.decide','1 item_question');
INSERT INTO "audit" VALUES(2,'2026-11-22 23:44:06.304525','Ada','editor','learning.decide','2 gap');
INSERT INTO "audit" VALUES(3,'2026-11-22 23:44:06.321431','Ada','editor','learning.decide','3 out_of_scope');
INSERT INTO "audit" VALUES(4,'2026-11-22 23:44:06.336218','Ada','editor','learning.decide','4 finding');
INSERT INTO "audit" VALUES(5,'2026-11-22 23:44:06.358075','Ada','editor','learning.decide','5 curated');
INSERT INTO "audit" VALUES(6,'2026-11-22 23:44:06.369647','Ada','editor','learning.decide','6 item_question');
INSERT INTO "audit" VALUES(7,'2026-11-22 23:44:06.382670','Bela','editor','learning.undo','6');
INSERT INTO "audit" VALUES(8,'2026-11-22 23:44:06.411038','Ada','editor','learning.remove-wording','1 2');
INSERT INTO "audit" VALUES(9,'2026-11-22 23:44:12.864530','Ada','editor','learning.decide','7 item_question');
INSERT INTO "audit" VALUES(10,'2026-11-22 23:44:18.107439','Ada','editor','correction','lauterfeld-nachhaltigkeitsbericht-2026');
CREATE TABLE curated (
	number INTEGER NOT NULL, 
	entry VARCHAR(40) NOT NULL, 
	"before" INTEGER NOT NULL, 
	question TEXT NOT NULL, 
	wordings JSON NOT NULL, 
	text TEXT NOT NULL, 
	citations JSON NOT NULL, 
	owner VARCHAR(200) NOT NULL, 
	valid_until DATE NOT NULL, 
	language VARCHAR(20) NOT NULL, 
	action VARCHAR(20) NOT NULL, 
	person VARCHAR(200) NOT NULL, 
	moment DATETIME NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE (entry, "before")
);
INSERT INTO "curated" VALUES(1,'3f2a9c10',0,'Bis wann fährt der Nachtbus?','["Wie lange f\u00e4hrt nachts noch ein Bus?"]','Die drei Nachtlinien fahren freitags und samstags bis 3:30 Uhr.','[["lauterfeld-nachhaltigkeitsbericht-2026", "5.1.1.1"]]','Stabsstelle Beteiligung','2026-12-31','de','added','Ada','2026-11-22 23:44:18.041013');
INSERT INTO "curated" VALUES(2,'3f2a9c10',1,'Bis wann fährt der Nachtbus?','["Wie lange f\u00e4hrt nachts noch ein Bus?"]','Die drei Nachtlinien fahren freitags und samstags bis 3:30 Uhr. Eine Reservierung ist nicht nötig.','[["lauterfeld-nachhaltigkeitsbericht-2026", "5.1.1.1"]]','Stabsstelle Beteiligung','2099-06-30','de','edited','Bela','2026-11-22 23:44:18.046236');
INSERT INTO "curated" VALUES(3,'aa00bb11',0,'Was kostet der Rufbus?','[]','Eine Fahrt mit dem Rufbus kostet zusätzlich zum Ticket 1,50 Euro.','[["lauterfeld-nachhaltigkeitsbericht-2026", "5.1.2.1"]]','Stabsstelle Beteiligung','2026-12-31','de','added','Ada','2026-11-22 23:44:18.049755');
INSERT INTO "curated" VALUES(4,'aa00bb11',3,'Was kostet der Rufbus?','[]','Eine Fahrt mit dem Rufbus kostet zusätzlich zum Ticket 1,50 Euro.','[["lauterfeld-nachhaltigkeitsbericht-2026", "5.1.2.1"]]','Stabsstelle Beteiligung','2026-12-31','de','removed','Bela','2026-11-22 23:44:18.052381');
CREATE TABLE item_hint (
	id INTEGER NOT NULL, 
	moment DATETIME NOT NULL, 
	document_id VARCHAR(200) NOT NULL, 
	"key" VARCHAR(200) NOT NULL, 
	part VARCHAR(20) NOT NULL, 
	text TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "item_hint" VALUES(1,'2026-11-22 23:44:18.030239','lauterfeld-nachhaltigkeitsbericht-2026','5.1.1.1','date','Der Nachtbus fährt erst seit Juni.');
INSERT INTO "item_hint" VALUES(2,'2026-11-22 23:44:18.035083','lauterfeld-nachhaltigkeitsbericht-2026','5.1.2.1','title','Heißt anders.');
CREATE TABLE kept_question (
	id VARCHAR(16) NOT NULL, 
	question VARCHAR(1000) NOT NULL, 
	day DATE NOT NULL, 
	reason VARCHAR(20) NOT NULL, 
	certainty FLOAT, 
	followup BOOLEAN NOT NULL, 
	times INTEGER NOT NULL, 
	decision INTEGER, 
	PRIMARY KEY (id)
)
 WITHOUT ROWID

;
INSERT INTO "kept_question" VALUES('1da8dcc9','Leiht mir wer ein Rad?','2026-11-22','unanswered',NULL,0,1,1);
INSERT INTO "kept_question" VALUES('27c8b863','Und was kostet das?','2026-11-22','unhelpful',NULL,1,1,NULL);
INSERT INTO "kept_question" VALUES('3174bd59','Wie teuer ist ein Leihrad?','2026-11-22','unanswered',NULL,0,1,7);
INSERT INTO "kept_question" VALUES('902fdb35','Wo wohnt [Name]?','2026-11-22','unhelpful',NULL,0,1,NULL);
INSERT INTO "kept_question" VALUES('9a63dd9f','Gibt es ein Freibad?','2026-11-22','unanswered',NULL,0,1,2);
INSERT INTO "kept_question" VALUES('b7681eb2','Wann kommt der Müll?','2026-11-22','unanswered',NULL,0,1,3);
INSERT INTO "kept_question" VALUES('b9bb618a','Bis wann fährt der Nachtbus?','2026-11-22','unsure',0.2,0,1,5);
CREATE TABLE learning_decision (
	id INTEGER NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	wording VARCHAR(1000) NOT NULL, 
	document_id VARCHAR(200) NOT NULL, 
	"key" VARCHAR(200) NOT NULL, 
	scope VARCHAR(20) NOT NULL, 
	want VARCHAR(20) NOT NULL, 
	note VARCHAR(500) NOT NULL, 
	times INTEGER NOT NULL, 
	as_case BOOLEAN NOT NULL, 
	person VARCHAR(200) NOT NULL, 
	day DATE NOT NULL, 
	undone_by VARCHAR(200), 
	undone_day DATE, 
	live VARCHAR(40), 
	PRIMARY KEY (id)
);
INSERT INTO "learning_decision" VALUES(1,'item_question','Leiht mir wer ein Rad?','lauterfeld-nachhaltigkeitsbericht-2026','5.1.2.1','','','',1,1,'Ada','2026-11-22',NULL,NULL,'2026-11-22-2');
INSERT INTO "learning_decision" VALUES(2,'gap','Gibt es ein Freibad?','','','','','Bäderkonzept fehlt',1,1,'Ada','2026-11-22',NULL,NULL,NULL);
INSERT INTO "learning_decision" VALUES(3,'out_of_scope','Wann kommt der Müll?','','','','','',1,0,'Ada','2026-11-22',NULL,NULL,NULL);
INSERT INTO "learning_decision" VALUES(4,'finding','Wer ist für den Rufbus zuständig?','lauterfeld-nachhaltigkeitsbericht-2026','5.1.2.1','','','',0,0,'Ada','2026-11-22',NULL,NULL,NULL);
INSERT INTO "learning_decision" VALUES(5,'curated','Bis wann fährt der Nachtbus?','','','','','',0,0,'Ada','2026-11-22',NULL,NULL,NULL);
INSERT INTO "learning_decision" VALUES(6,'item_question','Wer zahlt die Rückstauklappe?','lauterfeld-nachhaltigkeitsbericht-2026','5.1.2.3','','','',0,0,'Ada','2026-11-22','Bela','2026-11-22',NULL);
INSERT INTO "learning_decision" VALUES(7,'item_question','Wie teuer ist ein Leihrad?','lauterfeld-nachhaltigkeitsbericht-2026','5.1.2.1','','','',1,0,'Ada','2026-11-22',NULL,NULL,NULL);
CREATE TABLE learning_trial (
	id INTEGER NOT NULL, 
	holder VARCHAR(20) NOT NULL, 
	running BOOLEAN NOT NULL, 
	step VARCHAR(200) NOT NULL, 
	share FLOAT NOT NULL, 
	failed TEXT NOT NULL, 
	seen FLOAT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "learning_trial" VALUES(1,'8565711edc3ce1f0',0,'',1.0,'',1.79539105802749800674e+09);
CREATE TABLE learning_wording (
	id INTEGER NOT NULL, 
	decision INTEGER NOT NULL, 
	question VARCHAR(1000) NOT NULL, 
	person VARCHAR(200) NOT NULL, 
	day DATE NOT NULL, 
	removed_by VARCHAR(200), 
	removed_day DATE, 
	live VARCHAR(40), 
	PRIMARY KEY (id)
);
INSERT INTO "learning_wording" VALUES(1,1,'Wo gibt es Räder zum Ausleihen?','Ada','2026-11-22',NULL,NULL,'2026-11-22-2');
INSERT INTO "learning_wording" VALUES(2,1,'Fahrradverleih','Ada','2026-11-22','Ada','2026-11-22',NULL);
CREATE INDEX ix_learning_wording_decision ON learning_wording (decision);
COMMIT;
