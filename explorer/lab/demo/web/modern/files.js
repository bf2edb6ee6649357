import {View, define, escape, settings, t, toast} from '/static/ui.js';

const ARROW = '<svg viewBox="0 0 24 24"><path d="M12 4v11m-5-5l5 5 5-5M5 20h14"/></svg>';

define('desk-files', class extends View {
  async connectedCallback() {
    this.render(`<h1>${escape(t('files_title'))}</h1><p class="lead">${escape(t('files_lead'))}</p>
      <div class="sheet drop"><input type="file" hidden><button class="main">${escape(t('files_upload'))}</button><small>${escape(t('files_hint'))}</small></div>
      <div class="sheet list" role="list"></div>`);
    const chooser = this.find('input');
    this.find('.drop button').addEventListener('click', () => chooser.click());
    chooser.addEventListener('change', () => this.send(chooser));
    for (const file of await (await fetch('/documents.json')).json()) this.add(file);
  }

  add(file) {
    const row = document.createElement('div');
    row.className = 'line';
    row.setAttribute('role', 'listitem');
    row.innerHTML = `<span>${escape(file.name)}</span><small>${escape(file.size)}</small><button class="icon" aria-label="${escape(`${t('files_download')} ${file.name}`)}">${ARROW}</button>`;
    row.querySelector('button').addEventListener('click', () => this.fetch(file));
    this.find('.list').append(row);
  }

  async send(chooser) {
    const body = new FormData();
    body.append('file', chooser.files[0]);
    try {
      const response = await fetch(`${settings.origins.files}/upload`, {method: 'POST', body});
      if (!response.ok) throw new Error(`status ${response.status}`);
      const file = await response.json();
      this.add(file);
      toast(t('files_done').replace('{name}', file.name), 'good');
    } catch (error) {
      console.warn(error);
      toast(t('files_upload_failed'), 'bad');
    }
    chooser.value = '';
  }

  async fetch(file) {
    try {
      const response = await fetch(`${settings.origins.files}/d/${file.id}`);
      if (!response.ok) throw new Error(`status ${response.status}`);
      const link = document.createElement('a');
      link.href = URL.createObjectURL(await response.blob());
      link.download = file.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    } catch (error) {
      console.warn(error);
      toast(t('files_download_failed'), 'bad');
    }
  }
});
