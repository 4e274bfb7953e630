import { expect, signIn, test } from '../fixtures/reeve';
import { serverFunction } from '../fixtures/server-function';

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
  await first.page.getByRole('button', { name: 'End all others' }).click();
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
