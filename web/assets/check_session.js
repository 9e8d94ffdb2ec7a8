// Tells a client's frame whether the sign-in at this server is still the one that it knows
// (OIDCSM-3.2, OIDCSM-4.2). Plain ES5 with its own SHA-256: crypto.subtle is missing on http
// origins and in old browsers.
(function () {
  'use strict';

  var cookieName = document.getElementById('check-session').getAttribute('data-cookie');

  var K = [];
  var INITIAL = [];

  // The constants are the first 32 bits of the fractional parts of roots of the first primes.
  (function () {
    function fraction(x) {
      return ((x - Math.floor(x)) * 0x100000000) | 0;
    }
    function isPrime(n) {
      for (var factor = 2; factor * factor <= n; factor += 1) {
        if (n % factor === 0) return false;
      }
      return true;
    }
    for (var n = 2; K.length < 64; n += 1) {
      if (!isPrime(n)) continue;
      if (INITIAL.length < 8) INITIAL.push(fraction(Math.pow(n, 1 / 2)));
      K.push(fraction(Math.pow(n, 1 / 3)));
    }
  })();

  function rotate(x, bits) {
    return (x >>> bits) | (x << (32 - bits));
  }

  // The bytes of a text in UTF-8.
  function bytesOf(text) {
    var binary = unescape(encodeURIComponent(text));
    var bytes = [];
    for (var i = 0; i < binary.length; i += 1) bytes.push(binary.charCodeAt(i));
    return bytes;
  }

  function padded(bytes) {
    var bits = bytes.length * 8;
    var all = bytes.concat([0x80]);
    while (all.length % 64 !== 56) all.push(0);
    for (var shift = 56; shift >= 0; shift -= 8) {
      all.push(shift >= 32 ? 0 : (bits >>> shift) & 0xff);
    }
    return all;
  }

  function schedule(bytes, at) {
    var w = [];
    for (var i = 0; i < 16; i += 1, at += 4) {
      w[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    }
    for (i = 16; i < 64; i += 1) {
      var s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ (w[i - 15] >>> 3);
      var s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ (w[i - 2] >>> 10);
      w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
    }
    return w;
  }

  function compress(state, w) {
    var v = state.slice();
    for (var i = 0; i < 64; i += 1) {
      var s1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25);
      var choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
      var t1 = (v[7] + s1 + choice + K[i] + w[i]) | 0;
      var s0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22);
      var majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
      v = [(t1 + s0 + majority) | 0, v[0], v[1], v[2], (v[3] + t1) | 0, v[4], v[5], v[6]];
    }
    for (var j = 0; j < 8; j += 1) state[j] = (state[j] + v[j]) | 0;
  }

  function sha256(text) {
    var bytes = padded(bytesOf(text));
    var state = INITIAL.slice();
    for (var at = 0; at < bytes.length; at += 64) compress(state, schedule(bytes, at));
    var digest = [];
    for (var i = 0; i < 32; i += 1) digest.push((state[i >> 2] >>> (24 - 8 * (i % 4))) & 0xff);
    return digest;
  }

  var ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

  function base64url(bytes) {
    var text = '';
    for (var i = 0; i < bytes.length; i += 3) {
      var group = (bytes[i] << 16) | ((bytes[i + 1] || 0) << 8) | (bytes[i + 2] || 0);
      var characters = Math.min(bytes.length - i, 3) + 1;
      for (var c = 0; c < characters; c += 1) text += ALPHABET.charAt((group >> (18 - 6 * c)) & 63);
    }
    return text;
  }

  function cookie(name) {
    var all = document.cookie.split('; ');
    for (var i = 0; i < all.length; i += 1) {
      if (all[i].indexOf(name + '=') === 0) return all[i].substring(name.length + 1);
    }
    return null;
  }

  // "client_id SP hash.salt": what the client was told when somebody signed in.
  function judge(message, origin) {
    if (typeof message !== 'string' || message.length > 2048) return 'error';
    var parts = /^([^ ]+) ([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]+)$/.exec(message);
    if (!parts) return 'error';
    var state = cookie(cookieName);
    if (state === null) return 'changed';
    var known = base64url(sha256(parts[1] + ' ' + origin + ' ' + state + ' ' + parts[3]));
    return known === parts[2] ? 'unchanged' : 'changed';
  }

  // The answer goes to whoever asked, and to no other origin that may have taken its place since.
  window.addEventListener('message', function (event) {
    if (!event.source || event.source === window || !/^https?:\/\//.test(event.origin)) return;
    event.source.postMessage(judge(event.data, event.origin), event.origin);
  });
})();
