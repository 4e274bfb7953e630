import { type Installation, expect, test } from '../fixtures/reeve';
import { serverFunction } from '../fixtures/server-function';

const orgOf = (reeve: Installation) => reeve.initial!.organization_id;

test('what somebody may do is shown with what it comes through, and what would be needed for more', async ({ reeve, owner, join, world, hydrated, a11y }) => {
  const person = await join('may@acme.test', 'Mina May');
  const call = (name: string, fields: Record<string, string>) => serverFunction<{ id: string }>(owner.request, reeve.url, name, fields);
  const team = await call('teams/create', { org: orgOf(reeve), name: 'Builders' });
  await call('teams/add_member', { team: team.id, who: person.email });
  await call('grants/add_in_workspace', { workspace: world.workspaceId, who: 'Builders', role: 'workspace-developer' });

  await owner.goto(`/organizations/${orgOf(reeve)}/members/${person.id}`);
  await hydrated(owner);
  await owner.getByRole('link', { name: 'See access' }).click();
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('Access');
  await expect(owner.getByRole('heading', { level: 2, name: /Mina May/ })).toBeVisible();
  const workspaces = owner.getByRole('region', { name: 'Workspaces they have a part in' });
  await expect(workspaces.getByRole('row', { name: /Furnished/ })).toContainText('Workspace Developer, through team Builders');
  await workspaces.getByRole('link', { name: 'Furnished' }).click();

  // Every cell of the matrix leads to why.
  const matrix = owner.getByRole('region', { name: 'What they may do' });
  await matrix.getByRole('link', { name: 'Update stacks: allowed', exact: true }).click();
  const yes = owner.getByRole('note').filter({ hasText: 'Yes, Mina May may update stacks in Furnished' });
  await expect(yes).toContainText('Workspace Developer, through team Builders');
  await expect(matrix.getByRole('link', { name: 'Update stacks: allowed', exact: true })).toHaveAttribute('aria-current', 'true');

  await matrix.getByRole('link', { name: 'Delete stacks: not allowed', exact: true }).click();
  const no = owner.getByRole('note').filter({ hasText: 'No, Mina May may not delete stacks in Furnished' });
  await expect(no).toContainText('The least that would allow it is');
  await expect(no).toContainText('These people can give it');
  await expect(no.getByRole('link', { name: /^owner/ })).toBeVisible();
  await a11y(owner);

  // The address alone asks the same of the server.
  await owner.reload();
  await expect(no).toBeVisible();
});

test('everybody who may do one thing is listed, and leads to the same question about them', async ({ reeve, owner, join, world, hydrated }) => {
  const person = await join('able@acme.test', 'Abel Able');
  await serverFunction(owner.request, reeve.url, 'grants/add_in_workspace', { workspace: world.workspaceId, who: person.email, role: 'stack-admin' });
  await owner.goto(`/organizations/${orgOf(reeve)}/access`);
  await hydrated(owner);
  await owner.getByRole('link', { name: 'Who can do something?' }).click();
  await owner.getByLabel('Where').selectOption({ label: 'Furnished' });
  await owner.waitForURL(/workspace=/);
  await owner.getByLabel('Who may').selectOption({ label: 'delete stacks' });
  await owner.getByRole('button', { name: 'Show people' }).click();
  const people = owner.getByRole('region', { name: 'People who may' });
  await expect(people.getByRole('row', { name: /owner@acme.test/ })).toContainText('Organization Admin');
  await expect(people.getByRole('row', { name: /Abel Able/ })).toContainText('Stack Admin');
  await expect(people.getByRole('row', { name: /Mara Member/ })).toHaveCount(0);
  await people.getByRole('link', { name: /Abel Able/ }).click();
  await expect(owner.getByRole('note').filter({ hasText: 'Yes, Abel Able may delete stacks in Furnished' })).toContainText('Stack Admin');
});

test('a right in Reeve is asked about in the organization', async ({ reeve, owner, join, hydrated }) => {
  const person = await join('bills@acme.test', 'Bill Bills', { role: 'billing-admin' });
  await owner.goto(`/organizations/${orgOf(reeve)}/access`);
  await hydrated(owner);
  await owner.getByLabel('Search people').fill('bill bil');
  await owner.getByLabel('Search people').press('Enter');
  await owner.waitForURL(/q=bill/);
  // The address comes before the list.
  await expect(owner.getByRole('row', { name: /owner@acme.test/ })).toHaveCount(0);
  await owner.getByRole('link', { name: new RegExp(person.name) }).click();
  await owner.getByLabel('May they').selectOption({ label: 'set limits' });
  await owner.getByRole('button', { name: 'Explain' }).click();
  await expect(owner.getByText('Yes, Bill Bills may set limits in the organization')).toBeVisible();
  await owner.getByLabel('May they').selectOption({ label: 'remove members' });
  await owner.getByRole('button', { name: 'Explain' }).click();
  const no = owner.getByRole('note').filter({ hasText: 'No, Bill Bills may not remove members in the organization' });
  await expect(no).toContainText('Organization Manager');
});

test('what cannot be asked is answered at its field', async ({ reeve, owner, world, hydrated }) => {
  await owner.goto(`/organizations/${orgOf(reeve)}/access?tab=who&workspace=${world.workspaceId}&permission=stack.read`);
  await hydrated(owner);
  await owner.getByLabel('Project id').fill('mine');
  await owner.getByRole('button', { name: 'Show people' }).click();
  await owner.waitForURL(/project=mine/);
  await expect(owner.getByLabel('Project id')).toHaveAttribute('aria-invalid', 'true');
  await expect(owner.getByLabel('Project id')).toHaveValue('mine');
  await expect(owner.getByRole('region', { name: 'People who may' })).toHaveCount(0);
});

test('only who may know of everybody’s access opens the page', async ({ reeve, join, hydrated, consoleClean }) => {
  const { page } = await join('curious@acme.test', 'Cora Curious', { role: 'organization-viewer' });
  await page.goto(`/organizations/${orgOf(reeve)}`);
  await hydrated(page);
  await expect(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Access/ })).toHaveCount(0);
  consoleClean.allow(/status of 403/);
  expect((await page.goto(`/organizations/${orgOf(reeve)}/access?tab=who`))?.status()).toBe(403);
  await expect(page.getByRole('heading', { level: 1, name: 'You may not open this' })).toBeVisible();
});
