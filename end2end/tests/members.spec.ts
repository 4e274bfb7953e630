import { expect, test } from '../fixtures/reeve';

test('a role is changed, and holds at the next request', async ({ reeve, owner, join, hydrated }) => {
  const person = await join('rolf@acme.test', 'Rolf Role');
  const org = `/organizations/${reeve.initial!.organization_id}`;
  await person.page.goto(org);
  await hydrated(person.page);
  await expect(person.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Audit log/ })).toHaveCount(0);

  await owner.goto(`${org}/members?q=rolf`);
  await hydrated(owner);
  await owner.getByRole('link', { name: /Rolf Role/ }).click();
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText(/Rolf Role/);
  await owner.getByRole('group', { name: 'Role' }).getByText('Organization Admin', { exact: true }).click();
  await expect(owner.getByRole('radio', { name: /Organization Admin/ })).toBeChecked();
  const changed = owner.waitForResponse(/\/api\/fn\/members\/set_role$/);
  await owner.getByRole('button', { name: 'Change role' }).click();
  expect((await changed).status()).toBeLessThan(400);

  await person.page.reload();
  await expect(person.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Audit log/ })).toBeVisible();
});

test('a member is removed, and is out at their next click', async ({ reeve, owner, join, hydrated, consoleClean }) => {
  const person = await join('remo@acme.test', 'Remo Removed');
  const org = `/organizations/${reeve.initial!.organization_id}`;
  await person.page.goto(org);
  await hydrated(person.page);

  await owner.goto(`${org}/members/${person.id}`);
  await hydrated(owner);
  await owner.getByRole('button', { name: 'Remove member' }).click();
  const dialog = owner.getByRole('dialog');
  await expect(dialog).toContainText('Remo Removed');
  await dialog.getByRole('button', { name: 'Remove member' }).click();
  await owner.waitForURL(new RegExp(`${org}/members$`));
  await expect(owner.getByText('Remo Removed')).toHaveCount(0);

  consoleClean.allow(/status of (403|404)/);
  await person.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Workspaces/ }).click();
  await expect(person.page.getByRole('heading', { level: 1, name: 'There is nothing here' })).toBeVisible();
});

test('the only administrator can neither leave nor step down', async ({ empty, visitor, hydrated }) => {
  const reeve = await empty();
  const initial = await reeve.init();
  const page = await visitor();
  await page.goto(initial.sign_in_url);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/organizations\//);
  await page.goto(`${reeve.url}/organizations/${initial.organization_id}/members/${initial.user_id}`);
  await hydrated(page);
  await expect(page.getByText('The only Organization Admin', { exact: true })).toBeVisible();
  await expect(page.getByText('Not possible for the only Organization Admin.')).toBeVisible();
});

test('the list is searched and filtered by its address', async ({ reeve, owner, join, hydrated }) => {
  await join('findable@acme.test', 'Fiona Findable');
  const org = `/organizations/${reeve.initial!.organization_id}`;
  await owner.goto(`${org}/members`);
  await hydrated(owner);
  await owner.getByLabel('Search members').fill('findab');
  await owner.getByLabel('Search members').press('Enter');
  await owner.waitForURL(/q=findab/);
  await expect(owner.getByRole('row', { name: /Fiona Findable/ })).toBeVisible();
  await expect(owner.getByRole('row', { name: /owner@acme.test/ })).toHaveCount(0);
  await owner.getByLabel('Role').selectOption({ label: 'Organization Admin' });
  await owner.waitForURL(/role=/);
  await expect(owner.getByText('Nobody matches')).toBeVisible();
  await owner.reload();
  await hydrated(owner);
  await expect(owner.getByLabel('Search members')).toHaveValue('findab');
  await owner.getByRole('link', { name: 'Show all members' }).click();
  await expect(owner.getByRole('row', { name: /owner@acme.test/ })).toBeVisible();
});
