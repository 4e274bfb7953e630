import type { Page } from '@playwright/test';
import { type Installation, expect, test } from '../fixtures/reeve';
import { serverFunction } from '../fixtures/server-function';

const orgOf = (reeve: Installation) => reeve.initial!.organization_id;

/** A custom role that allows this; its id. */
async function roleOf(reeve: Installation, owner: Page, level: 'organization' | 'workspace' | 'project', name: string, permissions: string[]): Promise<string> {
  const ticked = Object.fromEntries(permissions.map((permission, n) => [`permissions[${n}]`, permission]));
  const made = await serverFunction<{ id: string }>(owner.request, reeve.url, 'roles/create', { org: orgOf(reeve), level, name, description: '', ...ticked });
  return made.id;
}

test('a role is copied, made narrower, given, and changed once its effect was seen', async ({ reeve, owner, join, world, hydrated, a11y }) => {
  // Accessibility is checked in two themes on a grid of some hundred boxes.
  test.slow();
  const person = await join('copies@acme.test', 'Cleo Copies');
  await owner.goto(`/organizations/${orgOf(reeve)}/roles`);
  await hydrated(owner);
  await owner.getByRole('link', { name: /^Workspace Viewer/ }).click();
  await expect(owner.getByText('Predefined: nobody edits it')).toBeVisible();
  await expect(owner.getByRole('checkbox')).toHaveCount(0);
  await owner.getByRole('link', { name: 'Copy role' }).click();
  await expect(owner.getByRole('heading', { name: 'A copy of Workspace Viewer' })).toBeVisible();
  await expect(owner.getByLabel('Name', { exact: true })).toHaveValue('Workspace Viewer copy');
  await owner.getByLabel('Name', { exact: true }).fill('Stack keeper');
  const read = owner.getByRole('checkbox', { name: 'Read stacks' });
  const update = owner.getByRole('checkbox', { name: 'Update stacks' });
  await expect(read).toBeChecked();
  await expect(update).not.toBeChecked();

  // The search only hides: what is ticked stays ticked.
  await owner.getByLabel('Search permissions').fill('stacks');
  await expect(owner.getByRole('checkbox', { name: 'Read secrets', exact: true })).toBeHidden();
  await update.check();
  await owner.getByLabel('Search permissions').fill('');
  await expect(owner.getByRole('checkbox', { name: 'Read secrets', exact: true })).toBeChecked();
  await owner.getByRole('button', { name: 'Make role' }).click();
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('Stack keeper');
  await expect(owner.getByText('Nobody has this role')).toBeVisible();
  await expect(update).toBeChecked();
  const page = owner.url();

  await owner.goto(`/workspaces/${world.workspace}`);
  await hydrated(owner);
  await owner.getByLabel('Person or team').fill(person.email);
  await owner.getByLabel('Role', { exact: true }).selectOption({ label: 'Stack keeper' });
  await owner.getByRole('button', { name: 'Give role' }).click();
  await expect(owner.getByRole('region', { name: 'Roles given here' }).getByRole('row', { name: /Cleo Copies/ })).toContainText('Stack keeper');

  await owner.goto(page);
  await hydrated(owner);
  await expect(owner.getByRole('region', { name: 'Who has the role' }).getByRole('row', { name: /Cleo Copies/ })).toContainText('Furnished');
  await owner.getByRole('button', { name: 'Show the effect' }).click();
  await expect(owner.getByText('Nobody loses or gains anything.')).toBeVisible();
  await update.uncheck();
  // What was foreseen of another choice is no answer to this one.
  await expect(owner.getByText('Nobody loses or gains anything.')).toHaveCount(0);
  await owner.getByRole('checkbox', { name: 'Delete tags' }).check();
  await owner.getByRole('button', { name: 'Show the effect' }).click();
  await expect(owner.getByText('1 person loses update on stacks in 1 workspace: Cleo Copies')).toBeVisible();
  await expect(owner.getByText('1 person gains delete on tags in 1 workspace: Cleo Copies')).toBeVisible();
  await a11y(owner);
  await owner.getByRole('button', { name: 'Save role' }).click();
  await expect(owner.getByRole('definition').filter({ hasText: /^2$/ }), 'the second revision').toBeVisible();
  await owner.reload();
  await expect(update).not.toBeChecked();
});

