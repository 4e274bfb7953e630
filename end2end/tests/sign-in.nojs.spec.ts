import { expect, test } from '../fixtures/reeve';

test('signing in by a mailed link and signing out work without JavaScript', async ({ reeve, join, page }) => {
  // Not the shared owner: the first link out of a mailbox ends every session made before it.
  const { email } = await join('pia@acme.test', 'Pia Plain');
  await page.goto('/login');
  await page.getByLabel('E-mail address').fill(email);
  const before = reeve.mail.all().length;
  await page.getByRole('button', { name: 'Mail me a sign-in link' }).click();
  await expect(page.getByText('Look into your mailbox')).toBeVisible();
  await expect.poll(() => reeve.mail.all().length).toBeGreaterThan(before);

  await page.goto(await reeve.mail.linkFor(email, /sign/i));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/organizations\//);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();

  // The menu is a popover, which opens by itself.
  await page.getByRole('button', { name: email }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(/\/login/);
  await page.goto('/me');
  await page.waitForURL(/\/login\?next=/);
});
