import { expect, test } from '../fixtures/reeve';
import { serverFunction } from '../fixtures/server-function';
import { pollDeviceLogin, startDeviceLogin } from '../fixtures/world';

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
