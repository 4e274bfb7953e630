"""What the Python client for the control plane says; prints it."""

import asyncio
import json
import sys
from uuid import UUID

from zenml.login.pro.client import ZenMLProClient

api, organization, workspace = sys.argv[1:]
client = ZenMLProClient(api)
got = client.workspace.get(UUID(workspace))
print()
print(
    json.dumps(
        {
            "workspaces": sorted(found.name for found in client.workspace.list()),
            "my_workspaces": sorted(found.name for found in client.workspace.list(member_only=True)),
            "workspace": {"name": got.name, "status": got.status, "url": got.url, "version": got.version},
            "dashboard": [got.dashboard_url, got.dashboard_organization_url],
            "organization_by_id": client.organization.get(organization).name,
            "organization_by_name": str(client.organization.get("acme").id),
            "organizations": [found.name for found in asyncio.run(client.organization.list())],
        }
    )
)
