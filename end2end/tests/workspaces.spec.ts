import { expect, test } from '../fixtures/reeve';
import { serverFunction } from '../fixtures/server-function';
import { Workspace, workspaceApi } from '../fixtures/workspace';

test('a workspace is enrolled, its key shown once, and the key lets its server in', async ({ reeve, owner, request, hydrated, a11y }) => {
  const org = `/organizations/${reeve.initial!.organization_id}`;
  await owner.goto(`${org}/workspaces`);
  await hydrated(owner);
  await owner.getByRole('main').getByRole('link', { name: /^Enrol/ }).first().click();
  await owner.getByLabel('Identifier').fill('enrolled-here');
  await owner.getByLabel('Name', { exact: false }).last().fill('Enrolled here');
  await owner.getByRole('button', { name: 'Enrol workspace' }).click();

  const shown = owner.getByRole('region', { name: 'Enrollment key of enrolled-here' });
  const key = (await shown.locator('code').first().textContent())!.trim();
  await a11y(owner);
  const blocks = owner.getByRole('region', { name: 'New enrollment key' });
  for (const [title, part] of [
    ['Environment variables', 'ZENML_SERVER_PRO_OAUTH2_CLIENT_SECRET'],
    ['Helm values', 'enrollmentKey'],
    ['Docker command', 'docker run'],
  ] as const) {
    const block = blocks.locator('details').filter({ has: owner.locator('summary', { hasText: title }) });
    if ((await block.getAttribute('open')) === null) await block.locator('summary').click();
    await expect(block.locator('pre, code').first()).toBeVisible();
    await expect(block).toContainText(key);
    await expect(block).toContainText(part);
  }
  const environment = await blocks.locator('details').filter({ has: owner.locator('summary', { hasText: 'Environment variables' }) }).textContent();
  const id = environment!.match(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g)!;
  const tokens = await Promise.all(
    [...new Set(id)].map(async (client_id) =>
      request.post(`${reeve.url}/api/v1/auth/login`, {
        form: { grant_type: 'client_credentials', client_id, client_secret: key, audience: `${reeve.url}/api/v1` },
      }),
    ),
  );
  expect(tokens.some((answer) => answer.status() === 200), 'one of the ids in the block is the server’s, and the key is its secret').toBe(true);

  await owner.getByRole('link', { name: 'Go to the workspace' }).click();
  await expect(owner).toHaveURL(/\/workspaces\/enrolled-here$/);
  await expect(owner.getByRole('main')).toContainText('Waiting for its server');
  await owner.reload();
  await expect(owner.locator('body')).not.toContainText(key);
});

test('an identifier is given once and never again', async ({ reeve, owner, world, hydrated, consoleClean }) => {
  consoleClean.allow(/status of (409|422)/);
  await owner.goto(`/organizations/${reeve.initial!.organization_id}/workspaces/new`);
  await hydrated(owner);
  await owner.getByLabel('Identifier').fill(world.workspace);
  await owner.getByRole('button', { name: 'Enrol workspace' }).click();
  await expect(owner.getByLabel('Identifier')).toHaveAttribute('aria-invalid', 'true');
  await expect(owner.getByLabel('Identifier')).toHaveValue(world.workspace);
});

test('a member gets a role, sees the workspace with it, and loses both again', async ({ reeve, owner, join, world, hydrated }) => {
  const person = await join('given@acme.test', 'Gwen Given');
  const list = `/organizations/${reeve.initial!.organization_id}/workspaces`;
  await person.page.goto(list);
  await expect(person.page.getByRole('link', { name: 'Furnished' })).toHaveCount(0);

  await owner.goto(`/workspaces/${world.workspace}`);
  await hydrated(owner);
  await owner.getByLabel('Person or team', { exact: true }).fill('given@acme.test');
  // No role is given by leaving the list as it is.
  await expect(owner.getByLabel('Role', { exact: true })).toHaveValue('');
  await owner.getByLabel('Role', { exact: true }).selectOption({ label: 'Workspace Viewer' });
  await owner.getByRole('button', { name: 'Give role' }).click();
  const row = owner.getByRole('region', { name: 'Roles given here' }).getByRole('row', { name: /Gwen Given/ });
  await expect(row).toContainText('Workspace Viewer');
  const entrant = owner.getByRole('region', { name: 'People who may enter' }).getByRole('row', { name: /Gwen Given/ });
  await expect(entrant).toContainText('Workspace Viewer');
  await person.page.reload();
  await expect(person.page.getByRole('link', { name: 'Furnished' })).toBeVisible();

  await row.getByRole('button', { name: 'Take role' }).click();
  const dialog = owner.getByRole('dialog');
  await expect(dialog).toContainText('1 person');
  await dialog.getByRole('button', { name: 'Take role' }).click();
  await expect(row).toHaveCount(0);
  await expect(entrant).toHaveCount(0);
  await person.page.reload();
  await expect(person.page.getByRole('link', { name: 'Furnished' })).toHaveCount(0);
});

