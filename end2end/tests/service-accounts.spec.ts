import type { Locator, Page } from '@playwright/test';
import { type Installation, expect, test } from '../fixtures/reeve';
import { serverFunction } from '../fixtures/server-function';

const orgOf = (reeve: Installation) => reeve.initial!.organization_id;

/** Makes a service account; its id. */
const make = (reeve: Installation, owner: Page, name: string, fields: Record<string, string> = {}) =>
  serverFunction<string>(owner.request, reeve.url, 'service_accounts/create', { org: orgOf(reeve), name, role: 'organization-member', ...fields });

const secretIn = async (region: Locator) => (await region.locator('code').first().textContent())!.trim();

/** What is answered to a program that shows this key. */
const statusWith = async (outside: Page, reeve: Installation, key: string, path = '/api/v1/users/me') => {
  const answer = await outside.request.get(reeve.url + path, { headers: { authorization: `Bearer ${key}`, 'user-agent': 'nightly/1.0' } });
  return answer.status();
};

/** Chooses something in the menu of a row. */
async function choose(page: Page, key: string, action: string) {
  await page.getByRole('button', { name: `Actions for ${key}` }).click();
  await page.getByRole('button', { name: action, exact: true }).click();
}

test('a service account is made, and its key works until it is switched off, revoked or the account is', async ({ reeve, owner, visitor, hydrated, a11y }) => {
  const outside = await visitor();
  const works = (key: string) => statusWith(outside, reeve, key);
  await owner.goto(`/organizations/${orgOf(reeve)}`);
  await hydrated(owner);
  await owner.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Service accounts/ }).click();
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('Service accounts');
  await owner.getByRole('main').getByRole('link', { name: 'New service account' }).click();
  await owner.getByLabel('Name', { exact: true }).fill('nightly-build');
  await owner.getByLabel('Description').fill('Builds every night.');
  await a11y(owner);
  await owner.getByRole('button', { name: 'Make service account' }).click();
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('nightly-build');
  await expect(owner.getByText('No keys yet')).toBeVisible();

  // Shown once.
  await owner.getByLabel('Name', { exact: true }).fill('runner');
  await owner.getByLabel('Works for').selectOption({ label: '30 days' });
  await owner.getByRole('button', { name: 'Create key' }).click();
  const shown = owner.getByRole('region', { name: 'Key runner' });
  await expect(shown).toContainText('ZENPROKEY_');
  const first = await secretIn(shown);
  const row = owner.getByRole('region', { name: 'Keys', exact: true }).getByRole('row', { name: /runner/ });
  await expect(row).toContainText('Works');
  await expect(row).toContainText('Everything the account may do');
  await expect(row).toContainText('Never');
  await expect(owner.getByLabel('Name', { exact: true }), 'the form is empty again').toHaveValue('');
  await a11y(owner);

  // It works, and its page says when, from where and with what.
  expect(await works(first)).toBe(200);
  await expect
    .poll(async () => {
      await owner.reload();
      return row.textContent();
    })
    .toContain('nightly/1.0');
  await hydrated(owner);
  await expect(owner.getByText('ZENPROKEY_')).toHaveCount(0);

  // Another secret; the old one works for as long as was chosen.
  await choose(owner, 'runner', 'Rotate');
  const dialog = owner.getByRole('dialog', { name: 'Rotate runner' });
  await dialog.getByLabel('The old secret').selectOption({ label: 'Works for another hour' });
  await dialog.getByRole('button', { name: 'Rotate key' }).click();
  await expect(shown).toContainText('ZENPROKEY_');
  const second = await secretIn(shown);
  expect(second).not.toBe(first);
  await expect(row).toContainText('Old secret works until');
  expect([await works(first), await works(second)]).toEqual([200, 200]);
  await choose(owner, 'runner', 'Rotate');
  await dialog.getByRole('button', { name: 'Rotate key' }).click();
  await expect(row).not.toContainText('Old secret works until');
  const third = await secretIn(shown);
  expect([await works(first), await works(second), await works(third)]).toEqual([401, 401, 200]);

  await choose(owner, 'runner', 'Switch off');
  await expect(row).toContainText('Switched off');
  expect(await works(third)).toBe(401);
  await choose(owner, 'runner', 'Switch on');
  await expect(row).toContainText('Works');
  expect(await works(third)).toBe(200);

  await owner.getByRole('button', { name: 'Deactivate account' }).click();
  await owner.getByRole('dialog', { name: 'Deactivate nightly-build' }).getByRole('button', { name: 'Deactivate account' }).click();
  await expect(owner.getByText('This account is inactive')).toBeVisible();
  await expect(owner.getByRole('button', { name: 'Create key' })).toHaveCount(0);
  expect(await works(third)).toBe(401);
  await a11y(owner);
  await owner.getByRole('button', { name: 'Activate account', exact: true }).click();
  await expect(owner.getByRole('button', { name: 'Create key' })).toBeVisible();
  expect(await works(third)).toBe(200);

  await choose(owner, 'runner', 'Revoke');
  await owner.getByRole('dialog', { name: 'Revoke runner' }).getByRole('button', { name: 'Revoke key' }).click();
  await expect(row).toContainText('Revoked');
  await expect(row.getByRole('button')).toHaveCount(0);
  expect(await works(third)).toBe(401);

  await owner.getByRole('button', { name: 'Delete account' }).click();
  const end = owner.getByRole('dialog', { name: 'Delete nightly-build' });
  await end.getByLabel('Type nightly-build to confirm').fill('nightly-build');
  await end.getByRole('button', { name: 'Delete account' }).click();
  await owner.waitForURL(/\/service-accounts$/);
  await expect(owner.getByRole('link', { name: /nightly-build/ })).toHaveCount(0);
});

