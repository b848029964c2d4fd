#!/usr/bin/env bash
# libsql 0.5.29 (npm), Node 20 and later, Linux x64.
# Guess: after an INSERT failed with SQLITE_BUSY, the connection is as before; later inserts are committed as usual.
# Seen: each later insert succeeds, and the connection itself sees its rows, but a second connection sees none of them.
#   They stay in a transaction that nothing began, and vanish when the process ends. `inTransaction` says false all the while.
#   seen: same connection 6, other connection 1, inTransaction false, after the process ended 1
# Ends with 1 when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --silent libsql@0.5.29
cat >writer.mjs <<'JS'
import Database from 'libsql';
const path = process.argv[2];
const own = new Database(path);
own.pragma('journal_mode = wal');
own.pragma('busy_timeout = 50');
own.exec('create table t (id integer)');
const insert = (id) => own.prepare('insert into t values (?) returning id').all(id);
insert(0);
// another connection holds the lock of the writer for a while
const other = new Database(path);
other.exec('begin immediate');
let refused = '';
try {
  insert(1);
} catch (error) {
  refused = error.code;
}
other.exec('commit');
for (let id = 2; id <= 6; id++) insert(id);
const count = (db) => db.prepare('select count(*) as n from t').get().n;
console.log(`${refused}: same connection ${count(own)}, other connection ${count(other)}, inTransaction ${own.inTransaction}`);
process.kill(process.pid, 'SIGKILL');
JS
cat >reader.mjs <<'JS'
import Database from 'libsql';
console.log(`after the process ended ${new Database(process.argv[2]).prepare('select count(*) as n from t').get().n}`);
JS
said=$( (node writer.mjs "$folder/rows.sqlite" || true) 2>/dev/null)
later=$(node reader.mjs "$folder/rows.sqlite")
echo "$said; $later"
[ "$said" = "SQLITE_BUSY: same connection 6, other connection 1, inTransaction false" ] && [ "$later" = "after the process ended 1" ]
