// Debian's Chromium, driven by playwright-core, and what we ask of every page in it.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// Playwright gives every launch an empty profile of its own.
export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
    ],
  });

export const looks = [
  { name: 'light-wide', colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  { name: 'dark-wide', colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
  { name: 'light-narrow', colorScheme: 'light', viewport: { width: 360, height: 740 } },
  { name: 'dark-narrow', colorScheme: 'dark', viewport: { width: 360, height: 740 } },
];

// Every rule of axe, best practices included. It is handed over by the debugger, so the page's policy stays as it is.
export async function assertAccessible(page, name, rules = {}) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(
    (chosen) => globalThis.axe.run(document, { resultTypes: ['violations'], ...chosen }),
    rules,
  );
  const found = violations.map(({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.map((node) => node.html).join('\n    ')}`);
  assert.deepEqual(found, [], `${name}: axe found\n${found.join('\n')}`);
}

// The page that is open, as somebody sees it whose system is dark; then it is light again.
export async function assertReadableInTheDark(page, name) {
  await page.emulateMedia({ colorScheme: 'dark' });
  await assertAccessible(page, `${name}, dark`, { runOnly: { type: 'tag', values: ['cat.color'] } });
  await page.emulateMedia({ colorScheme: 'light' });
}

export async function assertNoSidewaysScroll(page, name) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(content <= window, `${name} is ${content} px wide in a window of ${window} px`);
}

// Collects what a page must never do: break its own policy, throw, or ask another host for something.
export function watch(context, origins) {
  const complaints = [];
  context.on('console', (message) => {
    if (message.type() === 'error' && !/the server responded with a status of 4/.test(message.text())) {
      complaints.push(`console: ${message.text()}`);
    }
  });
  context.on('weberror', (error) => complaints.push(`exception: ${error.error()}`));
  context.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && !origins.includes(origin)) complaints.push(`request to ${origin}`);
  });
  return complaints;
}

export async function signIn(page, { username, password }) {
  await page.fill('#username', username);
  await page.fill('#password', password);
  await page.click('#login-submit');
}
