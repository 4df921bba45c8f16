"""Rasa without loading TensorFlow, when no component of `config.yml` computes with it.

Rasa 3.6 imports TensorFlow, Keras and jax with its very first module, for components that we do not use (DIET, TED):
350 MB and two thirds of the time of a start (docs/decisions/0007). Here those packages are replaced, for this process,
by placeholders that let Rasa's classes be defined and refuse, by name, to be used.
"""

import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Sequence
from typing import Any, NoReturn

import yaml

from bot.settings import ROOT

PACKAGES = frozenset({"tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras", "jax"})
COMPUTES_WITHOUT = frozenset({"RulePolicy", "MemoizationPolicy", "AugmentedMemoizationPolicy"})
"""Rasa's own components that never call TensorFlow; ours (`bot.…`) never do."""


class TensorflowIsAbsentError(RuntimeError):
    """Something computes with TensorFlow in a process that was told nobody would; the message names what."""


class _Placeholder(type):
    """A name of an absent package: it can be inherited from, annotated with, named further; never called."""

    def __getattr__(cls, name: str) -> "_Placeholder":
        if name.startswith("__"):
            raise AttributeError(name)
        return _named(f"{cls.__name__}.{name}")

    def __call__(cls, *arguments: Any, **options: Any) -> Any:
        if cls.__module__ != __name__:  # a class of Rasa's that inherits from a name of ours
            return super().__call__(*arguments, **options)
        if len(arguments) == 1 and isinstance(arguments[0], types.FunctionType) and not options:
            return arguments[0]  # a decorator, `@tf.function`
        if not arguments:
            return _undecorated  # the same with options, `@tf.keras.utils.register_keras_serializable(…)`
        return _refuse(cls.__name__)

    def __getitem__(cls, _item: object) -> "_Placeholder":
        return cls


def _undecorated(decorated: Any) -> Any:
    return decorated


def _refuse(name: str) -> NoReturn:
    raise TensorflowIsAbsentError(f"{name}: TensorFlow was left out of this process ({__name__})")


def _named(name: str) -> _Placeholder:
    return _Placeholder(name, (), {"__module__": __name__})


class _AbsentModule(types.ModuleType):
    def __getattr__(self, name: str) -> _Placeholder:
        if name.startswith("__"):
            raise AttributeError(name)
        return _named(f"{self.__name__}.{name}")


class _Absent(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds placeholders for every module of the absent packages."""

    def find_spec(
        self, name: str, _path: Sequence[str] | None = None, _target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name.split(".")[0] not in PACKAGES:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _AbsentModule(spec.name)

    def exec_module(self, _module: types.ModuleType) -> None:
        """A placeholder has nothing to run."""


def dispensable(config: dict[str, Any]) -> bool:
    """Whether no component of a Rasa configuration computes with TensorFlow."""
    components = [*(config.get("pipeline") or []), *(config.get("policies") or [])]
    return all(
        component["name"].startswith("bot.") or component["name"] in COMPUTES_WITHOUT
        for component in components
    )


def install() -> bool:
    """Leave TensorFlow out of this process if `config.yml` allows it. To be called before Rasa is imported.

    Returns whether it was left out: not when a component needs it, nor when it is already loaded.
    """
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    if "tensorflow" in sys.modules or not dispensable(config):
        return False
    sys.meta_path.insert(0, _Absent())
    return True
