// The README's walk-through, typed as it stands there: every `sh` block in order, in one shell, and what it says comes back.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { root, startHouse } from './harness.js';

let house;
before(async () => {
  house = await startHouse();
});
after(async () => {
  await house?.stop();
});

const mark = '@@ end of a block @@';

function shell(script, folder) {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`exit ${code}\n${output}`))));
  });
}

// What differs from run to run: codes and tokens. The page shortens them, too.
const constant = (text) => text.replace(/(eyJ|code=)[^"&\s]*/g, '$1').replace(/\}\s*\{/g, '}\n{').trim();

test('the walk-through with curl answers as README.md says', async () => {
  const page = await readFile(path.join(root, 'README.md'), 'utf8');
  const walk = page.slice(page.indexOf('## The walk-through with curl'), page.indexOf('And a seventh'));
  const blocks = [...walk.matchAll(/```(sh|json|text)\n([^]*?)```/g)].map(([, kind, text]) => ({ kind, text }));
  const commands = blocks.filter(({ kind }) => kind === 'sh');
  const answers = blocks.filter(({ kind }) => kind !== 'sh');
  assert.equal(commands.length, answers.length, 'each block of commands is followed by its output');
  assert.ok(commands.length >= 5);
  const output = await shell(commands.map(({ text }) => `${text}\necho '${mark}'`).join('\n'), house.folder);
  const parts = output.split(mark).slice(0, -1);
  assert.deepEqual(parts.map(constant), answers.map(({ text }) => constant(text)));
});