test('a right that is taken from a role is gone at the next click of whoever holds it', async ({ reeve, owner, join, hydrated, consoleClean }) => {
  const colleague = await join('audits@acme.test', 'Aude Audits');
  const org = `/organizations/${orgOf(reeve)}`;
  await owner.goto(`${org}/roles/new`);
  await hydrated(owner);
  await owner.getByLabel('Level').selectOption({ label: 'Organization' });
  await owner.waitForURL(/level=organization/);
  await owner.getByLabel('Name', { exact: true }).fill('Auditor');
  await owner.getByRole('checkbox', { name: 'Read the audit log' }).check();
  await owner.getByRole('checkbox', { name: 'See who is a member' }).check();
  await owner.getByRole('button', { name: 'Make role' }).click();
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('Auditor');
  const role = owner.url();

  await owner.goto(`${org}/members/${colleague.id}`);
  await hydrated(owner);
  await owner.getByLabel('Role in the organization').selectOption({ label: 'Auditor' });
  await owner.getByRole('button', { name: 'Give role' }).click();
  await expect(owner.getByRole('region', { name: 'Roles given to them' }).getByRole('row', { name: /Auditor/ })).toBeVisible();

  const menu = colleague.page.getByRole('navigation', { name: 'Main' });
  await colleague.page.goto(org);
  await hydrated(colleague.page);
  await menu.getByRole('link', { name: /^Audit log/ }).click();
  await expect(colleague.page.getByRole('table').getByRole('row', { name: /role created/i }).first()).toBeVisible();
  await menu.getByRole('link', { name: /^Members/ }).click();
  await expect(colleague.page.getByRole('heading', { level: 1 })).toHaveText('Members');

  await owner.goto(role);
  await hydrated(owner);
  await owner.getByRole('checkbox', { name: 'Read the audit log' }).uncheck();
  await owner.getByRole('button', { name: 'Show the effect' }).click();
  await expect(owner.getByText('1 person loses the right to read the audit log: Aude Audits')).toBeVisible();
  const saved = owner.waitForResponse(/\/api\/fn\/roles\/update$/);
  await owner.getByRole('button', { name: 'Save role' }).click();
  expect((await saved).status()).toBe(200);

  // The menu is still the one from before; the server is asked all the same.
  consoleClean.allow(/status of 403/);
  await menu.getByRole('link', { name: /^Audit log/ }).click();
  await expect(colleague.page.getByRole('heading', { level: 1, name: 'You may not open this' })).toBeVisible();
  await menu.getByRole('link', { name: /^Members/ }).click();
  await expect(colleague.page.getByRole('heading', { level: 1 }), 'what was not taken is still there').toHaveText('Members');
  await colleague.page.reload();
  await expect(menu.getByRole('link', { name: /^Audit log/ })).toHaveCount(0);
});

test('of two who change a role at once the second is told, and nothing is overwritten', async ({ reeve, owner, hydrated, consoleClean }) => {
  const role = await roleOf(reeve, owner, 'workspace', 'Contested', ['stack.read']);
  const path = `/organizations/${orgOf(reeve)}/roles/${role}`;
  const second = await owner.context().newPage();
  for (const page of [owner, second]) {
    await page.goto(path);
    await hydrated(page);
  }
  await owner.getByRole('checkbox', { name: 'Update stacks' }).check();
  const saved = owner.waitForResponse(/\/api\/fn\/roles\/update$/);
  await owner.getByRole('button', { name: 'Save role' }).click();
  expect((await saved).status()).toBe(200);

  consoleClean.allow(/status of 409/);
  await second.getByRole('checkbox', { name: 'Delete stacks' }).check();
  await second.getByRole('button', { name: 'Save role' }).click();
  await expect(second.getByRole('alert').getByText(/^Somebody changed this role in the meantime/)).toBeVisible();
  await expect(second.getByRole('checkbox', { name: 'Delete stacks' }), 'what was ticked is kept to be looked at').toBeChecked();
  await second.reload();
  await expect(second.getByRole('checkbox', { name: 'Update stacks' })).toBeChecked();
  await expect(second.getByRole('checkbox', { name: 'Delete stacks' })).not.toBeChecked();
});

