"""What a form field wants: judged by its type, its `autocomplete`, its label, and the names developers gave it."""

from __future__ import annotations

from functools import lru_cache

from flows.recognise.lexicon import Words, developer_words, pattern, plain
from flows.screen import Element

FIELD_ROLES = frozenset(
    {"textbox", "searchbox", "combobox", "listbox", "checkbox", "radio", "switch", "spinbutton", "slider", "file"}
)
TEXT_ROLES = frozenset({"textbox", "searchbox", "spinbutton"})

_AUTOCOMPLETE = {
    "email": "email", "username": "username", "current-password": "password", "new-password": "password",
    "given-name": "first-name", "family-name": "last-name", "name": "name", "tel": "phone", "tel-national": "phone",
    "street-address": "street", "address-line1": "street", "address-line2": "street", "address-level2": "city",
    "postal-code": "postcode", "country": "country", "country-name": "country", "organization": "company",
    "cc-number": "card-number", "cc-exp": "card-expiry", "cc-exp-month": "card-expiry", "cc-exp-year": "card-expiry",
    "cc-csc": "card-cvc", "cc-name": "card-name", "url": "url", "bday": "date", "one-time-code": "code",
}  # fmt: skip
_KINDS = {"email": "email", "password": "password", "tel": "phone", "url": "url", "date": "date", "datetime-local": "date",
          "month": "date", "week": "date", "time": "time", "number": "number", "range": "number", "search": "search",
          "file": "file", "color": "colour"}  # fmt: skip

