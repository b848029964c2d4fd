#!/usr/bin/env bash
# openapi-python-client 0.29.1 (PyPI), on a valid OpenAPI 3.1 document with two answers of the same schema
# (type: string, format: binary): one under application/octet-stream, one under image/png.
#
# A reasonable guess: both answers become a File, as the schema says binary; or the generator fails.
# seen: exit code 0; the answer under application/octet-stream becomes File(payload=BytesIO(response.content)),
#       that under image/png is left out with a warning alone: get_picture has no sync() at all, and
#       sync_detailed().parsed is None for status 200. `content_type_overrides: {image/png: application/octet-stream}`
#       in its configuration brings it back.
# Exits 1 if that changes.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check openapi-python-client==0.29.1

cat >openapi.json <<'JSON'
{
  "openapi": "3.1.0",
  "info": { "title": "pictures", "version": "1" },
  "paths": {
    "/bytes": { "get": { "operationId": "getBytes", "responses": { "200": { "description": "OK",
      "content": { "application/octet-stream": { "schema": { "type": "string", "format": "binary" } } } } } } },
    "/picture": { "get": { "operationId": "getPicture", "responses": { "200": { "description": "OK",
      "content": { "image/png": { "schema": { "type": "string", "format": "binary" } } } } } } }
  }
}
JSON

generate() {
  venv/bin/openapi-python-client generate --path openapi.json --overwrite --meta none --output-path "$1" "${@:2}" >"$1.txt" 2>&1
  echo "$1: exit code $?"
}
printf 'content_type_overrides:\n  image/png: application/octet-stream\npost_hooks: []\n' >overrides.yaml
printf 'post_hooks: []\n' >plain.yaml
generate plain --config plain.yaml
generate overridden --config overrides.yaml

holds() { # a file, a text, 1 where it is to be in it
  local found=0
  grep -q -- "$2" "$1" && found=1
  echo "$1: $2: $found"
  [ "$found" = "$3" ] || { echo "changed"; exit 1; }
}
holds plain/api/default/get_bytes.py 'File(' 1
holds plain/api/default/get_bytes.py '^def sync(' 1
holds plain/api/default/get_picture.py 'File(' 0
holds plain/api/default/get_picture.py '^def sync(' 0
holds plain.txt 'Unsupported content_type image/png' 1
holds overridden/api/default/get_picture.py 'File(' 1
