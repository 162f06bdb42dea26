"""要素の登録: a new authenticator or device, at the first sign-in or later at one's own screen."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from daicho.access import policy
from daicho.access.acting import Actor
from daicho.access.entering import Operator, codes, factors, keys, leaves, registering, sealing
from daicho.access.refusals import Refused
from daicho.law.rule import Finding
from daicho.law.safety import factors as findings
from daicho.web.asking import Request
from daicho.web.entry.factors import answering, drawing
from daicho.web.entry.factors.confirming import confirmed
from daicho.web.entry.passing import Registration, Stage, at_stage, show
from daicho.web.required import methods

SECRET = "totp_secret"  # noqa: S105  the session's key, not a secret


@dataclass(frozen=True)
class Registrant:
    """登録する者: who is signing in and must register, or who sits at the own screen."""

    operator: Operator
    terminal: str
    stage: Stage | None

    def at(self, page: str) -> str:
        """The name of this person's page of that kind."""
        return f"entry:{'registration' if self.stage else 'factors'}_{page}"

    @property
    def start(self) -> str:
        """The name of the page on which the registration begins."""
        return "entry:registration" if self.stage else "entry:factors"

    def done(self) -> HttpResponse:
        """On, where the factor and its recovery codes are registered."""
        if self.stage is None:
            return redirect(self.start)
        if self.stage.is_due():
            return redirect(self.start)
        response: HttpResponse = self.stage.exit()
        return response


Screen = Callable[[Request, Registrant], HttpResponse]


def at_first(screen: Screen) -> Callable[[Request], HttpResponse]:
    """最初の登録: the screen during a sign-in that demands a second factor."""

    @wraps(screen)
    @methods("GET", "POST")
    @sensitive_post_parameters()
    @at_stage(Registration)
    def answer(request: Request, stage: Stage) -> HttpResponse:
        return screen(request, Registrant(stage.operator, "", stage))

    return answer


def later(screen: Screen) -> Callable[[Request], HttpResponse]:
    """後の登録: the screen of somebody who is present and was asked again a moment ago."""

    @wraps(screen)
    @methods("GET", "POST")
    @sensitive_post_parameters()
    @confirmed
    def answer(request: Request, actor: Actor) -> HttpResponse:
        assert request.user.is_authenticated
        return screen(request, Registrant(request.user, actor.terminal, None))

    return answer


def start(request: Request, who: Registrant) -> HttpResponse:
    """登録の始め: which kind; without leave, whom to ask."""
    if factors.must_be_shown(who.operator):
        return redirect(who.at("codes"))  # registered already, by this very sign-in
    if not leaves.is_open(who.operator):
        return _no_leave(request, who)
    context = {"who": who, "accepted": policy.sign_in().factors}
    return render(request, "entry/registration.html", context)


def _no_leave(request: Request, who: Registrant) -> HttpResponse:
    if request.method == "POST":  # a page that is only looked at is no try
        registering.refuse(who.operator, terminal=who.terminal, request_id=request.request_id)
    return render(request, "entry/no_leave.html", {"finding": findings.NO_LEAVE()}, status=403)


def key(request: Request, who: Registrant) -> HttpResponse:
    """認証器の登録."""
    if not leaves.is_open(who.operator):
        return _no_leave(request, who)
    if request.method == "GET":
        return _key_page(request, who)
    state = answering.pending(request, answering.REGISTRATION)
    name, answer = request.POST.get("name", "").strip(), answering.typed_answer(request)
    try:
        registering.register(
            who.operator,
            lambda: keys.make(who.operator, state, answer, name),
            terminal=who.terminal,
            request_id=request.request_id,
        )
    except Refused as refused:
        return _key_page(request, who, refused.findings[0])
    request.session.pop(answering.REGISTRATION, None)
    return _registered(request, who, factors.WEBAUTHN)


def _key_page(request: Request, who: Registrant, found: Finding | None = None) -> HttpResponse:
    elsewhere, options = answering.elsewhere(request), ""
    if not elsewhere:
        pending = answering.pending(request, answering.REGISTRATION)
        question = keys.ask_registration(who.operator, pending)
        options = answering.keep(request, answering.REGISTRATION, question)
    context = {
        "who": who,
        "back": who.start,
        "finding": found,
        "elsewhere": elsewhere,
        "options": options,
        "is_listed": bool(policy.sign_in().authenticator_models),
        "name_length_max": keys.NAME_LENGTH_MAX,
    }
    return render(request, "entry/key.html", context, status=422 if found else 200)


def totp(request: Request, who: Registrant) -> HttpResponse:
    """ワンタイムパスワードの登録."""
    if not leaves.is_open(who.operator):
        return _no_leave(request, who)
    kept = request.session.get(SECRET)
    secret = sealing.unseal(kept) if kept else codes.fresh_secret()
    request.session[SECRET] = kept or sealing.seal(secret)
    if request.method == "GET":
        return _totp_page(request, who, secret)
    code = request.POST.get("code", "")
    try:
        registering.register(
            who.operator,
            lambda: codes.make(who.operator, secret, code),
            terminal=who.terminal,
            request_id=request.request_id,
        )
    except Refused as refused:
        return _totp_page(request, who, secret, refused.findings[0])
    request.session.pop(SECRET, None)
    return _registered(request, who, factors.TOTP)


def _totp_page(
    request: Request, who: Registrant, secret: str, found: Finding | None = None
) -> HttpResponse:
    context = {
        "who": who,
        "back": who.start,
        "finding": found,
        "drawn": drawing.of_device(who.operator.login, secret),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    }
    return render(request, "entry/totp.html", context, status=422 if found else 200)


def _registered(request: Request, who: Registrant, kind: str) -> HttpResponse:
    if who.stage is not None:
        show(request, who.operator, kind)
    return redirect(who.at("codes"))


def recovery_codes(request: Request, who: Registrant) -> HttpResponse:
    """回復用コード: shown once, right after they were made; then on."""
    if request.method == "POST":
        return who.done()
    shown = registering.show_codes(who.operator)
    if not shown:
        return who.done()
    return render(request, "entry/codes.html", {"who": who, "codes": shown})