_LABELS: tuple[tuple[str, Words], ...] = (
    ("card-number", {"en": (r"(credit |debit )?card ?(number|no\.?)", r"cc ?(number|num)"), "de": (r"kartennummer",), "fr": (r"numéro de (la )?carte",), "es": (r"número de (la )?tarjeta",), "pt": (r"número do cartão",), "ja": (r"カード番号",), "zh": (r"卡号", r"银行卡")}),
    ("card-expiry", {"en": (r"expir(y|ation|es)( date)?", r"mm ?/ ?yy(yy)?", r"valid (thru|until)"), "de": (r"gültig bis", r"ablaufdatum"), "fr": (r"date d[’']expiration", r"expiration"), "es": (r"(fecha de )?(caducidad|vencimiento)",), "pt": (r"validade", r"(data de )?(expiração|vencimento)"), "ja": (r"有効期限",), "zh": (r"有效期",)}),
    ("card-cvc", {"any": (r"\bcv[cv]2?\b",), "en": (r"security code", r"card code"), "de": (r"prüf(nummer|ziffer|code)", r"sicherheitscode"), "fr": (r"cryptogramme", r"code de sécurité"), "es": (r"código de seguridad",), "pt": (r"código de segurança",), "ja": (r"セキュリティコード",), "zh": (r"安全码",)}),
    ("card-name", {"en": (r"name on (the )?card", r"card ?holder( name)?"), "de": (r"karteninhaber\w*", r"name auf der karte"), "fr": (r"titulaire( de la carte)?", r"nom sur la carte"), "es": (r"titular( de la tarjeta)?",), "pt": (r"(nome do )?titular( do cartão)?", r"nome no cartão"), "ja": (r"カード名義",), "zh": (r"持卡人",)}),
    ("password", {"en": (r"pass(word|phrase|code)", r"pin"), "de": (r"passwort", r"kennwort"), "fr": (r"mot de passe",), "es": (r"contraseña", r"clave"), "pt": (r"senha", r"palavra[- ]passe"), "ja": (r"パスワード",), "zh": (r"密码",)}),
    ("email", {"any": (r"e-?mail([- ]?add?ress?e?)?",), "fr": (r"courriel", r"adresse (électronique|e-?mail|mail)"), "es": (r"(dirección de )?correo( electrónico)?", r"dirección de e-?mail"), "pt": (r"((endereço|morada) de )?(correio( eletrónico| eletrônico)?|e-?mail)",), "ja": (r"メール(アドレス)?",), "zh": (r"邮箱", r"电子邮件", r"邮件地址")}),
    ("phone", {"en": (r"(tele)?phone( number)?", r"mobile", r"tel"), "de": (r"telefon(nummer)?", r"handy(nummer)?", r"rufnummer"), "fr": (r"téléphone", r"portable"), "es": (r"teléfono", r"móvil"), "pt": (r"telefone", r"telemóvel", r"celular"), "ja": (r"電話(番号)?", r"携帯"), "zh": (r"电话", r"手机")}),
    ("url", {"en": (r"(web)?site( address)?", r"url", r"home ?page"), "de": (r"webseite", r"internetadresse"), "fr": (r"site web",), "es": (r"(página|sitio) web",), "pt": (r"(página|site) web",), "ja": (r"ウェブサイト",), "zh": (r"网址", r"网站")}),
    ("username", {"en": (r"user ?(name|id)?", r"login( name)?", r"account( name| id)", r"member id", r"customer (id|number)"), "de": (r"benutzer(name|kennung)?", r"anmeldename", r"kundennummer"), "fr": (r"(nom d[’'])?utilisateur", r"identifiant"), "es": (r"(nombre de )?usuario",), "pt": (r"(nome de )?(utilizador|usuário)",), "ja": (r"ユーザー(名|id)?", r"ログインid"), "zh": (r"用户(名|id)?", r"账号", r"帐号")}),
    ("first-name", {"en": (r"first ?name", r"given ?name", r"forename"), "de": (r"vorname",), "fr": (r"prénom",), "es": (r"nombre de pila",), "pt": (r"primeiro nome",), "ja": (r"^名$", r"お名前（名）"), "zh": (r"^名$",)}),
    ("last-name", {"en": (r"last ?name", r"family ?name", r"surname"), "de": (r"nachname", r"familienname"), "fr": (r"nom de famille",), "es": (r"apellidos?",), "pt": (r"apelido", r"sobrenome"), "ja": (r"^姓$", r"名字"), "zh": (r"^姓(氏)?$",)}),
    ("subject", {"en": (r"subject", r"title", r"summary", r"topic", r"headline", r"what is (it|this) about", r"in (short|brief|a few words)", r"short description"), "de": (r"betreff", r"titel", r"zusammenfassung", r"thema", r"worum geht es\??", r"kurz(beschreibung|fassung)?"), "fr": (r"objet", r"sujet", r"titre", r"résumé"), "es": (r"asunto", r"título", r"resumen", r"tema"), "pt": (r"assunto", r"título", r"resumo", r"tema"), "ja": (r"件名", r"題名", r"タイトル", r"概要", r"要約"), "zh": (r"主题", r"标题", r"摘要", r"概要")}),
    ("message", {"en": (r"(your )?message", r"descri(be|ption)", r"details?", r"comments?", r"question", r"problem", r"how can we help.*", r"what happened.*", r"tell us.*", r"explain.*", r"issue", r"notes?", r"feedback", r"body", r"text", r"reply"), "de": (r"(ihre |deine )?nachricht", r"beschreib\w*", r"einzelheiten", r"kommentar", r"frage", r"problem", r"was ist passiert\??", r"anliegen", r"erklär\w*", r"was .{0,20}(helfen|passiert).*", r"schildern\w*"), "fr": (r"(votre )?message", r"descri\w+", r"décri\w+", r"détails?", r"commentaires?", r"question", r"problème", r"expliquez.*", r"que s[’']est-il passé.*"), "es": (r"(su |tu )?mensaje", r"descri\w+", r"detalles?", r"comentarios?", r"pregunta", r"problema", r"explique.*", r"qué (ha pasado|ocurrió|pasó).*"), "pt": (r"(a sua |sua )?mensagem", r"descri\w+", r"descreva.*", r"detalhes?", r"comentários?", r"pergunta", r"problema", r"explique.*", r"o que aconteceu.*"), "ja": (r"メッセージ", r"内容", r"詳細", r"説明", r"コメント", r"質問", r"問題", r"本文"), "zh": (r"消息", r"内容", r"详情", r"详细", r"描述", r"说明", r"留言", r"问题", r"正文", r"备注")}),
    ("order-number", {"en": (r"(order|invoice|reference|booking|case|ticket|serial|contract|policy)( ?(number|no\.?|id|#))",), "de": (r"(bestell|rechnungs|auftrags|vertrags|serien|vorgangs|ticket)-?nummer",), "fr": (r"(numéro|n°) (de )?(commande|facture|dossier|série|contrat)",), "es": (r"número de (pedido|factura|caso|serie|contrato)",), "pt": (r"número d[aeo] (encomenda|pedido|fatura|série|contrato)",), "ja": (r"(注文|請求|受付|製造|契約)番号",), "zh": (r"(订单|发票|工单|合同|序列)(编?号)",)}),
    ("company", {"en": (r"company", r"organi[sz]ation", r"business( name)?", r"employer"), "de": (r"firma", r"unternehmen", r"organisation"), "fr": (r"société", r"entreprise", r"organisation"), "es": (r"empresa", r"organización"), "pt": (r"empresa", r"organização"), "ja": (r"会社名?", r"組織"), "zh": (r"公司", r"单位", r"组织")}),
    ("street", {"en": (r"(street )?address( line ?\d)?", r"street"), "de": (r"straße", r"adresse", r"anschrift"), "fr": (r"adresse", r"rue"), "es": (r"dirección", r"calle"), "pt": (r"morada", r"endereço", r"rua"), "ja": (r"住所",), "zh": (r"地址",)}),
    ("city", {"en": (r"city", r"town"), "de": (r"stadt", r"ort"), "fr": (r"ville",), "es": (r"ciudad",), "pt": (r"cidade", r"localidade"), "ja": (r"市区町村",), "zh": (r"城市",)}),
    ("postcode", {"en": (r"(post|postal|zip)[ -]?code", r"zip"), "de": (r"plz", r"postleitzahl"), "fr": (r"code postal",), "es": (r"código postal",), "pt": (r"código postal", r"cep"), "ja": (r"郵便番号",), "zh": (r"邮编", r"邮政编码")}),
    ("country", {"en": (r"country",), "de": (r"land",), "fr": (r"pays",), "es": (r"país",), "pt": (r"país",), "ja": (r"^国$", r"国名"), "zh": (r"国家",)}),
    ("search", {"en": (r"search( \w+)*", r"find( \w+)*", r"filter", r"query"), "de": (r"such(en?|begriff)?",), "fr": (r"recherche[rz]?( \w+)*",), "es": (r"buscar( \w+)*", r"búsqueda"), "pt": (r"pesquis\w+( \w+)*", r"buscar"), "ja": (r"検索",), "zh": (r"搜索", r"查找")}),
    ("amount", {"en": (r"amount", r"price", r"sum"), "de": (r"betrag", r"summe"), "fr": (r"montant",), "es": (r"importe", r"cantidad"), "pt": (r"montante", r"valor"), "ja": (r"金額",), "zh": (r"金额",)}),
    ("date", {"en": (r"date( of birth)?", r"birthday", r"when"), "de": (r"\w*datum",), "fr": (r"date",), "es": (r"fecha",), "pt": (r"data",), "ja": (r"日付", r"生年月日"), "zh": (r"日期", r"生日")}),
    ("code", {"en": (r"captcha", r"(verification|security|one[- ]time|access) code", r"otp"), "de": (r"bestätigungscode",), "fr": (r"code de vérification",), "es": (r"código de verificación",), "pt": (r"código de verificação",), "ja": (r"認証コード", r"確認コード"), "zh": (r"验证码",)}),
    ("name", {"en": (r"(your |full |contact |display |nick)?name", r"who are you\??", r"reporter", r"author"), "de": (r"(ihr |dein |vollständiger )?name", r"vor- und nachname"), "fr": (r"(votre )?nom( complet)?",), "es": (r"(su |tu )?nombre( completo)?",), "pt": (r"(o seu |seu )?nome( completo)?",), "ja": (r"(お)?名前", r"氏名"), "zh": (r"姓名", r"名字", r"称呼", r"昵称")}),
)  # fmt: skip


