import { expect, signIn, test } from '../fixtures/reeve';
import { serverFunction } from '../fixtures/server-function';
import { startDeviceLogin } from '../fixtures/world';

test('a session ended elsewhere is over at its next click', async ({ reeve, join, visitor, hydrated, consoleClean }) => {
  const first = await join('two-browsers@acme.test', 'Tina Two');
  const second = await visitor();
  await serverFunction(second.request, reeve.url, 'sessions/request_link', { email: 'two-browsers@acme.test' });
  await signIn(second, await reeve.mail.linkFor('two-browsers@acme.test', /sign/i));
  await second.waitForURL(/\/organizations\//);
  await hydrated(second);

  await first.page.goto('/me/sessions');
  await hydrated(first.page);
  await expect(first.page.getByText('This one')).toHaveCount(1);
  await first.page.getByRole('button', { name: 'End session' }).click();
  await expect(first.page.getByRole('button', { name: 'End session' })).toHaveCount(0);

  consoleClean.allow(/status of 401/);
  await second.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Workspaces/ }).click();
  await expect(second.getByRole('heading', { level: 1, name: 'You are not signed in' })).toBeVisible();
  await second.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
  await expect(second.getByLabel('E-mail address')).toBeVisible();
  await second.goto('/me');
  await expect(second).toHaveURL(/\/login\?next=%2Fme$/);
});

test('all other sessions end at once, this one stays', async ({ reeve, join, visitor, hydrated }) => {
  const first = await join('many-browsers@acme.test', 'Mona Many');
  const second = await visitor();
  await serverFunction(second.request, reeve.url, 'sessions/request_link', { email: 'many-browsers@acme.test' });
  await signIn(second, await reeve.mail.linkFor('many-browsers@acme.test', /sign/i));
  await first.page.goto('/me/sessions');
  await hydrated(first.page);
  await first.page.getByRole('button', { name: 'End all other sessions' }).click();
  await expect(first.page.getByRole('button', { name: 'End session' })).toHaveCount(0);
  await first.page.reload();
  await expect(first.page.getByRole('heading', { level: 1 })).toHaveText('Sessions');
  await second.goto('/me');
  await expect(second).toHaveURL(/\/login/);
});

test('signing out ends the session, not only the cookie', async ({ reeve, join, hydrated, playwright }) => {
  const { page } = await join('leaves@acme.test', 'Lea Leaves');
  await page.goto('/me');
  await hydrated(page);
  const kept = await playwright.request.newContext({ storageState: await page.context().storageState() });
  await page.getByRole('button', { name: 'leaves@acme.test' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(/\/login/);
  const answer = await kept.get(`${reeve.url}/me`, { maxRedirects: 0 });
  expect(answer.status()).toBe(303);
  await kept.dispose();
});

test('one’s own name is changed, everywhere at once', async ({ join, hydrated }) => {
  const { page } = await join('renamed@acme.test', 'Before Name');
  await page.goto('/me');
  await hydrated(page);
  await page.getByLabel('Your name').fill('After Name');
  await page.getByRole('button', { name: 'Save name' }).click();
  await expect(page.getByRole('button', { name: /After Name/ })).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Your name')).toHaveValue('After Name');
});

test('an administrator ends a member’s sessions and devices, and the member is told by whom', async ({ reeve, owner, join, visitor, hydrated, a11y, request, consoleClean }) => {
  const person = await join('signed-out@acme.test', 'Enno Ended');
  const login = await startDeviceLogin(request, reeve.url, 'ended.acme.test');
  await serverFunction(person.page.request, reeve.url, 'devices/approve', { user_code: login.user_code, trusted: true });
  await person.page.goto('/me');
  await hydrated(person.page);

  const org = `/organizations/${reeve.initial!.organization_id}`;
  await owner.goto(`${org}/members/${person.id}`);
  await hydrated(owner);
  await owner.getByRole('link', { name: 'Sessions and devices' }).click();
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('Sessions and devices');
  await expect(owner.getByRole('region', { name: 'Sessions of Enno Ended' })).toContainText('127.0.0.1');
  await expect(owner.getByRole('row', { name: /ended.acme.test/ })).toContainText('ZenML 0.98.0 on Linux');
  await a11y(owner);
  await owner.getByRole('button', { name: 'End all' }).click();
  await expect(owner.getByRole('dialog')).toContainText('1 session and 1 device');
  await owner.getByRole('dialog').getByRole('button', { name: 'End all' }).click();
  await expect(owner.getByText('No sessions to show')).toBeVisible();
  await expect(owner.getByRole('row', { name: /ended.acme.test/ })).toContainText('Revoked');

  consoleClean.allow(/status of 401/);
  await person.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Workspaces/ }).click();
  await expect(person.page.getByRole('heading', { level: 1, name: 'You are not signed in' })).toBeVisible();

  const back = await visitor();
  await signIn(back, await reeve.signInLink('signed-out@acme.test'));
  await back.goto('/me/sessions');
  await hydrated(back);
  await expect(back.getByText(/ ended 1 session and 1 device$/)).toBeVisible();
});

test('all devices are revoked at once', async ({ reeve, join, hydrated, request }) => {
  const { page } = await join('all-devices@acme.test', 'Alma All');
  for (const host of ['one.acme.test', 'two.acme.test']) {
    const login = await startDeviceLogin(request, reeve.url, host);
    await serverFunction(page.request, reeve.url, 'devices/approve', { user_code: login.user_code });
  }
  await page.goto('/me/devices');
  await hydrated(page);
  await expect(page.getByText('trusted ones for 30 days, others for 24 hours')).toBeVisible();
  await page.getByRole('button', { name: 'Revoke all devices' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke all devices' }).click();
  await expect(page.getByText('Revoked', { exact: true })).toHaveCount(2);
});
