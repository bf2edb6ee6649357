import {View, define, escape, settings, t} from '/static/ui.js';

define('desk-help', class extends View {
  async connectedCallback() {
    const {origins, lang} = settings;
    this.render(`<h1>${escape(t('help_title'))}</h1><p class="lead">${escape(t('help_lead'))}</p><div class="shelf"></div><div class="reader"></div>`);
    const shelf = this.find('.shelf');
    try {
      const articles = await (await fetch(`${origins.kb}/articles.json?lang=${lang}`)).json();
      for (const article of articles) {
        const item = document.createElement('div');
        item.className = 'story';
        item.tabIndex = 0;
        item.innerHTML = `<b>${escape(article.title)}</b><span>${escape(article.teaser)}</span>`;
        this.tappable(item, () => this.read(item, `${origins.kb}/a/${article.slug}?lang=${lang}`, article.title));
        shelf.append(item);
      }
    } catch (error) {
      console.warn(error);
      shelf.innerHTML = `<div class="empty"><span aria-hidden="true">☁</span>${escape(t('help_unavailable'))}</div>`;
    }
  }

  read(item, address, title) {
    for (const other of this.shadowRoot.querySelectorAll('.story')) other.classList.toggle('here', other === item);
    this.find('.reader').innerHTML = `<iframe src="${escape(address)}" title="${escape(title)}"></iframe>`;
  }
});
