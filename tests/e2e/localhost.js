// Loaded before every Node test: `localhost` means this machine even where no /etc/hosts says so, as in a freshly
// bootstrapped Debian (RFC6761-6.3). Chromium and libcurl do the same by themselves.
import dns from 'node:dns';

const lookup = dns.lookup;
dns.lookup = (name, options, done = options) => {
  if (name !== 'localhost') return lookup(name, options, done);
  const address = { address: '127.0.0.1', family: 4 };
  return queueMicrotask(() => (options.all ? done(null, [address]) : done(null, address.address, address.family)));
};
