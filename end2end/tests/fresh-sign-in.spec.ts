import { signInAtProvider } from '../fixtures/provider';
import { expect, signIn, signInByMail, test } from '../fixtures/reeve';
import { serverFunction } from '../fixtures/server-function';

test('what is sensitive asks to sign in again, and nothing that was entered is lost', async ({ reeve, join, hydrated, a11y, consoleClean }) => {
  const { id, email, page } = await join('again@acme.test', 'Alex Again');
  await reeve.signedInLongAgo(id);
  consoleClean.allow(/status of 403/);
  await page.goto('/me/tokens');
  await hydrated(page);
  await page.getByLabel('Name', { exact: true }).fill('kept');
  await page.getByLabel('Works for').selectOption({ label: '30 days' });
  await page.getByRole('button', { name: 'Create token' }).click();
  const again = page.getByRole('link', { name: 'Sign in again to confirm it is you' });
  await expect(again).toBeVisible();
  await a11y(page);

  const opened = page.waitForEvent('popup');
  await again.click();
  const tab = await opened;
  await hydrated(tab);
  await expect(tab.getByRole('heading', { level: 1 })).toHaveText('Confirm it is you');
  await expect(tab.getByLabel('E-mail address')).toHaveValue(email);
  await signInByMail(tab, reeve, email);
  await expect(tab).toHaveURL(/\/me\/tokens$/);

  // Both tabs are one browser: what was entered is sent once more.
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('kept');
  await page.getByRole('button', { name: 'Create token' }).click();
  await expect(page.getByRole('region', { name: 'Token kept' })).toBeVisible();
});

test('everyday pages ask for nothing', async ({ reeve, join, hydrated }) => {
  const { id, page } = await join('reads@acme.test', 'Rita Reads', { role: 'organization-admin' });
  await reeve.signedInLongAgo(id);
  const org = `/organizations/${reeve.initial!.organization_id}`;
  for (const path of [org, `${org}/members`, `${org}/members/${reeve.initial!.user_id}`, `${org}/members/${reeve.initial!.user_id}/sessions`, `${org}/invitations/new`, '/me/sessions', '/me/devices']) {
    await page.goto(path);
    await hydrated(page);
    await expect(page.getByRole('link', { name: 'Sign in again to confirm it is you' })).toHaveCount(0);
  }
  await page.goto('/me');
  await hydrated(page);
  await page.getByLabel('Your name').fill('Rita Renamed');
  await page.getByRole('button', { name: 'Save name' }).click();
  await expect(page.getByRole('button', { name: /Rita Renamed/ })).toBeVisible();
});

test('a provider asks again although one is signed in there', async ({ empty, visitor, hydrated, consoleClean }) => {
  // A connection is on everybody's sign-in page, so this test has an installation of its own.
  const reeve = await empty();
  const { organization_id: org, sign_in_url } = await reeve.init();
  const owner = await visitor();
  await signIn(owner, sign_in_url);
  await serverFunction(owner.request, reeve.url, 'connections/create', { org, label: 'Acme Login', issuer: reeve.op.issuer, client_id: reeve.op.clientId, client_secret: reeve.op.clientSecret });
  const page = await visitor();
  await page.goto(`${reeve.url}/login?next=/me/tokens`);
  await page.getByRole('button', { name: 'Continue with Acme Login' }).click();
  await signInAtProvider(page, 'frieda');
  await page.waitForURL(/\/me\/tokens$/);
  const { id } = await serverFunction<{ id: string }>(page.request, reeve.url, 'sessions/me');
  await reeve.signedInLongAgo(id);

  consoleClean.allow(/status of 403/);
  await hydrated(page);
  await page.getByLabel('Name', { exact: true }).fill('by provider');
  await page.getByRole('button', { name: 'Create token' }).click();
  const opened = page.waitForEvent('popup');
  await page.getByRole('link', { name: 'Sign in again to confirm it is you' }).click();
  const tab = await opened;
  await tab.getByRole('button', { name: 'Continue with Acme Login' }).click();
  // The provider's own session would have let her pass.
  await signInAtProvider(tab, 'frieda');
  await tab.waitForURL(/\/me\/tokens$/);
  await page.getByRole('button', { name: 'Create token' }).click();
  await expect(page.getByRole('region', { name: 'Token by provider' })).toBeVisible();
});
