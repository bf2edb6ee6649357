// Lists the articles; the list changes more often than the page.
(async () => {
  const list = document.getElementById('articles');
  const {lang} = list.dataset;
  const articles = await (await fetch(`/articles.json?lang=${lang}`)).json();
  for (const article of articles) {
    const link = document.createElement('a');
    link.href = `/a/${article.slug}?lang=${lang}`;
    link.textContent = article.title;
    const teaser = document.createElement('p');
    teaser.textContent = article.teaser;
    const item = document.createElement('li');
    item.append(link, teaser);
    list.append(item);
  }
})();
