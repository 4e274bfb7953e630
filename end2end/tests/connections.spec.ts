import type { Page } from '@playwright/test';
import { refuseAtProvider, signInAtProvider, stopBeforeCallback } from '../fixtures/provider';
import { type Installation, expect, signIn, test } from '../fixtures/reeve';
import { serverFunction } from '../fixtures/server-function';

// A connection is on everybody's sign-in page, so these tests have an installation each.
async function connected(reeve: Installation, page: Page): Promise<string> {
  const initial = await reeve.init();
  await signIn(page, initial.sign_in_url);
  const { issuer, clientId, clientSecret } = reeve.op;
  await serverFunction(page.request, reeve.url, 'connections/create', {
    org: initial.organization_id,
    label: 'Acme Login',
    issuer,
    client_id: clientId,
    client_secret: clientSecret,
  });
  return initial.organization_id;
}

test('a connection is added and tested in the dashboard, and somebody invited signs in through it', async ({ empty, visitor, hydrated, a11y }) => {
  const reeve = await empty();
  const initial = await reeve.init();
  const org = `${reeve.url}/organizations/${initial.organization_id}`;
  const owner = await visitor();
  await signIn(owner, initial.sign_in_url);
  await owner.goto(`${org}/connections`);
  await hydrated(owner);
  await expect(owner.getByText('No provider is connected')).toBeVisible();
  await a11y(owner);
  await owner.getByRole('link', { name: 'Add connection' }).first().click();
  await expect(owner.getByText(`${reeve.url}/api/auth/callback`)).toBeVisible();
  await owner.getByLabel('Label').fill('Acme Login');
  await owner.getByLabel('Issuer').fill(reeve.op.issuer);
  await owner.getByLabel('Client id').fill(reeve.op.clientId);
  await owner.getByLabel('Client secret').fill(reeve.op.clientSecret);
  await owner.getByRole('button', { name: 'Add connection' }).click();
  await owner.waitForURL(/\/connections\/[0-9a-f-]{36}/);
  await owner.getByRole('button', { name: 'Test connection' }).click();
  await expect(owner.getByText('The provider answers as it should')).toBeVisible();
  await expect(owner.getByText('Its client secret is tried at the first sign-in.')).toBeVisible();
  await expect(owner.getByRole('navigation', { name: 'Breadcrumb' })).toHaveCount(1);
  await expect(owner.getByRole('main')).not.toContainText(reeve.op.clientSecret);
  await a11y(owner);

  await serverFunction(owner.request, reeve.url, 'invitations/create', { org: initial.organization_id, emails: 'alice@acme.test', role: 'organization-member' });
  const alice = await visitor();
  await alice.goto(await reeve.mail.linkFor('alice@acme.test', /acme/i));
  await hydrated(alice);
  await alice.getByRole('button', { name: 'Sign in to an account I have' }).click();
  await alice.waitForURL(/\/login\?/);
  await alice.getByRole('button', { name: 'Continue with Acme Login' }).click();
  await signInAtProvider(alice, 'alice');
  await alice.getByRole('button', { name: 'Accept and join' }).click();
  await alice.waitForURL(new RegExp(`${org}$`));
  await owner.goto(`${org}/members?q=alice`);
  await expect(owner.getByRole('row', { name: /alice@acme.test/ })).toBeVisible();
});

test('who turns back at the provider is told, and nobody is signed in', async ({ empty, visitor, hydrated, a11y }) => {
  const reeve = await empty();
  await connected(reeve, await visitor());
  const page = await visitor();
  await page.goto(`${reeve.url}/login`);
  await hydrated(page);
  await page.getByRole('button', { name: 'Continue with Acme Login' }).click();
  await refuseAtProvider(page);
  await page.waitForURL(/\/auth\/error\?code=access_denied/);
  await hydrated(page);
  await a11y(page);
  await page.goto(`${reeve.url}/me`);
  await expect(page).toHaveURL(/\/login/);
});

test('an answer of the provider works only in the browser that asked', async ({ empty, visitor, hydrated }) => {
  const reeve = await empty();
  await connected(reeve, await visitor());
  const page = await visitor();
  await page.goto(`${reeve.url}/login`);
  await hydrated(page);
  await page.getByRole('button', { name: 'Continue with Acme Login' }).click();
  const callback = await stopBeforeCallback(page, 'mallory', reeve);
  expect(callback).toContain('code=');

  const victim = await visitor();
  await victim.goto(callback);
  await expect(victim).toHaveURL(/\/auth\/error\?code=wrong_browser/);
  await victim.goto(`${reeve.url}/me`);
  await expect(victim).toHaveURL(/\/login/);
});

test('an answer of the provider works once', async ({ empty, visitor, hydrated }) => {
  const reeve = await empty();
  await connected(reeve, await visitor());
  const page = await visitor();
  let callback = '';
  page.on('request', (request) => {
    if (request.url().includes('/api/auth/callback')) callback = request.url();
  });
  await page.goto(`${reeve.url}/login`);
  await hydrated(page);
  await page.getByRole('button', { name: 'Continue with Acme Login' }).click();
  await signInAtProvider(page, 'carol');
  await page.waitForURL((url) => url.origin === reeve.url && !url.pathname.startsWith('/api'));
  // Known, and in no organization: signed in all the same.
  await expect(page.getByText('You are in no organization yet')).toBeVisible();
  await page.goto(callback);
  await expect(page).toHaveURL(/\/auth\/error\?code=/);
});

test('a wrong issuer is found by the test, with the step that failed', async ({ empty, visitor, hydrated }) => {
  const reeve = await empty();
  const initial = await reeve.init();
  const page = await visitor();
  await signIn(page, initial.sign_in_url);
  await page.goto(`${reeve.url}/organizations/${initial.organization_id}/connections/new`);
  await hydrated(page);
  await page.getByLabel('Label').fill('Wrong');
  await page.getByLabel('Issuer').fill(`${reeve.op.issuer}/tenant`);
  await page.getByLabel('Client id').fill('reeve');
  await page.getByRole('button', { name: 'Add connection' }).click();
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.getByText('Nobody can sign in through this provider')).toBeVisible();
});

test('a connection is switched off and removed', async ({ empty, visitor, hydrated }) => {
  const reeve = await empty();
  const owner = await visitor();
  const org = await connected(reeve, owner);
  await owner.goto(`${reeve.url}/organizations/${org}/connections`);
  await hydrated(owner);
  await owner.getByRole('link', { name: 'Acme Login' }).click();
  await owner.getByRole('button', { name: 'Switch off' }).click();
  await expect(owner.getByRole('button', { name: 'Switch on' })).toBeVisible();
  const guest = await visitor();
  await guest.goto(`${reeve.url}/login`);
  await expect(guest.getByRole('button', { name: /Continue with/ })).toHaveCount(0);
  await owner.getByRole('button', { name: 'Switch on' }).click();
  await expect(owner.getByRole('button', { name: 'Switch off' })).toBeVisible();
  await guest.reload();
  await expect(guest.getByRole('button', { name: 'Continue with Acme Login' })).toBeVisible();

  await owner.getByRole('button', { name: 'Remove connection' }).click();
  await owner.getByRole('dialog').getByRole('button', { name: 'Remove connection' }).click();
  await owner.waitForURL(/\/connections$/);
  await expect(owner.getByText('No provider is connected')).toBeVisible();
});
