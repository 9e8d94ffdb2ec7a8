// Tells an open page what happens meanwhile: that Claviger ended the sign-in, or what became of the
// device. The server of this page answers with events and ends; the browser asks for the next.
(function () {
  'use strict';
  var place = document.getElementById('live');
  if (!place || !window.EventSource) return;
  var source = new window.EventSource('/events?since=' + place.getAttribute('data-since'));

  function element(name, text) {
    var made = document.createElement(name);
    made.appendChild(document.createTextNode(text));
    return made;
  }

  // What the page still shows of somebody who is signed out is out of date.
  function hide(id) {
    var stale = document.getElementById(id);
    if (stale) stale.hidden = true;
  }

  function open(title) {
    var notice = document.createElement('section');
    var link = element('a', 'Show the messages');
    link.setAttribute('href', '/');
    notice.className = 'notice plain';
    notice.appendChild(element('h2', title));
    notice.appendChild(link);
    place.appendChild(notice);
    document.getElementById('status').textContent = 'Nobody is signed in any more.';
    ['notice', 'actions', 'identity', 'userinfo', 'exchanged', 'api-result'].forEach(hide);
    return notice;
  }

  source.addEventListener('logout', function (event) {
    var told = JSON.parse(event.data);
    var notice = place.firstChild || open(told.title);
    notice.insertBefore(element('p', told.text), notice.lastChild);
  });

  source.addEventListener('waiting', function (event) {
    var count = document.getElementById('device-asked');
    if (count) count.textContent = JSON.parse(event.data).text;
  });

  source.addEventListener('device', function () {
    source.close();
    window.location.replace('/');
  });
})();
