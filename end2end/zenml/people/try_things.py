"""Tries things in a workspace, one for each argument; prints what came of each.

An argument is a name of this file and, after a colon, what it is done with.
"""

import json
import sys
from collections.abc import Callable

from zenml.client import Client
from zenml.enums import StackComponentType

client = Client()


def project(name: str) -> None:
    """Works in this project from here on."""
    client.set_active_project(name)


def me(_: str) -> dict[str, object]:
    user = client.active_user
    return {"name": user.name, "is_service_account": user.is_service_account, "is_admin": user.is_admin}


def projects(_: str) -> list[str]:
    return sorted(project.name for project in client.list_projects())


def stacks(_: str) -> list[str]:
    return sorted(stack.name for stack in client.list_stacks())


def runs(_: str) -> int:
    return client.list_pipeline_runs().total


def models(_: str) -> list[str]:
    return sorted(model.name for model in client.list_models())


def pipelines(_: str) -> list[str]:
    return sorted(pipeline.name for pipeline in client.list_pipelines())


def secrets(_: str) -> list[str]:
    return sorted(secret.name for secret in client.list_secrets())


def secret_value(name: str) -> dict[str, str]:
    """Of a secret whose value may not be read, nothing."""
    return client.get_secret(name).secret_values


def create_project(name: str) -> None:
    client.create_project(name, description="")


def create_stack(name: str) -> None:
    stack = client.get_stack("default")
    components = {
        kind: stack.components[kind][0].id for kind in (StackComponentType.ORCHESTRATOR, StackComponentType.ARTIFACT_STORE)
    }
    client.create_stack(name, components)


def create_model(name: str) -> None:
    client.create_model(name)


def create_secret(name: str) -> None:
    client.create_secret(name, values={"key": "value"})


def rename_stack(names: str) -> None:
    old, new = names.split("=")
    client.update_stack(old, name=new)


def delete_stack(name: str) -> None:
    client.delete_stack(name)


def delete_run(run: str) -> None:
    client.delete_pipeline_run(run)


def delete_model(name: str) -> None:
    client.delete_model(name)


def delete_secret(name: str) -> None:
    client.delete_secret(name)


def delete_project(name: str) -> None:
    client.delete_project(name)


def tried(argument: str) -> object:
    verb, _, what = argument.partition(":")
    attempt: Callable[[str], object] = globals()[verb]
    try:
        return attempt(what)
    except Exception as error:
        return {"refused": f"{type(error).__name__}: {error}"}


print()
print(json.dumps([tried(argument) for argument in sys.argv[1:]]))
