// The three scripts of our pages, in a window that is made up: what they do, and with what they compute.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import vm from 'node:vm';

const source = (name) => readFileSync(new URL(`../../web/assets/${name}.js`, import.meta.url), 'utf8');

// Runs one script; gives what it listens to and a way to let time pass.
function run(name, document, more = {}) {
  const listeners = {};
  const timers = [];
  const window = {
    addEventListener: (kind, listener) => {
      listeners[kind] = listener;
    },
    setTimeout: (callback, after) => timers.push({ callback, after }),
    ...more,
  };
  vm.runInNewContext(source(name), { window, document, unescape, encodeURIComponent });
  return { listeners, timers, window };
}

test('form_post sends the form', () => {
  let sent = 0;
  run('form_post', { getElementById: (id) => (id === 'form-post' ? { submit: () => (sent += 1) } : null) });
  assert.equal(sent, 1);
});

const frames = () => {
  const visited = [];
  const house = run(
    'logout_frames',
    { getElementById: (id) => (id === 'logout-next' ? { href: 'https://app.example/bye' } : null) },
    { location: { replace: (to) => visited.push(to) } },
  );
  return { visited, ...house };
};

test('C15.5: logout_frames goes on when everything has loaded, once', () => {
  const { visited, listeners, timers } = frames();
  assert.deepEqual(visited, []);
  listeners.load();
  assert.deepEqual(visited, ['https://app.example/bye']);
  timers[0].callback();
  assert.equal(visited.length, 1);
});

test('C15.5: logout_frames waits three seconds for a frame that hangs, no longer', () => {
  const { visited, timers } = frames();
  assert.equal(timers[0].after, 3000);
  timers[0].callback();
  assert.deepEqual(visited, ['https://app.example/bye']);
});

const opState = 'q0Jw3hM0b9Y8Zk3C1v5n7xS2d4F6g8H0j2K4l6N8p0Q';
const origin = 'https://app.example';
const stateFor = (clientId, at, state, salt) =>
  `${createHash('sha256').update(`${clientId} ${at} ${state} ${salt}`).digest('base64url')}.${salt}`;

// What the frame answers to `data`, and to whom.
function ask(data, { cookie = `other=1; claviger_state=${opState}; x=y`, from = origin, source: asker } = {}) {
  const answers = [];
  const { listeners, window } = run('check_session', {
    cookie,
    getElementById: () => ({ getAttribute: (name) => (name === 'data-cookie' ? 'claviger_state' : null) }),
  });
  const other = { postMessage: (answer, target) => answers.push([answer, target]) };
  listeners.message({ data, origin: from, source: asker === 'itself' ? window : asker === null ? null : other });
  return answers;
}

const known = `shop ${stateFor('shop', origin, opState, 's4lt')}`;

test('C15.7, OIDCSM-4.2: check_session answers whoever asks, and tells whether the sign-in changed', () => {
  assert.deepEqual(ask(known), [['unchanged', origin]]);
  assert.deepEqual(ask(known, { cookie: 'claviger_state=another' }), [['changed', origin]]);
  assert.deepEqual(ask(known, { cookie: '' }), [['changed', origin]]);
  // Another client, or another site that has learned the state of this one.
  assert.deepEqual(ask(known.replace('shop', 'bank')), [['changed', origin]]);
  assert.deepEqual(ask(known, { from: 'https://evil.example' }), [['changed', 'https://evil.example']]);
});

test('C15.7: what is no question is an error', () => {
  for (const data of ['', 'shop', 'shop ', ' x.y', 'shop short.s4lt', `${known} `, known.replace('.', ' '), {}, null, 7,
    'x'.repeat(5000)]) {
    assert.deepEqual(ask(data), [['error', origin]], JSON.stringify(data)?.slice(0, 60));
  }
});

test('C15.7: nobody is answered who could not be named', () => {
  assert.deepEqual(ask(known, { from: 'null' }), []);
  assert.deepEqual(ask(known, { from: '' }), []);
  assert.deepEqual(ask(known, { source: null }), []);
  assert.deepEqual(ask(known, { source: 'itself' }), []);
});

test('C15.7: the SHA-256 is right for texts of every length around a block, in UTF-8', () => {
  for (let length = 1; length < 200; length += 1) {
    const client = 'é'.repeat(length);
    assert.deepEqual(ask(`${client} ${stateFor(client, origin, opState, 's')}`), [['unchanged', origin]], `${length}`);
  }
});
