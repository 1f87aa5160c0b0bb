"""What a line says of itself: that it is furniture, and of which kind; a byline, a date, a dateline; a sentence.

Each rule describes a whole line, not a word in it. A line that quotes or reports somebody is kept unless its very form
is furniture (``RELATED: …``), because a claim that was cut is a worse loss than a button kept. What a line means among
others is for `page` and `plain` to say.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from onrecord.intake.dates import parse_date
from onrecord.model import Reason

_LONGEST_LINE = 600  # characters; no rule looks at anything longer
_LONGEST_HEADLINE = 300  # characters, of a headline or of the one sentence under it
_HEADLINE_WORDS = range(4, 21)

# Agencies as they are credited. Longer names first, so that "AP" does not shadow "APA".
_AGENCIES = (
    "Agence France-Presse|Associated Press|Thomson Reuters|Reuters|Canadian Press|Australian Associated Press"
    "|United Press International|Press Association|PA Media|Press Trust of India|Deutsche Presse-Agentur"
    "|Anadolu Agency|Anadolu|Interfax-Ukraine|Interfax|Ukrinform|RIA Novosti|Bloomberg News|Bloomberg|Xinhua"
    "|Yonhap|Kyodo News|Kyodo|Jiji Press|Tasnim|Mehr|Fars|Sputnik|Agerpres|Belga|RFE/RL|IRNA|SANA|WAFA|KCNA|TASS"
    "|ANSA|IANS|Efe|EFE|AFP|AAP|APA|ANP|UPI|PTI|ANI|dpa|DPA|PAP|CTK|MTI|BNS|WAM|SPA|QNA|VOA|AP|CP|PA|AA"
)
_SHORT_NAMES = {
    "Agence France-Presse": "AFP",
    "Anadolu Agency": "Anadolu",
    "Associated Press": "AP",
    "Australian Associated Press": "AAP",
    "Bloomberg News": "Bloomberg",
    "Canadian Press": "CP",
    "DPA": "dpa",
    "Deutsche Presse-Agentur": "dpa",
    "EFE": "Efe",
    "Kyodo News": "Kyodo",
    "PA Media": "PA",
    "Press Association": "PA",
    "Press Trust of India": "PTI",
    "Thomson Reuters": "Reuters",
    "United Press International": "UPI",
}
_AGENCY = rf"(?:The |the )?(?:{_AGENCIES})"
_NAME_TAIL = r"[\w.'’-]*"
_NAME = rf"[^\W\d_]{_NAME_TAIL}"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_HEAD = re.compile(
    # what stands before the first dash: KYIV, Ukraine, Dec. 12 (Reuters) —   PARIS/LONDON (AP) -   (Reuters) —
    r"(?P<head>[^—–]{2,90}?)\s*(?:—|–|--+|\s[-‑])\s*(?=\S)"
    r"|(?P<slashed>[^—–/]{2,80}/[^/]{2,30}/)\.?\s+"  # MOSCOW, December 12. /TASS/.
)
_HEAD_AGENCY = re.compile(rf"\s*(?:\((?P<round>{_AGENCY})\)|/(?P<slash>{_AGENCY})/)$")
_HEAD_INITIALS = re.compile(r"\s*(?:\((?P<round>[A-Z]{2,6})\)|/(?P<slash>[A-Z]{2,6})/)$")  # of an agency not listed
_DATE_PART = re.compile(rf"{_MONTH} \d{{1,2}}|\d{{1,2}} {_MONTH}|\d{{4}}|{_MONTH} \d{{1,2}} \d{{4}}")
_DATED = re.compile(rf"\b{_MONTH} \d|\d {_MONTH}")
_OPENING = re.compile(r"[\"“‘'`(]{0,2}(?=[A-Z0-9])(?:\S+ ){0,2}\S*[a-z]")
_DISTRIBUTOR = re.compile(r"^\([^)]{0,40}\)\s?(?:—|–|--?)\s?")  # BOSTON--(BUSINESS WIRE)--
_SECOND_DASH = re.compile(r"[^\s—–]+(?: [^\s—–]+){0,3} ?(?:—|–|--|-\s)")  # a few words on
_PLACES_WITH_ARTICLE = frozenset({"THE HAGUE", "THE BRONX", "THE VATICAN", "THE VILLAGES"})
_CAPITALS = re.compile(r"[A-Z][A-Z.'’]*(?:[ /-]+[A-Z][A-Z.'’]*){0,5}")
_PROPER = re.compile(r"[A-Z][\w.'’-]*(?: (?:[A-Z][\w.'’-]*|of|de|del|la|the)){0,4}")
_NO_PLACES = frozenset(
    "NATO UNESCO UNICEF OPEC ASEAN NASA FIFA UEFA OSCE UPDATE BREAKING EXCLUSIVE ANALYSIS OPINION WATCH VIDEO CORRECTED"
    " CORRECTION FACTBOX EXPLAINER LIVE NEWS COMMENT EDITORIAL REVIEW INTERVIEW PHOTOS TIMELINE WRAPUP INSIGHT".split()
)
# In a line of credits only names that mean nothing else: "PA" is also a state, "AA" a battery.
_AGENCY_WORD = re.compile(rf"(?<![\w-])(?!(?:PA|AA|CP|SPA|WAM|Mehr|Fars|Efe|Belga)(?![\w-]))(?:{_AGENCIES})(?![\w-])")

# The rules: each line is a pattern for a whole line of a page, as `tidy` leaves it; ``%…%`` stands for one of these.

_LISTS = {
    "share": r"(?:share|(?:re)?tweet|facebook|twitter|x|whats ?app|telegram|linked ?in|pinterest|pin(?: it)?|reddit"
    r"|viber|tumblr|flipboard|instagram|youtube|tiktok|threads|bluesky|mastodon|messenger|e-?mail|mail|print|copy"
    r"|copy(?: the)? (?:link|url)|link copied|save|bookmark|like|send|rss|vk|ok|sms|google\+?"
    r"|gift(?: this)?(?: article)?)",
    "network": r"(?:social media|facebook|twitter|x\b|instagram|telegram|whats ?app|youtube|google news|linked ?in"
    r"|tik ?tok|threads|bluesky|mastodon|signal|viber)",
    "this": r"(?:this|our|the) (?:article|story|post|page|report|news|content|site|website)",
    "mistake": r"(?:correction|clarification|error|typo|mistake|inaccuracy|update|problem|issue|bug)s?",
    "photo": r"(?:photo(?:s|graphs?|graphy)?|images?|pictures?|pics?|illustrations?|graphic|cartoon|courtesy)",
    "stock": r"(?:getty images|epa(?:-efe)?|shutterstock|istock|unsplash|flickr|wikimedia(?: commons)?|ap photo|alamy"
    r"|rex features|ap images|afp/getty images|pool)",
    "agency": r"(?:ap|afp|reuters|getty(?: images)?|epa(?:-efe)?|bloomberg|shutterstock|tass|pool|handout"
    r"|the (?:new york times|washington post|guardian))",
    "number": r"\d[\d,.]*k?",
    "wire": _AGENCY,
}

_RULES_AS_WRITTEN: dict[Reason, str] = {
    Reason.FEEDBACK: r"""
        (?:to|you can) (?:suggest|report|submit|request) (?:an? |any )?%mistake%\b.{0,160}
        you can also highlight .{0,120}
        .{0,120}\b(?:press|hit) ctrl ?\+ ?enter.{0,60}
        (?:report|submit|suggest|request) (?:an? |any )?(?:%mistake%|edit|abuse)(?: (?:here|in|on|to
            |with) .{0,100})?[.!]?
        (?:did you |have you )?(?:spot|spotted|see|seen|saw|find|found|notice|noticed) (?:an? |any )?(?:%mistake%
            |something wrong)\b.{0,160}
        (?:was|did you find) %this%(?: \w+)? (?:helpful|useful|interesting)\?.{0,60}
        (?:(?:do|have) you )?(?:have|got)(?: an?| any)? (?:news )?(?:tip|story|scoop|question|feedback|comment)s?
            (?: (?:for|to) .{1,60})?\?.{0,200}
        send (?:us )?(?:your )?(?:news )?(?:tips?|feedback|corrections?|letters?|quips)\b.{0,120}
        (?:let us know|tell us) what you think.{0,80}
        (?:give|leave|send)(?: us)?(?: your)? feedback.{0,60}
        (?:(?:do you )?(?:know (?:more|something|anything)|have (?:more|something|information))|were you there
            |can you help)\b[^?]{0,80}\? (?:please )?(?:write|contact|e-?mail|get in touch|tell us|send|let us|call
            |message|text)\b.{0,200}
        (?:email|contact|reach|write to) (?:us|the (?:author|reporter|writer|editor|newsroom))(?: (?:at|here|on
            |via|by) .{0,100})?[.:]?
    """,
    Reason.COMMENTS: r"""
        (?:\(?%number%\)? )?(?:(?:view|show|read|see|all|hide|load|post|more) )*(?:\(?%number%\)? )?
            (?:readers?'? )?comments?(?: section)?
            (?: ?[:(\[]? ?%number% ?[)\]]?)?
        comments (?:are|have been) (?:now )?(?:closed|disabled|turned off|off)\b.{0,80}
        comments comments|no comments(?: yet)?[.!]?
        comments (?:are|is) (?:only )?(?:open|available|limited|moderated|reserved)\b.{0,100}
        (?:please )?(?:be (?:polite|civil|respectful|kind|nice)|keep (?:it|(?:your|the) (?:comments?|discussion)
            |comments) (?:polite|civil|respectful|clean|on topic))[.!]? .{0,80}\bcomments?\b.{0,120}
        (?:write|post|leave|add|submit|make) (?:the |an? |your )?(?:first )?(?:comment|reply|response)\b.{0,80}
        be the first (?:one )?to (?:comment|reply|share|respond).{0,60}
        (?:join|start|view|follow) the (?:conversation|discussion)s?\b.{0,60}
        (?:(?:you must be )?(?:logged|signed) in|(?:please )?(?:log|sign) ?in|register) to (?:post|leave|add|join
            |comment|reply).{0,80}
        (?:0|no) (?:replies|responses)|reply|report(?: comment| abuse)?|up ?vote|down ?vote|(?:have
            |what'?s) your say.{0,40}
        your e-?mail address will not be published.{0,80}
        sort by:? ?(?:newest|oldest|best|top)?|(?:click|tap) to rate|rate this comment
    """,
    Reason.COOKIES: r"""
        .{0,120}\b(?:we|this (?:web ?)?site|our (?:web ?)?site|our partners)\b.{0,60}\b(?:uses?|using|stores?
            |sets?|places?) (?:\w+ ){0,4}cookies\b.{0,400}
        (?:accept|reject|allow|decline|manage|refuse)(?: all)?(?: of)?(?: the| our)?(?: optional
            | necessary)? cookies?(?: settings| preferences)?[.!]?
        (?:manage|change|update|customi[sz]e) (?:your |my )?(?:consent|cookie|privacy)s?(?: settings| preferences
            | choices)?
        by (?:continuing|clicking|using|browsing|closing|accepting)\b.{0,120}\b(?:cookies|privacy policy
            |terms of (?:use|service)|consent)\b.{0,300}
        we (?:value|respect|care about) your privacy.{0,300}
        we and our (?:\d+ )?partners .{0,400}
        cookie (?:notice|policy|settings|preferences|consent)|accept all|reject all|i accept|got it!?
    """,
    Reason.ADVERTISEMENT: r"""
        (?:advertisements?|adverts?|ads?|sponsored(?: content| links?| posts?| by .{1,40})?)[-–—\s.:]*
        advertisements? ?[-–—|]+ ?.{1,160}(?<![.?])
        (?:paid (?:content|post|partnership)|promoted(?: content)?|partner content|ad feedback)[.:]*
        [(]?(?:the )?(?:article|story|content|report|post|text)s? (?:continues|resumes) (?:below|after)\b.{0,60}
        continue reading(?: the (?:main )?(?:story|article))?(?: below)?
        scroll (?:down )?(?:to|for) (?:continue|more)(?: reading)?.{0,40}
        (?:skip|remove) (?:this )?ads?|why (?:am i seeing )?this ad\??|advertise with us|ad[- ]free .{0,80}
    """,
    Reason.NEWSLETTER: r"""
        (?:(?:please|click here to|tap here to|you can|want more\?) )?sign(?:ing)?[ -]?up\b.{0,60}\b
            (?:newsletters?|inbox|e-?mails?|alerts?|daily|weekly|briefing|updates|digest|list|here|free)\b.{0,240}
        (?:(?:please|click here to|tap here to|you can) )?subscribe(?: (?:now|today|here|free|for free|below
            |via .{1,30}))?[.!]?
        (?:(?:please|click here to|tap here to|you can) )?subscribe (?:to|for|and get) (?!(?:this|that|these|those|his
            |her|their|its|such|any|what)\b).{0,240}
        subscribe to (?:this|these|his|her|their)(?: [\w-]+){0,2} (?:newsletter|podcast|channel|magazine|blog|feed)s?
            \b.{0,120}
        (?:want|get|receive|have|stay)\b.{0,140}\b(?:in|to|into|via) your (?:inbox|e-?mail|phone|mailbox)\b.{0,160}
        (?:(?:your|our|the|daily|weekly|free|morning|evening|e-?mail) ){0,4}newsletters?(?: sign[- ]?up)?[:.!]?
        (?:enter|type) (?:your|an?|a valid) e-?mail(?: address)?.{0,80}
        (?:your )?e-?mail address\*?|sign me up!?
        thank(?:s| you) for (?:signing up|subscribing|reading|your subscription|visiting).{0,120}
        (?:get|download|install) (?:the |our )(?:free )?(?:[\w ]{0,30} )?app\b.{0,100}
        (?:please )?(?:support|help (?:us )?support|donate to|help us) (?:independent|our|quality|free|local
            |public|keep|us)\b.{0,160}\b(?:journalism|work|reporting|newsroom|donat\w+|today|here|us)\b.{0,120}
        (?:become|be) an? (?:member|subscriber|patron|supporter|insider)\b.{0,160}
        donate(?: now| today| here)?[.!]?|make a (?:donation|contribution)\b.{0,80}
        already (?:an? )?(?:subscriber|member|subscribed|registered|have an account)\b.{0,60}
        (?:subscribe|register|log in|sign in|start your .{0,20}trial) (?:to|and) (?:continue|read|keep|unlock
            |access)\b.{0,120}
        .{0,80}\b(?:%number%|no) free (?:articles?|stories|reads?) (?:left|remaining)\b.{0,160}
        (?:(?:subscribe|register|sign up|log in) (?:for|to get)|get|have|enjoy|unlock|digital) (?:full, )?unlimited
            (?: digital)? access\b.{0,200}
        (?:.{0,200}[.!?,;|·–-] ?)?cancel (?:at )?any ?time\b.{0,120}
        (?:.{0,120}[.!] )?(?:start|begin|try|get|claim) (?:your|a|our)(?: [\w-]+){0,3} free trial\b.{0,200}
        (?:this is |this (?:article|story) is )?(?:an? )?premium (?:content|article|story)\b.{0,160}
    """,
    Reason.SHARE: r"""
        (?:%share%[\s,|/•·:]+){0,14}%share%:?
        share (?:this|it|via|with|your)\b[\w ,/&:-]{0,100}[.!:]?
        share (?:(?:the|this) (?:article|story|link|post|news) )?(?:on|to|via|in) (?:%network%[ ,/&]*
            (?:and |or )?){1,6}
        (?:%number% )?(?:shares?|likes|tweets|views|reads|reactions)(?: %number%)?
        (?:like|follow|find|join|connect with|catch|watch|add|visit|check out) (?:us|our [\w ]{1,40}
            |[@#]?[\w. ]{1,40}) (?:on|at|in|via) (?:our )?%network%.{0,140}
        (?:follow|like|join|find|connect with) us\b(?: on| here| at)?[:.!]?
        (?:follow|like|join|find) us\b.{0,60}\bshare (?:this|our|the) (?:article|story|post|news|link)\b.{0,60}
        follow (?:[\w. ]{1,40})?(?: on twitter)?:? ?@\w{2,30}.{0,60}
        (?:email|print|tweet|save|bookmark|gift|open) this(?: article| story| page| post)?
        (?:join|follow) (?:our|the) (?:[\w ]{0,30})?(?:telegram|whats ?app|facebook|discord|viber)\b.{0,80}
        link copied.{0,40}|copied to clipboard
    """,
    Reason.PHOTO: r"""
        [(\[]?(?:(?:file|stock|illustrative|screen ?shot|handout|drone|cover|featured|satellite) )?%photo% ?
            (?:credits?|source|courtesy)?s?(?: (?:by|courtesy)\b|:) ?.{1,160}
        .{0,400}[.!?][)"]? (?:photo(?:graph)?s?|pictures?|images?): ?(?-i:[A-Z])[^.!?]{1,100}\.?
        (?:%photo%|video) (?:copyright|caption|source|credit|courtesy|by)\b.{0,200}
        credits?: ?(?-i:[A-Z@©]).{0,100}
        pictured(?: (?:above|below|(?:top |bottom )?(?:left|right|centre|center)|here|in .{1,30}))?: ?.{1,300}
        [(\[]?file (?:photo|image|picture|pic)\b.{0,160}
        .{0,480}[(\[](?:file )?(?:(?:ap|afp|epa|reuters|getty|upi|ukrinform|tass|xinhua) )?%photo%(?: (?:by
            |courtesy|credit|from|via|of)|[:/]).{1,100}[)\]]\.?
        .{0,480}(?:[(\[|/]|photo(?:graph)?:? ?) ?(?:[\w.,'& -]{1,50}/ ?)?%stock%(?: via .{1,40})?[)\]]?\.?
        .{0,200}\bphotos?\b.{0,20}©.{0,60}
        [\w.' -]{2,40}(?:/| / | \| |, ?via )%agency%(?:/[\w ]{2,30})?(?: via [\w ]{2,30})?\.?
        (?:getty(?: images)?|shutterstock|ap photo(?:/.{1,40})?|afp photo|istock|reuters/.{1,40})
        (?:enlarge|view|click (?:to|for)|toggle|hide|show|open|expand)(?: this| to)?(?: larger| full)? (?:image
            |caption|gallery|photo|picture|enlarge)s?
        (?:photo|image|picture)s? (?:gallery|caption|\d+ of \d+)\b.{0,40}
        \d+ (?:of|/) \d+(?: photos| images)?|[(\[](?:photo|image|picture|file photo)s?[)\]]
    """,
    Reason.LEGAL: r"""
        [(]?(?:©|\(c\)|copyright ?(?:©|\(c\)|\d{4}|by\b|notice)).{0,300}
        .{0,200}\ball rights reserved\b.{0,200}
        this (?:material|article|content|story|website) (?:may|must|can) ?not be (?:published|reproduced|copied
            |republished|used|broadcast).{0,200}
        (?:terms|conditions) (?:of|and|&) (?:use|service|conditions|sale)(?: ?[|•·,&] ?.{1,100})?
        privacy (?:policy|notice|statement|center)(?: ?[|•·,&] ?.{1,100})?
        do not sell (?:or share )?my .{1,60}|our standards: ?.{1,100}|(?:legal )?disclaimer
        (?:purchase|request|buy) (?:licensing|reprint|permission)s?.{0,60}
    """,
    Reason.NAVIGATION: r"""
        (?:skip|jump|go|return|back) (?:back )?to (?:main |the |site |page )?(?:content|navigation|top|home
            (?:page)?|article|search|menu|footer|news|front page|main).{0,30}
        menu|home|search|close|open|more|next|previous|prev|back|log ?(?:in|out)|sign (?:in|out)|register
            |my account|login
        toggle navigation|main navigation|contact(?: us)?|about(?: us)?|site ?map|help|faq|page \d+(?: of \d+)?
        (?:show|load|view|see|click|learn|find out)(?: for)? (?:more|all|less|full|here|full list)(?: here| news
            | stories| articles| results| posts)?(?: \(\d+\))?[.…!]*
        (?:home|news|world)(?: ?[>›»/|] ?[\w&' -]{1,60}){1,6}
        (?:tags?|topics?|filed under|categor(?:y|ies)|keywords?|sections?|posted in|more on this topic)
            (?:: ?(?:.{0,239}[^.!?])?)?
        (?:expand|collapse|hide|show)(?: all| this| menu| details)?
        #\w{2,40}(?:[\s,]+#\w{2,40}){0,20}
    """,
    Reason.OTHER: r"""
        loading[\w .…]{0,40}
        please (?:enable|turn on) javascript.{0,160}|javascript (?:is|must be|has been|seems) .{0,120}
        (?:your|this) browser (?:does not|doesn'?t|is not|isn'?t) support.{0,160}
        (?:play|pause|watch|unmute|mute|replay)(?: (?:the )?(?:video|audio|now|live|again))?
        (?:video|audio)(?: player)?(?: (?:is )?(?:loading|unavailable|playback))?[.…]*
        listen(?: to (?:this |the )?(?:article|story))?(?: ?[(:·-]? ?\d+ ?(?:min(?:ute)?s?|:\d\d)\)?)?
        \d{1,2}:\d\d ?/ ?\d{1,2}:\d\d
        this (?:video|content|media) (?:is|can|could) ?(?:not|no longer|un).{0,100}
        null|undefined|n/a|translate(?: this)?|(?:change )?(?:text|font) size|a[ -]?a[ -]?a
    """,
    Reason.TEASER: r"""
        (?:follow|find|see|read|for) (?:all (?:of )?|more (?:of )?)?(?:(?:the|ap|afp|reuters|our|cnn|bbc|full
            |latest|complete|live)(?:'s)? ){1,4}(?:coverage|stories|reporting|news)\b.{0,160}
        more .{1,60}: https?://\S{1,200}.{0,80}
        (?:for|read|see|find) more .{1,60}\b(?:visit|click|go to|check out|at https?:).{0,120}
        (?:read|see|view) the (?:full|original|entire) (?:story|article|post|report|interview|text|statement
            |transcript|document)\b.{0,80}
        (?:click|tap) here (?:to|for) .{1,80}
    """,
    Reason.BYLINE: r"""
        \(?(?:%wire% )?(?:(?:additional|further) )?(?:reporting|writing|compiled|edited|editing|written|reported)
            (?: and \w+)? by:? (?-i:[A-Z]).{1,380}
        \(?with (?:files|reporting|additional reporting|inputs?|agency inputs?|material) (?:from|by)\b.{1,160}
        .{1,200}\bcontributed (?:to this (?:report|story|article)|reporting)\b.{0,80}
        contribut(?:ing|ors?|ed by): .{1,200}
        additional reporting\b.{1,300}
        sources?: ?(?:%wire%|%stock%)(?:(?: ?[,/&|;] ?| and )(?:%wire%|%stock%)){0,5}\.?
        this (?:story|article) (?:was|is|has been) (?:(?:provided|supplied|distributed|syndicated)(?: by
            | with permission (?:of|from))|(?:originally|first) (?:produced|published) (?:by
            |in|on)) (?-i:(?:[Tt]he )?[A-Z]).{1,240}
        (?:estimated )?(?:reading time:? )?\d{1,3} ?-?min(?:ute)?s?(?: to)?(?: read(?:ing)?(?: time)?)?
        (?:updated |posted |published )?(?:\d{1,2}|an?) (?:second|minute|min|hour|hr|day|week|month|year)s? ago
        [\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,20}){1,4}|@\w{2,30}
    """,
}


def _compile(patterns: str) -> re.Pattern[str]:
    for name, listed in _LISTS.items():
        patterns = patterns.replace(f"%{name}%", listed)
    patterns = re.sub(r"\n {12,}", "", patterns)  # a line indented further goes on with the pattern above it
    return re.compile("|".join(line.strip() for line in patterns.splitlines() if line.strip()), re.IGNORECASE)


@cache
def _rules() -> tuple[tuple[Reason, re.Pattern[str]], ...]:
    """The rules, compiled where they are first needed: that takes longer than reading a short text."""
    return tuple((reason, _compile(patterns)) for reason, patterns in _RULES_AS_WRITTEN.items())


# Lines of these kinds are furniture even if they quote somebody: no sentence of a report has their form.
_PLAIN_FORMS = frozenset({Reason.COMMENTS, Reason.LEGAL, Reason.NAVIGATION, Reason.BYLINE})

_TEASER_HEAD = _compile(r"""
        read (?:more|also|next|on)|also read|more to read|see also|see more|keep reading|further reading|must[- ]reads?
        related(?: (?:articles?|stor(?:y|ies)|topics?|news|coverage|posts?|content|reading|links?|videos?))?
        recommended(?: (?:for you|stories|articles|reading|by))?|suggested (?:reading|stories)|promoted stories
        (?:most|more) (?:read|popular|viewed|shared|commented|watched|stories|news|articles)(?: (?:in|on|from) .{1,40})?
        (?:latest|top|breaking|other|popular|featured|more) (?:news|stories|headlines|articles|posts|topics|reads
            |coverage|videos)(?: (?:of interest|(?:in|on|from|about) .{1,40}))?
        trending(?: now| stories| news)?|editor'?s'? (?:picks?|choice)|what to read next|up next|around the web
            |from the web|also (?:today|this (?:week|hour)|in the news|in this (?:section|issue))
        you (?:may|might|will|would|could) (?:also )?(?:like|be interested in|enjoy|have missed)(?: these| this)?
            (?: stories| articles)?
        in case you missed it|icymi|don'?t miss(?: this| these)?|(?:next|previous) (?:article|story|post|up)
        (?:more )?from our (?:partners|network|archives?)|topics of interest|also on [\w ]{1,30}|more (?:on|from
            |about|in) [\w' ]{1,40}
""").pattern
_TEASER = re.compile(
    rf"(?:{_TEASER_HEAD})(?:(?P<mark>\s*[:|>»→–—-]+\s*)(?P<headline>.{{0,240}})|\s*[.…:!]*)", re.IGNORECASE
)
_TEASER_VERB = re.compile(
    r"(?:watch|listen|read|see|video|gallery|live|explainer|analysis|opinion|podcast|quiz|in pictures|photos)"
    r"(?: now| more| here)?: (?P<headline>.{1,200})",
    re.IGNORECASE,
)
# Heads that no sentence of a report begins with: what follows them is a teaser even if it ends as a sentence does.
_TEASER_FORM = re.compile(r"(?:(?i:read (?:more|also|next)|also read)|RELATED\b[ A-Z]{0,20})\s*[:|>»→]")
_TRAILING_TEASER = re.compile(
    r"\b(?:(?:Read|READ) (?:more|also|next|MORE|ALSO|NEXT)|(?:Also|ALSO) (?:read|READ)|(?:See|SEE) (?:also|ALSO)"
    r"|RELATED(?: [A-Z]{1,12})?|Related (?:articles?|stor(?:y|ies)|news|coverage)): ?(?=[^\W_a-z]|[\"“‘'])"
)
_NEXT_SENTENCE = re.compile(r"[a-z]{3,}[.!?…][\"”’')\]]*\s+[\"“‘'(]?[A-Z]")
# Heads that are section headings of reports as well: furniture only where more furniture or a headline follows.
_WEAK_HEAD = re.compile(
    r"up next|further reading|around the web|must.reads?"
    r"|(?:latest|top|breaking|other|more|featured|popular|trending|previous|next) ?.*",
    re.IGNORECASE,
)

_BYLINE = re.compile(
    rf"(?:(?:written|reported|posted) )?(?:by|authors?)[: ] ?"
    rf"(?P<names>{_NAME}(?:,? (?:and |& )?{_NAME}|, ?{_NAME}){{0,8}}?)"
    r"(?: ?[|/•·–—-] ?.{0,90}| (?:in|at|for) .{1,60}|, .{1,90})?",
    re.IGNORECASE,
)
_CAPITALISED = rf"[^\W\d_a-z]{_NAME_TAIL}"
_FULL_NAME = rf"{_CAPITALISED}(?: (?:{_CAPITALISED}|de|van|von|der|bin|al|el)){{1,3}}"
_AND = re.compile(r",? (?:and|&) |, ")
_NAMES = re.compile(rf"{_FULL_NAME}(?:(?:{_AND.pattern}){_FULL_NAME}){{0,4}}")
_PARTICLES = frozenset({"and", "&", "de", "van", "von", "bin", "al", "el"})
_REPORTING = re.compile(
    rf"\(?(?:{_AGENCY} )?(?:reporting|reported|writing|written) by:? (?P<names>[^;)]{{1,200}})", re.I
)
_AGENCY_LINE = re.compile(rf"\(?{_AGENCY}\)?(?: ?(?:[,/&|]|and) ?{_AGENCY}){{0,3}}\.?", re.IGNORECASE)
_BAR = re.compile(r"\s*[|•·]\s*")
_CHANGED = re.compile(r"(?:last )?(?:updated|modified|edited)", re.IGNORECASE)
_STAMP = re.compile(r"publish|updated|posted|modified", re.IGNORECASE)
_DATE_WORD = re.compile(
    r"\d{1,4}(?:st|nd|rd|th)?|[ap]m?|m|at|on|by|to|in|and|the|of|utc|gmt|[a-z]{1,4}t|updated?|published|posted|modified"
    r"|last|first|created|date|time|local|jan\w*|feb\w*|mar\w*|apr\w*|may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?",
    re.IGNORECASE,
)
_CALENDAR = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september|october"
    r"|november|december|noon|midnight|\d+",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d(?: ?[ap]\.?m\b\.?)?(?: ?[A-Z]{2,5})?", re.IGNORECASE)

_REPORTS = re.compile(
    r"\b(?:said|says|saying|told|tells|telling|adds|added|adding|according to|announced|stated|claims|claimed|denies"
    r"|denied|warns|warned|wrote|argued|insisted|noted|confirmed|accused|reported|alleged|admitted|acknowledged|asked"
    r"|explained|believes?|thinks?|thought|expects?|fears?|hopes?|promised|vowed|urged|called for|testified|tweeted"
    r"|replied|responded|suggested|predicted|concluded|quoted)\b",
    re.IGNORECASE,
)
_QUOTES = re.compile(r"[\"“„«][^\"”“»\s]*\s+[^\"”“»\s]+\s[^\"”“»]*[\"”“»]|[\"“„«][^\"”“„»«]{12,}$")
_SENTENCE_END = re.compile(r"[.!?…][\"”’'»)\]]*$")
_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\xa0": " ", "\u2011": "-"})
_LEADING = " *•·►▶▸→»>|=_~+[]-"
_TRAILING = " |[]»→>*_=~"
_WORD = re.compile(r"\w+")
SMALL_WORDS = frozenset({"and", "at", "de", "for", "in", "of", "on", "the"})
_DIVIDER = re.compile(r"(?:[*_#=~•–—-]\s*){3,40}\.?|[\"'“”‘’.…?!]{1,20}")


def tidy(text: str) -> str:
    """A line as the rules see it: white space collapsed, quotation marks straight, bullets and rules gone."""
    return " ".join(text.split()).translate(_STRAIGHT).lstrip(_LEADING).rstrip(_TRAILING)


def is_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    return _SENTENCE_END.search(text[-12:]) is not None


def find_reason(text: str) -> Reason | None:
    """Why a line, taken alone, is not part of a report; None if nothing says so.

    Args:
        text: one line or paragraph.
    """
    if len(text) > _LONGEST_LINE:
        return None
    line = tidy(text)
    if not any(map(str.isalnum, line)):
        # three stars or more part sections of a report; a bar or an arrow parts buttons
        return None if _DIVIDER.fullmatch(text.strip()) else Reason.OTHER
    for reason, pattern in _rules():
        if pattern.fullmatch(line) and not (_might_report(reason, line) and reports(line)):
            return reason
    if _is_teaser(line):
        return Reason.TEASER
    return Reason.BYLINE if _is_signature(line) else None


def reports(line: str) -> bool:
    """Whether a line quotes somebody or has a reporting verb: then only its form can make it furniture."""
    return bool(_REPORTS.search(line) or _QUOTES.search(line))


def _might_report(reason: Reason, line: str) -> bool:
    """Whether a sentence of a report can have the form of furniture of this kind."""
    if reason is Reason.PHOTO:
        return not re.search(r"[:(/|©]", line)  # a caption with its credit
    return reason not in _PLAIN_FORMS


def _is_teaser(line: str) -> bool:
    """Whether a line announces another article (``RELATED: …``, ``Read more: …``, ``Most read``)."""
    if found := _TEASER.fullmatch(line):
        headline = found.group("headline")
        if not headline or not is_sentence(headline):
            return True
        # "More news – and worse – was to come." and "Related: she is his sister." are sentences of a report
        return _TEASER_FORM.match(line) is not None or (headline.endswith("?") and ":" in found.group("mark"))
    if found := _TEASER_VERB.fullmatch(line):
        return not is_sentence(found.group("headline")) and not _QUOTES.search(line)
    return False


def is_teaser_with_headline(text: str) -> bool:
    """Whether a line is a teaser by a first word that headlines of reports begin with too (``Analysis: …``)."""
    line = tidy(text)
    found = _TEASER_VERB.fullmatch(line) or _TEASER.fullmatch(line)
    return found is not None and bool(found.group("headline")) and _TEASER_FORM.match(line) is None


def find_trailing_teaser(text: str) -> int:
    """Where the ``Read more: …`` begins that stands at the end of a paragraph; 0 if there is none."""
    for found in _TRAILING_TEASER.finditer(text, max(0, len(text) - _LONGEST_HEADLINE)):
        follows = is_sentence(text[max(0, found.start() - 20) : found.start()].rstrip())
        if follows and not _NEXT_SENTENCE.search(text, found.end()) and _is_teaser(tidy(text[found.start() :])):
            return found.start()
    return 0


def is_heading_of_teasers(text: str, *, weak: bool = False) -> bool:
    """Whether a line is ``Related articles`` or the like, with nothing after it.

    Args:
        text: the line.
        weak: ask for those only that are section headings of reports as well (``Up next``).
    """
    line = tidy(text)
    found = _TEASER.fullmatch(line)
    return found is not None and not found.group("headline") and (not weak or _WEAK_HEAD.fullmatch(line) is not None)


def _is_signature(line: str) -> bool:
    """Whether a line is a byline, a date or the name of an agency, or several of these in a row."""
    return all(
        _is_date_line(part) or find_byline(part) or (len(part) <= 60 and _AGENCY_LINE.fullmatch(part))
        for part in _split_parts(line)
    ) or bool(find_byline(line))


def _split_parts(line: str) -> list[str]:
    """The parts of a line of credits (``By Ann Example | Published … | Updated …``)."""
    return list(filter(None, map(str.strip, _BAR.split(line)))) or [line]


def _is_date_line(line: str) -> bool:
    """Whether a line is nothing but a date or a time (``Updated 12 December 2022, 10:04 GMT``)."""
    if len(line) > 100 or not re.search(r"\d", line) or not all(map(_DATE_WORD.fullmatch, _WORD.findall(line))):
        return False
    return bool(parse_date(line) or re.search(r"\d:\d\d", line) or re.search(rf"\b{_MONTH}", line, re.IGNORECASE))


def find_byline(line: str) -> str:
    """The names in a line that is a byline (``By Ann Example and Bo Example``); empty if it is none."""
    if len(line) > 160 or not (found := _BYLINE.fullmatch(line)):
        return ""
    names = found.group("names").strip(" ,")
    words = [word for word in names.split() if word.lower() not in _PARTICLES]
    named = len(words) <= 8 and all(word[0].isupper() for word in words) and not all(map(_CALENDAR.fullmatch, words))
    return names if named and not (is_sentence(line) and len(line) > 60) and not _REPORTS.search(line) else ""


def find_names(text: str) -> str:
    """The names in a line that signs a report without ``By`` (``Ann Example and Bo Example | Harbour News``), or none.

    Only for lines between a headline and its report: elsewhere such a line is anything.
    """
    line = tidy(text)
    names, *rest = _split_parts(line)
    words = [word for part in rest for word in _WORD.findall(part) if word.casefold() not in SMALL_WORDS]
    titled = 0 < len(words) <= 12 and all(word[0].isupper() or word[0].isdigit() for word in words)
    signed = len(line) <= 160 and titled and not is_sentence(line) and _NAMES.fullmatch(names)
    return names if signed and (_AND.search(names) or any(map(_is_date_line, rest))) else ""


class Credits(NamedTuple):
    """What the first paragraph and the credit lines of a report say of its making."""

    wire: str
    dateline: str


def find_credits(opening: str, credit_lines: list[str]) -> Credits:
    """The agency credited for a report, and its dateline.

    Args:
        opening: the first paragraph of the report.
        credit_lines: lines that were cut as bylines or copyright notices, and bylines from the page's own data.
    """
    wires: list[str] = []
    dateline = ""
    if found := _HEAD.match(opening[:200]):
        head = found.group("head") or found.group("slashed")
        agency = _HEAD_AGENCY.search(head)
        if not agency and (initials := _HEAD_INITIALS.search(head)):
            place = head[: initials.start()]
            letters = initials.group("round") or initials.group("slash")
            # "UNITED NATIONS (UN) –" names a body and its short form, not a place and an agency
            if _is_place(place, surely=False) and letters != "".join(re.findall(r"\b[A-Z]", place.partition(",")[0])):
                agency = initials
        if agency:
            wires.append(agency.group("round") or agency.group("slash"))
            head = head[: agency.start()]
        if _is_place(head, surely=bool(agency)) and (agency or _DATED.search(head) or _opens(opening[found.end() :])):
            dateline = re.sub(r"(?<=\d)\.$", "", head)
        elif re.fullmatch(_AGENCY, head):
            wires.append(head)
    elif found := re.match(rf"\(({_AGENCY})\)\s", opening):
        wires.append(found.group(1))
    for line in credit_lines:
        wires += _AGENCY_WORD.findall(line[:400])
    unique: dict[str, str] = {}
    for wire in wires:
        name = wire.removeprefix("The ").removeprefix("the ")
        unique.setdefault(_SHORT_NAMES.get(name, name), name)
    return Credits(", ".join(unique.values()), dateline)


def _is_place(head: str, *, surely: bool) -> bool:
    """Whether words before a dash are a dateline: a place in capitals, then perhaps a region and a date.

    Args:
        head: the words.
        surely: whether an agency follows them; then the place need not be in capitals.
    """
    place, *rest = re.split(rf",\s+|\.\s+(?={_MONTH})", head)
    if place.startswith("THE ") and place not in _PLACES_WITH_ARTICLE:
        return False
    if not all(
        _DATE_PART.fullmatch(part.rstrip(".")) or _DATE_PART.fullmatch(part) or _PROPER.fullmatch(part) for part in rest
    ):
        return False
    if len(place) > 2 and _CAPITALS.fullmatch(place) and not _NO_PLACES & set(place.split()):
        return True
    return surely and bool(_PROPER.fullmatch(place) or _DATE_PART.fullmatch(place))


def _opens(text: str) -> bool:
    """Whether what follows a dash is the report, and not an aside between two dashes or more words in capitals."""
    text = _DISTRIBUTOR.sub("", text)
    return _OPENING.match(text) is not None and _SECOND_DASH.match(text) is None


class Signature(NamedTuple):
    """Who signed a report and when, from the lines above it; empty strings where they do not say."""

    byline: str
    published: str
    modified: str


def find_signature(lines: list[str]) -> Signature:
    """Read byline and dates from lines that were cut as such."""
    byline = published = modified = ""
    for line in map(tidy, lines):
        byline = byline or find_names(line)
        for part in _split_parts(line):
            byline = byline or find_byline(part)
            if _is_date_line(part) and (found := parse_date(part)):
                if _CHANGED.match(part):
                    modified = modified or found
                else:
                    published = published or found
    return Signature(byline, published, modified)


def find_reporters(lines: list[str]) -> str:
    """Who reported, from the credits under a report (``(Reporting by Ann Example in Port; Editing by …)``)."""
    for line in map(tidy, lines):
        if found := _REPORTING.match(line):
            parts = _AND.split(found.group("names"))
            names = [re.sub(r" (?:in|at|from) .*", "", part).strip(" .") for part in parts]
            if all(re.fullmatch(_FULL_NAME, name) for name in names):
                return ", ".join(names)
    return ""


def is_body(paragraph: str) -> bool:
    """Whether a line can only be running text."""
    return len(paragraph) > 80 and is_sentence(paragraph)


def is_headline(text: str) -> bool:
    """Whether a line has a headline's length and no full stop; paragraphs of a report end as sentences do."""
    if len(text) > _LONGEST_HEADLINE:
        return False
    finished = is_sentence(text) or text.endswith((":", ",", ";")) or not text[0].isalnum()
    return len(text.split()) in _HEADLINE_WORDS and not finished and not _QUOTES.search(text)


def is_clock_time(text: str) -> bool:
    """Whether a line is a time of day and nothing else, as the entries of a live blog are headed."""
    return _CLOCK.fullmatch(tidy(text)) is not None


def is_date_heading(text: str) -> bool:
    """Whether a line is a bare date or time: inside a report it heads a part of a chronicle."""
    line = tidy(text)
    return _is_date_line(line) and not _STAMP.search(line)
