-- A store of version 1.
CREATE TABLE event (
seq INTEGER PRIMARY KEY, tenant TEXT NOT NULL, stream TEXT NOT NULL, submission TEXT, at TEXT NOT NULL,
actor TEXT NOT NULL, body TEXT NOT NULL, media TEXT, key_id TEXT, payload BLOB, payload_hash BLOB, data TEXT,
hash BLOB NOT NULL) STRICT;
CREATE INDEX event_stream ON event (tenant, stream, seq);
CREATE TABLE job (
submission TEXT PRIMARY KEY, tenant TEXT NOT NULL, stream TEXT NOT NULL, lane TEXT NOT NULL, due INTEGER,
lease INTEGER, attempts INTEGER NOT NULL, body BLOB NOT NULL, about TEXT NOT NULL) STRICT;
CREATE INDEX job_due ON job (due) WHERE due IS NOT NULL;
CREATE TABLE mark (
tenant TEXT NOT NULL, space TEXT NOT NULL, value TEXT NOT NULL, stream TEXT NOT NULL, submission TEXT,
digest TEXT, PRIMARY KEY (tenant, space, value)) STRICT, WITHOUT ROWID;
CREATE TABLE record (
tenant TEXT NOT NULL, space TEXT NOT NULL, key TEXT NOT NULL, revision INTEGER NOT NULL, body TEXT NOT NULL,
PRIMARY KEY (tenant, space, key)) STRICT, WITHOUT ROWID;
-- What follows is derived from the journal, up to `derived.seq`.
CREATE TABLE derived (seq INTEGER NOT NULL) STRICT;
INSERT INTO derived VALUES (0);
CREATE TABLE line (
id TEXT PRIMARY KEY, tenant TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, status TEXT NOT NULL,
needs TEXT, changed INTEGER NOT NULL, row TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX line_kind ON line (tenant, kind, changed DESC, id DESC);
CREATE INDEX line_state ON line (tenant, kind, state, changed DESC, id DESC);
CREATE INDEX line_status ON line (tenant, kind, status, changed DESC, id DESC);
CREATE INDEX line_needs ON line (tenant, needs, changed DESC, id DESC) WHERE needs IS NOT NULL;
CREATE TABLE word (
tenant TEXT NOT NULL, word TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (tenant, word, id)) STRICT, WITHOUT ROWID;
CREATE TABLE submission (
id TEXT PRIMARY KEY, tenant TEXT NOT NULL, state TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX submission_state ON submission (tenant, state);
CREATE TABLE figure (
tenant TEXT NOT NULL, day TEXT NOT NULL, what TEXT NOT NULL, corridor TEXT NOT NULL, currency TEXT NOT NULL,
count INTEGER NOT NULL, amount TEXT NOT NULL,
PRIMARY KEY (tenant, day, what, corridor, currency)) STRICT, WITHOUT ROWID;
PRAGMA user_version = 1;
INSERT INTO event VALUES (1, 'main', 'order-1', NULL, '2026-11-22T16:24:00Z', 'clerk', '{"event":"order_received","from":"shop","message":"shop/order","number":"1001","value":"12.50 GBP","gaps":[]}', 'application/json', 'none', x'7b226f72646572223a2231303031227d', x'f7aca2f4ec68e05019da3e98c895d98bdf1d710687db227b8836609770558571', 'sha256:1', x'52bdfbc80e984394de1302ef6ef086bf6b26c3f33fff6e3688156fd1c1c72234');
INSERT INTO event VALUES (2, 'main', 'declaration-1', NULL, '2026-11-22T16:24:00Z', 'clerk', '{"event":"drafted","account":"acme","lrn":"DG-1","orders":[["order-1","1001"]],"data_set":"H7","corridor":"CN-GB","value":"12.50 GBP","errors":0}', 'application/json', 'none', x'7b226c726e223a2244472d31227d', x'00e16c90de36b107be99aac1e22bcd505ac2db854b12c538ca6ab0f2b4ac686e', 'sha256:1', x'd6d101bba8eedf3f1901d93609888f667e20b372439c53e79f524f3e62c68199');
INSERT INTO event VALUES (3, 'main', 'declaration-1', 'submission-1', '2026-11-22T16:24:00Z', 'clerk', '{"event":"accepted","purpose":"declaration","account":"acme","operation":"submit","lrn":"DG-1","held":null}', 'application/xml', 'none', x'3c6c726e3e44472d313c2f6c726e3e', x'09946785abe41520d93e099d20fb4054932b485e54b98d06dab9f5c3fc89ef66', 'sha256:1', x'd73636e59cf58a516185fffb759fd164b626af3b8bdfe1bc60f39cdb9d5a2ca2');
INSERT INTO event VALUES (4, 'main', 'declaration-2', NULL, '2026-11-22T16:24:00Z', 'clerk', '{"event":"drafted","account":"acme","lrn":"DG-2","orders":[["order-1","1001"]],"data_set":"H7","corridor":"CN-GB","value":"12.50 GBP","errors":0}', 'application/json', 'none', x'7b226c726e223a2244472d32227d', x'f5a273fe4e0b8d3c9730b588297800cb9f6cd2400707b9bb250c38b26d709fba', 'sha256:1', x'2442c4a1cadc6aa579bbc7eef0951911c8b16e2cbb02677571ee54797409e55b');
INSERT INTO event VALUES (5, 'main', 'declaration-2', 'submission-2', '2026-11-22T16:24:00Z', 'clerk', '{"event":"accepted","purpose":"declaration","account":"acme","operation":"submit","lrn":"DG-2","held":null}', 'application/xml', 'none', x'3c6c726e3e44472d323c2f6c726e3e', x'063572d0c751bfa8ff25990c9422595cab7c2e62535e01521a3283d6fca007f7', 'sha256:1', x'de5c84b57e825f04c9f49635fd58c538de239b4e5ee37d7c092e5219f5b6b435');
INSERT INTO event VALUES (6, 'main', 'declaration-3', NULL, '2026-11-22T16:24:00Z', 'clerk', '{"event":"drafted","account":"acme","lrn":"DG-3","orders":[["order-1","1001"]],"data_set":"H7","corridor":"CN-GB","value":"12.50 GBP","errors":0}', 'application/json', 'none', x'7b226c726e223a2244472d33227d', x'201049a7b7aad0fac56000484d56345ee261e505f9531c23a0a64814ffa60532', 'sha256:1', x'ebd139540b083fdb291f4d466bb04c8fa19446919a4073c8884d1326bce7babd');
INSERT INTO event VALUES (7, 'main', 'declaration-3', 'submission-3', '2026-11-22T16:24:00Z', 'clerk', '{"event":"accepted","purpose":"declaration","account":"acme","operation":"submit","lrn":"DG-3","held":null}', 'application/xml', 'none', x'3c6c726e3e44472d333c2f6c726e3e', x'20a7c092b928bde70364a19ba558901b2edf549718a18a18694c668832922467', 'sha256:1', x'1867e72924905626b74bfeb4bff629949ebe67b599fd673b33b459dcf8ffd574');
INSERT INTO event VALUES (8, 'main', 'declaration-4', NULL, '2026-11-22T16:24:00Z', 'clerk', '{"event":"drafted","account":"acme","lrn":"DG-4","orders":[["order-1","1001"]],"data_set":"H7","corridor":"CN-GB","value":"12.50 GBP","errors":0}', 'application/json', 'none', x'7b226c726e223a2244472d34227d', x'2af6a4005b8ae8426a0d607556dc37a938ae0defeeb23422510aef2958a0df60', 'sha256:1', x'16ee44e68a58bf8d5dcf72de319cb41b29f4e3565d39ca167e2c63a21ffe1809');
INSERT INTO event VALUES (9, 'main', 'declaration-4', 'submission-4', '2026-11-22T16:24:00Z', 'clerk', '{"event":"accepted","purpose":"declaration","account":"acme","operation":"submit","lrn":"DG-4","held":"four eyes"}', 'application/xml', 'none', x'3c6c726e3e44472d343c2f6c726e3e', x'da1ac6aa62cf847db8b2e0028fe7612a3875bb68b4625379d2a69db9d6785443', 'sha256:1', x'd85911fad4d01262eb9b9c5c1b499232188f257e99a74d8288b7ac2fb1f95b63');
INSERT INTO event VALUES (10, 'main', 'declaration-1', 'submission-1', '2026-11-22T16:24:00Z', 'outbox', '{"event":"attempted","attempt":1}', NULL, NULL, NULL, NULL, 'sha256:1', x'9078834b2e7b3f960a05cf2d4ddfc06230a5bca81f2a14638fc5d10e2a2fba08');
INSERT INTO event VALUES (11, 'main', 'declaration-1', 'submission-1', '2026-11-22T16:24:00Z', 'outbox', '{"event":"delivered","conversation":"c-1"}', 'application/xml', 'none', x'3c6f6b2f3e', x'ce6313e987f06310ef953911c7e9cb0ab963559ca2801c67daf1c10093c45089', 'sha256:1', x'c59af3254a48f47e7cfb4076ffe6bf2b8eae3a3c3a59d8943b9ec6fc4a8faf23');
INSERT INTO event VALUES (12, 'main', 'declaration-1', 'submission-1', '2026-11-22T16:24:00Z', 'customs', '{"event":"responded","said":{"native":"09","events":"cleared","at":"2026-11-22T16:30:00Z","lrn":"DG-1","mrn":"26GB1","version":"1","conversation":"c-1","errors":0,"causes":[]}}', 'application/xml', 'none', x'3c636c65617265642f3e', x'60d48aadbe704186868711e4cb6aafa16e187e514b656d3979ba27eef40b21fe', 'sha256:1', x'e983216383a16658e6d94d255857951af6e56b21d1b60087fae63d7496759ee8');
INSERT INTO event VALUES (13, 'main', 'declaration-2', 'submission-2', '2026-11-22T16:24:00Z', 'outbox', '{"event":"attempted","attempt":1}', NULL, NULL, NULL, NULL, 'sha256:1', x'5925f30914bf1b4b5a3521c1df27dd0ca96c8c4fa3f47088a08955a5fa47e39c');
INSERT INTO job VALUES ('submission-2', 'main', 'declaration-2', 'acme:submit', 1795364640000000, 1795364670000000, 0, x'3c6c726e3e44472d323c2f6c726e3e', '{}');
INSERT INTO job VALUES ('submission-3', 'main', 'declaration-3', 'acme:submit', 1795364640000000, NULL, 0, x'3c6c726e3e44472d333c2f6c726e3e', '{}');
INSERT INTO job VALUES ('submission-4', 'main', 'declaration-4', 'acme:submit', NULL, NULL, 0, x'3c6c726e3e44472d343c2f6c726e3e', '{}');
INSERT INTO mark VALUES ('main', 'lrn', 'acme/DG-1', 'declaration-1', 'submission-1', NULL);
INSERT INTO mark VALUES ('main', 'lrn', 'acme/DG-2', 'declaration-2', 'submission-2', NULL);
INSERT INTO mark VALUES ('main', 'lrn', 'acme/DG-3', 'declaration-3', 'submission-3', NULL);
INSERT INTO mark VALUES ('main', 'lrn', 'acme/DG-4', 'declaration-4', 'submission-4', NULL);
INSERT INTO record VALUES ('main', 'draft', 'd', 3, '{"a":1}');
UPDATE derived SET seq = 5;
INSERT INTO line VALUES ('order-1', 'main', 'order', 'received', 'draft', NULL, 1795364640000000, '{}');
