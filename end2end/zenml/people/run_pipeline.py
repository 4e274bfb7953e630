"""Runs a pipeline of two steps with a model; prints what came of it.

The arguments are the project and the pipeline's name.
"""

import json
import sys

from zenml import Model, pipeline, step
from zenml.client import Client

PROJECT, NAME = sys.argv[1:]


@step
def load() -> int:
    return 20


@step
def double(number: int) -> int:
    return number * 2


@pipeline(name=NAME, model=Model(name="doubler"), enable_cache=False)
def doubling() -> None:
    double(load())


def ran() -> dict[str, object]:
    client = Client()
    client.set_active_project(PROJECT)
    began = doubling()
    run = client.get_pipeline_run(began.id)
    number = run.steps["double"].output.load()
    return {"id": str(run.id), "status": run.status.value, "number": number, "model": run.model_version.model.name}


def tried() -> dict[str, object]:
    try:
        return ran()
    except Exception as error:
        return {"refused": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    found = tried()
    print()
    print(json.dumps(found))
