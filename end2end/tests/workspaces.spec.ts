import { expect, test } from '../fixtures/reeve';

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
  await owner.getByLabel('Member', { exact: true }).fill('given@acme.test');
  await owner.getByLabel('Role', { exact: true }).selectOption({ label: 'Workspace Viewer' });
  await owner.getByRole('button', { name: 'Give role' }).click();
  const row = owner.getByRole('row', { name: /Gwen Given/ });
  await expect(row).toContainText('Viewer');
  await person.page.reload();
  await expect(person.page.getByRole('link', { name: 'Furnished' })).toBeVisible();

  await row.getByRole('button').first().click();
  await owner.getByRole('button', { name: 'Take the role' }).last().click();
  await owner.getByRole('dialog').getByRole('button', { name: 'Take the role' }).click();
  await expect(row).toHaveCount(0);
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

  await owner.getByRole('button', { name: 'Deactivate workspace' }).click();
  await expect(owner.getByRole('button', { name: 'Activate workspace' })).toBeVisible();
  expect(await signIn(fresh)).not.toBe(200);
  await owner.getByRole('button', { name: 'Activate workspace' }).click();
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
