"""Runs a pipeline of two steps with a model; prints what came of it."""

import json
import sys

from zenml import Model, pipeline, step
from zenml.client import Client

PROJECT = sys.argv[1]


@step
def load() -> int:
    return 20


@step
def double(number: int) -> int:
    return number * 2


@pipeline(name="doubling", model=Model(name="doubler"), enable_cache=False)
def doubling() -> None:
    double(load())


if __name__ == "__main__":
    client = Client()
    client.set_active_project(PROJECT)
    began = doubling()
    run = client.get_pipeline_run(began.id)
    number = run.steps["double"].output.load()
    print()
    print(json.dumps({"id": str(run.id), "status": run.status.value, "number": number, "model": run.model_version.model.name}))
