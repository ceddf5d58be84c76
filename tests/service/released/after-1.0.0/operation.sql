PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE decided (
	id INTEGER NOT NULL, 
	changed INTEGER NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	wordings TEXT NOT NULL, 
	items TEXT NOT NULL, 
	field VARCHAR(20) NOT NULL, 
	value TEXT NOT NULL, 
	read TEXT, 
	owner VARCHAR(200) NOT NULL, 
	until DATE, 
	reason TEXT NOT NULL, 
	person VARCHAR(200) NOT NULL, 
	day DATE, 
	undone_by VARCHAR(200) NOT NULL, 
	undone_day DATE, 
	PRIMARY KEY (id)
);
INSERT INTO decided VALUES(1,1,'value','[]','[["auenland-report", "2.1.2.3"]]','status','implemented','in_progress','',NULL,'nachgefragt','Ada','2026-11-25','',NULL);
INSERT INTO decided VALUES(2,5,'value','[]','[["auenland-report", "2.1.2.3"]]','title','Alter Titel','Falscher Titel','',NULL,'nachgefragt','Ada','2026-11-25','Eva','2026-11-25');
INSERT INTO decided VALUES(3,3,'item','["Wo leiht man Räder?"]','[["auenland-report", "2.1.2.3"]]','','',NULL,'',NULL,'','Ada','2026-11-25','',NULL);
INSERT INTO decided VALUES(4,4,'gap','["Gibt es ein Kistenvelo?"]','[]','','',NULL,'',NULL,'','Eva','2026-11-25','',NULL);
CREATE TABLE open_question (
	id VARCHAR(16) NOT NULL, 
	question VARCHAR(1000) NOT NULL, 
	day DATE NOT NULL, 
	reason VARCHAR(20) NOT NULL, 
	followup BOOLEAN NOT NULL, 
	times INTEGER NOT NULL, 
	PRIMARY KEY (id)
)
 WITHOUT ROWID

;
INSERT INTO open_question VALUES('8871da18','Wer pflegt die Hecken?','2026-11-25','wrong',0,1);
INSERT INTO open_question VALUES('b65ba045','Was kostet der Fährsteg?','2026-11-25','unanswered',0,2);
CREATE TABLE item_hint (
	id INTEGER NOT NULL, 
	moment DATETIME NOT NULL, 
	document_id VARCHAR(200) NOT NULL, 
	"key" VARCHAR(200) NOT NULL, 
	part VARCHAR(20) NOT NULL, 
	text TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO item_hint VALUES(1,'2026-11-26 14:09:41.853932','auenland-report','2.1.2.3','date','Seit Mai fertig');
CREATE TABLE audit (
	id INTEGER NOT NULL, 
	moment DATETIME NOT NULL, 
	person VARCHAR(200) NOT NULL, 
	role VARCHAR(20) NOT NULL, 
	action VARCHAR(40) NOT NULL, 
	subject VARCHAR(300) NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO audit VALUES(1,'2026-11-25 10:00:00.000000','Ada','editor','correction','auenland-report 2.1.2.3 status');
CREATE TABLE rating (
	answer VARCHAR(64) NOT NULL, 
	helpful BOOLEAN NOT NULL, 
	reason VARCHAR(20), 
	edition VARCHAR(40) NOT NULL, 
	day DATE NOT NULL, 
	PRIMARY KEY (answer)
);
INSERT INTO rating VALUES('8c55d8e773dd6335df16763191992bcbc0c8c3f16184c5c346c4510eb91e9f75',0,'wrong','2026-11-25-1','2026-11-25');
CREATE TABLE upload_job (
	name VARCHAR(60) NOT NULL, 
	job TEXT NOT NULL, 
	cancelled BOOLEAN NOT NULL, 
	seen FLOAT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO upload_job VALUES('20261125-093015-1f3a5c7e','{"name":"20261125-093015-1f3a5c7e","state":"done","began":"2026-11-25T09:30:15Z","request":{"person":"Ada","files":["plan.pdf"],"base":null,"only":[],"answers":{},"model":false,"questions":true},"step":"","share":0.0,"message":"","edition":"2026-11-25-1","draft":true,"files":[{"file":"plan.pdf","taken":true,"told":"gelesen"}],"refused":[]}',0,1795702181.0);
CREATE TABLE text (
	name VARCHAR(400) NOT NULL, 
	content BLOB NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO text VALUES('choices/auenland-report.json',X'7b2266616d696c696573223a205b5b224d207b6e7d222c20226d656173757265225d5d2c20226974656d73223a205b5d7d');
INSERT INTO text VALUES('cases/eigene.jsonl',X'7b226964223a202265696e73227d0a');
INSERT INTO text VALUES('service.key',X'866f563f847a7e05da4e774917e28a369b50764581e98773dffc1ef9eade48fb');
COMMIT;