test('the name of a service account is taken for good', async ({ reeve, owner, hydrated, consoleClean }) => {
  const account = await make(reeve, owner, 'only-once');
  await serverFunction(owner.request, reeve.url, 'service_accounts/delete', { org: orgOf(reeve), account, confirm: 'only-once' });
  consoleClean.allow(/status of 409/);
  await owner.goto(`/organizations/${orgOf(reeve)}/service-accounts/new`);
  await hydrated(owner);
  await owner.getByLabel('Name', { exact: true }).fill('only-once');
  await owner.getByRole('button', { name: 'Make service account' }).click();
  await expect(owner.getByLabel('Name', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await expect(owner.getByText('A service account has or had this name.')).toBeVisible();
});

test('whoever answers for an account manages its keys; when they leave it is an orphan until it is handed over', async ({ reeve, owner, join, visitor, hydrated, a11y }) => {
  const org = `/organizations/${orgOf(reeve)}`;
  const person = await join('answers@acme.test', 'Ansel Answers');
  const account = await make(reeve, owner, 'left-behind', { owner: 'answers@acme.test' });
  const path = `${org}/service-accounts/${account}`;
  await serverFunction(owner.request, reeve.url, 'teams/create', { org: orgOf(reeve), name: 'Night shift' });

  await person.page.goto(path);
  await hydrated(person.page);
  await expect(person.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Service accounts/ })).toHaveCount(0);
  await expect(person.page.getByRole('button', { name: 'Hand over' })).toHaveCount(0);
  await expect(person.page.getByRole('button', { name: 'Delete account' })).toHaveCount(0);
  await person.page.getByLabel('Name', { exact: true }).fill('theirs');
  await person.page.getByRole('button', { name: 'Create key' }).click();
  const key = await secretIn(person.page.getByRole('region', { name: 'Key theirs' }));
  await expect(person.page.getByRole('row', { name: /theirs/ })).toBeVisible();
  await a11y(person.page);

  await serverFunction(owner.request, reeve.url, 'members/remove', { org: orgOf(reeve), user: person.id });
  expect(await statusWith(await visitor(), reeve, key), 'the machine goes on').toBe(200);
  await owner.goto(`${org}/service-accounts`);
  await hydrated(owner);
  await owner.getByLabel('Owner', { exact: true }).selectOption({ label: 'Without an owner' });
  await owner.waitForURL(/owner=none/);
  const row = owner.getByRole('row', { name: /left-behind/ });
  await expect(row).toContainText('Orphan');
  await a11y(owner);
  await row.getByRole('link').click();
  await expect(owner.getByText('Nobody answers for this account', { exact: true })).toBeVisible();

  await owner.getByLabel('New owner').fill('Night shift');
  await owner.getByRole('button', { name: 'Hand over' }).click();
  await expect(owner.getByRole('complementary', { name: 'Facts' }).getByRole('link', { name: 'Night shift' })).toBeVisible();
  await expect(owner.getByText('Orphan')).toHaveCount(0);
  await owner.goto(`${org}/service-accounts?owner=none`);
  await expect(row).toHaveCount(0);
});

