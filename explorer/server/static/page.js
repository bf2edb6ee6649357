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

// Uploading: by chooser or by drop, with progress. Without this script the forms are sent as they are.
for (const form of document.querySelectorAll('form.upload')) {
  const drop = form.querySelector('.drop');
  const file = form.querySelector('input[type=file]');
  const wrong = form.querySelector('.wrong');
  const progress = form.querySelector('.progress');
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
  const show = (told) => {
    let output = form.querySelector('.output');
    if (!output) {
      output = document.createElement('pre');
      output.className = 'output';
      output.tabIndex = 0;
      output.setAttribute('aria-label', 'Output');
      form.append(output);
    }
    output.textContent = told.text;
    output.focus();
    progress.hidden = true;
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    wrong.hidden = true;
    form.querySelector('.output')?.remove();
    progress.hidden = false;
    const request = new XMLHttpRequest();
    const asked = event.submitter?.getAttribute('formaction') || '';
    request.open('POST', form.dataset.to + (asked.includes('?') ? asked.slice(asked.indexOf('?')) : ''));
    request.upload.onprogress = (at) => {
      if (!at.lengthComputable) return;
      bar.value = Math.floor(100 * at.loaded / at.total);
      words.textContent = bar.value < 100 ? `${bar.value} %` : form.dataset.reading;
    };
    request.onload = () => {
      let told = {};
      try { told = JSON.parse(request.responseText); } catch { /* said below */ }
      if (request.status !== 201) fail(told.error || `The server answered ${request.status}.`);
      else if (told.text) show(told);
      else location.assign(told.url);
    };
    request.onerror = () => fail('The upload was interrupted. Is the server still running?');
    request.send(new FormData(form));
  });
}
