// Goes on once every frame of the page has loaded, or after three seconds (OIDCFC-3). The window's
// own load event waits for the frames; this script stands before them, so that neither is missed.
(function () {
  'use strict';
  var gone = false;

  function goOn() {
    if (gone) return;
    gone = true;
    window.location.replace(document.getElementById('logout-next').href);
  }

  window.addEventListener('load', goOn);
  window.setTimeout(goOn, 3000);
})();
