"""Holds a fresh Reeve against its own description, with schemathesis: with a token, with none, and again with what is
wrong on purpose. Whatever it answers has to be described, and no answer is a fault."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "zenml"))

import requests  # noqa: E402
from programs import Program  # noqa: E402
from reeve import Reeve  # noqa: E402

#: Examples for each operation and kind of data.
EXAMPLES = os.environ.get("REEVE_API_EXAMPLES", "12")

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
]

#: What may end the key of this run, or the caller with it: asked last, when nothing has to be asked any more.
LAST = r"^/api/(v1/(users/me/api_keys|organizations/[^/]+/members)/|fn/(api_keys/(revoke|rotate_secret|set_active|set_policy)|members/(leave|lock|remove|set_role)|offboarding/carry_out)$)"


def world(reeve: Reeve) -> tuple[dict[str, str], str]:
    """Makes one of each thing: their ids by the names of inputs, `<noun>.<name>` where a name means several things, and
    the token of a workspace's server."""
    http = requests.Session()
    http.headers["Authorization"] = f"Bearer {reeve.initial.api_key}"

    def post(path: str, **body: object) -> dict:
        answer = http.post(f"{reeve.api}{path}", json=body, timeout=30)
        assert answer.ok, answer.text
        return answer.json()

    workspace = post("/workspaces", name="dev", enroll=True, organization_id=reeve.org)
    team = post("/teams", name="Operations", organization_id=reeve.org)
    role = post("/roles", name="Stacks", level="workspace", permissions=["stack.read"], organization_id=reeve.org)
    account = post(f"/organizations/{reeve.org}/service_accounts", username="bot")
    grant = http.post(
        f"{reeve.api}/workspaces/dev/members",
        params={"team_id": team["id"], "role_id": role["id"]},
        timeout=30,
    ).json()
    server = http.post(
        f"{reeve.api}/auth/login",
        data={
            "grant_type": "client_credentials",
            "client_id": workspace["id"],
            "client_secret": workspace["enrollment_key"],
            "audience": reeve.api,
        },
        headers={"Authorization": ""},
        timeout=30,
    ).json()["access_token"]
    known = {
        "org": reeve.org,
        "organization_id": reeve.org,
        "organizations.id_or_name": reeve.org,
        "workspace": workspace["id"],
        "workspace_id": workspace["id"],
        "workspaces.id_or_name": "dev",
        "workspaces.name": "dev",
        "team": team["id"],
        "teams.id": team["id"],
        "role": role["id"],
        "role_id": role["id"],
        "roles.id": role["id"],
        "account": account["id"],
        "grant": grant["id"],
        "user": reeve.initial.user_id,
        "user_id": reeve.initial.user_id,
        "action": "read",
        "resource": "stack",
    }
    return known, server


#: Server functions refuse what is wrong, too. Under `/api/v1` some of it is passed over on purpose, as ZenML's clients send
#: it: empty values of a query count as none, and a usage event is answered the same whatever it says.
STRICT = [*CHECKS, "negative_data_rejection"]


def fuzz(reeve: Reeve, folder: Path, name: str, known: dict[str, str], checks: list[str], *options: str) -> bool:
    """Whether every answer was as described."""
    print(f"   {name}", flush=True)
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            "run",
            f"{reeve.url}/api/openapi.json",
            "--phases=examples,coverage,fuzzing",
            f"--checks={','.join(checks)}",
            f"--max-examples={EXAMPLES}",
            "--generation-deterministic",
            "--seed=1",
            # Two at a time trip over each other inside of the generator.
            "--workers=1",
            "--max-redirects=0",
            "--request-timeout=30",
            "--no-shrink",
            "--continue-on-failure",
            "--suppress-health-check=all",
            "--warnings=off",
            *options,
        ],
        cwd=folder,
        env={**os.environ, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(HERE), "REEVE_KNOWN": json.dumps(known)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stdout)
    else:
        print("\n".join(line for line in done.stdout.splitlines() if "generated" in line), flush=True)
    return done.returncode == 0


def main() -> int:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        reeve = Reeve(folder)
        try:
            known, server = world(reeve)
            key = reeve.initial.api_key
            by_key = f"--header=Authorization: Bearer {key}"
            fine = fuzz(reeve, folder, "with nobody's token", known, CHECKS, "--mode=positive")
            rest = f"--exclude-path-regex={LAST}|^/api/fn/"
            fine &= fuzz(reeve, folder, "by key, what is no server function", known, CHECKS, by_key, rest)
            functions = ["--include-path-regex=^/api/fn/", f"--exclude-path-regex={LAST}"]
            fine &= fuzz(reeve, folder, "by key, server functions", known, STRICT, by_key, *functions)
            server = f"--header=Authorization: Bearer {server}"
            fine &= fuzz(reeve, folder, "by a workspace's token", known, CHECKS, server, "--include-tag=for workspaces")
            # Otherwise a part of it was asked by nobody.
            still = requests.get(f"{reeve.api}/users/me", headers={"Authorization": f"Bearer {key}"}, timeout=30)
            assert still.ok, f"the key of this run does not work any more: {still.text}"
            fine &= fuzz(reeve, folder, "by key, what may end it", known, CHECKS, by_key, f"--include-path-regex={LAST}")
            assert "panicked" not in reeve.log, reeve.log[-4000:]
            reeve.stop()
        finally:
            for program in Program.started:
                program.stop()
            reeve.database.drop()
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