test('a key is rotated and revoked, and the workspace switched off and deleted', async ({ reeve, owner, request, hydrated }) => {
  const { api_key, organization_id } = reeve.initial!;
  const made = await request.post(`${reeve.url}/api/v1/workspaces`, {
    headers: { authorization: `Bearer ${api_key}` },
    data: { enroll: true, organization_id, name: 'short-lived', display_name: 'Short lived' },
  });
  const { id, enrollment_key } = (await made.json()) as { id: string; enrollment_key: string };
  const signIn = async (key: string) => {
    const form = { grant_type: 'client_credentials', client_id: id, client_secret: key, audience: `${reeve.url}/api/v1` };
    return (await request.post(`${reeve.url}/api/v1/auth/login`, { form })).status();
  };
  expect(await signIn(enrollment_key)).toBe(200);

  await owner.goto('/workspaces/short-lived');
  await hydrated(owner);
  await owner.getByLabel('Keys made before').selectOption({ label: 'Stop at once' });
  await owner.getByRole('button', { name: 'Rotate key' }).click();
  const fresh = (await owner.getByRole('region', { name: /^Enrollment key of/ }).locator('code').first().textContent())!.trim();
  expect(await signIn(fresh)).toBe(200);
  expect(await signIn(enrollment_key)).not.toBe(200);
  // The page has been read again.
  await expect(owner.getByRole('region', { name: 'Enrollment keys' })).toContainText(fresh.slice(-4));

  await owner.getByRole('button', { name: 'Deactivate workspace' }).click();
  await owner.getByRole('dialog').getByRole('button', { name: 'Deactivate workspace' }).click();
  await expect(owner.getByRole('button', { name: 'Activate workspace', exact: true })).toBeVisible();
  expect(await signIn(fresh)).not.toBe(200);
  await owner.getByRole('button', { name: 'Activate workspace', exact: true }).click();
  await expect(owner.getByRole('button', { name: 'Deactivate workspace' })).toBeVisible();
  expect(await signIn(fresh)).toBe(200);

  await owner.getByRole('button', { name: 'Delete workspace' }).click();
  const dialog = owner.getByRole('dialog');
  await dialog.getByRole('textbox').fill('short-lived');
  await dialog.getByRole('button', { name: 'Delete workspace' }).click();
  await owner.waitForURL(/\/workspaces$/);
  await expect(owner.getByRole('link', { name: 'Short lived' })).toHaveCount(0);
  expect(await signIn(fresh)).not.toBe(200);
});

test('each person in a workspace is named with everything that lets them in', async ({ reeve, owner, join, world, hydrated }) => {
  const org = reeve.initial!.organization_id;
  const person = await join('twice@acme.test', 'Tilda Twice');
  const call = (name: string, fields: Record<string, string>) => serverFunction<{ id: string }>(owner.request, reeve.url, name, fields);
  const team = await call('teams/create', { org, name: 'Twofold' });
  await call('teams/add_member', { team: team.id, who: person.email });
  await call('grants/add_in_workspace', { workspace: world.workspaceId, who: 'Twofold', role: 'workspace-admin', until: '2099-12-31' });
  await call('grants/add_in_workspace', { workspace: world.workspaceId, who: person.email, role: 'workspace-viewer' });
  await owner.goto(`/workspaces/${world.workspace}`);
  await hydrated(owner);
  const people = owner.getByRole('region', { name: 'People who may enter' });
  const ways = people.getByRole('row', { name: /Tilda Twice/ }).getByRole('listitem');
  await expect(ways).toHaveText(['Workspace Viewer', 'Workspace Admin, through team Twofold, until 31 Dec 2099']);
  await expect(people.getByRole('row', { name: /owner@acme.test/ })).toContainText('Organization Admin');

  // They lead the workspace through the team alone, and give roles there themselves.
  await person.page.goto(`/workspaces/${world.workspace}`);
  await hydrated(person.page);
  const row = person.page.getByRole('region', { name: 'Roles given here' }).getByRole('row', { name: /Twofold/ });
  await row.getByRole('button', { name: 'Take role' }).click();
  const dialog = person.page.getByRole('dialog');
  await expect(dialog).toContainText('You lose rights of your own');
  await dialog.getByRole('checkbox', { name: 'I give up these rights of my own' }).check();
  await dialog.getByRole('button', { name: 'Take role' }).click();
  await expect(person.page.getByText('You work here, others manage it')).toBeVisible();
});

