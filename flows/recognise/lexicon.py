"""Words that mean the same in every app, whatever the journey, in the seven catalogue languages.

Journeys bring their own words; here stands what the policy and the recognisers need everywhere: errors, consent,
danger, sending. English words are also tried on ids, test ids and addresses, since developers write those in English.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

Words = Mapping[str, tuple[str, ...]]

_UNSPACED = frozenset({"ja", "zh", "ko", "th", "any"})
"""Languages written without spaces between words, where a word boundary means nothing."""


def plain(text: str) -> str:
    """Text as it is matched: compatibility forms folded, white space collapsed."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def developer_words(text: str) -> str:
    """An identifier or address as words: `openLiveChat` and `/kb/live-chat` both hold «live chat»."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    return plain(re.sub(r"[^\w]+|_", " ", spaced)).lower()


@lru_cache(maxsize=1024)
def _compile(items: tuple[tuple[str, tuple[str, ...]], ...]) -> re.Pattern[str]:
    parts: list[str] = []
    for language, words in items:
        if not words:
            continue
        either = "|".join(f"(?:{w})" for w in words)
        parts.append(f"(?:{either})" if language in _UNSPACED else rf"(?<!\w)(?:{either})(?!\w)")
    return re.compile("|".join(parts) or r"(?!)", re.IGNORECASE)


def pattern(words: Words) -> re.Pattern[str]:
    """One regular expression for all languages of a word list; without any words it matches nothing.

    Raises re.error if a word is no regular expression.
    """
    return _compile(tuple((lang, tuple(ws)) for lang, ws in words.items()))


def says(words: Words, text: str) -> bool:
    """Whether a visible string holds one of the words."""
    return bool(text) and pattern(words).search(plain(text)) is not None


def first_saying(words: Words, texts: Iterable[str]) -> str:
    """The first of several strings that holds one of the words, or «» (empty)."""
    return next((t for t in texts if says(words, t)), "")


ERROR: Words = {
    "en": (
        r"failed", r"failure", r"errors?", r"unable to", r"could(n[’']t| not)", r"can(no|[’'])t (connect|reach|load|open|be)",
        r"cannot (connect|reach|load|open|be|send)", r"(un|not |isn[’']t )available", r"(something|that) went wrong",
        r"try again( later)?", r"(you are|we are|currently|now) offline", r"timed? ?out", r"no connection",
        r"(lost|dropped|broken) connection", r"connection (was )?(lost|closed|failed|refused|error|problem|interrupted)",
        r"problem (loading|sending|connecting)", r"not (sent|saved|delivered|connected)", r"unreachable", r"disconnected",
        r"refused to connect", r"did not (work|load|send)", r"didn[’']t (work|load|send)", r"went missing", r"no response",
        r"(access|permission) (is |was )?denied", r"forbidden", r"unauthori[sz]ed", r"not (authori[sz]ed|permitted)",
    ),
    "de": (
        r"fehlgeschlagen", r"fehler", r"konnten? (\w+ ){0,6}nicht", r"kann (\w+ ){0,6}nicht", r"nicht (verfügbar|erreichbar|möglich|geladen|gesendet|zugestellt)",
        r"(gerade |derzeit )?offline", r"keine (verbindung|antwort)", r"verbindung (unterbrochen|verloren|getrennt|abgebrochen)",
        r"(etwas|da|hier) ist .{0,12}schiefgelaufen", r"schief ?gegangen", r"(später |bitte )?(erneut|noch einmal|nochmals?) versuchen",
        r"versuchen sie es (\w+ )?(erneut|noch einmal|später)", r"zeitüberschreitung", r"keine? .{0,24}möglich",
        r"zugriff verweigert", r"nicht berechtigt", r"keine berechtigung",
    ),
    "fr": (
        r"échec", r"a échoué", r"ont échoué", r"échoué", r"erreurs?", r"impossible", r"(n[’']a|n[’']ont) pas pu", r"ne (peut|peuvent) pas", r"indisponible",
        r"pas disponible", r"hors ligne", r"connexion (perdue|interrompue|refusée|impossible)", r"réessayez", r"réessayer",
        r"inaccessible", r"aucune réponse", r"une erreur", r"délai dépassé", r"mal passé", r"accès (refusé|interdit)", r"non autorisée?",
    ),
    "es": (
        r"falló", r"ha fallado", r"fallid[oa]", r"errores", r"error", r"no (se )?(pudo|pudieron|puede|pueden|ha podido|fue posible|hemos podido)", r"no disponible",
        r"sin conexión", r"conexión (perdida|interrumpida|rechazada)", r"(inténtelo|inténtalo|intente|vuelva a intentar\w*|reintentar)( de nuevo| más tarde)?",
        r"algo (ha salido|salió) mal", r"imposible", r"inaccesible", r"tiempo agotado", r"sin respuesta", r"acceso (denegado|prohibido)", r"no autorizad[oa]",
    ),
    "pt": (
        r"falhou", r"falha", r"erros?", r"não foi possível", r"não (pôde|pode|conseguimos|consegue)( \w+)?", r"indisponível", r"não disponível",
        r"sem (ligação|conexão|resposta)", r"(ligação|conexão) (perdida|interrompida|recusada)", r"tente (de novo|novamente|mais tarde)",
        r"algo (correu|deu) (mal|errado)", r"impossível", r"inacessível", r"tempo esgotado",
        r"acesso (negado|proibido)", r"não autorizad[oa]",
    ),
    "ja": (
        r"失敗", r"エラー", r"できません", r"できない", r"できなかった", r"ませんでした", r"利用できません", r"ご利用いただけません", r"オフライン", r"接続が(切れ|失われ|切断)",
        r"問題が発生", r"(もう一度|再度).{0,8}(お試し|試して)", r"再試行してください", r"タイムアウト", r"応答がありません", r"つながりません", r"不明な", r"アクセス.{0,4}拒否", r"権限がありません",
    ),
    "zh": (
        r"失败", r"失敗", r"错误", r"錯誤", r"出错", r"无法", r"無法", r"不可用", r"暂不(可用|提供)", r"不能(连接|加载|打开)", r"离线", r"连接(中断|断开|丢失|超时|被拒绝)",
        r"请(稍后|重新|再次)?.{0,2}(重试|再试)", r"超时", r"没有响应", r"出现问题", r"出了(点)?问题", r"未能", r"拒绝访问", r"访问被拒绝", r"没有权限", r"未(经)?授权",
    ),
}  # fmt: skip
"""What a screen says when something did not work."""

CLEAR: Words = {
    "en": (r"certificates?", r"(in|not |un)secure( connection)?", r"secure connection", r"connection is not (private|secure)", r"ssl", r"tls", r"https", r"security", r"trusted", r"untrusted", r"encrypt(ed|ion)"),
    "de": (r"zertifikate?s?", r"(un)?sichere[nrs]? verbindung", r"nicht sicher", r"sicherheits?\w*", r"verschlüssel\w*", r"nicht vertrauenswürdig"),
    "fr": (r"certificats?", r"connexion (non |pas )?sécurisée", r"(n[’']est )?pas sécurisée?", r"sécurité", r"chiffr\w+"),
    "es": (r"certificados?", r"conexión (no )?(es )?segura", r"no es segur[oa]", r"seguridad", r"cifrad[oa]"),
    "pt": (r"certificados?", r"(ligação|conexão) (não )?(é )?segura", r"não é segur[oa]", r"segurança", r"criptograf\w+"),
    "ja": (r"証明書", r"安全な接続", r"安全では?(ありません|ない)", r"保護されていない", r"セキュリティ", r"暗号化"),
    "zh": (r"证书", r"憑證", r"安全连接", r"不安全", r"安全性", r"加密"),
}  # fmt: skip
"""A failure message with these words tells the user that trust is what failed."""

THANKS: Words = {
    "en": (r"thank(s| you)", r"(successfully|has been|have been|was|were) (sent|submitted|created|received|saved|uploaded|added|opened|filed|registered|logged)", r"we (have )?(received|got) your", r"success(fully|!)?", r"(ticket|case|request|message|file|attachment|enquiry|inquiry|issue) (\S+ )?(sent|submitted|created|received|saved|uploaded|added|opened|filed|registered|logged)", r"we[’'](ll| will) (get back|be in touch|reply)", r"got it", r"upload(ed)? complete[d]?", r"uploaded"),
    "de": (r"(vielen )?dank", r"danke", r"erfolgreich", r"(wurde|wurden|ist|sind) (\w+ ){0,3}(gesendet|übermittelt|erstellt|angelegt|eingegangen|gespeichert|hochgeladen|übertragen|empfangen|aufgenommen)", r"wir haben ihre \w+ erhalten", r"(gesendet|hochgeladen|eingegangen|angelegt|erstellt|gespeichert)"),
    "fr": (r"merci", r"(a|ont) (bien )?été (envoyée?s?|transmise?s?|créée?s?|reçue?s?|enregistrée?s?|ajoutée?s?|téléversée?s?|importée?s?|déposée?s?)", r"avec succès", r"nous avons (bien )?reçu", r"(envoyée?|créée?|reçue?|téléversée?|enregistrée?|ajoutée?|déposée?)"),
    "es": (r"gracias", r"(se ha|ha sido|se han|fue|hemos) (\w+ )?(enviado|enviada|creado|creada|recibido|recibida|guardado|subido|registrado|registrada)", r"con éxito", r"correctamente", r"(enviad[oa]|cread[oa]|recibid[oa]|subid[oa]|registrad[oa]|guardad[oa])"),
    "pt": (r"obrigad[oa]", r"(foi|foram) (\w+ )?(enviad[oa]s?|criad[oa]s?|recebid[oa]s?|guardad[oa]s?|salv[oa]s?|carregad[oa]s?|registad[oa]s?|registrad[oa]s?)", r"com (sucesso|êxito)", r"recebemos", r"(enviad[oa]|criad[oa]|recebid[oa]|carregad[oa]|registad[oa]|registrad[oa]|salv[oa])"),
    "ja": (r"ありがとう", r"(送信|作成|受付|受け付け|登録|保存|アップロード|追加|起票)(しました|されました|が?完了|いたしました)", r"受け付けました", r"承りました", r"完了しました", r"アップロード済み", r"送信済み"),
    "zh": (r"谢谢", r"感谢", r"感謝", r"(提交|发送|创建|上传|保存|添加|登记)(已)?(成功|完成)", r"已(成功)?(提交|发送|创建|收到|上传|保存|添加|登记)", r"成功(提交|发送|创建|上传|保存)?", r"我们已收到"),
}  # fmt: skip
"""What a screen says when it took what the user gave."""

CONSENT: Words = {
    "en": (r"cookies?", r"consent", r"(your |data )privacy", r"tracking"),
    "de": (r"cookies?", r"einwilligung", r"datenschutz\w*"),
    "fr": (r"cookies?", r"traceurs", r"consentement", r"vie privée"),
    "es": (r"cookies?", r"consentimiento", r"privacidad"),
    "pt": (r"cookies?", r"consentimento", r"privacidade"),
    "ja": (r"クッキー", r"cookie", r"プライバシー", r"同意"),
    "zh": (r"cookie", r"隐私", r"同意"),
}  # fmt: skip

AGREE: Words = {
    "en": (r"(accept|allow|agree( to)?|approve)( all| cookies| all cookies| and close| & close)?", r"i (accept|agree|understand)", r"got it", r"ok(ay)?", r"only (necessary|essential)( cookies)?", r"reject( all)?", r"decline( all)?", r"necessary only", r"essential only", r"(that[’']s )?fine", r"save( choices| preferences)?"),
    "de": (r"(alle )?(cookies )?(akzeptieren|annehmen|zulassen|erlauben)", r"alles? akzeptieren", r"zustimmen", r"einverstanden", r"verstanden", r"ok(ay)?", r"(alle )?ablehnen", r"nur (notwendige|erforderliche|essenzielle)\w*( cookies)?( akzeptieren)?"),
    "fr": (r"(tout )?accepter( tout)?", r"j[’']accepte", r"(tout )?refuser( tout)?", r"d[’']accord", r"ok", r"continuer sans accepter", r"compris", r"autoriser"),
    "es": (r"aceptar( tod[oa]s?)?( las cookies)?", r"acepto", r"rechazar( tod[oa]s?)?", r"de acuerdo", r"entendido", r"ok", r"vale", r"permitir"),
    "pt": (r"aceitar( tud?o?| tod[oa]s)?", r"aceito", r"rejeitar( tud?o?| tod[oa]s)?", r"recusar", r"concordo", r"entendi", r"ok", r"permitir"),
    "ja": (r"(すべて)?同意(する|します)?", r"(すべて)?許可(する)?", r"(すべて)?受け入れる", r"承諾", r"(すべて)?拒否(する)?", r"了解", r"ok"),
    "zh": (r"(全部)?(接受|同意|允许)(全部|所有)?", r"(全部)?拒绝", r"知道了", r"好的", r"确定", r"仅必要"),
}  # fmt: skip

CLOSE: Words = {
    "any": (r"^[×✕✖xX⨯]$",),
    "en": (r"close", r"dismiss", r"no,? thanks?( you)?", r"not now", r"maybe later", r"skip", r"cancel", r"later", r"got it", r"ok(ay)?"),
    "de": (r"schließen", r"nein,? danke", r"nicht jetzt", r"später", r"abbrechen", r"überspringen", r"ok"),
    "fr": (r"fermer", r"non,? merci", r"plus tard", r"annuler", r"passer", r"ok"),
    "es": (r"cerrar", r"no,? gracias", r"ahora no", r"más tarde", r"cancelar", r"omitir", r"ok"),
    "pt": (r"fechar", r"não,? obrigad[oa]", r"agora não", r"mais tarde", r"cancelar", r"pular", r"ok"),
    "ja": (r"閉じる", r"後で", r"キャンセル", r"スキップ", r"いいえ"),
    "zh": (r"关闭", r"以后再说", r"取消", r"跳过", r"不,?谢谢", r"暂不"),
}  # fmt: skip

DANGER: Words = {
    "en": (r"delete", r"remove", r"erase", r"destroy", r"deactivate", r"close (my |your |this )?account", r"unsubscribe", r"cancel (my |your |the )?(subscription|plan|account|order)", r"wipe", r"reset (all|everything|account)", r"revoke", r"purge", r"terminate", r"discard"),
    "de": (r"löschen", r"entfernen", r"konto (schließen|auflösen|kündigen)", r"kündigen", r"deaktivieren", r"abbestellen", r"zurücksetzen", r"verwerfen", r"widerrufen"),
    "fr": (r"supprimer", r"effacer", r"retirer", r"fermer (mon|le|votre) compte", r"résilier", r"désactiver", r"se désabonner", r"réinitialiser"),
    "es": (r"eliminar", r"borrar", r"quitar", r"cerrar (mi |la |su )?cuenta", r"cancelar (la |mi )?suscripción", r"desactivar", r"darse de baja", r"restablecer"),
    "pt": (r"excluir", r"eliminar", r"apagar", r"remover", r"encerrar (a |minha )?conta", r"cancelar (a |minha )?(assinatura|subscrição)", r"desativar", r"redefinir"),
    "ja": (r"削除", r"消去", r"退会", r"解約", r"無効に", r"リセット", r"取り消す", r"破棄"),
    "zh": (r"删除", r"刪除", r"移除", r"清除", r"注销账(户|号)", r"停用", r"退订", r"重置"),
}  # fmt: skip
"""Controls that destroy something: never touched without `--allow delete`."""

LOGOUT: Words = {
    "en": (r"log ?out", r"sign ?out", r"log ?off", r"sign off"),
    "de": (r"abmelden", r"ausloggen", r"logout"),
    "fr": (r"(se )?déconnecter", r"déconnexion", r"me déconnecter"),
    "es": (r"cerrar sesión", r"desconectar(se)?", r"salir"),
    "pt": (r"(terminar|encerrar) sessão", r"sair", r"desconectar"),
    "ja": (r"ログアウト", r"サインアウト"),
    "zh": (r"退出(登录)?", r"登出", r"注销"),
}  # fmt: skip

LOGIN: Words = {
    "en": (r"(log|sign)[ -]?(in|on)", r"member (login|area|access)", r"authenticate"),
    "de": (r"anmelden", r"anmeldung", r"einloggen", r"login"),
    "fr": (r"(se |me )?connecter", r"connexion", r"s[’']identifier", r"identification"),
    "es": (r"iniciar sesión", r"inicio de sesión", r"entrar", r"acceder", r"identificarse", r"acceso"),
    "pt": (r"iniciar sessão", r"entrar", r"login", r"acessar", r"aceder", r"autenticar"),
    "ja": (r"ログイン", r"サインイン"),
    "zh": (r"登录", r"登入", r"登陆"),
}  # fmt: skip

SIGNUP: Words = {
    "en": (r"sign ?up", r"register", r"create (an |your )?account", r"join( us| now)?", r"forgot(ten)?( your)? password", r"reset (your )?password", r"free trial"),
    "de": (r"registrieren", r"registrierung", r"konto erstellen", r"passwort vergessen"),
    "fr": (r"s[’']inscrire", r"inscription", r"créer un compte", r"mot de passe oublié"),
    "es": (r"registrarse", r"crear (una )?cuenta", r"registro", r"olvid\w+ (su|tu|la) contraseña"),
    "pt": (r"registar(-se)?", r"cadastr\w+", r"criar (uma )?conta", r"esquec\w+ a? ?senha"),
    "ja": (r"新規登録", r"会員登録", r"アカウント(を)?作成", r"パスワードを(お)?忘れ"),
    "zh": (r"注册", r"忘记密码", r"创建(账户|账号)"),
}  # fmt: skip

SUBMIT: Words = {
    "en": (r"submit( \w+){0,2}", r"send( \w+){0,2}", r"save", r"create( \w+){0,2}", r"open (a |the )?(ticket|case|request)", r"file( \w+){0,2}", r"continue", r"next", r"confirm", r"ok", r"go", r"start( \w+){0,2}", r"add( \w+){0,2}", r"upload( \w+){0,2}", r"raise( \w+){0,2}", r"post", r"apply", r"done", r"report( \w+){0,2}", r"request( \w+){0,2}", r"get help"),
    "de": (r"(ab)?senden", r"(ab)?schicken", r"einreichen", r"übermitteln", r"speichern", r"erstellen", r"anlegen", r"weiter", r"bestätigen", r"starten", r"hinzufügen", r"hochladen", r"melden", r"fertig", r"\w+ (senden|absenden|abschicken|erstellen|anlegen|einreichen|starten|hochladen)"),
    "fr": (r"envoyer( \w+){0,3}", r"soumettre( \w+){0,3}", r"valider", r"enregistrer", r"créer( \w+){0,3}", r"continuer", r"suivant", r"confirmer", r"commencer", r"démarrer( \w+){0,3}", r"ajouter( \w+){0,3}", r"téléverser", r"transmettre", r"déposer( \w+){0,3}"),
    "es": (r"enviar( \w+){0,3}", r"guardar", r"crear( \w+){0,3}", r"continuar", r"siguiente", r"confirmar", r"iniciar( \w+){0,3}", r"empezar", r"añadir( \w+){0,3}", r"subir( \w+){0,3}", r"presentar( \w+){0,3}", r"registrar( \w+){0,3}"),
    "pt": (r"enviar( \w+){0,3}", r"submeter( \w+){0,3}", r"guardar", r"salvar", r"criar( \w+){0,3}", r"continuar", r"seguinte", r"próximo", r"confirmar", r"iniciar( \w+){0,3}", r"começar", r"adicionar( \w+){0,3}", r"carregar( \w+){0,3}", r"abrir( \w+){0,3}"),
    "ja": (r"送信", r"送る", r"提出", r"保存", r"作成", r"次へ", r"続ける", r"確認", r"開始", r"追加", r"アップロード", r"登録", r"申請", r"起票"),
    "zh": (r"提交", r"发送", r"发出", r"保存", r"创建", r"继续", r"下一步", r"确认", r"确定", r"开始", r"添加", r"上传", r"登记"),
}  # fmt: skip

UNSUBMIT: Words = {
    "en": (r"cancel", r"back", r"reset", r"clear", r"preview", r"close", r"discard", r"attach( \w+){0,2}", r"browse( \w+)?", r"choose file", r"show( password)?", r"hide( password)?", r"emojis?", r"bold|italic", r"search", r"help", r"minimi[sz]e", r"maximi[sz]e", r"end chat", r"mute"),
    "de": (r"abbrechen", r"zurück(setzen)?", r"vorschau", r"schließen", r"datei (auswählen|anhängen)", r"anhängen", r"anzeigen", r"suchen", r"leeren", r"hilfe", r"minimieren", r"durchsuchen"),
    "fr": (r"annuler", r"retour", r"réinitialiser", r"aperçu", r"fermer", r"joindre( \w+){0,3}", r"parcourir", r"afficher", r"rechercher", r"effacer", r"réduire", r"choisir un fichier"),
    "es": (r"cancelar", r"volver", r"atrás", r"restablecer", r"vista previa", r"cerrar", r"adjuntar( \w+){0,3}", r"examinar", r"mostrar", r"buscar", r"borrar", r"minimizar", r"elegir archivo"),
    "pt": (r"cancelar", r"voltar", r"limpar", r"pré-visualizar", r"fechar", r"anexar( \w+){0,3}", r"procurar", r"mostrar", r"pesquisar", r"buscar", r"minimizar", r"escolher ficheiro"),
    "ja": (r"キャンセル", r"戻る", r"リセット", r"プレビュー", r"閉じる", r"添付", r"参照", r"表示", r"検索", r"クリア", r"最小化"),
    "zh": (r"取消", r"返回", r"重置", r"预览", r"关闭", r"附件", r"浏览", r"显示", r"搜索", r"清空", r"最小化"),
}  # fmt: skip

MENU: Words = {
    "any": (r"^[☰≡⋮…⋯]$",),
    "en": (r"(main |site |open |toggle |show )?(menu|navigation)", r"nav ?bar( toggle\w*)?", r"more", r"hamburger"),
    "de": (r"(haupt)?menü( öffnen)?", r"navigation", r"mehr"),
    "fr": (r"menu( principal)?", r"navigation", r"plus"),
    "es": (r"menú( principal)?", r"navegación", r"más"),
    "pt": (r"menu( principal)?", r"navegação", r"mais"),
    "ja": (r"メニュー", r"ナビゲーション", r"もっと見る"),
    "zh": (r"菜单", r"导航", r"更多"),
}  # fmt: skip

HUB: Words = {
    "en": (r"support", r"help", r"contact( us)?", r"services?", r"customer (care|service|support)", r"resources", r"self[- ]service", r"portal", r"dashboard", r"home", r"start", r"get started", r"tickets?", r"requests?", r"cases?", r"messages?", r"account", r"welcome"),
    "de": (r"support", r"hilfe", r"kontakt", r"service", r"kundendienst", r"kundenservice", r"übersicht", r"startseite", r"anfragen", r"tickets?", r"konto"),
    "fr": (r"assistance", r"aide", r"contact(ez-nous)?", r"services?", r"accueil", r"tableau de bord", r"demandes", r"tickets?", r"compte", r"support"),
    "es": (r"soporte", r"ayuda", r"contacto", r"servicios?", r"inicio", r"panel", r"solicitudes", r"tickets?", r"cuenta", r"atención al cliente"),
    "pt": (r"suporte", r"ajuda", r"contactos?", r"contato", r"serviços?", r"início", r"painel", r"pedidos", r"tickets?", r"conta", r"apoio"),
    "ja": (r"サポート", r"ヘルプ", r"お問い合わせ", r"サービス", r"ホーム", r"ダッシュボード", r"チケット", r"アカウント"),
    "zh": (r"支持", r"帮助", r"联系", r"服务", r"首页", r"控制台", r"工单", r"账户", r"客服"),
}  # fmt: skip
"""Where a user who looks for help goes when nothing names it."""

LANGUAGE: Words = {
    "any": (
        r"^(english|deutsch|français|francais|español|espanol|português|portugues|italiano|nederlands|polski|русский|日本語|中文|简体中文|繁體中文|한국어|türkçe|svenska|dansk|suomi|čeština)( \(.*\))?$",
        r"^(en|de|fr|es|pt|ja|zh|it|nl|pl|ru|ko)([-_][a-z]{2})?$",
    ),
    "en": (r"(change |choose |select )?language",),
    "de": (r"sprache( wählen| ändern)?",),
    "fr": (r"(changer de |choisir la )?langue",),
    "es": (r"(cambiar |elegir )?idioma",),
    "pt": (r"(mudar |escolher )?idioma",),
    "ja": (r"言語",),
    "zh": (r"语言", r"語言"),
}  # fmt: skip

SAVED_CARD: Words = {
    "en": (r"(card|visa|mastercard) ending( in)?", r"saved card", r"card on file", r"one[- ]click", r"•{3,} ?\d{4}", r"\*{3,} ?\d{4}"),
    "de": (r"gespeicherte karte", r"karte mit endziffern?", r"hinterlegte karte"),
    "fr": (r"carte (enregistrée|se terminant)",),
    "es": (r"tarjeta (guardada|terminada)",),
    "pt": (r"cartão (guardado|salvo|com final)",),
    "ja": (r"登録済みのカード", r"保存されたカード"),
    "zh": (r"已保存的卡", r"尾号"),
}  # fmt: skip
"""Pressing «Pay» where a card is on file might pay at once."""
