"""Who may call a route. A route without a policy stops the start; nothing is allowed by default."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_security import current_user

View = TypeVar("View", bound=Callable[..., Any])
_ATTRIBUTE = "__policy__"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Policy:
    """Anyone (`public`), or signed-in accounts with one of `roles` (empty: any role)."""

    public: bool = False
    roles: frozenset[str] = frozenset()

    def admits(self, role: str | None) -> bool:
        """Tell whether an account with this role (None: not signed in) may call the route."""
        if self.public:
            return True
        return role is not None and (not self.roles or role in self.roles)


PUBLIC = Policy(public=True)
SIGNED_IN = Policy()


class RouteWithoutPolicy(RuntimeError):
    """The application refuses to start because somebody forgot to say who may call a route."""


def public(view: View) -> View:
    """Declare that anybody may call the view, signed in or not."""
    setattr(view, _ATTRIBUTE, PUBLIC)
    return view


def only(*roles: str) -> Callable[[View], View]:
    """Declare that signed-in accounts with one of the roles (none given: any) may call the view."""

    def declare(view: View) -> View:
        setattr(view, _ATTRIBUTE, Policy(roles=frozenset(roles)))
        return view

    return declare


def policy_of(app: Flask, endpoint: str) -> Policy | None:
    """Return what is declared for an endpoint: on its view, or in the list for foreign views."""
    declared: dict[str, Policy] = app.extensions["policies"]
    view = app.view_functions.get(endpoint)
    return getattr(view, _ATTRIBUTE, None) or declared.get(endpoint)


def guard(app: Flask, foreign: dict[str, Policy]) -> None:
    """Enforce policies on every request; `foreign` declares those of views from libraries."""
    app.extensions["policies"] = foreign
    app.before_request(_enforce)


def require_policies(app: Flask) -> None:
    """Stop the start if any route has no policy."""
    missing = sorted(
        rule.endpoint for rule in app.url_map.iter_rules() if policy_of(app, rule.endpoint) is None
    )
    if missing:
        raise RouteWithoutPolicy("routes without a policy: " + ", ".join(missing))


def _enforce() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None
    policy = policy_of(current_app, request.endpoint)
    role = current_user.role if current_user.is_authenticated else None
    if policy is not None and policy.admits(role):
        return None
    if role is None:
        return abort(401)
    # the endpoint, not the address: what people write into addresses is not for logs
    _log.warning("%s refused to account %s, %s", request.endpoint, current_user.id, role)
    return abort(403)