test('a role that was given until a day that is over is refused at its field', async ({ owner, world, hydrated, consoleClean }) => {
  consoleClean.allow(/status of 422/);
  await owner.goto(`/workspaces/${world.workspace}`);
  await hydrated(owner);
  await owner.getByLabel('Person or team').fill('owner@acme.test');
  await owner.getByLabel('Role', { exact: true }).selectOption({ label: 'Workspace Viewer' });
  await owner.getByLabel('Last day').fill('2001-01-01');
  await owner.getByRole('button', { name: 'Give role' }).click();
  await expect(owner.getByLabel('Last day')).toHaveAttribute('aria-invalid', 'true');
  await expect(owner.getByLabel('Person or team')).toHaveValue('owner@acme.test');
});

test('a project that a workspace reported is named, and a role in it reaches it alone', async ({ reeve, owner, request, join, hydrated, a11y }) => {
  const person = await join('projects@acme.test', 'Piet Project');
  const workspace = await Workspace.enrol(request, reeve, 'with-projects', 'With projects');
  const [one, other] = [await workspace.hasMade('project'), await workspace.hasMade('project')];
  await owner.goto(`/workspaces/${workspace.name}`);
  await hydrated(owner);
  const projects = owner.getByRole('region', { name: 'Projects' });
  await expect(projects.getByRole('link', { name: other })).toBeVisible();
  await projects.getByRole('link', { name: one }).click();
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText(one);
  await owner.getByLabel('Name', { exact: true }).fill('Churn');
  await owner.getByRole('button', { name: 'Save' }).click();
  await expect(owner.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible();
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('Churn');

  await owner.getByLabel('Person or team').fill(person.email);
  await owner.getByLabel('Role', { exact: true }).selectOption({ label: 'Project Admin' });
  await owner.getByRole('button', { name: 'Give role' }).click();
  await expect(owner.getByRole('region', { name: 'Roles given here' }).getByRole('row', { name: /Piet Project/ })).toContainText('Project Admin');
  const people = owner.getByRole('region', { name: /^People/ });
  await expect(people.getByRole('row', { name: /Piet Project/ })).toContainText('Project Admin');
  await expect(people.getByRole('row', { name: /owner@acme.test/ })).toContainText('Organization Admin');
  await a11y(owner);

  await owner.getByRole('definition').getByRole('link', { name: 'With projects' }).click();
  await expect(owner.getByRole('region', { name: 'Roles given here' }).getByRole('row', { name: /Piet Project/ })).toContainText('Churn');
  await expect(projects.getByRole('row', { name: /Churn/ })).toContainText('1');

  // They may enter, manage that project and know nothing of the other.
  await person.page.goto(`/workspaces/${workspace.name}/project/${one}`);
  await hydrated(person.page);
  await expect(person.page.getByRole('heading', { level: 1 })).toHaveText('Churn');
  await expect(person.page.getByRole('button', { name: 'Give role' })).toBeVisible();
  const refused = await person.page.request.get(`/workspaces/${workspace.name}/project/${other}`);
  expect([403, 404]).toContain(refused.status());
  expect(await refused.text()).not.toContain('owner@acme.test');
});

test('a project is made by asking its workspace, as whoever makes it', async ({ reeve, owner, request, hydrated, consoleClean }) => {
  const api = await workspaceApi();
  const workspace = await Workspace.enrol(request, reeve, 'makes-projects', 'Makes projects');
  await owner.goto(`/workspaces/${workspace.name}`);
  await hydrated(owner);
  await expect(owner.getByRole('button', { name: 'Make project' }), 'its server has not started').toHaveCount(0);
  await workspace.hasStarted(api.url);
  await owner.reload();
  await hydrated(owner);
  await owner.getByLabel('Project name', { exact: true }).fill('churn');
  await owner.getByLabel('Project name for people').fill('Customer churn');
  await owner.getByRole('button', { name: 'Make project' }).click();
  await expect(owner.getByText('Customer churn is made')).toBeVisible();
  await expect(owner.getByRole('region', { name: 'Projects' }).getByRole('link', { name: 'Customer churn' })).toBeVisible();
  expect(api.asked).toMatchObject([{ name: 'churn', display_name: 'Customer churn' }]);
  expect(api.asked[0]!.token).not.toBe('');

  api.close();
  consoleClean.allow(/status of 503|answered 503/);
  await owner.getByLabel('Project name', { exact: true }).fill('second');
  await owner.getByRole('button', { name: 'Make project' }).click();
  await expect(owner.getByRole('alert').getByText(/^The workspace cannot be asked/)).toBeVisible();
  await expect(owner.getByLabel('Project name', { exact: true })).toHaveValue('second');
});
