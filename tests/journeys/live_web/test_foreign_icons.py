"""A chat of one page in French, verdicts_of healthy: icons without words, no form at all, a menu that opens on hover.

The way out («Quitter le salon») stands in the same menu as the profile, and a file goes off in a dialog of its own.
"""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from tests.journeys.live_web.test_foreign_markup import verdicts_of

PAGE = """<!doctype html><html lang=fr><title>Salon</title><style>
.m ul{display:none}.m:hover ul{display:block} svg,i{display:inline-block;width:20px;height:20px;background:#ccc} .hide{display:none}
</style><body>
<div id=login><input id=u placeholder="Identifiant"><input id=p type=password placeholder="Mot de passe"><span style="cursor:pointer" onclick="go()">Se connecter</span></div>
<div id=app class=hide>
<footer><a href="#" class="tab" onclick="show('chat');return false"><i class="icon icon-comments"></i></a>
<a href="#" class=tab onclick="show('help');return false"><i class="icon icon-question"></i></a>
<a href="#" class=tab onclick="show('files');return false"><svg><use href="#i-cloud-upload"></use></svg></a>
<div class=m><button><i class="icon icon-ellipsis-v"></i></button><ul><li><a href="#" onclick="show('me');return false">Mon profil</a></li><li><a href="#" onclick="location.reload()">Se déconnecter</a></li><li><a href="#" onclick="fetch('/left')">Quitter le salon</a></li></ul></div>
<button onclick="document.body.classList.toggle('dark')"><i class="icon icon-moon"></i></button>
</footer>
<main id=main>Bienvenue</main></div>
<div id=dlg></div>
<script>
const V={chat:`<div role=log id=log></div><input id=line placeholder="Votre message"><button onclick="say()"><i class="icon icon-paper-plane"></i></button>`,
help:`<h2>Aide</h2><h3 style="cursor:pointer" onclick="this.nextElementSibling.classList.toggle('hide')">Comment changer de mot de passe ?</h3><p class=hide>Ouvrez le profil puis choisissez un nouveau mot.</p>`,
files:`<h2>Fichiers</h2><ul id=list></ul><label><input type=file hidden onchange="pre(this)"><span style="cursor:pointer">Déposer un fichier</span></label>`,
me:`<h2>Mon profil</h2><label>Nom <input value="Ada Lovelace" name=name></label><label>E-mail <input value="ada@desk.test" name=email></label><button>Enregistrer</button>`};
let files=[];
function go(){ if(u.value=='ada'&&p.value=='right-horse'){login.remove();app.className='';} }
function show(v){main.innerHTML=V[v]; if(v=='files')files.forEach(add)}
function add(f){list.insertAdjacentHTML('beforeend','<li><a download href="/file/'+f+'">'+f+'</a></li>')}
function say(){const t=line.value;line.value='';log.insertAdjacentHTML('beforeend','<p>'+t+'</p>');fetch('/say',{method:'POST',body:t}).then(r=>r.text()).then(x=>log.insertAdjacentHTML('beforeend','<p>'+x+'</p>'))}
function pre(f){const n=f.files[0].name;dlg.innerHTML='<div role=dialog aria-modal=true style="position:fixed;top:50px;left:50px;background:#fff"><p>'+n+'</p><button onclick="dlg.innerHTML=\\'\\'">Annuler</button><button onclick="send(\\''+n+'\\')">Envoyer</button></div>'}
function send(n){fetch('/up',{method:'POST',body:n}).then(()=>{dlg.innerHTML='';files.push(n);add(n)})}
</script></html>"""


async def test_a_chat_of_icons_in_french_is_understood(tmp_path: Path) -> None:
    asked = []

    async def answer(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        if request.path == "/say":
            return web.Response(text="Bonjour Ada, je regarde tout de suite votre commande.")
        if request.path == "/up":
            return web.Response(status=201)
        if request.path.startswith("/file/"):
            return web.Response(body=b"x" * 900, headers={"Content-Disposition": "attachment"})
        return web.Response(text=PAGE, content_type="text/html")

    wanted = ("login", "knowledge-base", "account-info", "upload-attachment", "download-attachment", "start-chat")
    verdicts = await verdicts_of(answer, tmp_path, *wanted)
    assert {name: v.verdict.value for name, v in verdicts.items()} == dict.fromkeys(wanted, "passed")
    assert "/left" not in asked
