PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE decision (
	id INTEGER NOT NULL, 
	changed INTEGER NOT NULL, 
	outcome VARCHAR(20) NOT NULL, 
	wordings TEXT NOT NULL, 
	items TEXT NOT NULL, 
	value TEXT NOT NULL, 
	owner VARCHAR(200) NOT NULL, 
	valid_until DATE, 
	part VARCHAR(20) NOT NULL, 
	instead_of TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	person VARCHAR(200) NOT NULL, 
	day DATE, 
	undone_by VARCHAR(200) NOT NULL, 
	undone_day DATE, 
	live VARCHAR(40) NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO decision VALUES(1,1,'value','','[["auenland-report", "2.1.2.3"]]','implemented','',NULL,'status','in_progress','nachgefragt','Ada','2026-11-20','',NULL,'');
INSERT INTO decision VALUES(2,11,'value','','[["auenland-report", "2.1.2.3"]]','Alter Titel','',NULL,'title','Falscher Titel','nachgefragt','Ada','2026-11-20','Eva','2026-11-26','');
INSERT INTO decision VALUES(3,3,'value','','[["auenland-report", "2.1.2.3"]]','Amt für Wege','',NULL,'unit','','nachgefragt','Ada','2026-11-20','',NULL,'');
INSERT INTO decision VALUES(4,4,'removed','','[["auenland-report", "2.1.2.3"]]','','',NULL,'record','Radroute','nachgefragt','Ada','2026-11-20','',NULL,'');
INSERT INTO decision VALUES(5,5,'split','','[["auenland-report", "2.1.2.3"]]','Fährsteg','',NULL,'split','Der Fährsteg','nachgefragt','Ada','2026-11-20','',NULL,'');
INSERT INTO decision VALUES(6,6,'value','','[["auenland-report", "2.1.2.3"]]','Neuer Satz.','',NULL,'text','Alter Satz.','nachgefragt','Ada','2026-11-20','',NULL,'');
INSERT INTO decision VALUES(7,7,'entry',replace('Wo leiht man Räder?\nGibt es Leihräder?','\n',char(10)),'[["auenland-report", "2.1.2.3"]]','','',NULL,'','','','Ada','2026-11-20','',NULL,'');
INSERT INTO decision VALUES(8,8,'text','Wer ist zuständig?','[["auenland-report", "2.1.2.3"]]','Das Amt für Wege.','Amt für Wege','2099-12-31','','','','Eva','2026-11-21','',NULL,'');
INSERT INTO decision VALUES(9,9,'not_ours','Wie wird das Wetter?','[]','','',NULL,'','','','Eva','2026-11-21','',NULL,'');
INSERT INTO decision VALUES(10,10,'gap','Gibt es ein Kistenvelo?','[]','','',NULL,'','','','Eva','2026-11-21','',NULL,'');
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
INSERT INTO kept_question VALUES('4324e648','Wer pflegt die Hecken?','2026-11-22','unsure',NULL,0,1,NULL);
INSERT INTO kept_question VALUES('8d0d8166','Und wann?','2026-11-22','unhelpful',NULL,1,1,NULL);
INSERT INTO kept_question VALUES('970fe28d','Was kostet der Fährsteg?','2026-11-22','unanswered',NULL,0,2,NULL);
INSERT INTO kept_question VALUES('b703953f','Gibt es ein Kistenvelo?','2026-11-22','unanswered',NULL,0,1,10);
CREATE TABLE item_hint (
	id INTEGER NOT NULL, 
	moment DATETIME NOT NULL, 
	document_id VARCHAR(200) NOT NULL, 
	"key" VARCHAR(200) NOT NULL, 
	part VARCHAR(20) NOT NULL, 
	text TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO item_hint VALUES(1,'2026-11-26 14:08:19.434028','auenland-report','2.1.2.3','date','Seit Mai fertig');
CREATE TABLE audit (
	id INTEGER NOT NULL, 
	moment DATETIME NOT NULL, 
	person VARCHAR(200) NOT NULL, 
	role VARCHAR(20) NOT NULL, 
	action VARCHAR(40) NOT NULL, 
	subject VARCHAR(300) NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO audit VALUES(1,'2026-11-22 10:00:00.000000','Ada','editor','correction','auenland-report 2.1.2.3 status');
CREATE TABLE staff_ticket (
	digest VARCHAR(64) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	how VARCHAR(255) NOT NULL, 
	host VARCHAR(255) NOT NULL, 
	role INTEGER NOT NULL, 
	ends FLOAT NOT NULL, 
	seen FLOAT NOT NULL, 
	PRIMARY KEY (digest)
);
INSERT INTO staff_ticket VALUES('90d3a533b7dc1c03e003f3f9c65af2b7a89e7927ad5df1ee341f7a3167107bb0','Ada','link','',2,1795745299.6057925223,0.0);
CREATE TABLE upload_job (
	name VARCHAR(60) NOT NULL, 
	said TEXT NOT NULL, 
	cancelled BOOLEAN NOT NULL, 
	seen FLOAT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO upload_job VALUES('20261122-093015-1f3a5c7e','{"name":"20261122-093015-1f3a5c7e","state":"done","began":"2026-11-22T09:30:15Z","order":{"person":"Ada","files":["plan.pdf"],"base":null,"only":[],"answers":{},"model":false,"questions":true},"step":"","share":0.0,"message":"","edition":"2026-11-22-1","draft":true,"files":[{"file":"plan.pdf","taken":true,"told":"gelesen"}],"refused":[]}',0,1795702099.6872916222);
COMMIT;
