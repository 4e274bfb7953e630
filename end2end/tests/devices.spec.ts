import { expect, test } from '../fixtures/reeve';
import { serverFunction } from '../fixtures/server-function';
import { pollDeviceLogin, startCommandLineLogin, startDeviceLogin } from '../fixtures/world';

test('a waiting command line is approved, listed, and revoked @mobile', async ({ reeve, owner, world, hydrated, request }) => {
  const login = await startDeviceLogin(request, reeve.url, 'approved.acme.test');
  expect((await pollDeviceLogin(request, reeve.url, login)).status, 'nobody has decided').toBe(400);
  await owner.goto(`${login.page}&workspace=${world.workspace}`);
  await hydrated(owner);
  for (const fact of [login.user_code, 'approved.acme.test', 'Linux', '0.98.0', '3.12.3', '127.0.0.1']) {
    await expect(owner.getByRole('main').getByText(fact).first()).toBeVisible();
  }
  await expect(owner.getByLabel('Connect to').locator('option:checked'), 'the one the command line named').toContainText('Furnished');
  await owner.getByLabel('Trust this device').check();
  await owner.getByRole('button', { name: 'Approve' }).click();
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('Device approved');

  await expect.poll(async () => (await pollDeviceLogin(request, reeve.url, login)).status, { intervals: [6000] }).toBe(200);
  await owner.getByRole('link', { name: 'Your devices' }).click();
  const row = owner.getByRole('row', { name: /approved.acme.test/ });
  await expect(row).toContainText('Trusted');
  await row.getByRole('button', { name: 'Revoke' }).click();
  await owner.getByRole('dialog').getByRole('button', { name: 'Revoke device' }).click();
  await expect(row).toContainText('Revoked');
});

test('a device is denied, and gets nothing', async ({ reeve, owner, hydrated, request }) => {
  const login = await startDeviceLogin(request, reeve.url, 'denied.acme.test');
  await owner.goto(login.page);
  await hydrated(owner);
  await owner.getByRole('button', { name: 'Deny' }).click();
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('Device denied');
  const poll = await pollDeviceLogin(request, reeve.url, login);
  expect(poll).toMatchObject({ status: 400, body: { error: 'access_denied' } });
});

test('a code is typed in, however it is written', async ({ reeve, owner, hydrated, request, a11y }) => {
  const login = await startDeviceLogin(request, reeve.url, 'typed.acme.test');
  await owner.goto('/devices/verify');
  await hydrated(owner);
  await owner.getByLabel('Code').fill(login.user_code.toLowerCase().replace('-', ''));
  await owner.getByRole('button', { name: 'Show device' }).click();
  await expect(owner.getByText('typed.acme.test').first()).toBeVisible();
  await a11y(owner);
});

test('an unknown and an expired code are told apart from nothing else', async ({ reeve, owner, hydrated, request, a11y }) => {
  await owner.goto('/devices/verify?user_code=BCDF-GHJK');
  await hydrated(owner);
  await expect(owner.getByText('This code is not valid')).toBeVisible();
  await a11y(owner);

  const login = await startDeviceLogin(request, reeve.url, 'late.acme.test');
  const { id } = await serverFunction<{ id: string }>(owner.request, reeve.url, 'devices/request', { user_code: login.user_code });
  await reeve.runOut('devices', id);
  await owner.goto(login.page);
  await hydrated(owner);
  await expect(owner.getByRole('heading', { level: 1 })).toHaveText('This code has run out');
  await expect(owner.getByRole('button', { name: 'Approve' })).toHaveCount(0);
  await a11y(owner);
});

test('who is not signed in signs in first and comes back to the code', async ({ reeve, visitor, request }) => {
  const login = await startDeviceLogin(request, reeve.url);
  const page = await visitor();
  await page.goto(login.page);
  await page.waitForURL(/\/login\?/);
  expect(new URL(page.url()).searchParams.get('next')).toBe(login.page);
});

test('a command line that asks to administer says so, and is asked for a fresh sign-in', async ({ reeve, join, hydrated, request, a11y, consoleClean }) => {
  const { id, page } = await join('terminal@acme.test', 'Tess Terminal', { role: 'organization-admin' });
  const login = await startCommandLineLogin(request, reeve.url, 'terminal.acme.test');
  await page.goto(login.page);
  await hydrated(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Let a program administer as you?');
  await expect(page.getByText(/^The program that asks will be able to administer Reeve as you, Tess Terminal/)).toBeVisible();
  await expect(page.getByLabel('Connect to')).toHaveCount(0);
  await expect(page.getByLabel('Trust this device')).toHaveCount(0);
  await a11y(page);
  await page.getByRole('button', { name: 'Let it administer as me' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Device approved');

  const poll = await pollDeviceLogin(request, reeve.url, login);
  expect(poll.status).toBe(200);
  expect(poll.body.access_token).toMatch(/^rvcli_/);
  const headers = { authorization: `Bearer ${poll.body.access_token}` };
  expect((await request.post(`${reeve.url}/api/fn/sessions/me`, { headers, form: {} })).status()).toBe(200);
  expect((await request.get(`${reeve.url}/api/v1/users/me`, { headers })).status(), 'no ZenML client gets anywhere with it').toBe(401);

  await page.goto('/me/devices');
  await hydrated(page);
  const row = page.getByRole('row', { name: /terminal.acme.test/ });
  await expect(row).toContainText('Administers');
  await row.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke device' }).click();
  await expect(row).toContainText('Revoked');
  expect((await request.post(`${reeve.url}/api/fn/sessions/me`, { headers, form: {} })).status()).toBe(401);

  await reeve.signedInLongAgo(id);
  consoleClean.allow(/status of 403/);
  const later = await startCommandLineLogin(request, reeve.url, 'later.acme.test');
  await page.goto(later.page);
  await hydrated(page);
  await page.getByRole('button', { name: 'Let it administer as me' }).click();
  await expect(page.getByRole('link', { name: 'Sign in again to confirm it is you' })).toBeVisible();
  expect((await pollDeviceLogin(request, reeve.url, later)).status).toBe(400);
});