test('who would lose rights of their own is told which, and has to say so', async ({ reeve, owner, join, hydrated, consoleClean }) => {
  const keeper = await join('keeps@acme.test', 'Kaya Keeps');
  const role = await roleOf(reeve, owner, 'organization', 'Keeper', ['role.read', 'role.manage', 'audit.read']);
  await serverFunction(owner.request, reeve.url, 'grants/add_in_org', { org: orgOf(reeve), who: keeper.email, role });
  const { page } = keeper;
  await page.goto(`/organizations/${orgOf(reeve)}/roles/${role}`);
  await hydrated(page);
  const box = page.getByRole('checkbox', { name: 'I give up these rights of my own' });
  await page.getByRole('checkbox', { name: 'Read the audit log' }).uncheck();
  await expect(box).toHaveCount(0);
  consoleClean.allow(/status of 409/);
  await page.getByRole('button', { name: 'Save role' }).click();
  await expect(page.getByRole('alert').getByText('You would lose “audit.read” yourself. Confirm to go on.')).toBeVisible();
  await box.check();
  await page.getByRole('button', { name: 'Save role' }).click();
  await expect(box).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('checkbox', { name: 'Read the audit log' })).not.toBeChecked();
  await expect(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Audit log/ })).toHaveCount(0);
});

test('nobody makes a role that allows more than they hold', async ({ reeve, owner, join, hydrated, consoleClean }) => {
  const { page, email } = await join('reaches@acme.test', 'Rik Reaches');
  const role = await roleOf(reeve, owner, 'organization', 'Role maker', ['role.read', 'role.manage']);
  await serverFunction(owner.request, reeve.url, 'grants/add_in_org', { org: orgOf(reeve), who: email, role });
  await page.goto(`/organizations/${orgOf(reeve)}/roles/new?level=organization`);
  await hydrated(page);
  await page.getByLabel('Name', { exact: true }).fill('Over-reaching');
  await page.getByRole('checkbox', { name: 'Remove members' }).check();
  consoleClean.allow(/status of 403/);
  await page.getByRole('button', { name: 'Make role' }).click();
  await expect(page.getByRole('alert').getByText(/“member.remove”/)).toBeVisible();
  await expect(page.getByRole('checkbox', { name: 'Remove members' })).toBeChecked();
});

test('a role is deleted with what was given, and what that means is said before', async ({ reeve, owner, join, world, hydrated }) => {
  const person = await join('ends@acme.test', 'Edda Ends');
  const role = await roleOf(reeve, owner, 'workspace', 'Short-lived', ['workspace.enter', 'stack.read']);
  await serverFunction(owner.request, reeve.url, 'grants/add_in_workspace', { workspace: world.workspaceId, who: person.email, role });
  await owner.goto(`/organizations/${orgOf(reeve)}/roles/${role}`);
  await hydrated(owner);
  await owner.getByRole('button', { name: 'Delete role' }).click();
  const dialog = owner.getByRole('dialog', { name: 'Delete Short-lived' });
  await expect(dialog).toContainText('It was given once; that ends at once.');
  await expect(dialog).toContainText('1 person loses read on stacks in 1 workspace: Edda Ends');
  await dialog.getByRole('button', { name: 'Delete role' }).click();
  await owner.waitForURL(/\/roles$/);
  await expect(owner.getByRole('link', { name: /^Short-lived/ })).toHaveCount(0);
  await owner.goto(`/organizations/${orgOf(reeve)}/members/${person.id}`);
  await expect(owner.getByText('No roles of their own')).toBeVisible();
});
