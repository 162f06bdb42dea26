"""入口の入力: what is typed at sign-in and at the change of a password."""

from typing import Any, Self

from django import forms
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)

PASSWORD_LENGTH_MAX = 200


def _password(label: str, autocomplete: str, required: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=PASSWORD_LENGTH_MAX,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        error_messages={"required": required},
    )


class TypedForm(forms.Form):
    """入力: the first field has the focus, unless something is wrong: then the summary has it."""

    def ready(self) -> Self:
        """The form, ready to be drawn."""
        first = next(iter(self.fields.values()))
        first.widget.attrs["autofocus"] = not self.errors
        return self


class SignInForm(TypedForm):
    """サインイン: login and password. What is wrong with the pair is said by the screen."""

    login = forms.CharField(
        label="操作者ID",
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "username",
                "autocapitalize": "none",
                "spellcheck": "false",
                "inputmode": "email",  # an on-screen keyboard in Latin letters
            }
        ),
        error_messages={"required": "操作者IDを入力してください。"},
    )
    password = _password("パスワード", "current-password", "パスワードを入力してください。")


class ConfirmForm(TypedForm):
    """本人の確認: the password once more."""

    password = _password("パスワード", "current-password", "パスワードを入力してください。")


class NewPasswordForm(TypedForm):
    """新しいパスワード: typed twice; each broken rule is named."""

    new = _password("新しいパスワード", "new-password", "新しいパスワードを入力してください。")
    repeated = _password(
        "新しいパスワード(確認)", "new-password", "確認のため、もう一度入力してください。"
    )

    def __init__(self, operator: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.operator = operator

    @property
    def rules(self) -> list[str]:
        """The rules of a password, one sentence each."""
        return list(password_validators_help_texts())

    def clean_new(self) -> str:
        new = str(self.cleaned_data["new"])
        validate_password(new, self.operator)
        return new

    def clean_repeated(self) -> str:
        repeated = str(self.cleaned_data["repeated"])
        if "new" in self.cleaned_data and repeated != self.cleaned_data["new"]:
            raise forms.ValidationError("新しいパスワードと一致しません。")
        return repeated


class PasswordForm(NewPasswordForm):
    """パスワードの変更: the present one before the new one."""

    present = _password("今のパスワード", "current-password", "今のパスワードを入力してください。")
    field_order = ("present", "new", "repeated")
