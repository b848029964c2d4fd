#!/usr/bin/env bash
# svelte 5.57.3 (npm), a text field bound to a property of an object that comes as a prop called `set`.
# A guess: typing changes the object in every build.
# Seen: in a production build it does; in a development build the object stays as it was. There the compiler gives the two functions of a
# binding the names `get` and `set`, so that within its own `set` the prop of that name is hidden, and it calls itself until the stack is full.
#   seen: production: the field says "b", the object "b"
#   seen: development: the field says "b", the object "a"; compiled as: function set($$value) { ... set().name = $$value ... }
# So tests of a development build fail where the page works; another name for the prop mends it.
set -euo pipefail
here=$(mktemp -d); trap 'rm -rf "$here"' EXIT; cd "$here"
npm init -y >/dev/null 2>&1
npm install --no-audit --no-fund svelte@5.57.3 happy-dom@20.0.2 >/dev/null 2>&1
cat > Field.svelte <<'SVELTE'
<script>
  let { set } = $props();
</script>

<input bind:value={set.name} />
SVELTE
cat > run.mjs <<'JS'
import { readFileSync, writeFileSync } from 'node:fs';
import { Window } from 'happy-dom';
import { compile } from 'svelte/compiler';

const window = new Window();
const names = ['window', 'document', 'Node', 'Element', 'Text', 'Comment', 'HTMLElement', 'HTMLInputElement', 'Event', 'navigator'];
for (const name of names) Object.defineProperty(globalThis, name, { value: name === 'window' ? window : window[name], configurable: true });
const { mount, flushSync } = await import('svelte');

class Data {
  name = 'a';
}

const seen = {};
for (const dev of [false, true]) {
  const { js } = compile(readFileSync('Field.svelte', 'utf8'), { filename: 'Field.svelte', generate: 'client', dev });
  writeFileSync(`field-${dev}.mjs`, js.code);
  const { default: Field } = await import(`./field-${dev}.mjs`);
  const data = new Data();
  const target = document.createElement('div');
  document.body.append(target);
  mount(Field, { target, props: { set: data } });
  flushSync();
  const field = target.querySelector('input');
  field.value = 'b';
  field.dispatchEvent(new window.Event('input', { bubbles: true }));
  await new Promise((resolve) => setTimeout(resolve, 50));
  seen[dev] = [field.value, data.name];
  const hidden = /function set\(\$\$value\) \{[^}]*\bset\(\)\.name = \$\$value/.test(js.code);
  const compiled = hidden ? '; compiled as: function set($$value) { ... set().name = $$value ... }' : '';
  console.log(`${dev ? 'development' : 'production'}: the field says "${field.value}", the object "${data.name}"${compiled}`);
  if (dev !== hidden) process.exit(1);
}
process.exit(JSON.stringify(seen) === JSON.stringify({ false: ['b', 'b'], true: ['b', 'a'] }) ? 0 : 1);
JS
node --conditions=browser run.mjs 2>/dev/null