@lru_cache(maxsize=4096)
def _by_words(label: str) -> str:
    """The kind whose word covers most of the label, so that «Email message» is no e-mail address."""
    best, share = "", 0.0
    for kind, words in _LABELS:
        for match in pattern(words).finditer(label):
            if len(match.group()) / max(len(label), 1) > share:
                best, share = kind, len(match.group()) / max(len(label), 1)
    return best


def is_field(element: Element) -> bool:
    """Something that takes input from the user."""
    return element.role in FIELD_ROLES or element.kind == "contenteditable"


def takes_text(element: Element) -> bool:
    return (element.role in TEXT_ROLES or element.kind == "contenteditable") and element.role != "file"


def is_multiline(element: Element) -> bool:
    return element.kind in ("textarea", "multiline", "contenteditable") or element.box[3] >= 60


def field_kind(element: Element) -> str:
    """One word for what a field wants: `email`, `password`, `subject`, `message`, … or `text` if nothing tells."""
    if element.role == "file" or element.kind == "file":
        return "file"
    if element.role in ("checkbox", "switch", "radio"):
        return element.role
    if element.kind in ("password", "email"):
        return element.kind
    for hint in element.hints:
        for token in hint.lower().split():
            if token in _AUTOCOMPLETE:
                kind = _AUTOCOMPLETE[token]
                if kind != "name" or token == hint.lower():
                    return kind
    found = _by_words(plain(element.name)[:120])
    if not found:
        found = next((k for k in (_by_words(developer_words(h)[:120]) for h in element.hints) if k), "")
    if element.role in ("combobox", "listbox") and element.options:
        return found if found in ("country", "card-expiry", "date") else "choice"
    if element.kind in _KINDS and not (
        element.kind in ("tel", "number")
        and found in ("card-number", "card-cvc", "card-expiry", "code", "order-number")
    ):
        return _KINDS[element.kind]
    if element.role == "searchbox":
        return "search"
    if not found and is_multiline(element):
        return "message"
    return found or "text"