test('an account holds roles and is in teams like a member, and every list leads to its page', async ({ reeve, owner, hydrated, a11y }) => {
  const org = `/organizations/${orgOf(reeve)}`;
  const account = await make(reeve, owner, 'holds-roles');
  const { id: team } = await serverFunction<{ id: string }>(owner.request, reeve.url, 'teams/create', { org: orgOf(reeve), name: 'Machines' });
  await serverFunction(owner.request, reeve.url, 'teams/add_member', { team, who: 'holds-roles' });

  await owner.goto(`${org}/members/${account}`);
  await expect(owner).toHaveURL(new RegExp(`/service-accounts/${account}$`));
  await hydrated(owner);
  await expect(owner.getByRole('main').getByRole('link', { name: 'Machines' })).toBeVisible();
  await serverFunction(owner.request, reeve.url, 'grants/add_in_org', { org: orgOf(reeve), who: `user:${account}`, role: 'billing-admin' });
  await owner.reload();
  await hydrated(owner);
  const held = owner.locator('#roles').getByRole('listitem').filter({ hasText: 'Billing Admin' });
  await expect(held).toBeVisible();
  await owner.getByRole('group', { name: 'Role' }).getByText('Organization Viewer', { exact: true }).click();
  await owner.getByRole('button', { name: 'Change role' }).click();
  await expect(owner.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible();
  await owner.getByLabel('Description', { exact: true }).fill('Counts the machines.');
  await owner.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(owner.getByRole('main').getByText('Counts the machines.').first()).toBeVisible();
  await a11y(owner);

  // From the role to whoever has it, without a new document.
  await held.getByRole('link').click();
  await owner.getByRole('row', { name: /holds-roles/ }).getByRole('link').click();
  await expect(owner).toHaveURL(new RegExp(`/service-accounts/${account}$`));
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('holds-roles');
  await owner.goBack();
  await expect(owner.getByRole('heading', { level: 1 }), 'the step between is not in the way back').toHaveText('Billing Admin');
});

test('a key is limited to what is chosen, and never to nothing', async ({ reeve, owner, visitor, world, hydrated, consoleClean, a11y }) => {
  const outside = await visitor();
  const account = await make(reeve, owner, 'limited-bot', { role: 'organization-viewer' });
  await owner.goto(`/organizations/${world.org}/service-accounts/${account}`);
  await hydrated(owner);
  const members = `/api/v1/organizations/${world.org}/members`;
  const row = (name: string) => owner.getByRole('region', { name: 'Keys', exact: true }).getByRole('row', { name: new RegExp(name) });
  const create = async (name: string) => {
    await owner.getByLabel('Name', { exact: true }).fill(name);
    await owner.getByRole('button', { name: 'Create key' }).click();
  };
  const secret = (name: string) => secretIn(owner.getByRole('region', { name: `Key ${name}` }));

  await owner.getByText('Only sign in to workspaces', { exact: true }).click();
  await owner.getByLabel('In which workspaces').selectOption({ label: 'Only Furnished' });
  await create('enters');
  await expect(row('enters')).toContainText('Only sign in to workspaces');
  await expect(row('enters')).toContainText('Only in Furnished');
  expect(await statusWith(outside, reeve, await secret('enters'), members)).toBe(403);
  expect(await statusWith(outside, reeve, await secret('enters'))).toBe(200);

  await expect(owner.getByRole('checkbox', { name: 'See who is a member' })).toBeHidden();
  await owner.getByText('Only what I choose', { exact: true }).click();
  await a11y(owner);
  consoleClean.allow(/status of 422/);
  await create('chosen');
  await expect(owner.getByText('Choose at least one permission.')).toBeVisible();
  await owner.getByRole('checkbox', { name: 'See who is a member' }).check();
  await create('chosen');
  await expect(row('chosen')).toContainText('See who is a member');
  expect(await statusWith(outside, reeve, await secret('chosen'), members)).toBe(200);
  expect(await statusWith(outside, reeve, await secret('chosen'), `/api/v1/organizations/${world.org}/roles`)).toBe(403);
});

test('who may see service accounts and nothing more is offered nothing more', async ({ reeve, owner, join, hydrated, a11y }) => {
  const account = await make(reeve, owner, 'looked-at');
  await serverFunction(owner.request, reeve.url, 'service_accounts/create_key_secret', { account, name: 'seen', expiry: '30' });
  const viewer = await join('looks-at-bots@acme.test', 'Lou Looker', { role: 'organization-viewer' });
  const list = `/organizations/${orgOf(reeve)}/service-accounts`;
  await viewer.page.goto(`${list}?q=looked`);
  await hydrated(viewer.page);
  await expect(viewer.page.getByRole('link', { name: 'New service account' })).toHaveCount(0);
  await viewer.page.getByRole('link', { name: /looked-at/ }).click();
  await expect(viewer.page.getByRole('row', { name: /seen/ })).toContainText('Works');
  await expect(viewer.page.getByRole('main').getByRole('button', { name: /^(Actions for|Create|Hand over|Save|Change|Deactivate|Delete)/ })).toHaveCount(0);
  await a11y(viewer.page);
});
