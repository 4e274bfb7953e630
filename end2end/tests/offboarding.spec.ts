import type { Page } from '@playwright/test';
import { type Installation, expect, test } from '../fixtures/reeve';
import { serverFunction } from '../fixtures/server-function';
import { typeTheName } from '../fixtures/confirm';

const orgOf = (reeve: Installation) => reeve.initial!.organization_id;

/** The page, from the member's own. */
async function open(owner: Page, reeve: Installation, user: string, hydrated: (page: Page) => Promise<void>) {
  await owner.goto(`/organizations/${orgOf(reeve)}/members/${user}`);
  await hydrated(owner);
  await owner.getByRole('link', { name: 'Lock or offboard' }).click();
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText(/^Offboard /);
}

test('somebody is offboarded: what they hold is shown, ends, and goes to the successor', async ({ reeve, owner, join, visitor, hydrated, a11y, consoleClean }) => {
  const person = await join('goes@acme.test', 'Greta Goes');
  await join('stays@acme.test', 'Stan Stays');
  const account = await serverFunction<string>(owner.request, reeve.url, 'service_accounts/create', { org: orgOf(reeve), name: 'goes-on', role: 'organization-member', owner: 'goes@acme.test' });
  const { id: team } = await serverFunction<{ id: string }>(owner.request, reeve.url, 'teams/create', { org: orgOf(reeve), name: 'Goers' });
  await serverFunction(owner.request, reeve.url, 'teams/add_member', { team, who: 'goes@acme.test' });
  const key = await serverFunction<{ secret: string }>(person.page.request, reeve.url, 'api_keys/create_secret', { name: 'nightly', expiry: '30' });
  const status = async () =>
    (await (await visitor()).request.get(`${reeve.url}/api/v1/users/me`, { headers: { authorization: `Bearer ${key.secret}` } })).status();
  expect(await status()).toBe(200);
  await person.page.goto('/me');
  await hydrated(person.page);

  await open(owner, reeve, person.id, hydrated);
  await expect(owner.getByRole('heading', { name: 'API keys (1)' })).toBeVisible();
  await expect(owner.locator('#keys')).toContainText('nightly');
  await expect(owner.locator('#service_accounts')).toContainText('goes-on');
  await expect(owner.locator('#teams')).toContainText('Goers');
  await expect(owner.getByRole('heading', { name: /^Sessions \(\d+\)$/ })).toBeVisible();
  await a11y(owner);

  // Refused at its field, and what was typed stays.
  consoleClean.allow(/status of 422/);
  await owner.getByLabel('Successor').fill('goes@acme.test');
  await typeTheName(owner);
  await owner.getByRole('button', { name: 'Offboard', exact: true }).click();
  await expect(owner.getByLabel('Successor')).toHaveAttribute('aria-invalid', 'true');
  await expect(owner.getByText('They are the one who leaves.')).toBeVisible();
  await owner.getByLabel('Successor').fill('stays@acme.test');
  await owner.getByRole('button', { name: 'Offboard', exact: true }).click();
  await owner.waitForURL(/\/members$/);
  await expect(owner.getByText('Greta Goes')).toHaveCount(0);

  expect(await status()).toBe(401);
  await person.page.goto('/me');
  await expect(person.page).toHaveURL(/\/login/);
  await owner.goto(`/organizations/${orgOf(reeve)}/service-accounts/${account}`);
  await expect(owner.getByRole('complementary', { name: 'Facts' }).getByRole('link', { name: 'Stan Stays' })).toBeVisible();
});

test('what changed since it was seen stops it, and is shown', async ({ reeve, owner, join, hydrated, a11y, consoleClean }) => {
  const person = await join('changes@acme.test', 'Chad Changes');
  await open(owner, reeve, person.id, hydrated);
  await expect(owner.locator('#keys')).toHaveCount(0);
  await serverFunction(person.page.request, reeve.url, 'api_keys/create_secret', { name: 'made-meanwhile', expiry: '30' });

  consoleClean.allow(/status of 409/);
  await typeTheName(owner);
  await owner.getByRole('button', { name: 'Offboard', exact: true }).click();
  await expect(owner.getByText('This changed since you looked: api keys (0 before, 1 now).')).toBeVisible();
  const keys = owner.locator('#keys');
  await expect(keys).toContainText('made-meanwhile');
  await expect(keys).toContainText('Changed since you looked');
  await a11y(owner);
  await typeTheName(owner);
  await owner.getByRole('button', { name: 'Offboard', exact: true }).click();
  await owner.waitForURL(/\/members$/);
});

test('a locked member is out at their next click, and back with all they hold once they are unlocked', async ({ reeve, owner, join, hydrated, a11y }) => {
  const org = `/organizations/${orgOf(reeve)}`;
  const person = await join('locked@acme.test', 'Lori Locked');
  await person.page.goto(org);
  await hydrated(person.page);
  await open(owner, reeve, person.id, hydrated);
  await owner.getByRole('button', { name: 'Lock at once' }).click();
  await expect(owner.getByRole('button', { name: 'Unlock' })).toBeVisible();
  await a11y(owner);
  await person.page.goto(org);
  await expect(person.page, 'her only organization: she is signed out, too').toHaveURL(/\/login/);
  await owner.goto(`${org}/members?q=locked@acme`);
  await expect(owner.getByRole('row', { name: /Lori Locked/ })).toContainText('Locked');
  await open(owner, reeve, person.id, hydrated);
  await owner.getByRole('button', { name: 'Unlock' }).click();
  await expect(owner.getByRole('button', { name: 'Lock at once' })).toBeVisible();
});
