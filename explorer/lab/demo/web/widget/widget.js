// The vendor's chat: connected while the page loads, so that an agent is there at once.
(() => {
  const part = id => document.getElementById(id);
  const said = part('said');
  const draft = part('draft');
  const socket = new WebSocket(document.body.dataset.live);

  const bubble = (text, mine) => {
    const line = document.createElement('div');
    line.className = mine ? 'bubble mine' : 'bubble';
    line.textContent = text;
    said.append(line);
    said.scrollTop = said.scrollHeight;
  };
  socket.addEventListener('message', event => bubble(JSON.parse(event.data).text, false));

  const show = open => {
    part('box').hidden = !open;
    part('launch').hidden = open;
    parent.postMessage(open ? 'chat:open' : 'chat:closed', '*');
    if (open) draft.focus();
  };
  part('launch').addEventListener('click', () => show(true));
  part('shut').addEventListener('click', () => show(false));

  const send = () => {
    const text = draft.textContent.trim();
    if (!text || socket.readyState !== WebSocket.OPEN) return;
    socket.send(JSON.stringify({text}));
    bubble(text, true);
    draft.textContent = '';
  };
  part('send').addEventListener('click', send);
  draft.addEventListener('keydown', event => { if (event.key === 'Enter' && !event.shiftKey) { event.preventDefault(); send(); } });
})();
