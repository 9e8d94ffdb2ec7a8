// Sends the response that the page holds to the client (OIDCFP-2). ES5, for the oldest of browsers.
(function () {
  'use strict';
  document.getElementById('form-post').submit();
})();
