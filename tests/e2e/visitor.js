// A browser without scripts, styles or patience: cookies, forms and redirects over plain HTTP.
import { issuer, person } from './harness.js';

const field = (html, name) =>
  html.match(new RegExp(`<input[^>]*name="${name}"[^>]*value="([^"]*)"`))?.[1]?.replaceAll('&amp;', '&');

export class Visitor {
  #cookies = new Map();

  // One request; redirects are followed only while they stay on the server. Ends at a page or at a client's URL.
  async go(url, form) {
    let next = new URL(url, issuer);
    let body = form && new URLSearchParams(form);
    for (let hops = 0; hops < 10; ++hops) {
      const answer = await fetch(next, {
        method: body ? 'POST' : 'GET',
        body,
        redirect: 'manual',
        headers: {
          cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          ...(body ? { origin: issuer } : {}),
        },
      });
      for (const cookie of answer.headers.getSetCookie()) {
        const [, name, value] = cookie.match(/^([^=]+)=([^;]*)/);
        this.#cookies.set(name, value);
      }
      const html = await answer.text();
      const location = answer.headers.get('location');
      if (!location) return { url: next, status: answer.status, html, headers: answer.headers };
      // A 307 would carry a password along; only 303 may answer here (CI-30).
      if (answer.status !== 303) throw new Error(`${next} redirects with ${answer.status}`);
      next = new URL(location, next);
      body = undefined;
      if (next.origin !== issuer) return { url: next, status: 303, left: true };
    }
    throw new Error('too many redirects');
  }

  async submit(page, values) {
    return this.go(page.url.pathname, { txn: field(page.html, 'txn'), ...values });
  }

  // The page's own form, with whatever it hides, and what a person fills in.
  async fill(page, values) {
    const [, action] = page.html.match(/<form[^>]*action="([^"]*)"/);
    const hidden = [...page.html.matchAll(/<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"/g)];
    return this.go(action, { ...Object.fromEntries(hidden.map(([, name, value]) => [name, value])), ...values });
  }

  // What a person does with the code that a device shows (RFC8628-3.3).
  async approveDevice(userCode, { credentials = person } = {}) {
    let at = await this.go('/device');
    if (at.url.pathname === '/login') {
      at = await this.fill(at, { username: credentials.username, password: credentials.password });
    }
    at = await this.fill(at, { user_code: userCode });
    return this.fill(at, { action: 'approve' });
  }

  // From an authorization request to the client's redirect URI, through the pages that come up.
  async authorize(parameters, { approve = true, credentials = person } = {}) {
    let at = await this.go(`/authorize?${new URLSearchParams(parameters)}`);
    if (at.url.pathname === '/login') {
      at = await this.submit(at, { username: credentials.username, password: credentials.password });
    }
    if (at.url.pathname === '/consent') at = await this.submit(at, { action: approve ? 'approve' : 'deny' });
    return at;
  }
}
