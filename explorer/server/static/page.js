'use strict';
document.documentElement.classList.add('js');

// A run under way: the server sends the part that changes; only what is different is put in its place.
const live = document.getElementById('live');
if (live) {
  const show = (html) => {
    const fresh = new DOMParser().parseFromString(html, 'text/html');
    const held = document.activeElement && document.activeElement.id;
    const kept = new Set();
    let last = null;
    for (const part of [...fresh.body.children]) {
      kept.add(part.id);
      const old = part.id && document.getElementById(part.id);
      if (old && live.contains(old)) {
        if (old.dataset.html === part.outerHTML) { last = old; continue; }
        part.dataset.html = part.outerHTML;
        const was = old.querySelector('img');
        const now = part.querySelector('img');
        if (was && now && was.getAttribute('src') === now.getAttribute('src')) now.replaceWith(was);
        old.replaceWith(part);
      } else {
        part.dataset.html = part.outerHTML;
        last ? last.after(part) : live.prepend(part);
      }
      last = part;
    }
    for (const child of [...live.children]) if (!kept.has(child.id)) child.remove();
    if (held && document.activeElement === document.body) document.getElementById(held)?.focus();
  };
  const events = new EventSource(live.dataset.events);
  events.addEventListener('live', (event) => show(event.data));
  events.addEventListener('over', () => { events.close(); location.reload(); });
}

// Uploading: by chooser or by drop, with progress. Without this script the form is sent as it is.
const form = document.getElementById('upload');
if (form) {
  const drop = document.getElementById('drop');
  const file = document.getElementById('file');
  const wrong = document.getElementById('upload-wrong');
  const progress = document.getElementById('progress');
  const [bar, words] = progress.children;
  const fail = (text) => { wrong.textContent = text; wrong.hidden = false; progress.hidden = true; };
  for (const name of ['dragover', 'dragenter']) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add('over'); });
  }
  drop.addEventListener('dragleave', () => drop.classList.remove('over'));
  drop.addEventListener('drop', (event) => {
    event.preventDefault();
    drop.classList.remove('over');
    if (!event.dataTransfer.files.length) return;
    file.files = event.dataTransfer.files;
    form.requestSubmit();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    wrong.hidden = true;
    progress.hidden = false;
    const request = new XMLHttpRequest();
    request.open('POST', '/api/v1/uploads');
    request.upload.onprogress = (at) => {
      if (!at.lengthComputable) return;
      bar.value = Math.floor(100 * at.loaded / at.total);
      words.textContent = bar.value < 100 ? `${bar.value} %` : 'Reading the package…';
    };
    request.onload = () => {
      let told = {};
      try { told = JSON.parse(request.responseText); } catch { /* said below */ }
      if (request.status === 201) location.assign(`/apps/${told.sha256}`);
      else fail(told.error || `The server answered ${request.status}.`);
    };
    request.onerror = () => fail('The upload was interrupted. Is the server still running?');
    request.send(new FormData(form));
  });
}
